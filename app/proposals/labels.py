"""The words of the pages for what proposals are, how they stand and what is said of them."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import gettext as _

from app.core.rules import proposals as rules


def kind_label(kind: str) -> str:
    return {
        "add": _("add words"),
        "delete": _("delete words"),
        "replace": _("change words"),
        "new_paragraph": _("new paragraph after it"),
        "alternative": _("alternative to it"),
        "suppress": _("delete the paragraph"),
        "retain": _("retain as it is"),
        "move": _("move the paragraph"),
        "merge": _("merge paragraphs"),
        "split": _("split the paragraph"),
        "placeholder": _("keep a place after it"),
        "revert": _("back to agreed language"),
    }[kind]


def state_label(state: str) -> str:
    return {
        "draft": _("inside your delegation"),
        "live": _("open"),
        "reflected": _("reflected"),
        "partly_reflected": _("partly reflected"),
        "not_reflected": _("not reflected"),
        "overtaken": _("overtaken"),
        "withdrawn": _("withdrawn"),
        "merged": _("merged"),
        "discarded": _("discarded"),
        "bracket": _("stays open, in brackets"),
    }[state]


def stance_label(code: str) -> str:
    return {
        "support": _("Support"),
        "can_live": _("Can live with"),
        "flexible": _("Flexible"),
        "reserve": _("Study reserve"),
        "concern": _("Concern"),
        "retain": _("Retain the text"),
        "oppose": _("Cannot accept"),
        "conditional": _("On a condition"),
        "sponsor": _("Sponsor"),
    }[code]


def stance_labels() -> dict[str, str]:
    """Every code of a stance and its word; the empty code is of a stance taken back."""
    return {"": _("takes its stance back")} | {str(code): stance_label(code) for code in rules.Code}


def verdict_label(verdict: str) -> str:
    return {
        "clean": _("carried over"),
        "adjacent": _("carried over, next to other changes"),
        "conflicting": _("clashes with the new words"),
        "overtaken": _("overtaken by the new words"),
    }[verdict]


def detail_label(detail: str) -> str:
    """Why a rebase ended so, in the reader's language. The text core has these fixed sentences."""
    return gettext(detail) if detail else ""


def _sentences() -> tuple[str, ...]:
    """The sentences of the text core, named here so that the catalogues have them."""
    return (
        _("The new text did not touch what it is about."),
        _("The new text changed other words of the paragraph."),
        _("The new text changed words right beside it."),
        _("Both add words at the same place; those of the new text stand first."),
        _("Both changed the same word at different ends."),
        _("The new text changed the same words differently."),
        _("Part of what it asked for is there already; the rest is carried over."),
        _("What it asked for is there already."),
        _("Its paragraph is gone."),
        _("Its paragraph is not in the text on which it was made."),
        _("The paragraph has changed since."),
        _("The paragraph beside which it was to stand is gone."),
        _("The paragraph behind which it was to go stands below it now."),
        _("The paragraph beside which it is to stand has changed."),
        _("The new text has another new paragraph at the same place."),
        _("The paragraph has changed since; the agreed language would undo that."),
        _("The paragraph has moved elsewhere since."),
        _("A paragraph that it would merge is gone."),
        _("With the words of the new text, one of its parts would be empty."),
    )


TONES = {
    "draft": "info",
    "live": "bracketed",
    "bracket": "bracketed",
    "reflected": "agreed",
    "partly_reflected": "suspended",
    "not_reflected": "open",
    "overtaken": "open",
    "withdrawn": "open",
    "merged": "info",
    "discarded": "open",
}
MARKS = {"reflected": "✓", "partly_reflected": "◐", "bracket": "◐", "not_reflected": "–", "overtaken": "–"}


def fate_mark(fate: str) -> str:
    return MARKS.get(fate, "")
