"""The forms of reports."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget


class DrawForm(FlaskForm):
    """Which sessions a report tells of."""

    title = StringField(_l("Title"), validators=[DataRequired(_l("Give the report a title.")), Length(max=200)])
    sessions = SelectMultipleField(
        _l("Sessions"),
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[DataRequired(_l("Choose the sessions that the report tells of."))],
    )


class ReportForm(FlaskForm):
    """The words of a report, and the revision that they were written on."""

    title = StringField(_l("Title"), validators=[DataRequired(_l("Give the report a title.")), Length(max=200)])
    body = TextAreaField(_l("Text"), validators=[DataRequired(_l("Write something first."))])
    revision = HiddenField()
