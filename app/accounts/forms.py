"""The forms of accounts. What a command refuses is shown at the field that it blames."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, Optional

from app.accounts.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH

_LENGTH = Length(min=MINIMUM_LENGTH, max=MAXIMUM_LENGTH, message=_l("The password needs at least %(min)d characters."))


class SignInForm(FlaskForm):
    email = EmailField(
        _l("E-mail"),
        validators=[DataRequired(_l("Write your e-mail address."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[DataRequired(_l("Write your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    remember = BooleanField(_l("Stay signed in on this device"))


class JoinForm(FlaskForm):
    """Accept an invitation."""

    name = StringField(
        _l("Your name, as others will see it"),
        validators=[DataRequired(_l("Write your name.")), Length(max=120)],
        render_kw={"autocomplete": "name"},
    )
    password = PasswordField(
        _l("Choose a password"),
        validators=[DataRequired(_l("Choose a password.")), _LENGTH],
        render_kw={"autocomplete": "new-password"},
    )


class PasswordForm(FlaskForm):
    current = PasswordField(
        _l("Current password"),
        validators=[DataRequired(_l("Write your current password."))],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _l("New password"),
        validators=[DataRequired(_l("Choose a password.")), _LENGTH],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("New password, once more"),
        validators=[EqualTo("new", _l("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class InviteForm(FlaskForm):
    email = EmailField(_l("E-mail"), validators=[DataRequired(_l("Write the e-mail address."))])
    party = SelectField(_l("Delegation"), validators=[Optional()])
    role = SelectField(_l("Role"), validators=[DataRequired()])


class TokenForm(FlaskForm):
    label = StringField(
        _l("What is it for?"), validators=[DataRequired(_l("Name the program that will use it.")), Length(max=80)]
    )


class PreferencesForm(FlaskForm):
    locale = SelectField(_l("Language"), validators=[Optional()])
    timezone = SelectField(_l("Time zone"), validators=[Optional()])
