"""The table of parties that every installation begins with: States, organisations, groups of States.

The names are the United Nations' own, in its six official languages: not those of ISO or CLDR lists.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


@dataclass(frozen=True, slots=True)
class StateRecord:
    """A Member State or an observer State. `code` is ISO 3166 alpha-3; `region` the regional group for elections."""

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
    """Any other party."""

    code: str
    kind: str
    short: Mapping[str, str]
    formal: Mapping[str, str]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A State in a group: from one day until another, None where the day is before records or not come."""

    code: str
    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class StateGroupRecord:
    code: str
    kind: str
    short: Mapping[str, str]
    members: tuple[MemberRecord, ...]
    aliases: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def states() -> tuple[StateRecord, ...]:
    """The 193 Member States and the two observer States."""
    return tuple(StateRecord(**_known(StateRecord, item)) for item in _read("states.json"))


@lru_cache(maxsize=1)
def organisations() -> tuple[OrganisationRecord, ...]:
    return tuple(OrganisationRecord(**_known(OrganisationRecord, item)) for item in _read("organisations.json"))


@lru_cache(maxsize=1)
def state_groups() -> tuple[StateGroupRecord, ...]:
    found = []
    for item in _read("groups_of_states.json"):
        members = tuple(MemberRecord(m["code"], m.get("from"), m.get("until")) for m in item["members"])
        found.append(StateGroupRecord(**_known(StateGroupRecord, item) | {"members": members}))
    return tuple(found)


def resolve_alias(name: str) -> str | None:
    """The code of whoever is called so: by a name in any of the six languages, or by what rooms say ("US", "ROK")."""
    return _aliases().get(name.strip().casefold())


@lru_cache(maxsize=1)
def _aliases() -> dict[str, str]:
    known: dict[str, str] = {}
    everybody: list[StateRecord | OrganisationRecord | StateGroupRecord]
    everybody = [*states(), *organisations(), *state_groups()]
    for record in everybody:
        names = (*record.short.values(), *getattr(record, "formal", {}).values(), *record.aliases, record.code)
        for name in names:
            known.setdefault(name.casefold(), record.code)
    return known


def _known(kind: Any, item: dict[str, Any]) -> dict[str, Any]:
    fields = {name: item[name] for name in kind.__dataclass_fields__ if name in item}
    return fields | {"aliases": tuple(item.get("aliases", ()))}


def _read(name: str) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return data
