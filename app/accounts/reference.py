"""The table of parties that every installation begins with: States, organisations, groups of States.

The names are the United Nations' own, in its six official languages: not those of ISO or CLDR lists, which name
entities that are no Member State and call several States otherwise than they are called at the United Nations.
Short names are those of the list of Member States, formal names those of UNTERM without their article ("Kingdom of
Norway", not "the Kingdom of Norway"). In Arabic, a dash in a short name stands for the name itself, as in UN lists.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


@dataclass(frozen=True, slots=True)
class StateRecord:
    """A Member State or an observer State.

    `code` is ISO 3166 alpha-3, `m49` three digits. `region` is the regional group in which the State counts for
    elections: Türkiye takes part in two and counts in one, the United States counts in the one that it observes.
    Observer States have none.
    """

    code: str
    iso2: str
    m49: str
    kind: str
    region: str | None
    short: Mapping[str, str]
    formal: Mapping[str, str]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisationRecord:
    """Any other party. `invented` marks those that exist in the demo world alone."""

    code: str
    kind: str
    short: Mapping[str, str]
    formal: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    invented: bool = False


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A State in a group from the day `since` until the day `until`, on which it no longer counts.

    None where the day is before records or not known, and where the end has not come. In a regional group, `since`
    is the day of admission to the United Nations unless the State is known to have joined the group later.
    """

    code: str
    since: date | None
    until: date | None

    def counts_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class StateGroupRecord:
    """A regional or negotiating group. Groups have no formal name."""

    code: str
    kind: str
    short: Mapping[str, str]
    members: tuple[MemberRecord, ...]
    aliases: tuple[str, ...] = ()

    def members_on(self, day: date) -> frozenset[str]:
        """The codes of the States that were in the group on `day`."""
        return frozenset(member.code for member in self.members if member.counts_on(day))


Record = StateRecord | OrganisationRecord | StateGroupRecord


@lru_cache(maxsize=1)
def states() -> tuple[StateRecord, ...]:
    """The 193 Member States and the two observer States, in English alphabetical order."""
    return tuple(StateRecord(**_known(StateRecord, item)) for item in _read("states.json"))


@lru_cache(maxsize=1)
def organisations() -> tuple[OrganisationRecord, ...]:
    return tuple(OrganisationRecord(**_known(OrganisationRecord, item)) for item in _read("organisations.json"))


@lru_cache(maxsize=1)
def state_groups() -> tuple[StateGroupRecord, ...]:
    found = []
    for item in _read("groups_of_states.json"):
        members = tuple(MemberRecord(m["code"], _day(m["from"]), _day(m["until"])) for m in item["members"])
        found.append(StateGroupRecord(**_known(StateGroupRecord, item) | {"members": members}))
    return tuple(found)


def name(code: str, locale: str, form: str = "short") -> str:
    """The name of a party or a group in one of the six languages; `form` is "short" or "formal".

    A group answers with its short name in both forms. KeyError where the code or the language is unknown.
    """
    record = _by_code()[code]
    if form == "formal" and not isinstance(record, StateGroupRecord):
        return record.formal[locale]
    return record.short[locale]


def resolve_alias(name: str) -> str | None:
    """The code of whoever is called so: by a name in any of the six languages, or by what rooms say ("US", "ROK").

    Case, accents, a leading "the" and the shape of apostrophes do not matter. Acronyms and codes are not looked for
    in a word that is all in small letters: "us", "and" and "can" are words before they are States. What rooms say
    comes before codes: "NAM" is the Non-Aligned Movement, although it is also the ISO code of Namibia.
    """
    folded = _fold(name)
    found = _names().get(folded)
    return found if found or name.islower() else _acronyms().get(folded)


@lru_cache(maxsize=1)
def _by_code() -> dict[str, Record]:
    everyone: tuple[Record, ...] = (*states(), *organisations(), *state_groups())
    return {record.code: record for record in everyone}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Folded names and aliases of all languages, without the acronyms. The codes of groups are words: they are here."""
    known: dict[str, str] = {}
    for code, record in _by_code().items():
        longer = (code,) if isinstance(record, StateGroupRecord) else tuple(record.formal.values())
        for one in (*record.short.values(), *longer, *_spelt(record)):
            known.setdefault(_fold(one), code)
    return known


@lru_cache(maxsize=1)
def _acronyms() -> dict[str, str]:
    known: dict[str, str] = {}
    for code, record in _by_code().items():
        for alias in record.aliases:
            if alias.isupper():
                known.setdefault(_fold(alias), code)
    for code in _by_code():
        known.setdefault(_fold(code), code)
    return known


def _spelt(record: Record) -> tuple[str, ...]:
    return tuple(alias for alias in record.aliases if not alias.isupper())


def _fold(text: str) -> str:
    """`text` as names are compared: no accents, no case, one kind of apostrophe and of space, no article."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = plain.replace("’", "'").casefold().split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _known(kind: Any, item: dict[str, Any]) -> dict[str, Any]:
    fields = {field: item[field] for field in kind.__dataclass_fields__ if field in item}
    return fields | {"aliases": tuple(item.get("aliases", ()))}


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _read(name: str) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return data
