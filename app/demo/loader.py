"""Loads the demo world from `content/`: the same commands that people use, at the moments that the story tells.

All of it is one transaction: a load that is cut off leaves nothing behind, and may be run again.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.accounts.models import Member, Officer, Party, StateGroup, StateGroupMember, User
from app.accounts.queries import actor_for
from app.accounts.seeding import seed_parties
from app.accounts.services import add_user
from app.agreement import events as agreement
from app.agreement import queries as agreement_queries
from app.agreement import services as agreement_services
from app.agreement.tables import outside
from app.core.rules.silence import due_at
from app.core.text import Kind, Paragraph, ParagraphId
from app.decisions.acts import COMMANDS as DECISIONS
from app.demo import delegates
from app.drafts import services as drafts
from app.drafts.models import Draft, Version
from app.extensions import db
from app.floor import services as floor
from app.groups import services as groups
from app.groups.models import Group, Post, Thread
from app.live import services as live
from app.live.models import LiveSession
from app.policy import Action, Actor, DelegationRole, Office, PartyKind, PlatformRole
from app.proposals import language
from app.proposals import services as proposals
from app.record import as_of, transaction
from app.silence import breaks, ending
from app.silence import services as silences

CONTENT = Path(__file__).resolve().parent / "content"
MARK = "chair@chapeau.example"
PASSWORD = "chapeau-demo"
"""Works for the demo world alone; the sign-ins are printed by `serve`."""
MEETING = timedelta(hours=3)
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
NAMES = uuid.UUID("6f1d1f2e-5b1a-4c60-9a67-0c6f1a9d2b10")
"""Comments get ids from this name space, so that the demo world is the same everywhere."""
LOADER = Actor(name="demo world", platform_role=PlatformRole.SECRETARIAT)

AGREEMENT = frozenset({"position", "agree", "flag", "package", "bridge"})
"""Types of events in the content that are acts of `app.agreement`."""

Progress = Callable[[int, int, str], None]


def is_loaded() -> bool:
    return db.session.scalar(select(User.id).where(User.email == MARK, User.demo)) is not None


def load_with_progress() -> None:
    """Load, with a line of progress where a person watches."""
    watched = sys.stderr.isatty()

    def show(done: int, total: int, step: str) -> None:
        if watched:
            print(f"\rLoading the demo world: {step:<40} {done * 100 // max(1, total):3d} %", end="", file=sys.stderr)

    if not watched:
        print("Loading the demo world", file=sys.stderr, flush=True)
    load(show)
    if watched:
        print(file=sys.stderr)


def load(progress: Progress = lambda done, total, step: None) -> None:
    """Load the demo world. Idempotent: where it is, nothing happens."""
    if is_loaded():
        return
    with transaction():
        steps = list(_steps(_World()))
        for done, (name, step) in enumerate(steps):
            progress(done, len(steps), name)
            step()
        progress(len(steps), len(steps), "done")


def _steps(world: _World) -> Iterator[tuple[str, Callable[[], None]]]:
    yield "States and organisations", world.load_parties
    yield "people", world.load_people
    for group in _content("groups.json")["groups"]:
        yield f"group {group['slug']}", partial(world.load_group, group)
    for file in sorted((CONTENT / "drafts").glob("*.json")):
        yield f"text {file.stem}", partial(world.load_draft, json.loads(file.read_text("utf-8")))
    yield "agreed language", world.load_precedents
    for thread in _content("threads.json")["threads"]:
        yield "threads", partial(world.load_thread, thread)
    for silence in _content("silences.json")["silences"]:
        yield "silence procedures", partial(world.load_silence, silence)
    for session in _content("sessions.json")["sessions"]:
        yield f"session {session['id']}", partial(world.load_session, session)
    yield "delegations", world.load_delegations


@lru_cache(maxsize=16)
def _content(name: str) -> Any:
    return json.loads((CONTENT / name).read_text("utf-8"))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


class _World:
    """What was loaded so far, by the names that the content uses."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.actors: dict[str, Actor] = {}
        self.groups: dict[str, Group] = {}
        self.drafts: dict[str, Draft] = {}
        self.versions: dict[tuple[str, str], Version] = {}
        self.threads: dict[str, Thread] = {}
        self.sessions: dict[str, LiveSession] = {}
        self.fates: dict[str, dict[str, str]] = {}
        """What the next issue says of proposals, where the words do not say it themselves."""
        self.bridging: dict[str, str] = {}
        """Paragraph to the bridging text that was put up for it last."""

    def load_parties(self) -> None:
        seed_parties()
        known = {party.code for party in db.session.scalars(select(Party))}
        for record in _content("parties.json")["organisations"]:
            if record["code"] not in known:
                names = dict.fromkeys(LANGUAGES, record["name"])
                db.session.add(Party(code=record["code"], kind=PartyKind(record["kind"]), short=names, formal=names))
        db.session.flush()
        for record in _content("parties.json")["state_groups"]:
            self._coordinate(record)

    def _coordinate(self, record: dict[str, Any]) -> None:
        """Let the coordinator speak for the group of States, which is made where the reference data have none."""
        group = next(
            (g for g in db.session.scalars(select(StateGroup)) if record["name"] in (g.name("en"), g.code)), None
        )
        if group is None:
            names = dict.fromkeys(LANGUAGES, record["name"])
            group = StateGroup(code=record["code"], kind=record["kind"], short=names)
            db.session.add(group)
            db.session.flush()
            for code in record["members"]:
                db.session.add(StateGroupMember(state_group_id=group.id, party_id=self._party(code).id))
        coordinator = self._party(record["coordinator"])
        row = db.session.scalar(
            select(StateGroupMember).where(
                StateGroupMember.state_group_id == group.id, StateGroupMember.party_id == coordinator.id
            )
        )
        if row is None:
            row = StateGroupMember(state_group_id=group.id, party_id=coordinator.id)
            db.session.add(row)
        row.speaks = True

    def _party(self, code: str) -> Party:
        return db.session.scalars(select(Party).where(Party.code == code)).one()

    def load_people(self) -> None:
        from app.accounts.passwords import hash_password

        shared = hash_password(PASSWORD)  # one hash for all: a slow hash for each would be a slow start
        for person in _content("people.json")["people"]:
            user = add_user(
                LOADER,
                person["email"],
                person["name"],
                party_code=person["party"],
                delegation_role=person["role"],
                platform_role=person["platform_role"],
                demo=True,
            )
            user.password_hash, user.timezone = shared, person["timezone"]
            user.entrusted = user.delegation_role == DelegationRole.NEGOTIATOR
            self.users[user.email] = user

    def actor(self, email: str) -> Actor:
        if email not in self.actors:
            self.actors[email] = actor_for(self.users[email])
        return self.actors[email]

    def load_group(self, content: dict[str, Any]) -> None:
        with as_of(_moment(content["created_at"])), transaction() as tx:
            group = groups.create_group(
                LOADER,
                slug=content["slug"],
                title=content["title"],
                mandate=content["mandate"],
                pillars=content["pillars"],
                openness=content["openness"],
            )
            for code in (*content["members"], *content["observers"]):
                db.session.add(Member(group_id=group.id, party_id=self._party(code).id, joined_at=tx.now))
            for officer in content["officers"]:
                user = self.users[officer["email"]]
                db.session.add(Officer(group_id=group.id, user_id=user.id, office=Office(officer["office"])))
            db.session.flush()
        self.groups[content["slug"]] = group
        self.actors.clear()

    def load_draft(self, content: dict[str, Any]) -> None:
        group = self.groups[content["group"]]
        draft: Draft | None = None
        for version in content["versions"]:
            actor = self.actor(version["issued_by"])
            with as_of(_moment(version["issued_at"])):
                paragraphs = [read_paragraph(content["id"], item) for item in version["paragraphs"]]
                tags = {
                    paragraph_id(content["id"], item["key"]): (item["pillars"], item["norm"])
                    for item in version["paragraphs"]
                }
                if draft is None:
                    draft, _working = drafts.create_draft(
                        actor, group, content["title"], content["style"], paragraphs, tags
                    )
                else:
                    drafts.replace_working_copy(actor, draft.id, paragraphs, tags)
                issued = drafts.issue_version(
                    actor, draft.id, label=version["label"], letter=version["letter"], fates=self.fates
                )
            self.fates = {}
            self.versions[content["id"], version["id"]] = issued
            if content["id"] == _content("proposals.json")["draft"]:
                self._propose(issued, _content("proposals.json")["versions"].get(version["id"], []))
            if content["id"] == _content("agreement.json")["draft"]:
                self._agree(issued, content["id"], _content("agreement.json")["versions"].get(version["id"], []))
        assert draft is not None
        self.drafts[content["id"]] = draft

    def _propose(self, version: Version, content: list[dict[str, Any]]) -> None:
        """What delegations ask of a version, a few hours apart; its fate is given with the next issue."""
        assert version.issued_at is not None
        moment = version.issued_at + timedelta(days=2)
        base = {row.wid: row.text for row in version.paragraphs}
        draft = str(_content("proposals.json")["draft"])
        for said in content:
            moment += timedelta(hours=3)
            wid = paragraph_id(draft, said["key"])
            words = said["text"] if said["text"] is not None else base[wid]
            for old, new in said["change"]:
                words = words.replace(old, new, 1)
            given = {
                "kind": said["kind"],
                "paragraph": wid,
                "text": words,
                "rationale": said["rationale"],
                "conditions": said["conditions"],
            }
            with as_of(moment):
                row = proposals.propose(
                    self.actor(said["by"]),
                    version.id,
                    given,
                    draft=said["draft"],
                    on_behalf_of=said["on_behalf_of"],
                )
                for code in said["sponsors"]:
                    proposals.cosponsor(self.actor(f"{code}@chapeau.example"), row.id)
                for code, stance, note in said["stances"]:
                    proposals.take_position(self.actor(f"{code}@chapeau.example"), row.id, stance, note=note)
            if said["fate"]:
                self.fates[row.id] = {"fate": said["fate"], "reason": said["reason"]}

    def _agree(self, version: Version, draft: str, content: list[dict[str, Any]]) -> None:
        """What was agreed of a version in informal consultations, before the next one was issued."""
        for said in content:
            with as_of(_moment(said["at"])):
                table = outside(self.actor(said["by"]), version.id, Action.MARK_INFORMALLY)
                agreement_services.mark(self.actor(said["by"]), table, paragraph_id(draft, said["key"]), said["level"])

    def load_precedents(self) -> None:
        secretariat = self.actor("secretariat@chapeau.example")
        for passage in _content("precedents.json")["precedents"]:
            language.keep(secretariat, passage["source"], passage["text"])

    def load_thread(self, content: dict[str, Any]) -> None:
        group = self.groups[content["group"]]
        thread: Thread | None = None
        posts: dict[int, Post] = {}
        for number, said in enumerate(content["posts"], 1):
            actor = self.actor(said["by"])
            more = self._more(said, posts)
            with as_of(_moment(said["at"])):
                if thread is None:
                    thread = groups.start_thread(actor, group, content["title"], self._linked(said["body"]), **more)
                    posts[number] = db.session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
                else:
                    posts[number] = groups.post(actor, thread, self._linked(said["body"]), **more)
        assert thread is not None
        self.threads[content["id"]] = thread
        if content["pinned"]:
            groups.set_pinned(self.actor(MARK), thread.id, True)
        if content["closed"]:
            with as_of(_moment(content["closed_at"])):
                groups.set_closed(self.actor(content["closed_by"]), thread.id, True)

    def _more(self, said: dict[str, Any], posts: dict[int, Post]) -> dict[str, Any]:
        place = said["paragraph"]
        more: dict[str, Any] = {"on_behalf_of": said["on_behalf_of"]}
        if place:
            more["version_id"] = self.versions[place["draft"], place["version"]].id
            more["paragraph"] = paragraph_id(place["draft"], place["key"])
        if said["quotes"]:
            more["quotes_id"] = posts[said["quotes"]].id
        return more

    def _linked(self, body: str) -> str:
        """Turn the content's `thread:`, `version:` and `para:` links into addresses of this platform."""
        for name, thread in self.threads.items():
            body = body.replace(f"](thread:{name})", f"](/threads/{thread.id})")
        for (draft, key), version in self.versions.items():
            base = f"/drafts/{version.draft_id}/v/{version.number}"
            body = body.replace(f"](version:{draft}/{key})", f"]({base})")
            while (begin := body.find(f"](para:{draft}/{key}/")) >= 0:
                end = body.index(")", begin)
                paragraph = body[begin:end].rsplit("/", 1)[1]
                body = f"{body[:begin]}]({base}/p/{paragraph_id(draft, paragraph)}{body[end:]}"
        return body

    def load_silence(self, content: dict[str, Any]) -> None:
        """A text under silence, to its end and the chair's letter."""
        version, chair = self.versions[content["draft"], content["version"]], self.actor(content["by"])
        given = {name: content[name] for name in ("message", "consequence")}
        with as_of(_moment(content["opened_at"])):
            found = silences.prepare(chair, version.id, given | {"deadline": _moment(content["deadline"])})
            silences.open_silence(chair, found.id)
        with as_of(_moment(content["extended"]["at"])):
            silences.extend(chair, found.id, _moment(content["extended"]["deadline"]), content["extended"]["reason"])
        for said in content["objections"]:
            paragraphs = [
                {**one, "paragraph": paragraph_id(content["draft"], one["key"])} for one in said["paragraphs"]
            ]
            objection = {"paragraphs": paragraphs, "reason": said["reason"]}
            with as_of(_moment(said["at"])):
                breaks.break_silence(self.actor(said["by"]), found.id, objection, on_behalf_of=said["on_behalf_of"])
        end = due_at(_moment(content["extended"]["deadline"]))
        with as_of(end):
            ending.end_due(end)
        with as_of(_moment(content["letter"]["at"])):
            silences.publish(chair, found.id, content["letter"]["body"], names=content["letter"]["names"])
        with as_of(_moment(content["consult_at"])):
            silences.consult(chair, found.id)

    def load_session(self, content: dict[str, Any]) -> None:
        group = self.groups[content["group"]]
        shift = _shift(content)
        version = self.versions.get((content["draft"], content["version"])) if content["draft"] else None
        chair = self.actor(MARK)
        announced = min(_moment(content["starts_at"]) - timedelta(days=7), datetime.now(UTC))
        with as_of(announced):
            session = live.schedule_session(
                chair,
                group,
                content["title"],
                content["openness"],
                version_id=version.id if version else None,
                agenda_item=content["agenda_item"],
                starts_at=_moment(content["starts_at"]) + shift,
                ends_at=_moment(content["starts_at"]) + shift + MEETING,
                place=content.get("place", ""),
            )
        self.sessions[content["id"]] = session
        for number, event in enumerate(content["events"]):
            with as_of(_moment(event["at"]) + shift):
                self._play(session, content, number, event)

    def load_delegations(self) -> None:
        delegates.load(_content("delegations.json"), self.actor, self.versions, self.sessions, paragraph_id)

    def _play(self, session: LiveSession, content: dict[str, Any], number: int, event: dict[str, Any]) -> None:
        actor = self.actor(event["by"])
        wid = paragraph_id(content["draft"], event["key"]) if event.get("key") else None
        if event["type"] == "comment":
            live.comment(
                actor,
                session.id,
                id=str(uuid.uuid5(NAMES, f"{content['id']}/{number}")),
                body=self._linked(event["body"]),
                paragraph=wid,
                quote={"exact": event["quote"]} if event["quote"] else None,
                on_behalf_of=event["on_behalf_of"],
            )
        elif event["type"] == "focus":
            live.move_focus(actor, session.id, wid)
        elif event["type"] == "propose":
            self._propose_in(session, actor, event, wid)
        elif event["type"] == "publish":
            live.publish(actor, session.id)
        elif event["type"].startswith(("floor.", "list.")):
            self._floor(actor, session, event)
        elif event["type"] in DECISIONS:
            id_ = str(uuid.uuid5(NAMES, f"{content['id']}/{number}"))
            DECISIONS[event["type"]](actor, session.id, event | {"id": id_})
        elif event["type"] in AGREEMENT:
            self._play_agreement(session, content, actor, event)
        else:
            live.conduct(actor, session.id, event["type"])

    def _propose_in(self, session: LiveSession, actor: Actor, event: dict[str, Any], wid: str | None) -> None:
        """A change proposed from the floor: the words of the paragraph with the old words replaced by the new ones."""
        assert session.version is not None
        text = next(row.text for row in session.version.paragraphs if row.wid == wid)
        for old, new in event["change"]:
            assert old in text, f"{event['key']} does not say {old!r}"
            text = text.replace(old, new, 1)
        given = {"kind": "replace", "paragraph": wid, "text": text, "rationale": event["rationale"]}
        live.propose(actor, session.id, given, on_behalf_of=event["on_behalf_of"])

    def _floor(self, actor: Actor, session: LiveSession, event: dict[str, Any]) -> None:
        if event["type"] == "floor.request":
            said = {"on_behalf_of": event.get("on_behalf_of"), "joint": event.get("joint", ())}
            floor.request_floor(actor, session.id, **said)
        elif event["type"] == "floor.give":
            floor.give(actor, session.id)
        else:
            floor.manage(actor, session.id, floor.MANAGED[event["type"]])

    def _play_agreement(
        self, session: LiveSession, content: dict[str, Any], actor: Actor, event: dict[str, Any]
    ) -> None:
        """A stance, a level, a flag, a package or a bridging text, as its author said it in the room."""
        wid = paragraph_id(content["draft"], event["key"]) if event.get("key") else None
        shown = self.bridging.get(wid or "")
        if event["type"] == "position":
            condition = paragraph_id(content["draft"], event["condition"]) if event["condition"] else None
            live.take_position(
                actor,
                session.id,
                f"bridging:{shown}" if event.get("bridging") else f"paragraph:{wid}",
                event["stance"],
                note=event["note"],
                condition=condition,
                on_behalf_of=event["on_behalf_of"],
            )
            return
        given = event | {"paragraph": wid, "bridging": shown if event.get("amends") else None}
        given["paragraphs"] = [paragraph_id(content["draft"], key) for key in event.get("keys", ())]
        agreement.act(actor, event["type"], session.id, given)
        if event["type"] == "bridge" and session.version is not None:
            self.bridging[wid or ""] = agreement_queries.bridgings_on(actor, session.version)[-1].id


def _shift(content: dict[str, Any]) -> timedelta:
    """A session that runs has just run for a while, whenever the demo world is loaded. The others keep their dates."""
    if content["state"] != "open" or not content["events"]:
        return timedelta(0)
    last = _moment(content["events"][-1]["at"])
    return datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=4) - last


def paragraph_id(draft: str, key: str) -> str:
    """The identity of a paragraph of the demo world: the same on every machine."""
    return "p" + uuid.uuid5(NAMES, f"{draft}/{key}").hex[:10]


def read_paragraph(draft: str, item: dict[str, Any]) -> Paragraph:
    kind = Kind("paragraph" if item["kind"] == "numbered" else item["kind"])
    return Paragraph(
        id=ParagraphId(paragraph_id(draft, item["key"])), kind=kind, level=item["level"], text=item["text"]
    )
