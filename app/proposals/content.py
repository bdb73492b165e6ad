"""What a proposal asks for, checked where it comes in: a kind, a place in a version, and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _

from app.core.text import Kind, ParagraphId, Style
from app.core.text.applying import Layout
from app.core.text.proposals import ADDING, WORDING, Proposal, ProposalKind
from app.drafts import inputs
from app.drafts.models import VersionParagraph
from app.drafts.ordering import kind_after
from app.drafts.views import as_paragraph
from app.errors import Invalid

PARTS_LIMIT = 20
ALIASES = {
    "insert": ProposalKind.ADD,
    "modify": ProposalKind.REPLACE,
    "mod": ProposalKind.REPLACE,
    "sup": ProposalKind.SUPPRESS,
    "noc": ProposalKind.RETAIN,
    "alt": ProposalKind.ALTERNATIVE,
    "new": ProposalKind.NEW_PARAGRAPH,
}
"""Other names that programs send, from ITU's typology and from habit."""


@dataclass(frozen=True, slots=True)
class Content:
    """The checked content; the names are those of the columns."""

    kind: str
    paragraph: str | None
    text: str = ""
    after: str | None = None
    others: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    new_kind: str | None = None
    new_level: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"others": list(self.others), "parts": list(self.parts)}


def checked(given: Mapping[str, Any], rows: Sequence[VersionParagraph]) -> Content:
    """The content that `given` asks for, on these paragraphs. Raises Invalid with the field, or TooLarge."""
    kind = _kind(given.get("kind"), given.get("text"))
    place = Places(rows)
    row = place.find(given.get("paragraph"), "paragraph", optional=kind in ADDING and kind != ProposalKind.ALTERNATIVE)
    if kind in WORDING:
        return _wording(kind, row, given)
    if kind in ADDING:
        return _adding(kind, row, given, rows)
    assert row is not None
    if kind is ProposalKind.MOVE:
        return _move(row, place, given, rows)
    if kind is ProposalKind.MERGE:
        return _merge(row, place, given)
    if kind is ProposalKind.SPLIT:
        return _split(row, given)
    return Content(kind, row.wid)


class Places:
    """Finds paragraphs of a version by identity, slug or label."""

    def __init__(self, rows: Sequence[VersionParagraph]) -> None:
        self._rows = {row.label: row for row in rows} | {row.slug: row for row in rows} | {row.wid: row for row in rows}

    def find(self, reference: Any, field: str, *, optional: bool = False) -> VersionParagraph | None:
        if reference in (None, "") and optional:
            return None
        found = self._rows.get(reference) if isinstance(reference, str) else None
        if found is None:
            raise Invalid(_("This version has no such paragraph."), field=field)
        return found


def _kind(name: Any, text: Any) -> ProposalKind:
    name = name.strip().lower().replace("-", "_").replace(" ", "_") if isinstance(name, str) else ""
    if name in ALIASES:
        return ALIASES[name]
    if name not in set(ProposalKind):
        raise Invalid(_("A proposal is one of: %(kinds)s.", kinds=", ".join(ProposalKind)), field="kind")
    if name == ProposalKind.DELETE and not str(text or "").strip():
        return ProposalKind.SUPPRESS
    return ProposalKind(name)


def _wording(kind: ProposalKind, row: VersionParagraph | None, given: Mapping[str, Any]) -> Content:
    assert row is not None
    text = inputs.words(given.get("text"))
    if text == row.text:
        raise Invalid(
            _("These are the words that stand there. Change them, or propose to retain the paragraph."), field="text"
        )
    return Content(kind, row.wid, text)


def _adding(
    kind: ProposalKind, row: VersionParagraph | None, given: Mapping[str, Any], rows: Sequence[VersionParagraph]
) -> Content:
    if kind is ProposalKind.PLACEHOLDER and not str(given.get("text") or "").strip():
        text = ""
    else:
        text = inputs.words(given.get("text"))
    neighbour = row or rows[0]
    if given.get("new_kind"):
        new_kind = inputs.kind(given["new_kind"])
    elif kind is ProposalKind.ALTERNATIVE:
        new_kind = Kind(neighbour.kind)
    else:
        new_kind = kind_after(rows, neighbour, Style.REPORT)
    level = given.get("new_level")
    same = new_kind == neighbour.kind
    new_level = inputs.level(level if isinstance(level, int) else neighbour.level if same else 0, new_kind)
    return Content(kind, row.wid if row else None, text, new_kind=new_kind, new_level=new_level)


def _move(row: VersionParagraph, place: Places, given: Mapping[str, Any], rows: Sequence[VersionParagraph]) -> Content:
    """Behind any paragraph but itself and what stands below it, which goes where it goes."""
    after = place.find(given.get("after"), "after", optional=True)
    content = Content(ProposalKind.MOVE, row.wid, after=after.wid if after else None)
    asked = Proposal("", ProposalKind.MOVE, ParagraphId(row.wid), after=ParagraphId(after.wid) if after else None)
    try:
        Layout([as_paragraph(one) for one in rows]).check(asked)
    except ValueError:
        raise Invalid(_("A paragraph cannot be moved behind itself, or behind its own items."), field="after") from None
    return content


def _merge(row: VersionParagraph, place: Places, given: Mapping[str, Any]) -> Content:
    wanted = given.get("others") or []
    if not isinstance(wanted, (list, tuple)) or not wanted or len(wanted) > PARTS_LIMIT:
        raise Invalid(_("Say which paragraphs are merged into this one."), field="others")
    others = [place.find(reference, "others") for reference in wanted]
    identities = tuple(dict.fromkeys(other.wid for other in others if other is not None))
    if row.wid in identities:
        raise Invalid(_("A paragraph cannot be merged with itself."), field="others")
    return Content(ProposalKind.MERGE, row.wid, inputs.words(given.get("text")), others=identities)


def _split(row: VersionParagraph, given: Mapping[str, Any]) -> Content:
    """Parts come as a list, or as one text with a blank line between them."""
    wanted = given.get("parts") or [part for part in str(given.get("text") or "").split("\n\n") if part.strip()]
    if not isinstance(wanted, (list, tuple)) or not 2 <= len(wanted) <= PARTS_LIMIT:
        raise Invalid(
            _("Write the paragraphs that this one is split into, two at least, with an empty line between them."),
            field="text",
        )
    return Content(ProposalKind.SPLIT, row.wid, parts=tuple(inputs.words(part) for part in wanted))
