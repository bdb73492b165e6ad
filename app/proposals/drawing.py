"""Bracketed text as markup: brackets, bars and names are structure, and a screen reader hears what they mean.

In Python, not in a macro of the templates: on a text with two thousand proposals the calls of a macro cost more than
all else on the page together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.core.text.bracket_laying import Marked
from app.core.text.brackets import Attribution, Bracket, Note, Option, Run
from app.drafts.bracket_views import shown_part
from app.web.pieces import macro_of


class Pen:
    """Draws runs and names in the language of this request. One draws a page: its words are looked up once."""

    def __init__(self) -> None:
        opens, closes = _heard(_("brackets open") + " "), _heard(" " + _("brackets close"))
        self._opens = f'<span class="alt"><span class="br">{opens}<span aria-hidden="true">[</span></span>'
        self._closes = f'<span class="br"><span aria-hidden="true">]</span>{closes}</span></span>'
        between, nothing = _heard(" " + _("or") + " "), _("no text")
        self._bar = f' <span class="sep"><span aria-hidden="true">|</span>{between}</span> '
        self._nothing = f"<i>{escape(nothing)}</i>"

    def runs(self, runs: Iterable[Run], paragraph: str = "") -> Markup:
        """Runs as markup. `paragraph` is the id of the one whose own words hold brackets."""
        return Markup("".join(self._run(run, paragraph) for run in runs))

    def names(self, attributions: Iterable[Attribution]) -> Markup:
        """Who wants it, behind what they want."""
        return Markup(" ".join(map(_attribution, attributions)))

    def _run(self, run: Run, paragraph: str) -> str:
        if isinstance(run, Bracket):
            options = self._bar.join(self._option(option, paragraph) for option in run.options)
            return f"{self._opens}{options}{self._closes}"
        if isinstance(run, Note):
            return f'<span class="attr">{{{escape(run.text)}}}</span>'
        if isinstance(run, Marked) and run.piece is not None:
            return str(self._piece(shown_part(run), f"h-{paragraph}-{run.piece.start}"))
        return str(escape(run.text))

    def _option(self, option: Option, paragraph: str) -> str:
        words = "".join(self._run(run, paragraph) for run in option.runs) or self._nothing
        kept = option.base or not option.proposals
        drawn = f'<span class="base">{words}</span>' if kept else f"<ins>{words}</ins>"
        return f"{drawn} {self.names(option.attributions)}" if option.attributions else drawn

    @cached_property
    def _piece(self) -> Callable[..., Markup]:
        return macro_of("drafts/_brackets.html", "piece")


def _heard(words: str) -> str:
    return f'<span class="visually-hidden">{escape(words)}</span>'


def _attribution(attribution: Attribution) -> str:
    verb = f"<i>{escape(attribution.verb)}</i> " if attribution.verb else ""
    return f'<span class="attr">{verb}{", ".join(_isolated(attribution.names))}</span>'


def _isolated(names: Iterable[str]) -> Iterator[str]:
    return (f"<bdi>{escape(name)}</bdi>" for name in names)
