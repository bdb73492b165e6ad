"""The forms of sessions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional


class SessionForm(FlaskForm):
    """Announce a session; the id makes a second click harmless."""

    id = HiddenField()
    title = StringField(_l("Title"), validators=[DataRequired(_l("Give the session a title.")), Length(max=200)])
    agenda_item = StringField(_l("Agenda item"), validators=[Length(max=200)])
    starts_at = DateTimeLocalField(_l("Begins (UTC)"), format="%Y-%m-%dT%H:%M", validators=[Optional()])
    ends_at = DateTimeLocalField(_l("Ends (UTC)"), format="%Y-%m-%dT%H:%M", validators=[Optional()])
    place = StringField(_l("Conference room"), validators=[Length(max=120)])
    openness = RadioField(_l("Open to"), validators=[DataRequired(_l("Say to whom the session is open."))])
    version = SelectField(_l("Version on the table"), validators=[Optional()])


class CommentForm(FlaskForm):
    """A comment without JavaScript; the id makes a second click harmless."""

    id = StringField(validators=[DataRequired()])
    body = TextAreaField(_l("Comment"), validators=[DataRequired(_l("Write something first."))])
    paragraph = StringField(validators=[Optional()])
    on_behalf_of = SelectField(_l("Speaking for"), validators=[Optional()], validate_choice=False)
