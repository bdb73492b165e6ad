"""What an import gives: the paragraphs, and what did not parse."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.text.paragraphs import Paragraph, Style


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the source that a person should look at. `line` counts from 1; `code` is for programs."""

    line: int
    code: str
    message: str
    severity: str = "notice"
    """notice: kept and understood differently; warning: look at it."""


@dataclass(frozen=True, slots=True)
class Imported:
    paragraphs: tuple[Paragraph, ...]
    report: tuple[Finding, ...]
    style: Style
