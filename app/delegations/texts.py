"""What the delegate finds on the pages of texts: their notes beside the paragraphs, and what colleagues draft."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Flask, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.rules.sessions import State
from app.delegations.awareness import drafts_on, in_session
from app.delegations.colleagues import colleagues
from app.delegations.notes import notes_on
from app.delegations.rights import channel_of, is_of_delegation
from app.drafts.extras import Way, extras
from app.drafts.models import Version, VersionParagraph
from app.live.queries import may_be_present, sessions
from app.policy import Actor
from app.web.wording import act_patterns


def register() -> None:
    if asides in extras.asides:
        return
    extras.asides.append(asides)
    extras.paragraph_parts.append(paragraph_part)
    extras.ways.append(ways)
    extras.before_proposing.append(before_proposing)


def name_words(app: Flask) -> None:
    """What the templates of this feature say by name."""
    app.jinja_env.globals.update(kind_of_item=kind_of_item, follow_acts=follow_acts)


def ways(actor: Actor, version: Version) -> list[Way]:
    if not version.issued or not is_of_delegation(actor, version.draft.group_id):
        return []
    return [Way("notes", _("Our notes"), url_for("notes.text", draft_id=version.draft_id, number=version.number))]


def asides(actor: Actor, version: Version) -> Mapping[str, Markup]:
    """Paragraph to the mark that one's own delegation has notes on it."""
    if not version.issued:
        return {}
    by_wid: dict[str, list[object]] = {}
    for shown in notes_on(actor, version):
        if shown.note.paragraph and not shown.gone:
            by_wid.setdefault(shown.note.paragraph, []).append(shown)
    page = "delegations/_aside.html"
    return {wid: Markup(render_template(page, notes=found, wid=wid, version=version)) for wid, found in by_wid.items()}


def paragraph_part(actor: Actor, version: Version, row: VersionParagraph) -> str:
    if not is_of_delegation(actor, version.draft.group_id):
        return ""
    return render_template(
        "delegations/_paragraph.html",
        version=version,
        row=row,
        notes=notes_on(actor, version, row.wid),
        drafts=drafts_on(actor, version, row.wid),
        new_id=str(uuid.uuid4()),
    )


def before_proposing(actor: Actor, version: Version, row: VersionParagraph) -> str:
    """Colleagues who write on it, their drafts, and what the delegation said of it in sessions that run."""
    group = version.draft.group_id
    if not is_of_delegation(actor, group):
        return ""
    assert actor.party_code is not None
    there = [at for at in colleagues.present(actor, channel_of(actor.party_code, group)) if at.paragraph == row.wid]
    running = sessions(actor, states=(State.OPEN, State.SUSPENDED), group_id=group)
    said = [in_session(actor, one, row.wid) for one in running if may_be_present(actor, one)]
    said = [aware for aware in said if aware.words]
    writing, drafts = [at for at in there if at.doing == "writing"], drafts_on(actor, version, row.wid)
    if not (writing or drafts or said):
        return ""
    return render_template("delegations/_before_proposing.html", row=row, colleagues=writing, drafts=drafts, said=said)


def kind_of_item(kind: str) -> str:
    return {
        "turn": _("Speakers’ list"),
        "vote": _("Vote"),
        "silence": _("Silence"),
        "begins": _("Session"),
        "release": _("Release"),
        "clash": _("Clash"),
        "stale": _("Stance"),
        "fate": _("Fate"),
        "mention": _("Mention"),
        "reply": _("Reply"),
    }[kind]


def follow_acts() -> dict[str, str]:
    """How events read in a card, with the members that a script fills in braces."""
    return act_patterns()
