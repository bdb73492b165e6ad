"""Places in texts that posts speak of. The feature that keeps the texts, above this one, says here how to find them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph of an issued version, or the version as a whole when `paragraph` is None."""

    version_id: int
    paragraph: str | None
    label: str
    """As the reader cites it: "Rev.1, OP4"."""
    title: str
    """The title of the draft."""
    url: str


Key = tuple[int, str | None]
"""A version's key, and in it the identity of a paragraph or, as people write it, its label."""


class Texts(Protocol):
    """What the feature that keeps the texts answers."""

    def find(self, group_id: int, keys: Collection[Key]) -> Mapping[Key, Place]:
        """Those of `keys` that name a place in an issued version of this group, in a fixed number of queries."""

    def versions(self, group_id: int) -> Sequence[tuple[int, str]]:
        """The issued versions of a group, newest first: key, and title with label."""


_texts: Texts | None = None


def register_texts(texts: Texts) -> None:
    """Let `texts` answer. Called by the feature that keeps them."""
    global _texts
    _texts = texts


def find_all(group_id: int, keys: Collection[Key]) -> Mapping[Key, Place]:
    """The places of a group that these keys name; the same number of queries for one as for many."""
    return _texts.find(group_id, keys) if _texts and keys else {}


def find(group_id: int, version_id: int, paragraph: str | None) -> Place | None:
    """One place, or None when the group has no such paragraph in an issued version."""
    key = (version_id, paragraph or None)
    return find_all(group_id, {key}).get(key)


def versions(group_id: int) -> Sequence[tuple[int, str]]:
    """What a post of this group can be linked to."""
    return _texts.versions(group_id) if _texts else ()
