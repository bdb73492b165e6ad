"""Catalogues: complete in six languages, with the placeholders of their source, and made anew when they change."""

from __future__ import annotations

import ast
import os
import re
import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask

from app.web.catalogues import TRANSLATIONS, compile_catalogues

MARKERS = {"_", "_l", "gettext", "ngettext", "pgettext", "lazy_gettext"}
LANGUAGES = ["ar", "es", "fr", "ru", "zh"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def catalogue(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as text:
        return read_po(text, locale=language)


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_string_is_left_in_english(language: str) -> None:
    assert [m.id for m in catalogue(language) if m.id and not all(forms(m))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_those_of_the_source(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        source = message.id if isinstance(message.id, str) else message.id[-1]
        wanted = set(PLACEHOLDER.findall(source))
        if not message.id:
            continue
        for form in forms(message):
            said = set(PLACEHOLDER.findall(form))
            # "one paragraph" may leave the number out.
            if not (said == wanted or (not isinstance(message.id, str) and said <= wanted)):
                wrong.append((message.id, form))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_string_of_the_source(language: str) -> None:
    with (TRANSLATIONS / "messages.pot").open("rb") as text:
        source = {m.id for m in read_po(text) if m.id}
    assert source - {m.id for m in catalogue(language)} == set()


def test_the_template_has_every_string_of_the_code() -> None:
    with (TRANSLATIONS / "messages.pot").open("rb") as text:
        kept = {(_singular(m.id), m.context) for m in read_po(text) if m.id}
    keywords = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "plural": (1, 2)}
    root = TRANSLATIONS.parents[2]
    methods, options = parse_mapping_cfg((root / "babel.cfg").open())
    found = extract_from_dir(root, methods, options, keywords)
    assert {(_singular(words), context) for _file, _line, words, _comments, context in found} - kept == set()


def test_no_string_is_translated_inside_an_f_string() -> None:
    """The extraction does not look into f-strings: the string would be lost from the catalogues."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in (TRANSLATIONS.parents[1]).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MARKERS
    ]
    assert hidden == []


def _singular(words: str | tuple[str, ...]) -> str:
    return words if isinstance(words, str) else words[0]


def test_arabic_counts_from_eleven_take_the_accusative() -> None:
    """The rule of the catalogue gives its fifth form to 100 to 102, its sixth to 11 to 99: the sixth has the tanwin."""
    tanwin = re.compile("اً|ًا|ءً")
    plural = [m for m in catalogue("ar") if isinstance(m.id, tuple)]
    assert len(plural) > 40
    assert [m.id[0] for m in plural if len(tanwin.findall(m.string[4])) > len(tanwin.findall(m.string[5]))] == []


def test_a_changed_catalogue_is_made_anew(tmp_path: Path) -> None:
    shutil.copytree(TRANSLATIONS, tmp_path / "t")
    folder = tmp_path / "t"
    compile_catalogues(folder)
    assert compile_catalogues(folder) == []
    source = folder / "fr" / "LC_MESSAGES" / "messages.po"
    later = source.with_suffix(".mo").stat().st_mtime + 10
    os.utime(source, (later, later))
    assert compile_catalogues(folder) == ["fr"]


@pytest.mark.parametrize(("language", "words"), [("fr", "Se connecter"), ("ar", "تسجيل الدخول"), ("zh", "登录")])
def test_a_page_speaks_the_language_of_its_reader(app: Flask, language: str, words: str) -> None:
    page = app.test_client().get("/sign-in", headers={"Accept-Language": language})
    assert words in page.text
