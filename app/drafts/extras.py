"""What features above texts add to their pages: ways of reading a version, remarks beside it, part of the issue.

A feature registers functions here; without any, the pages are whole all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from app.drafts.models import Draft, Version, VersionParagraph
from app.policy import Actor


@dataclass(frozen=True, slots=True)
class Way:
    """A way of reading a version: `name` for the page that is current, a label, an address."""

    name: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class IssuePart:
    """What a feature adds to the form that issues a version: `body` in it, `bar` beside its button."""

    body: Markup
    bar: Markup


@dataclass(slots=True)
class Extras:
    ways: list[Callable[[Actor, Version], list[Way]]] = field(default_factory=list)
    asides: list[Callable[[Actor, Version], Mapping[str, Markup]]] = field(default_factory=list)
    """Paragraph to what stands beside it on the pages of a version that is read or compared to."""
    paragraph_parts: list[Callable[[Actor, Version, VersionParagraph], str]] = field(default_factory=list)
    """What stands below a paragraph on the page of its lasting address."""
    before_proposing: list[Callable[[Actor, Version, VersionParagraph], str]] = field(default_factory=list)
    """What one should know before one proposes a change to a paragraph, above the form."""
    downloads: list[Callable[[Actor, Version], list[tuple[str, str]]]] = field(default_factory=list)
    """Further files of a version: what they are called, and their addresses."""
    desk_asides: list[Callable[[Actor, Draft, Version], Mapping[str, Markup]]] = field(default_factory=list)
    """Paragraph to what stands below it at the desk: what the edits so far would do when they are issued."""
    issue_forms: list[Callable[[Actor, Draft], IssuePart | None]] = field(default_factory=list)
    issue_keepers: list[Callable[[Actor, Draft, Mapping[str, str]], None]] = field(default_factory=list)
    """Keep a part of what the form says, before the version is issued: `keep` in the form names the part."""
    issue_readers: list[Callable[[Mapping[str, str]], Mapping[str, Any]]] = field(default_factory=list)
    """The part of the issue's form, and what it says: `fates` of `issue_version`."""


extras = Extras()


def ways_of(actor: Actor, version: Version) -> list[Way]:
    return [way for provider in extras.ways for way in provider(actor, version)]


def asides_of(actor: Actor, version: Version) -> dict[str, Markup]:
    found: dict[str, Markup] = {}
    for provider in extras.asides:
        for wid, markup in provider(actor, version).items():
            found[wid] = found.get(wid, Markup("")) + markup
    return found


def downloads_of(actor: Actor, version: Version) -> list[tuple[str, str]]:
    return [download for provider in extras.downloads for download in provider(actor, version)]


def desk_asides_of(actor: Actor, draft: Draft, working: Version) -> dict[str, Markup]:
    found: dict[str, Markup] = {}
    for provider in extras.desk_asides:
        for wid, markup in provider(actor, draft, working).items():
            found[wid] = found.get(wid, Markup("")) + markup
    return found


def paragraph_part(actor: Actor, version: Version, row: VersionParagraph) -> Markup:
    """Providers return markup that they rendered themselves."""
    return Markup("".join(render(actor, version, row) for render in extras.paragraph_parts))


def before_proposing(actor: Actor, version: Version, row: VersionParagraph) -> Markup:
    """Providers return markup that they rendered themselves."""
    return Markup("".join(render(actor, version, row) for render in extras.before_proposing))


def issue_part(actor: Actor, draft: Draft) -> IssuePart:
    found = [part for render in extras.issue_forms if (part := render(actor, draft))]
    return IssuePart(Markup("").join(part.body for part in found), Markup("").join(part.bar for part in found))


def keep_part(actor: Actor, draft: Draft, form: Mapping[str, str]) -> None:
    for keeper in extras.issue_keepers:
        keeper(actor, draft, form)


def fates_in(form: Mapping[str, str]) -> dict[str, Any]:
    return {key: value for reader in extras.issue_readers for key, value in reader(form).items()}
