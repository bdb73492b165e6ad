"""The forms of texts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional


class ImportForm(FlaskForm):
    title = StringField(_l("Title"), validators=[DataRequired(_l("Give the text a title.")), Length(max=300)])
    format = RadioField(
        _l("Form of the text"),
        choices=[
            ("text", _l("Plain text, or pasted from Word or PDF")),
            ("markdown", _l("Markdown")),
            ("json", _l("JSON, as it was downloaded here")),
        ],
        default="text",
    )
    source = TextAreaField(_l("Text"), validators=[Optional()])
    file = FileField(_l("Or a file (.docx, .txt, .md, .json)"), validators=[Optional()])


class ParagraphForm(FlaskForm):
    text = TextAreaField(_l("Words"), validators=[DataRequired(_l("A paragraph needs words."))])
    pillars = SelectMultipleField(_l("Pillars"), validators=[Optional()])
    norm = SelectField(_l("Norm"), validators=[Optional()])


class IssueForm(FlaskForm):
    label = StringField(_l("Called"), validators=[Optional(), Length(max=60)])
    letter = TextAreaField(_l("Covering note"), validators=[Optional(), Length(max=20_000)])
