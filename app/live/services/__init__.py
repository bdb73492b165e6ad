"""The commands of a session: its course from the announcement to the record, its doors, and what is said in it."""

from __future__ import annotations

from app.live.services.doors import follow_group, set_mode, set_openness
from app.live.services.saying import comment, propose, take_position
from app.live.services.sitting import checked_end, conduct, move_focus, publish, schedule_session, table_version

__all__ = [
    "checked_end",
    "comment",
    "conduct",
    "follow_group",
    "move_focus",
    "propose",
    "publish",
    "schedule_session",
    "set_mode",
    "set_openness",
    "table_version",
    "take_position",
]
