"""What the pages of groups show: labels and plain data for the templates, made from what the queries read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import get_timezone
from flask_babel import gettext as _
from markupsafe import Markup

from app.accounts.models import Party
from app.accounts.queries import state_group_names
from app.core.markup import plain
from app.groups.links import Place
from app.groups.models import Group, Post, Thread
from app.groups.queries import ThreadPage
from app.policy import Action, Actor, GroupId, Office, PartyKind, actions
from app.web.locale import current_language
from app.web.viewer import office_label, state_group_name


def openness_label(openness: str) -> str:
    return {
        "public": _("Public"),
        "observers": _("Members and observers"),
        "members": _("Members only"),
        "invited": _("By invitation"),
    }[openness]


def ruleset_label(id_: str) -> str:
    """The name of a rule set, its id where it has none."""
    return {
        "gm-consensus-1": _("Global Mechanism: by consensus, no votes"),
        "first-committee-1": _("First Committee: by consensus or recorded vote"),
    }.get(id_, id_)


def openness_choices() -> list[tuple[str, str]]:
    return [
        ("public", _("Public: everybody reads")),
        ("observers", _("Members and observers")),
        ("members", _("Members only")),
        ("invited", _("By invitation: heads, negotiators and officers of the parties named")),
    ]


def kind_label(kind: str) -> str:
    """The heading over the parties of a kind."""
    return {
        PartyKind.MEMBER_STATE: _("Member States"),
        PartyKind.OBSERVER_STATE: _("Observer States"),
        PartyKind.REGIONAL_ORG: _("Regional organizations"),
        PartyKind.IGO: _("Intergovernmental organizations"),
        PartyKind.SPECIAL_OBSERVER: _("Observers"),
        PartyKind.UN_ENTITY: _("United Nations entities"),
        PartyKind.NGO_ECOSOC: _("Non-governmental organizations"),
        PartyKind.STAKEHOLDER: _("Stakeholders"),
    }[PartyKind(kind)]


def region_label(region: str) -> str:
    """The regional group of the United Nations by its usual name."""
    return {
        "african": _("African States"),
        "asia_pacific": _("Asia-Pacific States"),
        "eastern_european": _("Eastern European States"),
        "grulac": _("Latin American and Caribbean States"),
        "weog": _("Western European and other States"),
    }.get(region, kind_label(PartyKind.MEMBER_STATE))


@dataclass(frozen=True, slots=True)
class Mandate:
    """A mandate's first paragraph, and what follows it: the page of a group is first of all about its work."""

    lead: Markup
    rest: Markup


def mandate_of(group: Group) -> Mandate:
    lead, end, rest = group.mandate_html.partition("</p>")
    if not lead.startswith("<p>"):
        lead, end, rest = "", "", group.mandate_html
    # Both are pieces of sanitised HTML, cut between two blocks.
    return Mandate(Markup(lead + end), Markup(rest.strip()))


@dataclass(frozen=True, slots=True)
class MemberBlock:
    """Members of one region or kind, with their names in the language of the page, in its order."""

    title: str
    parties: list[tuple[str, str]]
    """Code and name."""


def member_blocks(parties: Sequence[Party], locale: str) -> list[MemberBlock]:
    """Member States by region, in the order of their names; then those who observe, by kind."""
    blocks: dict[tuple[int, str], list[tuple[str, str]]] = {}
    kinds = list(PartyKind)
    for party in parties:
        by_region = party.kind == PartyKind.MEMBER_STATE and party.region
        title = region_label(party.region or "") if by_region else kind_label(party.kind)
        blocks.setdefault((kinds.index(PartyKind(party.kind)), title), []).append((party.code, party.name(locale)))
    return [
        MemberBlock(title, sorted(names, key=lambda name: name[1].casefold()))
        for (_kind, title), names in sorted(blocks.items())
    ]


def rights_in(actor: Actor, group: Group) -> frozenset[str]:
    """The names of the actions that the pages ask about."""
    return frozenset(actions(actor, GroupId(group.id), group.openness))


def may_write(actor: Actor, thread: Thread) -> bool:
    return not thread.closed and Action.COMMENT in rights_in(actor, thread.group)


def speaking_choices(actor: Actor, group: Group, own: str) -> list[tuple[str, str]]:
    """For whom the actor may speak here: `own` is what they are otherwise. Officers speak for no group of States."""
    if GroupId(group.id) in actor.offices:
        return [("", own)]
    return [
        ("", own),
        *((code, _("on behalf of the %(group)s", group=state_group_name(code))) for code in actor.speaks_for),
    ]


def thread_data(actor: Actor, page: ThreadPage, members: Sequence[Party], seq: int) -> dict[str, Any]:
    """What js/thread.js needs to draw posts that come in: where the page stands, and words in its language."""
    locale = current_language()
    return {
        "thread": str(page.thread.id),
        "seq": seq,
        "last": page.page == page.pages,
        "read": page.read,
        "readUrl": url_for("groups.read", thread_id=page.thread.id) if actor.signed_in else None,
        "locale": locale,
        "timeZone": str(get_timezone()),
        "parties": {party.code: party.name(locale) for party in members},
        "stateGroups": state_group_names(locale),
        "offices": {office.value: office_label(office) for office in Office},
        "words": {
            "one": _("1 new post"),
            "many": _("{number} new posts"),
            "closed": _("This thread was just closed. What you wrote is kept here, but can no longer be sent."),
            "reopened": _("This thread is open again. Reload the page to write."),
        },
    }


EXCERPT = 240
"""Characters of a quoted post that stand above the answer."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The post that another one answers, in a few words."""

    number: int
    actor: dict[str, str | None]
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class PostCard:
    """A post as the page shows it. `edit_url` is None where the reader may not edit it."""

    number: int
    actor: dict[str, str | None]
    at: datetime
    html: str
    url: str
    quoted: Quoted | None
    place: Place | None
    edited_at: datetime | None
    history_url: str
    edit_url: str | None
    mine: bool
    first_unread: bool


def post_card(post: Post, place: Place | None, *, mine: bool, may_write: bool, first_unread: bool) -> PostCard:
    return PostCard(
        number=post.number,
        actor=post.actor,
        at=post.created_at,
        html=post.html,
        url=post_url(post),
        quoted=quoted(post.quotes) if post.quotes else None,
        place=place,
        edited_at=post.edited_at,
        history_url=url_for("groups.post_history", post_id=post.id),
        edit_url=url_for("groups.edit_post", post_id=post.id) if mine and may_write else None,
        mine=mine,
        first_unread=first_unread,
    )


def quoted(post: Post) -> Quoted:
    words = " ".join(plain(post.html).split())
    if len(words) > EXCERPT:
        words = words[:EXCERPT].rsplit(" ", 1)[0] + " …"
    return Quoted(post.number, post.actor, words, post_url(post))


def post_url(post: Post) -> str:
    """The lasting address of a post: its page of the thread, and its place there."""
    return url_for("groups.thread", thread_id=post.thread_id, post=post.number, _anchor=f"post-{post.number}")
