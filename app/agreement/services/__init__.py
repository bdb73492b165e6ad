"""The commands: stances on words, levels of agreement, packages, bridging texts, stocktaking."""

from __future__ import annotations

from app.agreement.services.bridging import amend, propose_bridging, show, take_down
from app.agreement.services.levels import dissolve_package, flag, form_package, mark, reopen
from app.agreement.services.publishing import mark_editorial, publish_stocktaking
from app.agreement.services.stances import confirm_condition, take
from app.agreement.services.whole import adopt_text, agree_text_ad_ref

__all__ = [
    "adopt_text",
    "agree_text_ad_ref",
    "amend",
    "confirm_condition",
    "dissolve_package",
    "flag",
    "form_package",
    "mark",
    "mark_editorial",
    "propose_bridging",
    "publish_stocktaking",
    "reopen",
    "show",
    "take",
    "take_down",
]
