"""The commands of working groups: the group itself, its members and officers, its threads and posts."""

from __future__ import annotations

from app.groups.services.administration import (
    add_member,
    create_group,
    remove_member,
    set_officer,
    unset_officer,
    update_group,
)
from app.groups.services.discussion import (
    edit_post,
    mark_read,
    post,
    require_editable,
    set_closed,
    set_pinned,
    start_thread,
)
from app.groups.services.words import MANDATE_LIMIT, POST_LIMIT, TITLE_LIMIT

__all__ = [
    "MANDATE_LIMIT",
    "POST_LIMIT",
    "TITLE_LIMIT",
    "add_member",
    "create_group",
    "edit_post",
    "mark_read",
    "post",
    "remove_member",
    "require_editable",
    "set_closed",
    "set_officer",
    "set_pinned",
    "start_thread",
    "unset_officer",
    "update_group",
]
