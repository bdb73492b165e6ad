"""What is done in the session, step by step: the same for the same room and seed. It knows no socket and no clock."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.demo.play.stage import Stage, bank


@dataclass(frozen=True, slots=True)
class Heard:
    """A value that only the room knows: a member of the `nth` event of a type since the play began."""

    type: str
    member: str
    nth: int
    before: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """One act: who sends which command. `refused` is the code with which the room must refuse it."""

    by: str
    verb: str
    said: Mapping[str, Any] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Acts that are sent at once, and how long the room then rests (in beats). A mark names the moment after it."""

    cues: tuple[Cue, ...]
    rest: float = 1.0
    mark: str = ""


Said = Mapping[str, Any]


def script_of(stage: Stage, seed: int) -> list[Step]:
    """The whole session: opening, first round, a reading by paragraph, a closed segment, a decision, the close."""
    play = _Play(stage, random.Random(seed))
    play.open()
    play.first_round()
    for topic in play.bank["topics"]:
        play.read(topic)
    play.bridge()
    play.lunch()
    for topic in play.bank["after_lunch"]:
        play.read(topic)
    play.close_the_list()
    play.decide()
    play.close()
    return play.steps


class _Play:
    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self.stage, self.chance = stage, chance
        self.bank = bank()
        self.steps: list[Step] = []
        self._counts: dict[str, int] = {}
        self._waiting: list[str] = []
        """Who is on the speakers' list, as far as the script knows."""
        self._before: list[str] = []
        """Who spoke last: nobody comes twice in a row."""

    # --- The parts of the session

    def open(self) -> None:
        if not self.stage.opened:
            self._do(Cue("chair", "open"), rest=2)
        states = self.stage.states
        present = self.chance.sample(states, k=max(1, len(states) * 9 // 10))
        self._do(Cue("secretariat", "roll", {"present": present}))
        for said in self.bank["opening"]:
            self._comment(said, None)
        self._mark("open")

    def first_round(self) -> None:
        """Groups and national statements; a point of order in the middle of one."""
        said = {one["by"]: one for one in self.bank["statements"] if one["by"] in self.stage.tokens}
        for code, one in said.items():
            behalf = {"on_behalf_of": one["on_behalf_of"]} if "on_behalf_of" in one else {}
            self._ask(code, **behalf)
        for code in self._others(5, said):
            self._ask(code)
        turns = len(said)
        for number in range(turns):
            self._do(Cue("chair", "floor.give", {"delegation": list(said)[number]}), rest=0.4)
            self._waiting.remove(list(said)[number])
            self._comment(said[list(said)[number]], None, rest=1.6)
            if number == turns // 2:
                self._mark("speaking")
            if number == turns - 2:
                self._point_of_order()
        self._do(Cue("chair", "floor.end"))

    def read(self, topic: Said) -> None:
        """One paragraph: the focus, what is said, a proposal, stances, how far it is agreed."""
        if topic["key"] not in self.stage.paragraphs:
            return
        self._focus(topic["key"])
        self._next_speaker()
        half = len(topic["say"]) // 2
        for said in topic["say"][:half]:
            self._comment(said, topic["key"])
        if "proposal" in topic:
            self._propose(topic["proposal"], topic["key"], topic["on_proposal"])
        for said in topic["say"][half:]:
            self._comment(said, topic["key"])
        self._stances(f"paragraph:{self._wid(topic['key'])}", topic["stances"])
        self._agree(topic)

    def bridge(self) -> None:
        """The hard paragraph: proposals, half an hour among members, a text on the screen that is amended twice."""
        topic = self.bank["assist"]
        key = topic["key"]
        if key not in self.stage.paragraphs:
            return
        self._focus(key)
        for said in topic["say"]:
            self._comment(said, key)
        for said, stances in zip(topic["proposals"], topic["on_proposals"], strict=True):
            self._propose(said, key, stances)
        self._stances(f"paragraph:{self._wid(key)}", {"support": 9, "concern": 4, "oppose": 2, "flexible": 6})
        self._mark("proposals")
        self._behind_doors(topic)
        self._put_on_screen(topic)
        self._agree({"key": key, "by": "chair", "level": "agreed_ad_ref", "reason": topic["reason"]})

    def _behind_doors(self, topic: Said) -> None:
        self._do(Cue("chair", "mode", {"mode": "informal", "openness": "members"}), rest=1.5)
        for said in topic["closed"][:3]:
            self._comment(said, topic["key"])
        # The door is tried from outside, by every way that a socket has.
        outside = ("observer", *(code for code in self.stage.delegations if code not in self.stage.states))
        self._together([Cue(seat, "events", {"after": 0, "closed": True}, refused="not_found") for seat in outside])
        self._together([Cue(seat, "join", {"after": 0}, refused="not_found") for seat in outside])
        self._mark("closed")
        for code in self.chance.sample(self.stage.states, k=2):
            self._do(Cue(code, "floor.request"), rest=0.3)
        self._do(Cue("chair", "floor.give"))
        for said in topic["closed"][3:]:
            self._comment(said, topic["key"])
        self._do(Cue("chair", "floor.end"), rest=0.3)
        self._do(Cue("chair", "mode", {"mode": "formal", "openness": "public"}), rest=1.5)
        self._mark("public again")

    def _put_on_screen(self, topic: Said) -> None:
        wid = self._wid(topic["key"])
        say = topic["bridge_say"]
        self._do(Cue("chair", "bridge", {"paragraph": wid, "text": topic["bridge"][0]}))
        bridging = self._heard("bridging.shown", "bridging")
        self._comment(say[0], topic["key"])
        self._stances(self._heard_before("bridging:", bridging), topic["bridge_stances"][0])
        for number in (1, 2):
            self._comment(say[number], topic["key"])
            more = {"bridging": bridging, "text": topic["bridge"][number], "revision": number}
            self._do(Cue("chair", "bridge", more))
            if number == 2:
                self._comment(say[3], topic["key"])
            self._stances(self._heard_before("bridging:", bridging), topic["bridge_stances"][number])
        self._mark("bridging")

    def lunch(self) -> None:
        self._do(Cue("chair", "suspend"), rest=2)
        self._do(Cue("KEN" if "KEN" in self.stage.tokens else self.stage.states[0], "comment",
                     {"body": "…"}, refused="closed"), rest=0.2)  # fmt: skip
        self._do(Cue("chair", "resume"))

    def close_the_list(self) -> None:
        self._do(Cue("chair", "list.announce_closing"))
        for code in self._others(2, self._waiting):
            self._ask(code)
        self._do(Cue("chair", "list.close"))
        self._do(Cue(self._others(1, self._waiting)[0], "floor.request", refused="closed"), rest=0.2)
        reply = self._seat(self.bank["reply"])
        self._do(Cue(reply, "floor.request", {"kind": "right_of_reply"}))
        if self._waiting:
            self._do(Cue(self._waiting.pop(), "floor.withdraw"), rest=0.3)
        while self._waiting:
            self._next_speaker()
        self._do(Cue("chair", "floor.give"), rest=0.3)
        self._comment(self.bank["reply"] | {"by": reply}, None)
        self._do(Cue("chair", "floor.end"))

    def decide(self) -> None:
        said = self.bank["decision"]
        self._do(Cue("chair", "focus", {"paragraph": None}))
        self._do(Cue("chair", "decide", {"kind": "consensus", "target": "text", "words": said["words"]}), rest=2)
        self._do(Cue(self._seat(said["before"]), "explain", {"body": said["before"]["body"], "when": "before"}))
        self._mark("proposed")
        self._do(Cue("chair", "gavel"), rest=2)
        self._comment(said["chair"], None)
        self._do(Cue(self._seat(said["after"]), "explain", {"body": said["after"]["body"]}))
        apart = said["dissociates"]
        paragraphs = [self._wid(key) for key in apart["keys"] if key in self.stage.paragraphs]
        if paragraphs:
            more = {"body": apart["body"], "paragraphs": paragraphs}
            self._do(Cue(self._seat(apart), "dissociate", more))
        self._mark("decided")

    def close(self) -> None:
        self._comment(self.bank["closing"], None)
        self._do(Cue("chair", "close"))
        self._mark("closed for good")

    # --- Acts

    def _focus(self, key: str) -> None:
        self._do(Cue("chair", "focus", {"paragraph": self._wid(key)}), rest=1.2)

    def _comment(self, said: Said, key: str | None, rest: float | None = None) -> None:
        message: dict[str, Any] = {"body": said["body"]}
        if key is not None:
            message["paragraph"] = self._wid(key)
            if said.get("quote", "") and said["quote"] in self.stage.paragraphs[key][1]:
                message["quote"] = {"exact": said["quote"]}
        by = self._seat(said)
        if said.get("on_behalf_of"):
            if by != said["by"]:
                return  # its words are the group's, and nobody here speaks for it
            message["on_behalf_of"] = said["on_behalf_of"]
        self._do(Cue(by, "comment", message), rest=rest or 0.7 + len(said["body"]) / 250)

    def _propose(self, said: Said, key: str, stances: Mapping[str, int]) -> None:
        wid, words = self.stage.paragraphs[key]
        old, new = said["change"]
        if said["by"] not in self.stage.tokens or old not in words:
            return
        message = {"kind": "replace", "paragraph": wid, "text": words.replace(old, new, 1),
                   "rationale": said["body"], "base": str(self.stage.version)}  # fmt: skip
        if "on_behalf_of" in said:
            message["on_behalf_of"] = said["on_behalf_of"]
        self._do(Cue(said["by"], "propose", message))
        proposal = self._heard("proposal.added", "proposal")
        self._stances(self._heard_before("proposal:", proposal), stances, but=(said["by"],))

    def _stances(self, target: str | Heard, counts: Mapping[str, int], but: Sequence[str] = ()) -> None:
        """Many delegations say at once where they stand: fewer where fewer are here."""
        voices = [code for code in self.stage.states if code not in but]
        share = min(1.0, len(voices) / 58)
        wanted = [stance for stance, count in counts.items() for _one in range(max(1, round(count * share)))]
        chosen = self.chance.sample(voices, k=min(len(voices), len(wanted)))
        cues = [Cue(code, "position", {"target": target, "stance": stance})
                for code, stance in zip(chosen, wanted, strict=False)]  # fmt: skip
        for start in range(0, len(cues), 8):
            self._together(cues[start : start + 8])

    def _agree(self, topic: Said) -> None:
        message = {
            "paragraph": self._wid(topic["key"]),
            "level": topic["level"],
            "reason": topic["reason"],
            "holders": [code for code in topic.get("holders", ()) if code in self.stage.tokens],
        }
        self._do(Cue(topic["by"], "agree", message))

    def _ask(self, code: str, **said: Any) -> None:
        self._waiting.append(code)
        self._do(Cue(code, "floor.request", said), rest=0.25)

    def _next_speaker(self) -> None:
        """The floor passes on while the text is discussed; now and then somebody else asks for it."""
        if self._waiting:
            self._do(Cue("chair", "floor.give", {"delegation": self._waiting.pop(0)}), rest=0.5)
        if len(self.steps) % 3 and len(self._waiting) < 6 and "list.announce_closing" not in self._counts:
            for code in self._others(2, self._waiting):
                self._ask(code)

    def _point_of_order(self) -> None:
        said = self.bank["point_of_order"]
        by = self._seat(said)
        self._do(Cue(by, "floor.request", {"kind": "point_of_order"}), rest=0.5)
        self._do(Cue("chair", "floor.give", {"delegation": by}), rest=0.5)
        self._comment(said | {"by": by}, None)
        self._mark("point of order")
        self._do(Cue("chair", "floor.end"), rest=0.3)
        self._comment(self.bank["ruling"], None)
        self._do(Cue("chair", "floor.resume"))

    # --- Below

    def _do(self, cue: Cue, rest: float = 1.0) -> None:
        self._counts[cue.verb] = self._counts.get(cue.verb, 0) + 1
        self.steps.append(Step((cue,), rest))

    def _together(self, cues: Iterable[Cue], rest: float = 0.6) -> None:
        if found := tuple(cues):
            self.steps.append(Step(found, rest))

    def _mark(self, name: str) -> None:
        self.steps.append(Step((), rest=0, mark=name))

    def _heard(self, type_: str, member: str) -> Heard:
        nth = self._counts[type_] = self._counts.get(type_, 0) + 1
        return Heard(type_, member, nth)

    def _heard_before(self, before: str, heard: Heard) -> Heard:
        return Heard(heard.type, heard.member, heard.nth, before)

    def _wid(self, key: str) -> str:
        return self.stage.paragraphs[key][0]

    def _seat(self, said: Said) -> str:
        """Who says it: by name, else one of those who speak its language."""
        by = said["by"]
        if by in self.stage.tokens:
            return str(by)
        able = [code for code in self.bank["speaks"].get(by, ()) if code in self.stage.states]
        if not able:
            speaks = {code for codes in self.bank["speaks"].values() for code in codes}
            able = [code for code in self.stage.states if code not in speaks]
        able = [code for code in able if code not in self._before] or able or list(self.stage.states)
        chosen = self.chance.choice(able)
        self._before = [*self._before[-4:], chosen]
        return chosen

    def _others(self, number: int, but: Iterable[str]) -> list[str]:
        """States that are not among these."""
        free = [code for code in self.stage.states if code not in set(but)]
        return self.chance.sample(free, k=min(number, len(free)))
