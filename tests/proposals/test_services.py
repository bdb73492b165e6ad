"""Proposals through their commands: inside the delegation, before the room, and what becomes of them."""

from __future__ import annotations

import pytest

from app.core.text import Kind, Paragraph, ParagraphId
from app.core.text.applying import apply_proposal
from app.core.text.printing import printed
from app.drafts import queries as texts
from app.drafts import services as drafts
from app.drafts.standing import standing as frozen
from app.drafts.views import as_paragraph
from app.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from app.extensions import db
from app.policy import PUBLIC, DelegationRole
from app.proposals import desk, queries, services
from app.proposals.models import ProposalRow
from app.proposals.views import as_proposal, standing
from app.record import events_after
from app.record.cli import faults_of
from tests.proposals.conftest import WORDS, Table
from tests.support.builders import World

pytestmark = pytest.mark.database
PROVIDE = WORDS[1].replace("offer", "provide")
THREE = WORDS[0].replace("two", "three")
INCIDENT = WORDS[1].replace("cyberattack", "ICT incident")
ACT = WORDS[1].replace("cyberattack", "malicious ICT act")


def printed_of(table: Table, wid: str = "p2", version: int | None = None, who=None) -> str:
    with table.world.context():
        found = queries.compiled(who or table.chair, texts.get_version(table.chair, version or table.version))
        return printed(next(p for p in found.compilation if p.paragraph.id == wid))


def test_a_draft_stays_inside_its_delegation(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE, draft=True)
    colleague = table.as_("KEN", DelegationRole.EXPERT)
    assert table.read(id_, colleague).state == "draft"
    secretariat = table.world.actor(table.world.user(platform_role="secretariat"))
    for other in (table.chair, table.as_("BRA"), secretariat, PUBLIC):
        with pytest.raises(NotFound):
            table.read(id_, other)
        with table.world.context():
            version = texts.get_version(other, table.version)
            assert queries.proposals_on(other, version) == []
    assert "provide" not in printed_of(table)


def test_a_draft_takes_no_number_and_release_gives_the_next(table: Table) -> None:
    hidden = table.propose("KEN", PROVIDE, draft=True)
    first = table.propose("BRA", INCIDENT)
    assert table.read(first).label == "P1"
    table.do(services.release, table.as_("KEN"), hidden)
    assert table.read(hidden).label == "P2"


def test_an_expert_drafts_and_a_negotiator_releases(table: Table) -> None:
    expert = table.as_("KEN", DelegationRole.EXPERT)
    with table.world.context():
        given = {"kind": "replace", "paragraph": "p2", "text": PROVIDE}
        with pytest.raises(Forbidden):
            services.propose(expert, table.version, given)
        id_ = services.propose(expert, table.version, given, draft=True).id
        with pytest.raises(Forbidden):
            services.release(expert, id_)
    table.do(services.release, table.as_("KEN"), id_)
    assert table.read(id_).state == "live"


def test_the_same_words_stand_once_with_all_names(table: Table) -> None:
    table.propose("KEN", PROVIDE)
    table.propose("BRA", PROVIDE)
    text = printed_of(table)
    assert text.count("provide") == 1
    assert "Ken" in text
    assert "Bra" in text


def test_words_that_overlap_are_alternatives_in_one_bracket(table: Table) -> None:
    table.propose("CHE", INCIDENT)
    table.propose("NOR", ACT)
    text = printed_of(table)
    assert text.count("[") == 1
    assert text.index("cyberattack") < text.index("ICT incident") < text.index("malicious ICT act")


def test_what_is_proposed_reads_so_alone(table: Table) -> None:
    from app.core.text import compiling
    from app.drafts.views import as_paragraph

    ids = [table.propose("CHE", INCIDENT), table.propose("KEN", PROVIDE), table.propose("NOR", ACT)]
    with table.world.context():
        version = texts.get_version(table.chair, table.version)
        found = queries.compiled(table.chair, version)
        base = [as_paragraph(row) for row in found.rows]
        for id_, words in zip(ids, (INCIDENT, PROVIDE, ACT), strict=True):
            assert compiling.project(found.compilation, id_, base)[1].text == words
        assert [p.text for p in compiling.project(found.compilation, None, base)] == list(WORDS)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "sing"}, "kind"),
        ({"kind": ["replace"]}, "kind"),
        ({"kind": "replace", "paragraph": "p9", "text": "x"}, "paragraph"),
        ({"kind": "replace", "paragraph": "p2", "text": WORDS[1]}, "text"),
        ({"kind": "replace", "paragraph": "p2", "text": "  "}, "text"),
        ({"kind": "replace", "paragraph": "p2", "text": "a\x00b"}, "text"),
        ({"kind": "split", "paragraph": "p2", "text": "only one part"}, "text"),
        ({"kind": "merge", "paragraph": "p2", "text": "x", "others": ["p2"]}, "others"),
        ({"kind": "move", "paragraph": "p2", "after": "p2"}, "after"),
        ({"kind": "move", "paragraph": "p2", "after": "p3"}, "after"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(world: World, given: dict, field: str) -> None:
    table = Table(world, *WORDS, items=[3])
    with table.world.context(), pytest.raises(Invalid) as refused:
        services.propose(table.as_("KEN"), table.version, given)
    assert refused.value.field == field


def test_a_move_whose_aim_becomes_its_own_item_waits_for_a_person(table: Table) -> None:
    id_ = table.propose("KEN", kind="move", paragraph="p2", after="p3")
    table.edit("p3", WORDS[2], kind="item", level=1)
    newer = table.issue()
    assert (table.read(id_).state, table.read(id_).verdict) == ("live", "conflicting")
    assert printed_of(table, version=newer) == WORDS[1]


def test_one_that_does_not_fit_leaves_the_text_readable(table: Table) -> None:
    """Whatever got past the checks takes itself out, and nobody else."""
    bad, good = table.propose("KEN", kind="move", paragraph="p1", after="p2"), table.propose("BRA", PROVIDE)
    with table.world.context():
        row = db.session.get_one(ProposalRow, bad)
        row.wordings[0].content = row.wordings[0].content | {"after": "p1"}
        db.session.commit()
        found = queries.compiled(table.chair, texts.get_version(table.chair, table.version))
        assert set(found.proposals) == {good}
    assert "provide" in printed_of(table)


def test_only_the_lead_withdraws_and_another_may_take_it_up(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE)
    with pytest.raises(Forbidden):
        table.do(services.withdraw, table.as_("BRA"), id_)
    table.do(services.withdraw, table.as_("KEN"), id_)
    assert "provide" not in printed_of(table)
    table.do(services.readopt, table.as_("BRA"), id_)
    row = table.read(id_)
    assert (row.state, row.party.code) == ("live", "BRA")
    assert "Bra" in printed_of(table)


def test_sponsors_join_and_leave(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE, invited=["FJI"])
    assert "Fji" not in printed_of(table)
    table.do(services.cosponsor, table.as_("FJI"), id_)
    assert "Fji" in printed_of(table)
    table.do(services.cosponsor, table.as_("FJI"), id_, join=False)
    assert "Fji" not in printed_of(table)
    with pytest.raises(Conflict):
        table.do(services.cosponsor, table.as_("KEN"), id_)


def test_a_stance_goes_stale_when_the_words_change(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE)
    table.do(services.take_position, table.as_("NOR"), id_, "oppose")
    assert table.read(id_).stances[0].revision == 1
    table.do(services.revise, table.as_("KEN"), id_, {"text": PROVIDE.replace("upon", "on")}, 1)
    row = table.read(id_)
    assert row.revision == 2
    assert row.stances[0].revision == 1
    assert [w.content["text"] for w in row.wordings] == [PROVIDE, PROVIDE.replace("upon", "on")]


def test_a_stale_revision_gets_both_texts(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE)
    table.do(services.revise, table.as_("KEN"), id_, {"text": INCIDENT}, 1)
    with pytest.raises(Conflict) as stale:
        table.do(services.revise, table.as_("KEN"), id_, {"text": ACT}, 1)
    assert stale.value.status == 412
    assert (stale.value.extra["yours"], stale.value.extra["theirs"]) == (ACT, INCIDENT)


def test_the_chair_speaks_for_no_delegation(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE)
    for verb in (services.take_position, services.cosponsor):
        with pytest.raises(Forbidden):
            table.do(verb, table.chair, id_, *(["support"] if verb is services.take_position else []))


def test_issuing_ends_what_is_reflected_and_carries_the_rest(table: Table) -> None:
    taken, left, open_ = table.propose("KEN", PROVIDE), table.propose("NOR", ACT), table.propose("CHE", INCIDENT)
    table.edit("p2", PROVIDE)
    second = table.issue(fates={left: {"fate": "not_reflected", "reason": "No agreement on the term."}})
    assert table.read(taken).state == "reflected"
    assert (table.read(left).state, table.read(left).fate_reason) == ("not_reflected", "No agreement on the term.")
    row = table.read(open_)
    assert (row.state, row.base_id, row.verdict) == ("live", second, "clean")
    assert row.text == PROVIDE.replace("cyberattack", "ICT incident")
    assert row.made_on_id == table.version
    assert row.settled  # its words speak of the new ones from now on
    assert "offer" in printed_of(table, version=table.version)


def test_not_reflected_needs_a_reason(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE)
    with pytest.raises(Invalid):
        table.issue(fates={id_: {"fate": "not_reflected"}})
    with table.world.context():
        assert len(texts.draft_line(table.chair, table.draft).versions) == 1


def test_a_clash_is_said_and_nothing_is_dropped(table: Table) -> None:
    id_ = table.propose("CHE", INCIDENT)
    table.edit("p2", ACT)
    table.issue(fates={id_: {"fate": "bracket"}})
    row = table.read(id_)
    assert (row.state, row.verdict, row.text) == ("live", "conflicting", INCIDENT)


def test_a_late_proposal_on_an_old_version_is_carried_at_once(table: Table) -> None:
    table.edit("p1", "Encourages States to report every two years;")
    second = table.issue()
    id_ = table.propose("CHE", INCIDENT)
    row = table.read(id_)
    assert (row.made_on_id, row.base_id, row.verdict) == (table.version, second, "clean")


def test_taking_over_puts_the_words_into_the_working_copy(table: Table) -> None:
    one, two = table.propose("KEN", PROVIDE), table.propose("CHE", INCIDENT)
    new = table.propose("FJI", "Requests the Secretariat to keep a register;", kind="new_paragraph")
    for id_ in (one, two, new):
        table.do(desk.take, table.chair, id_)
    with table.world.context():
        working = texts.draft_line(table.chair, table.draft).working
        there = [row.text for row in texts.version_paragraphs(working.id)]
    assert there[1] == PROVIDE.replace("cyberattack", "ICT incident")
    assert there[2] == "Requests the Secretariat to keep a register;"
    table.issue()
    assert {table.read(id_).state for id_ in (one, two, new)} == {"reflected"}


def test_taking_over_what_clashes_is_refused_and_changes_nothing(table: Table) -> None:
    one, two = table.propose("CHE", INCIDENT), table.propose("NOR", ACT)
    table.do(desk.take, table.chair, one)
    with pytest.raises(Conflict):
        table.do(desk.take, table.chair, two)
    assert table.read(two).planned is None


def test_merged_proposals_go_on_in_one_with_all_sponsors(table: Table) -> None:
    one, two = table.propose("KEN", PROVIDE), table.propose("BRA", PROVIDE)
    table.do(services.merge, table.chair, two, one)
    assert table.read(two).state == "merged"
    assert [s.party.code for s in table.read(one).sponsors] == ["KEN", "BRA"]


def test_nobody_but_the_chair_decides(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE)
    for verb, arguments in ((services.plan, ["reflected"]), (services.decide, ["reflected"]), (desk.take, [])):
        with pytest.raises(Forbidden):
            table.do(verb, table.as_("BRA"), id_, *arguments)


def test_what_is_ended_takes_no_more_words(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE)
    table.do(services.decide, table.chair, id_, "not_reflected", "No support.")
    for verb, who, arguments in (
        (services.withdraw, table.as_("KEN"), []),
        (services.cosponsor, table.as_("BRA"), []),
        (services.take_position, table.as_("BRA"), ["support"]),
        (services.revise, table.as_("KEN"), [{"text": ACT}, 1]),
    ):
        with pytest.raises(Closed):
            table.do(verb, who, id_, *arguments)


def test_what_is_made_in_a_closed_session_stays_there(table: Table) -> None:
    open_ = table.propose("KEN", PROVIDE)
    closed = table.propose("CHE", INCIDENT, openness="members")
    assert table.read(closed, table.as_("BRA")).label == "M1"
    with pytest.raises(NotFound):
        table.read(closed, PUBLIC)
    assert "ICT incident" not in printed_of(table, who=PUBLIC)
    assert "ICT incident" in printed_of(table, who=table.as_("BRA"))
    with table.world.context():
        version = texts.get_version(PUBLIC, table.version)
        assert [row.id for row in queries.proposals_on(PUBLIC, version)] == [open_]
        assert queries.counts_on(PUBLIC, version) == {"p2": 1}
        assert faults_of(f"proposals:{table.draft}") == []
        assert faults_of(f"proposals:{table.draft}:members") == []


def test_what_clashes_stands_in_no_bracket_and_comes_back_when_it_fits_again(table: Table) -> None:
    id_ = table.propose("CHE", INCIDENT)
    table.edit("p2", ACT)
    second = table.issue(fates={id_: {"fate": "bracket"}})
    assert table.read(id_).verdict == "conflicting"
    assert "[" not in printed_of(table, version=second)
    assert "ICT incident" in printed_of(table)  # on the version that it was made for
    table.edit("p2", WORDS[1])
    third = table.issue(fates={id_: {"fate": "bracket"}})
    row = table.read(id_)
    assert (row.verdict, row.text, row.base_id) == ("clean", INCIDENT, third)
    assert "ICT incident" in printed_of(table, version=third)


def test_what_clashes_is_never_taken_over_in_silence(table: Table) -> None:
    id_ = table.propose("CHE", INCIDENT)
    table.edit("p2", ACT)
    table.issue(fates={id_: {"fate": "bracket"}})
    with pytest.raises(Conflict):
        table.do(desk.take, table.chair, id_)
    table.do(services.revise, table.as_("CHE"), id_, {"text": ACT.replace("malicious ICT act", "ICT incident")}, 2)
    assert table.read(id_).settled
    table.do(desk.take, table.chair, id_)


def test_what_lost_its_paragraph_is_not_taken_as_reflected(table: Table) -> None:
    """What is there already may be planned as reflected; what is gone may not."""
    gone, there = table.propose("KEN", PROVIDE), table.propose("BRA", THREE, paragraph="p1")
    table.edit("p1", THREE)
    with table.world.context():
        working = texts.draft_line(table.chair, table.draft).working
        drafts.delete_paragraph(table.chair, working.id, "p2")
    with pytest.raises(Conflict, match="Its paragraph is gone"):
        table.do(desk.take, table.chair, gone)
    assert table.read(gone).planned is None
    assert table.do(desk.take, table.chair, there).planned == "reflected"


def test_other_parts_written_as_one_text_take_the_place_of_the_parts(table: Table) -> None:
    ken = table.as_("KEN")
    id_ = table.propose("KEN", "First half;\n\nSecond half;", kind="split")
    table.do(services.revise, ken, id_, {"kind": "split", "text": "Alpha;\n\nBeta;"}, 1)
    assert table.read(id_).parts == ["Alpha;", "Beta;"]
    table.do(services.revise, ken, id_, {"rationale": "Shorter."}, 2)
    assert table.read(id_).parts == ["Alpha;", "Beta;"]


def test_who_takes_up_a_proposal_says_nothing_against_it_and_sponsors_stay(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE)
    table.do(services.cosponsor, table.as_("CHE"), id_)
    table.do(services.take_position, table.as_("BRA"), id_, "oppose")
    table.do(services.withdraw, table.as_("KEN"), id_)
    table.do(services.readopt, table.as_("BRA"), id_)
    row = table.read(id_)
    assert [sponsor.party.code for sponsor in standing(row)] == ["BRA", "CHE"]
    assert row.stances == []
    assert "oppose" not in printed_of(table)


def test_who_comes_over_by_a_merger_stands_behind_it_and_not_against(table: Table) -> None:
    """Also a party that had left the other proposal, or was only asked to sponsor it."""
    into = table.propose("KEN", PROVIDE, invited=["FJI"])
    table.do(services.take_position, table.as_("BRA"), into, "oppose")
    table.do(services.cosponsor, table.as_("CHE"), into)
    table.do(services.cosponsor, table.as_("CHE"), into, join=False)
    for code in ("BRA", "CHE", "FJI"):
        table.do(services.merge, table.chair, table.propose(code, PROVIDE), into)
    row = table.read(into)
    assert sorted(sponsor.party.code for sponsor in standing(row)) == ["BRA", "CHE", "FJI", "KEN"]
    assert row.stances == []


def test_while_silence_runs_nothing_is_said_before_the_room(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stays inside a delegation, or at the desk, goes on."""
    ken, bra = table.as_("KEN"), table.as_("BRA")
    one, two, left = table.propose("KEN", PROVIDE), table.propose("BRA", INCIDENT), table.propose("KEN", ACT)
    mine = table.propose("KEN", ACT, draft=True)
    table.do(services.withdraw, ken, left)
    monkeypatch.setattr(frozen, "freezes", [lambda _draft: "Silence runs."])
    for verb, who, arguments in (
        (services.revise, ken, [one, {"text": ACT}, 1]),
        (services.withdraw, ken, [one]),
        (services.release, ken, [mine]),
        (services.readopt, bra, [left]),
        (services.decide, table.chair, [one, "reflected"]),
        (services.merge, table.chair, [two, one]),
    ):
        with pytest.raises(Closed, match="Silence runs"):
            table.do(verb, who, *arguments)
    table.do(services.revise, ken, mine, {"text": PROVIDE}, 1)
    table.do(services.plan, table.chair, one, "bracket")
    table.do(services.withdraw, ken, mine)
    assert [table.read(id_).state for id_ in (one, two, left)] == ["live", "live", "withdrawn"]


def test_a_working_copy_is_compiled_as_it_reads_now(table: Table) -> None:
    with table.world.context():
        working = texts.draft_line(table.chair, table.draft).working.id
    assert printed_of(table, version=working) == WORDS[1]
    table.edit("p2", ACT)
    assert printed_of(table, version=working) == ACT


def test_an_older_version_keeps_what_was_said_of_its_words(table: Table) -> None:
    """Neither other words on a later version nor a carried stance change how it reads."""
    id_ = table.propose("KEN", PROVIDE)
    table.do(services.take_position, table.as_("BRA"), id_, "oppose")
    before = printed_of(table)
    assert "Bra" in before
    table.edit("p1", THREE)
    second = table.issue()
    assert (printed_of(table), printed_of(table, version=second)) == (before, before)
    table.do(services.revise, table.as_("KEN"), id_, {"text": PROVIDE.replace("upon", "on")}, 2)
    assert printed_of(table) == before
    assert "Bra" not in printed_of(table, version=second)


def test_other_words_on_a_later_version_carry_no_stance(table: Table) -> None:
    id_ = table.propose("KEN", PROVIDE)
    table.do(services.take_position, table.as_("BRA"), id_, "oppose")
    before = printed_of(table)
    table.edit("p2", INCIDENT)
    second = table.issue(fates={id_: {"fate": "bracket"}})
    assert printed_of(table) == before
    table.do(services.take_position, table.as_("BRA"), id_, "support")
    assert "Bra" in printed_of(table, version=second)
    assert "Bra" not in printed_of(table)


def test_a_split_is_taken_over_as_the_room_read_it(world: World) -> None:
    """Its parts stand together, of the same kind, and the items follow the last."""
    table = Table(world, *WORDS, items=[3])
    id_ = table.propose("KEN", kind="split", parts=["Invites States to offer assistance;", "Urges them to hurry;"])
    with table.world.context():
        row = queries.get_proposal(table.chair, id_)
        base = [as_paragraph(paragraph) for paragraph in texts.version_paragraphs(table.version)]
        asked = [(p.kind, p.text) for p in apply_proposal(base, as_proposal(row))]
        desk.take(table.chair, id_)
        working = texts.draft_line(table.chair, table.draft).working
        assert [(row.kind, row.text) for row in texts.version_paragraphs(working.id)] == asked


def test_what_the_desk_planned_for_other_words_is_asked_anew(table: Table) -> None:
    """The chair took the old words over; of the new ones nobody may read that they are reflected."""
    id_ = table.propose("KEN", PROVIDE)
    table.do(services.plan, table.chair, id_, "not_reflected", "Offer is softer.")
    table.do(desk.take, table.chair, id_)
    table.do(services.revise, table.as_("KEN"), id_, {"text": INCIDENT}, 1)
    (plan,) = table.do(desk.plans, table.chair, table.read(id_).draft)
    assert plan.suggested
    table.issue()
    assert table.read(id_).state == "live"


def test_an_invitation_that_is_declined_stays_with_the_lead(table: Table) -> None:
    """The room did not know of it, and reads of nobody who left."""
    id_ = table.propose("KEN", PROVIDE, invited=["FJI"])
    table.do(services.cosponsor, table.as_("FJI"), id_, join=False)
    lead = table.as_("KEN").party_id
    with table.world.context():
        assert [e.type for e in events_after(f"proposals:{table.draft}", 0)] == ["proposal.released"]
        assert [e.type for e in events_after(f"delegation:{lead}", 0)] == ["proposal.invitation_declined"]
        assert not [sponsor for sponsor in queries.get_proposal(table.chair, id_).sponsors if sponsor.invited]


@pytest.mark.parametrize(
    ("kind", "beside", "new_kind"),
    [
        ("new_paragraph", "t", "preambular"),
        ("new_paragraph", None, "preambular"),
        ("new_paragraph", "h", "operative"),
        ("new_paragraph", "f", "operative"),
        ("alternative", "h", "heading"),
    ],
)
def test_a_new_paragraph_is_like_the_text_near_it_and_an_alternative_like_its_pair(
    table: Table, kind: str, beside: str | None, new_kind: str
) -> None:
    words = [
        ("t", Kind.TITLE, 0, "Support after incidents"),
        ("pp", Kind.PREAMBULAR, 0, "Recalling its resolutions,"),
        ("h", Kind.HEADING, 1, "Measures"),
        ("op", Kind.OPERATIVE, 0, "Calls upon States to cooperate;"),
        ("f", Kind.FOOTNOTE, 0, "Resolution 80/16."),
    ]
    with table.world.context():
        paragraphs = [Paragraph(ParagraphId(wid), *rest) for wid, *rest in words]
        drafts.replace_working_copy(table.chair, table.draft, paragraphs)
    table.version = table.issue()
    assert table.read(table.propose("KEN", "Other words;", kind=kind, paragraph=beside)).new_kind == new_kind
