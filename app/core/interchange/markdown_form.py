"""The whole as Markdown that reads well: the words, below each paragraph what is proposed and said of it.

What only programs need (ids, kinds, moments, past wordings) stands in HTML comments, which no page shows. On reading,
words are taken from where a person reads them, everything else from the comments; so words may be edited by hand.
A paragraph without a comment is a new one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.interchange.fields import Fields, refuse
from app.core.interchange.json_form import (
    LIMIT,
    comment_as_dict,
    comment_of,
    document_of,
    entries_of,
    entry_as_dict,
    entry_of,
    proposal_as_dict,
    proposal_of,
)
from app.core.interchange.model import (
    SCHEMA,
    CommentRecord,
    Document,
    Entry,
    InterchangeRefused,
    ProposalRecord,
    arranged,
    lines,
)
from app.core.text.exporting import number
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId

_HEAD = ("notice", "platform_id", "title", "label", "style", "state", "issued_at", "sha256")
_FIRST = f"schema: {json.dumps(SCHEMA)}"
_COMMENT = re.compile(r"<!-- (paragraph|proposal|comment|brackets|notice)(?: (\{.*\}))? -->")
_TEXT, _PART, _WHY = "> _Words:_", "> _Part:_", "> _Why:_"
_QUOTED = "> > "
NewId = Callable[[], str]


def is_complete(source: str) -> bool:
    """Is this Markdown of the form that `to_markdown` writes?"""
    return source.removeprefix("\ufeff").replace("\r\n", "\n").startswith(f"---\n{_FIRST}\n")


# --- Out -----------------------------------------------------------------------------------------------------------


def to_markdown(document: Document) -> str:
    """The document as Markdown, ending in a line break."""
    document = arranged(document)
    blocks = [_head(document), f"<!-- notice -->\n_{_escaped(document.notice)}_"]
    brackets = _brackets(document)
    own = _own(document.paragraphs)
    known = {entry.paragraph.id for entry in document.entries}
    blocks += _remarks(document, lambda about: about not in known)
    for entry in document.entries:
        identity = entry.paragraph.id
        blocks.append(f"{_meta('paragraph', entry_as_dict(entry))}\n{_line(entry, own)}".rstrip())
        if identity in brackets:
            blocks.append(f"<!-- brackets -->\n> {_escaped(brackets[identity])}".rstrip())
        blocks += _remarks(document, lambda about, identity=identity: about == identity)  # type: ignore[misc]
    return "\n\n".join(blocks) + "\n"


def _head(document: Document) -> str:
    said = [_FIRST, *(f"{name}: {json.dumps(getattr(document, name), ensure_ascii=False)}" for name in _HEAD)]
    return "\n".join(["---", *said, "---"])


def _meta(kind: str, said: dict[str, Any]) -> str:
    """A comment with all that is not empty. Two dashes would end it in the eyes of some readers."""
    kept = {name: value for name, value in said.items() if value not in (None, "", [], False, 0)}
    text = json.dumps(kept, ensure_ascii=False).replace("--", "-\\u002d").replace(">", "\\u003e")
    return f"<!-- {kind} {text} -->"


def _line(entry: Entry, own: bool) -> str:
    before = number(entry.paragraph, entry.label, own)
    return _sign(entry) + _escaped(f"{before} {entry.paragraph.text}".strip())


def _sign(entry: Entry) -> str:
    """The Markdown before the words: of a heading, a footnote, an item."""
    paragraph = entry.paragraph
    if paragraph.kind in (Kind.TITLE, Kind.HEADING):
        return "#" * min(6, max(1, paragraph.level)) + " "
    return " " * min(3, paragraph.level)  # four would be code


def _own(paragraphs: Iterable[Paragraph]) -> bool:
    """Are the paragraphs numbered by their labels, since no source gave them numbers?"""
    return not any(p.marker for p in paragraphs if p.kind is not Kind.FOOTNOTE and not p.deleted)


def _brackets(document: Document) -> dict[ParagraphId, str]:
    """The paragraphs that proposals touch, in brackets with names: for the reader's eye."""
    if not document.proposals:
        return {}
    known = document.labels
    return {
        line.paragraph.id: line.text
        for line in lines(document, compilation=True)
        if line.touched and line.paragraph.id in known
    }


def _remarks(document: Document, about: Callable[[ParagraphId | None], bool]) -> list[str]:
    return [
        *(_proposal(record) for record in document.proposals if about(record.asked.paragraph)),
        *(_said(record) for record in document.comments if about(record.paragraph)),
    ]


def _proposal(record: ProposalRecord) -> str:
    said = proposal_as_dict(record)
    for name in ("text", "parts", "rationale"):
        said.pop(name)
    names = "; ".join(sponsor.printed for sponsor in record.sponsors)
    title = f"{record.number or record.id} {names}".strip()
    found = [_meta("proposal", said), f"> **{_escaped(title)}** ({record.asked.kind})"]
    if record.asked.text:
        found += [_TEXT, *_raw(_escaped(record.asked.text))]
    for part in record.asked.parts:
        found += [_PART, *_raw(_escaped(part))]
    if record.rationale:
        found += [_WHY, *_raw(record.rationale)]
    return "\n".join(found)


def _said(record: CommentRecord) -> str:
    said = comment_as_dict(record)
    said.pop("body")
    on = f" – “{_escaped(record.quote.exact)}”" if record.quote and "\n" not in record.quote.exact else ""
    name = record.on_behalf_of or record.name or "not attributed"
    return "\n".join([_meta("comment", said), f"> **{_escaped(name)}**{on}", *_raw(record.body)])


def _raw(message: str) -> list[str]:
    """Markdown of a person's own, as it is."""
    return [f"{_QUOTED}{line}" if line else _QUOTED.rstrip() for line in message.split("\n")]


_SPECIAL = re.compile(
    r"[\\`*]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|<(?=[A-Za-z/!?])|&(?=#|\w+;)|!(?=\[)|(?<=\])[(:]|(?<=\[)\^"
)
_AT_THE_BEGINNING = re.compile(r"^(?:[#>+=|~-]|(?=\[\^))")


def _escaped(text: str) -> str:
    """Words with a backslash before each sign that Markdown would take for its own."""
    shown = _SPECIAL.sub(lambda found: "\\" + found[0], text)
    return "\\" + shown if _AT_THE_BEGINNING.match(shown) else shown


def _words(text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


# --- In ------------------------------------------------------------------------------------------------------------


@dataclass
class _Block:
    """A comment and the lines below it, up to the next empty one. `kind` is empty for lines without a comment."""

    kind: str
    said: dict[str, Any]
    line: int
    lines: list[str] = field(default_factory=list)


def from_markdown(source: str, new_id: NewId) -> Document:
    """Read what `to_markdown` wrote, perhaps with other words in it. Raises InterchangeRefused with the line."""
    if len(source) > LIMIT:
        refuse("too_large", "The file is larger than 16 MB. Bring the text in in parts.")
    given = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head, begin = _read_head(given)
    blocks = list(_blocks(given, begin))
    entries = _read_entries([block for block in blocks if block.kind in ("paragraph", "")], new_id)
    return arranged(
        replace(
            document_of(head | {"schema": SCHEMA}),
            entries=entries_of(entries),
            proposals=tuple(_read_proposal(block) for block in blocks if block.kind == "proposal"),
            comments=tuple(_read_comment(block) for block in blocks if block.kind == "comment"),
        )
    )


def _read_head(given: Sequence[str]) -> tuple[dict[str, Any], int]:
    head: dict[str, Any] = {}
    for place, line in enumerate(given[2:], 2):
        if line == "---":
            return head, place + 1
        name, _colon, value = line.partition(": ")
        if name not in _HEAD:
            refuse(
                "head", f"Line {place + 1}: the head of the file has no {name[:40]!r}.", line=place + 1, name=name[:40]
            )
        head[name] = _value(value, place + 1)
    raise InterchangeRefused("head_end", "The head of the file does not end: a line with --- is missing.")


def _value(text: str, line: int) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        refuse("json", f"Line {line}: this is no JSON.", line=line)


def _blocks(given: Sequence[str], begin: int) -> Iterable[_Block]:
    block: _Block | None = None
    for place in range(begin, len(given)):
        line = given[place]
        found = _COMMENT.fullmatch(line)
        if (found or not line.strip()) and block is not None:
            yield block
            block = None
        if found:
            block = _Block(found[1], _value(found[2] or "{}", place + 1), place + 1)
        elif line.strip():
            block = block or _Block("", {}, place + 1)
            block.lines.append(line)
    if block is not None:
        yield block


def _read_entries(blocks: Sequence[_Block], new_id: NewId) -> list[Entry]:
    bare = [_bare_entry(block, new_id) for block in blocks]
    own = _own(entry.paragraph for entry in bare)
    return [_with_words(entry, block, own) for entry, block in zip(bare, blocks, strict=True)]


def _bare_entry(block: _Block, new_id: NewId) -> Entry:
    """A paragraph without its words. What a person added without a comment is a heading or a plain paragraph."""
    if block.kind:
        return entry_of(Fields(block.said, f"line {block.line}, paragraph"), text="")
    signs = re.match(r"#{1,6}(?= )", block.lines[0])
    kind, level = (Kind.HEADING, len(signs[0])) if signs else (Kind.PARAGRAPH, 0)
    return Entry(Paragraph(ParagraphId(new_id()), kind, level, ""))


def _with_words(entry: Entry, block: _Block, own: bool) -> Entry:
    text = _without(" ".join(line.strip() for line in block.lines), _sign(entry).strip())
    text = _without(_words(text), number(entry.paragraph, entry.label, own) if block.kind else "")
    given = Fields({"text": text}, f"line {block.line}")
    return replace(entry, paragraph=replace(entry.paragraph, text=given.words("text")))


def _without(text: str, before: str) -> str:
    """The text without what stands before it, where that stands there as a word of its own."""
    return text[len(before) :].lstrip() if before and (text == before or text.startswith(f"{before} ")) else text


def _read_proposal(block: _Block) -> ProposalRecord:
    parts: dict[str, list[list[str]]] = {_TEXT: [], _PART: [], _WHY: []}
    at: list[str] | None = None
    for line in block.lines:
        if line.rstrip() in parts:
            at = []
            parts[line.rstrip()].append(at)
        elif at is not None and line.startswith(_QUOTED.rstrip()):
            at.append(_unquoted(line))
    said = block.said | {
        "text": _words(" ".join(parts[_TEXT][0])) if parts[_TEXT] else "",
        "parts": [_words(" ".join(part)) for part in parts[_PART]],
        "rationale": "\n".join(parts[_WHY][0]) if parts[_WHY] else "",
    }
    return proposal_of(Fields(said, f"line {block.line}, proposal"))


def _read_comment(block: _Block) -> CommentRecord:
    body = "\n".join(_unquoted(line) for line in block.lines if line.startswith(_QUOTED.rstrip()))
    return comment_of(Fields(block.said | {"body": body}, f"line {block.line}, comment"))


def _unquoted(line: str) -> str:
    return line[len(_QUOTED) :] if line.startswith(_QUOTED) else line[len(_QUOTED.rstrip()) :]
