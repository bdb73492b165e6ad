"""Comments that came in with a file, on the page of the paragraph that they are on."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from app.accounts.queries import party_names
from app.core.interchange import CommentRecord
from app.core.markup import render
from app.drafts.extras import extras
from app.drafts.interchange import standing_on
from app.drafts.models import Version, VersionParagraph
from app.policy import Actor
from app.web.locale import current_language
from app.web.viewer import state_group_name


@dataclass(frozen=True, slots=True)
class Remark:
    """A recorded comment as the page shows it. `quote` is the words that it is on; empty for the whole paragraph."""

    name: str
    quote: str
    html: Markup


def register() -> None:
    if paragraph_part not in extras.paragraph_parts:
        extras.paragraph_parts.append(paragraph_part)


def paragraph_part(_actor: Actor, version: Version, row: VersionParagraph) -> str:
    names = party_names(current_language())
    remarks = [_remark(record, names) for record in standing_on(version, row.wid)]
    return render_template("drafts/_recorded.html", remarks=remarks) if remarks else ""


def _remark(record: CommentRecord, names: dict[str, str]) -> Remark:
    name = state_group_name(record.on_behalf_of) or names.get(record.party or "", record.name)
    return Remark(name, record.quote.exact if record.quote else "", Markup(render(record.body)))
