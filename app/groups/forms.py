"""The forms of groups, threads and posts. How long a text may be is for the commands to say."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.rules.rulesets import DEFAULT
from app.groups.services import TITLE_LIMIT


class GroupForm(FlaskForm):
    """What a group is for."""

    title = StringField(_l("Title"), validators=[DataRequired(_l("Give the group a title.")), Length(max=TITLE_LIMIT)])
    mandate = TextAreaField(
        _l("Mandate"),
        description=_l("What the group is to do, and on what basis. Markdown."),
    )
    pillars = SelectMultipleField(
        _l("Pillars of the framework"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    openness = RadioField(_l("Open to"), validators=[DataRequired(_l("Say to whom the group is open."))])
    ruleset = SelectField(
        _l("Rules of procedure"),
        default=DEFAULT,
        description=_l("How the group decides, counts and speaks. Decisions that are taken already keep their rules."),
    )


class NewGroupForm(GroupForm):
    slug = StringField(
        _l("Address"),
        description=_l("Small letters, digits and hyphens. It stays for good: people will cite it."),
        validators=[
            DataRequired(_l("Give the group an address.")),
            Length(max=80),
            Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*$", message=_l("Use small letters a to z, digits and single hyphens.")),
        ],
    )


class _Words(FlaskForm):
    """What a new thread and a reply share. `id` makes a second click harmless."""

    id = HiddenField()
    body = TextAreaField(
        _l("Your words"),
        description=_l("Markdown: **bold**, *italic*, lists, links, > quotation."),
        validators=[DataRequired(_l("Write something first."))],
    )
    on_behalf_of = SelectField(_l("Speaking for"), validators=[Optional()])
    version = SelectField(_l("Version"), validators=[Optional()], validate_choice=False)
    paragraph = StringField(
        _l("Paragraph"), description=_l("As it is cited, such as OP4."), validators=[Optional(), Length(max=80)]
    )


class ThreadForm(_Words):
    title = StringField(_l("Title"), validators=[DataRequired(_l("Give the thread a title.")), Length(max=TITLE_LIMIT)])


class PostForm(_Words):
    quotes = HiddenField()


class EditForm(FlaskForm):
    """`revision` is the state of the post that the edit is based on."""

    revision = HiddenField(validators=[DataRequired()])
    body = TextAreaField(_l("Your words"), validators=[DataRequired(_l("Write something first."))])


class MemberForm(FlaskForm):
    party = SelectField(_l("Delegation"), validators=[DataRequired(_l("Choose a delegation."))])


class OfficerForm(FlaskForm):
    user = SelectField(_l("Person"), validators=[DataRequired(_l("Choose a person."))])
    office = SelectField(_l("Office"), validators=[DataRequired(_l("Choose an office."))])
