"""The first draft of a procedural report, in the words that such reports have, from what the log tells.

Only what stands in the sessions' own channels goes in: a closed segment is one line, as in the archive.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from app.agreement.views import level_label
from app.core.rules.summary import Decided, Summary
from app.groups.models import Group
from app.live.models import LiveSession
from app.reports.queries import own_summary
from app.reports.words import clock, day, decided_words, names, spans


def procedural_report(group: Group, sessions: Sequence[LiveSession]) -> str:
    """Markdown. The editors complete it; nothing in it comes from anywhere but the log."""
    summaries = [own_summary(session) for session in sessions]
    paragraphs = _Numbered()
    parts = [
        _("# I. Introduction"),
        paragraphs(_introduction(group, summaries)),
        _("# II. Organization of work"),
        *(paragraphs(_meeting(summary)) for summary in summaries),
        *(paragraphs(line) for summary in summaries for line in _closed_segments(summary)),
        _("# III. Proceedings"),
        *(paragraphs(line) for summary in summaries for line in _proceedings(summary)),
        _("# IV. Decisions"),
        *_decisions(summaries, paragraphs),
        _("# V. State of the text"),
        *_state_of_the_text(summaries, paragraphs),
        _("# VI. Adoption of the report"),
        paragraphs(_("The Group considered and adopted the present report.")),
    ]
    return "\n\n".join(parts) + "\n"


class _Numbered:
    """Paragraphs of a report are numbered through."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self, words: str) -> str:
        self._last += 1
        return f"{self._last}\\. {words}"


def _introduction(group: Group, summaries: Sequence[Summary]) -> str:
    meetings = sum(len(summary.sittings) for summary in summaries)
    return _(
        "The %(group)s held %(meetings)s from %(first)s to %(last)s.",
        group=group.title,
        meetings=ngettext("%(num)s meeting", "%(num)s meetings", meetings),
        first=day(summaries[0].sittings[0].began) if summaries[0].sittings else "–",
        last=day(summaries[-1].sittings[-1].ended or "") if summaries[-1].sittings else "–",
    )


def _meeting(summary: Summary) -> str:
    said = _("“%(title)s” met at the following times: %(times)s.", title=summary.title, times=spans(summary.sittings))
    if summary.agenda_item:
        said += " " + _("Item before it: %(item)s.", item=summary.agenda_item)
    if summary.parties:
        said += " " + _("The following delegations took part: %(names)s.", names=names(summary.parties))
    return said


def _closed_segments(summary: Summary) -> list[str]:
    return [
        _(
            "A part of it was held in a closed segment, from %(began)s to %(ended)s.",
            began=clock(s.began),
            ended=clock(s.ended),
        )
        for s in summary.closed_segments
    ]


def _proceedings(summary: Summary) -> list[str]:
    found = []
    if summary.speeches:
        speakers = dict.fromkeys(speech.delegation for speech in summary.speeches)
        found.append(_("Statements were made by the representatives of %(names)s.", names=names(speakers, keep=True)))
    on = [place.label for place in summary.spoken if place.label]
    if on:
        found.append(
            _(
                "In “%(title)s” the Group considered %(places)s. %(comments)s were made.",
                title=summary.title,
                places=", ".join(on),
                comments=ngettext("%(num)s comment", "%(num)s comments", summary.comments),
            )
        )
    numbers = [number for place in summary.spoken for number in place.proposals]
    if numbers:
        found.append(_("The following proposals were made: %(numbers)s.", numbers=", ".join(numbers)))
    return found


def _decisions(summaries: Sequence[Summary], paragraphs: _Numbered) -> list[str]:
    taken = [
        one for summary in summaries for one in summary.decisions.values() if one.outcome in ("adopted", "rejected")
    ]
    if not taken:
        return [paragraphs(_("No decision was taken."))]
    return [line for one in taken for line in _decision(one, paragraphs)]


def _decision(one: Decided, paragraphs: _Numbered) -> list[str]:
    lines = [paragraphs(decided_words(one)), "> " + one.words.replace("\n", "\n> ")]
    before = [party for party, when in one.explained if when == "before"]
    after = [party for party, when in one.explained if when != "before"]
    if before:
        lines.append(
            paragraphs(_("Explanations of position were made before action by %(names)s.", names=names(before)))
        )
    if after:
        lines.append(paragraphs(_("Explanations of position were made after action by %(names)s.", names=names(after))))
    for party, labels in one.dissociated:
        said = _("%(name)s dissociated itself from %(labels)s.", name=names([party]), labels=", ".join(labels))
        lines.append(paragraphs(said))
    return lines


def _state_of_the_text(summaries: Sequence[Summary], paragraphs: _Numbered) -> list[str]:
    latest = {marked.label: marked.level for summary in summaries for marked in summary.levels}
    by_level: dict[str, list[str]] = {}
    for label, level in latest.items():
        by_level.setdefault(level, []).append(label)
    if not by_level:
        return [paragraphs(_("No paragraph changed its level of agreement."))]
    return [
        paragraphs(_("%(level)s: %(labels)s.", level=level_label(level).capitalize(), labels=", ".join(labels)))
        for level, labels in by_level.items()
    ]
