"""Where italics go by rule: the opening verb of a preambular or operative paragraph, and the name of an option."""

from __future__ import annotations

import re

from app.core.text.paragraphs import Kind

_ADVERB = (
    r"Also|Further|Again|Strongly|Deeply|Firmly|Once again|Solemnly|Fully|Urgently|Likewise|Equally"
    r"|Further also|Also further"
    r"|Profundamente|Également|En outre|De nouveau|Asimismo|También|Además"
)
_SUBJECT = (
    r"(?!(?:The|These|Those|There|This|Its|All|Some|One|None|Nothing|Where|While|Since|Because|Before|"
    r"States|Members|Parties|Governments|Measures|Norms|Rules|Principles|Confidence|"
    r"Le|La|Les|Une|Cette|Ce|Los|Las|Una|Este|Esta|Estas|Todas|Toda)\b)"
)
"""Words that end as a verb does, and begin a paragraph as its subject: "States should …"."""
_VERB = (
    r"Calls upon|Calling upon|Calls for|Takes note|Taking note|Taking into account|Takes into account|Bearing in mind|"
    r"Keeping in mind|Having considered|Having heard|Having regard|Having received|In pursuit|Pursuant|Being|"
    r"Expresses its [a-z]+|Expressing its [a-z]+|Looks forward|Decides|Noting with [a-z]+|Notes with [a-z]+|"
    r"(?:Mindful|Aware|Cognizant)\b|Welcomes with [a-z]+|Recognizing with [a-z]+|[A-Z][a-z]+(?:ing|ed|es|s)\b|"
    r"Prend note|Prie|Invite|Décide|Demande|Engage|Encourage|Réaffirme|Rappelant|Réaffirmant|Consciente?|Notant|"
    r"[A-ZÉ][a-zéèêç]+(?:ant|ent|it|e)\b|Toma nota|Pide|Exhorta|Alienta|Decide|Invita|Acoge|"
    r"[A-ZÁÉÍÓÚ][a-záéíóúñ]+(?:ando|iendo|a|e)\b|"
    r"[А-ЯЁ][а-яё]+(?:я|ет|ит|ает|яет|вая|шая|рая)\b"
)
_OPENING = re.compile(
    rf"^(?:\[\s*)*{_SUBJECT}(?P<words>(?:(?:{_ADVERB})\s+(?:[a-z]+ing|[a-z]+s|[a-zé]+)|{_VERB}))", re.UNICODE
)
_OPTION = re.compile(r"^(?:\[\s*)*(?:Option|Opción|Вариант|الخيار)\s+[\w()]+(?:\s+(?:bis|ter))?\s*:?", re.IGNORECASE)


def opening(text: str, kind: Kind | str) -> int:
    """How many characters at the beginning are set in italics: 0 where the paragraph is none of PP or OP."""
    if Kind(kind) not in (Kind.PREAMBULAR, Kind.OPERATIVE):
        return 0
    found = _OPENING.match(text)
    return found.end() if found else 0


def option_label(text: str) -> int:
    """How many characters at the beginning name an option ("Option 1:"), 0 where none does."""
    found = _OPTION.match(text)
    return found.end() if found and found.group().rstrip().endswith(":") else 0
