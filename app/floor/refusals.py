"""Why the floor was refused, in words that say what to do next."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core.rules.speakers import Act, Why
from app.errors import Closed, Conflict, DomainError, Forbidden, Invalid


def refusal(why: Why, act: Act) -> DomainError:
    if why is Why.LIST_CLOSED:
        return Closed(_("The speakers’ list is closed. Rights of reply and points of order still come in."))
    if why is Why.LIST_STATE:
        return Closed(_list_state(act))
    if why is Why.NO_MORE_REPLIES:
        return Closed(_("A delegation has two rights of reply, and both are used or asked for."), field="kind")
    if why is Why.NOT_YOURS:
        return Forbidden(_("Your role in this group does not allow this."))
    if why is Why.NOT_ALONE:
        return Invalid(_("Name two different speakers."), field="with")
    return Conflict(_CONFLICTS[why]())


def _list_state(act: Act) -> str:
    return {
        Act.OPEN: _("The speakers’ list is open."),
        Act.CLOSE: _("The speakers’ list is closed already."),
        Act.ANNOUNCE_CLOSING: _("The closing of the list is announced already, or the list is closed."),
    }[act]


_CONFLICTS = {
    Why.ON_THE_LIST: lambda: _("You are on the speakers’ list already."),
    Why.NOT_ON_THE_LIST: lambda: _("This delegation is not on the speakers’ list."),
    Why.NOBODY_WAITS: lambda: _("Nobody is on the speakers’ list."),
    Why.NOBODY_SPEAKS: lambda: _("Nobody has the floor."),
    Why.IS_INTERRUPTED: lambda: _("A statement is interrupted: resume it or end it first."),
    Why.NOT_INTERRUPTED: lambda: _("No statement is interrupted."),
    Why.POINT_IS_HEARD: lambda: _("A point of order is being heard: rule on it first."),
}
