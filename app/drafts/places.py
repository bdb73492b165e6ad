"""Places in texts, for posts that speak of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from app.drafts.models import ISSUED, Draft, Version, VersionParagraph
from app.drafts.queries import issued_versions
from app.extensions import db
from app.groups.links import Key, Place


class Places:
    """Answers for the groups what their posts may be linked to."""

    def find(self, group_id: int, keys: Collection[Key]) -> Mapping[Key, Place]:
        rows = db.session.execute(
            select(Version, Draft)
            .join(Version.draft)
            .where(
                Draft.group_id == group_id, Version.state.in_(ISSUED), Version.id.in_({version for version, _p in keys})
            )
        )
        versions = {version.id: (version, draft) for version, draft in rows}
        found = {key: place for key in keys if key[1] is None and (place := _whole(versions.get(key[0]), key[0]))}
        return found | self._paragraphs(versions, [key for key in keys if key[1]])

    def _paragraphs(self, versions: dict[int, tuple[Version, Draft]], keys: Sequence[Key]) -> dict[Key, Place]:
        if not keys:
            return {}
        names = {str(name) for _version, name in keys}
        folded = {name.replace(" ", "-").casefold() for name in names}
        rows = db.session.scalars(
            select(VersionParagraph).where(
                VersionParagraph.version_id.in_(versions),
                VersionParagraph.wid.in_(names) | VersionParagraph.label.in_(names) | VersionParagraph.slug.in_(folded),
            )
        ).all()
        found: dict[Key, Place] = {}
        for version_id, name in keys:
            for row in rows:
                known = (row.wid, row.label, row.slug)
                if row.version_id == version_id and (name in known or str(name).casefold().replace(" ", "-") in known):
                    found[version_id, name] = _paragraph(*versions[version_id], row)
        return found

    def versions(self, group_id: int) -> Sequence[tuple[int, str]]:
        return [(version.id, f"{version.draft.title} · {version.label}") for version in issued_versions(group_id)]


def _whole(found: tuple[Version, Draft] | None, version_id: int) -> Place | None:
    if found is None:
        return None
    version, draft = found
    return Place(version_id, None, version.label, draft.title, f"/drafts/{draft.id}/v/{version.number}")


def _paragraph(version: Version, draft: Draft, row: VersionParagraph) -> Place:
    url = f"/drafts/{draft.id}/v/{version.number}/p/{row.wid}"
    return Place(version.id, row.wid, f"{version.label}, {row.label}", draft.title, url)
