"""The shapes of what the API tells. Every member named here is there; more members may come."""

from __future__ import annotations

from marshmallow import Schema, fields


def word(**more: object) -> fields.String:
    return fields.String(required=True, **more)  # type: ignore[arg-type]


def maybe(**more: object) -> fields.String:
    return fields.String(required=True, allow_none=True, **more)  # type: ignore[arg-type]


class Party(Schema):
    code = word()
    kind = word()
    name = word(metadata={"description": "The UN short name, in the language asked for."})
    formal = word()
    region = maybe()


class Me(Schema):
    user = maybe()
    name = word()
    delegation = maybe()
    role = maybe()
    platform_role = maybe()
    speaks_for = fields.List(fields.Dict(keys=fields.String(), values=fields.String()), required=True)


class Group(Schema):
    id = word()
    slug = word()
    title = word()
    openness = word()
    pillars = fields.List(fields.String(), required=True)
    mandate = word(metadata={"description": "Markdown"})
    ruleset = word(metadata={"description": "The rules of procedure: how the group decides."})
    role = word(metadata={"description": "What the caller is in this group."})
    can = fields.List(fields.String(), required=True)


class Thread(Schema):
    id = word()
    group = word()
    title = word()
    pinned = fields.Boolean(required=True)
    closed = fields.Boolean(required=True)
    posts = fields.Integer(required=True)
    created_at = word()
    last_post_at = word()


class Actor(Schema):
    user = maybe()
    name = word()
    delegation = maybe()
    on_behalf_of = maybe()
    role = word()


class Post(Schema):
    id = word()
    thread = word()
    number = fields.Integer(required=True)
    actor = fields.Nested(Actor, required=True)
    body = word(metadata={"description": "Markdown"})
    html = word(metadata={"description": "Sanitised"})
    revision = fields.Integer(required=True)
    quotes = maybe()
    version = maybe()
    paragraph = maybe()
    created_at = word()
    edited_at = maybe()


class Finding(Schema):
    line = fields.Integer(required=True)
    message = word()


class NewDraft(Schema):
    id = word()
    version = word(metadata={"description": "The working copy."})
    report = fields.List(fields.Nested(Finding), required=True)
    brackets = fields.Nested(lambda: BracketSummary(), required=True)
    title = word()
    platform_id = word()


class Draft(Schema):
    id = word()
    group = word()
    title = word()
    style = word()
    platform_id = word()
    version = maybe(metadata={"description": "The newest issued version that the caller may read."})
    working_copy = maybe(metadata={"description": "For those who hold the pen."})


class Started(Schema):
    job = word()
    state = word()
    url = word(metadata={"description": "Where to ask how far it has come. Its result has the address of the file."})


class VersionLine(Schema):
    id = word()
    draft = word()
    number = fields.Integer(required=True)
    label = word()
    state = word()
    sha256 = maybe()
    issued_at = maybe()
    paragraph_count = fields.Integer(required=True)


class Paragraph(Schema):
    id = word(metadata={"description": "Its identity through all versions."})
    label = word()
    slug = word()
    kind = word()
    level = fields.Integer(required=True)
    text = fields.String(required=True)
    marker = word(metadata={"description": "The number as an imported source printed it."})
    pillars = fields.List(fields.String(), required=True)
    norm = maybe()
    deleted = fields.Boolean(required=True)
    revision = fields.Integer(required=True)
    bracketed = fields.Boolean(required=True)
    has_alternatives = fields.Boolean(required=True)
    holders = fields.List(fields.Nested(lambda: BracketName()), required=True)
    unclosed = fields.Integer(required=True, metadata={"description": "Bracket signs without a partner."})
    brackets = fields.List(fields.Nested(lambda: Bracket()), required=True)


class BracketName(Schema):
    printed = word()
    code = maybe(metadata={"description": "The party or group; null where only an answer says that it is a name."})


class BracketSaid(Schema):
    wants = word(metadata={"description": "propose, or what the text says: delete, retain, reserve …"})
    names = fields.List(fields.Nested(BracketName), required=True)


class Bracket(Schema):
    number = fields.Integer(required=True, metadata={"description": "The same in all paragraphs that it goes over."})
    level = fields.Integer(required=True, metadata={"description": "How deep; 1 is the outermost."})
    state = word(metadata={"description": "closed, or of one over several paragraphs: opened, continued, closing"})
    start = fields.Integer(required=True, allow_none=True, metadata={"description": "In characters of `text`."})
    end = fields.Integer(required=True, allow_none=True)
    options = fields.List(fields.List(fields.Nested(BracketSaid)), required=True)


class BracketQuestion(Schema):
    key = word()
    ask = word(metadata={"description": "adjacent, span or name"})
    paragraph = word()
    until = maybe()
    quote = word()
    choices = fields.List(fields.String(), required=True)
    answer = maybe()
    taken = word(metadata={"description": "How it is read now."})


class BracketSummary(Schema):
    brackets = fields.Integer(required=True)
    alternatives = fields.Integer(required=True)
    over_paragraphs = fields.Integer(required=True)
    bracketed_paragraphs = fields.Integer(required=True)
    unclosed_paragraphs = fields.List(fields.String(), required=True)
    names = fields.List(fields.Nested(BracketName), required=True)
    questions = fields.List(fields.Nested(BracketQuestion), required=True)


class Version(VersionLine):
    title = word()
    platform_id = word()
    paragraphs = fields.List(fields.Nested(Paragraph), required=True)


class Op(Schema):
    kind = word(metadata={"description": "equal, insert or delete"})
    text = fields.String(required=True)


class Row(Schema):
    kind = word(metadata={"description": "same, changed, new, deleted, moved or moved_changed"})
    id = word()
    from_label = maybe()
    to_label = maybe()
    ops = fields.List(fields.Nested(Op), required=True)


class Summary(Schema):
    changed = fields.Integer(required=True)
    new = fields.Integer(required=True)
    deleted = fields.Integer(required=True)
    moved = fields.Integer(required=True)
    same = fields.Integer(required=True)


class Comparison(Schema):
    from_ = fields.Nested(VersionLine, required=True, data_key="from")
    to = fields.Nested(VersionLine, required=True)
    summary = fields.Nested(Summary, required=True)
    rows = fields.List(fields.Nested(Row), required=True)


class Session(Schema):
    id = word()
    group = word()
    title = word()
    agenda_item = fields.String(required=True)
    state = word()
    openness = word()
    announced_openness = word()
    mode = word()
    attribution = word()
    segment_since = maybe()
    version = maybe()
    version_label = maybe()
    focus = maybe()
    focus_proposal = maybe()
    starts_at = maybe()
    ends_at = maybe()
    place = fields.String(required=True)
    opened_at = maybe()
    closed_at = maybe()
    published_at = maybe()
    channel = word()


class Envelope(Schema):
    """One event of the record."""

    channel = word()
    seq = fields.Integer(required=True)
    type = word()
    at = word()
    actor = fields.Dict(required=True)
    data = fields.Dict(required=True)
    prev = word()
    hash = word()


class Comment(Schema):
    id = word()
    seq = fields.Integer(required=True)
    paragraph = maybe()
    version = maybe()
    quote = fields.Dict(required=True, allow_none=True)
    actor = fields.Nested(Actor, required=True)
    body = word()
    html = word()
    at = word()


class Seq(Schema):
    seq = fields.Integer(required=True)


class Hit(Schema):
    kind = word()
    url = word()
    title = word()
    party = maybe()
    pillars = fields.List(fields.String(), required=True)
    at = word()
    excerpt = word()


class Search(Schema):
    items = fields.List(fields.Nested(Hit), required=True)
    next = maybe()
    total = fields.Integer(required=True)


class Job(Schema):
    id = word()
    kind = word()
    state = word()
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    step = fields.String(required=True)
    result = fields.Dict(required=True, allow_none=True)
    error = maybe()


class Sponsor(Schema):
    party = word()
    name = word()
    lead = fields.Boolean(required=True)
    on_behalf_of = maybe()
    since = word()


class Position(Schema):
    party = word()
    name = word()
    stance = word()
    on_behalf_of = maybe()
    note = fields.String(required=True)
    stale = fields.Boolean(required=True, metadata={"description": "Said of earlier words of the proposal."})
    at = word()


class Fate(Schema):
    state = word()
    reason = fields.String(required=True)
    version = maybe()


class Proposal(Schema):
    """A proposal. `base` is the version whose words it changes now; `ops` leads from them to its own."""

    id = word()
    number = maybe(metadata={"description": "How the room cites it; null while it is a draft."})
    state = word()
    kind = word()
    draft = word()
    made_on = word()
    base = word()
    paragraph = maybe()
    label = maybe()
    text = fields.String(required=True)
    after = maybe()
    others = fields.List(fields.String(), required=True)
    parts = fields.List(fields.String(), required=True)
    ops = fields.List(fields.Nested(Op), required=True)
    rationale = fields.String(required=True)
    rationale_html = fields.String(required=True)
    conditions = fields.String(required=True)
    on_behalf_of = maybe()
    actor = fields.Nested(Actor, required=True)
    sponsors = fields.List(fields.Nested(Sponsor), required=True)
    invited = fields.List(fields.String(), required=True)
    positions = fields.List(fields.Nested(Position), required=True)
    verdict = maybe(metadata={"description": "Of the last rebase: clean, adjacent, conflicting, overtaken."})
    verdict_detail = fields.String(required=True)
    revision = fields.Integer(required=True)
    fate = fields.Nested(Fate, required=True, allow_none=True)
    made_in = maybe()
    released_at = maybe()


class CompiledParagraph(Schema):
    id = word()
    label = fields.String(required=True)
    kind = word()
    level = fields.Integer(required=True)
    added = fields.Boolean(required=True, metadata={"description": "It stands in no version yet: it is proposed."})
    proposals = fields.List(fields.String(), required=True)
    runs = fields.List(fields.Dict(), required=True)
    whole = fields.List(fields.Dict(), required=True)
    printed = fields.String(required=True)


class Compilation(Schema):
    version = word()
    dialect = word()
    paragraphs = fields.List(fields.Nested(CompiledParagraph), required=True)


class Correspondence(Schema):
    relation = word()
    from_ = fields.List(fields.String(), required=True, data_key="from")
    to = fields.List(fields.String(), required=True)


class Concordance(Schema):
    from_ = fields.String(required=True, data_key="from")
    to = word()
    items = fields.List(fields.Nested(Correspondence), required=True)


class Stretch(Schema):
    text = fields.String(required=True)
    since = word()
    by = fields.List(fields.String(), required=True)


class ProvenanceParagraph(Schema):
    id = word()
    label = fields.String(required=True)
    stretches = fields.List(fields.Nested(Stretch), required=True)


class Provenance(Schema):
    version = word()
    paragraphs = fields.List(fields.Nested(ProvenanceParagraph), required=True)


class Precedent(Schema):
    id = word()
    source = word()
    text = word()


class PrecedentMatch(Schema):
    precedent = fields.Nested(Precedent, required=True)
    verbatim = fields.Boolean(required=True)
    share = fields.Float(required=True)
    ops = fields.List(fields.Nested(Op), required=True)


class PrecedentCheck(Schema):
    items = fields.List(fields.Nested(PrecedentMatch), required=True)
