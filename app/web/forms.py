"""What every page with a form does with an error of the domain."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField

from app.errors import DomainError


def blame(form: FlaskForm, error: DomainError) -> None:
    """Show the error at the field that it names, else at the first one that can be seen."""
    seen = [field for field in form if not isinstance(field, HiddenField)]
    named = [field for field in seen if field.short_name == error.field]
    field = (named or seen)[0]
    field.errors = [*field.errors, error.message]


def status_of(form: FlaskForm) -> int:
    """422 for a form that goes back with errors, else 200."""
    return 422 if any(field.errors for field in form) else 200
