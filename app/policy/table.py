"""The matrix of permissions, as one table. A cell names the forums in which the role may do the action.

Forums: P formal public · F formal closed · I informal, members and observers · M members only ·
V invited small group · G room of a group of States · D room of one delegation. A dash: nowhere.

It is read from domain brief §11, row by row and column by column. `all` is every forum but the private rooms
of others (G, D): nobody sees into a delegation's room but the delegation. The person who runs the machine
(sysadmin) has no column: an account of the machine sees what the public sees.
"""

from __future__ import annotations

from enum import StrEnum


class Forum(StrEnum):
    """Where something happens, from the most open to the most closed."""

    PUBLIC = "P"
    CLOSED = "F"
    INFORMAL = "I"
    MEMBERS = "M"
    INVITED = "V"
    GROUP = "G"
    DELEGATION = "D"


class Role(StrEnum):
    """What somebody is in one working group."""

    PUBLIC = "public"
    STAKEHOLDER = "stakeholder"
    OBSERVER = "observer"
    OBSERVER_STATE = "observer_state"
    VIEWER = "viewer"
    EXPERT = "expert"
    NEGOTIATOR = "negotiator"
    HEAD = "head"
    FACILITATOR = "facilitator"
    VICE_CHAIR = "vice_chair"
    CHAIR = "chair"
    SECRETARIAT = "secretariat"


class Action(StrEnum):
    """What may be done. One row of the table each."""

    READ_RECORD = "read_record"
    READ_TEXT = "read_text"
    SEE_POSITIONS = "see_positions"
    READ_WORKING_COPY = "read_working_copy"
    COMMENT = "comment"
    EDIT_WORKING_COPY = "edit_working_copy"
    ISSUE_VERSION = "issue_version"
    CONDUCT_SESSION = "conduct_session"
    SET_OPENNESS = "set_openness"
    PUBLISH = "publish"
    DRAFT_PROPOSAL = "draft_proposal"
    PROPOSE = "propose"
    TAKE_POSITION = "take_position"
    REQUEST_FLOOR = "request_floor"
    POINT_OF_ORDER = "point_of_order"
    MANAGE_FLOOR = "manage_floor"
    MANAGE_DISPLAYS = "manage_displays"
    DECIDE_FATES = "decide_fates"
    DECIDE = "decide"
    VOTE = "vote"
    SPEAK_TO_DECISION = "speak_to_decision"
    TAKE_ROLL = "take_roll"
    SEE_BOARD = "see_board"
    MARK_INFORMALLY = "mark_informally"
    MARK_AGREED = "mark_agreed"
    SHOW_BRIDGING = "show_bridging"
    MARK_EDITORIAL = "mark_editorial"
    KEEP_ORDER = "keep_order"
    ATTACH_COMMENT = "attach_comment"
    EDIT_REPORT = "edit_report"
    MANAGE_MEMBERS = "manage_members"
    PREPARE_SILENCE = "prepare_silence"
    OPEN_SILENCE = "open_silence"
    BREAK_SILENCE = "break_silence"
    NOTE_INTERNALLY = "note_internally"
    GIVE_STATEMENT = "give_statement"
    KEEP_PRECEDENTS = "keep_precedents"


TABLE = """
action             | public | stakeholder | observer | observer_state | viewer | expert | negotiator | head   | facilitator | vice_chair | chair  | secretariat
read_record        | P      | P           | PI       | PFI            | PFIM   | PFIM   | PFIMV      | PFIMV  | PFIMV       | PFIMV      | PFIMV  | PFIMV
read_text          | P      | P           | PI       | PFI            | PFIM   | PFIM   | PFIMV      | PFIMV  | PFIMV       | PFIMV      | PFIMV  | PFIMV
see_positions      | P      | P           | PI       | PFI            | PFIM   | PFIM   | PFIMV      | PFIMV  | PFIMV       | PFIMV      | PFIMV  | PFIMV
read_working_copy  | -      | -           | -        | -              | -      | -      | -          | -      | PFIMV       | PFIMV      | PFIMV  | PFIMV
comment            | -      | -           | -        | PI             | D      | D      | PFIMVD     | PFIMVD | PFIMV       | PFIMV      | PFIMV  | PFIMV
edit_working_copy  | -      | -           | -        | -              | -      | -      | -          | -      | PFIMV       | PFIMV      | PFIMV  | PFIMV
issue_version      | -      | -           | -        | -              | -      | -      | -          | -      | -           | PFIMV      | PFIMV  | -
conduct_session    | -      | -           | -        | -              | -      | -      | -          | -      | PFIMV       | PFIMV      | PFIMV  | -
set_openness       | -      | -           | -        | -              | -      | -      | -          | -      | -           | PFIMV      | PFIMV  | -
publish            | -      | -           | -        | -              | -      | -      | -          | -      | -           | PFIMV      | PFIMV  | -
draft_proposal     | -      | -           | -        | PI             | -      | PFIMD  | PFIMVD     | PFIMVD | PFIMV       | PFIMV      | PFIMV  | -
propose            | -      | -           | -        | PI             | -      | -      | PFIMV      | PFIMV  | PFIMV       | PFIMV      | PFIMV  | -
take_position      | -      | -           | -        | PI             | -      | -      | PFIMV      | PFIMV  | -           | -          | -      | -
request_floor      | -      | P           | PI       | PFI            | -      | -      | PFIMV      | PFIMV  | -           | -          | -      | -
point_of_order     | -      | -           | -        | -              | -      | -      | PFM        | PFM    | -           | -          | -      | -
manage_floor       | -      | -           | -        | -              | -      | -      | -          | -      | -           | PFIMV      | PFIMV  | PFIMV
manage_displays    | -      | -           | -        | -              | -      | -      | -          | -      | -           | PFIMV      | PFIMV  | PFIMV
decide_fates       | -      | -           | -        | -              | -      | -      | -          | -      | PFIMV       | PFIMV      | PFIMV  | -
decide             | -      | -           | -        | -              | -      | -      | -          | -      | -           | PFIMV      | PFIMV  | -
vote               | -      | -           | -        | -              | -      | -      | PFIMV      | PFIMV  | -           | -          | -      | -
speak_to_decision  | -      | -           | -        | -              | -      | -      | PFIMV      | PFIMV  | -           | -          | -      | -
take_roll          | -      | -           | -        | -              | -      | -      | -          | -      | -           | PFIMV      | PFIMV  | PFIMV
see_board          | -      | -           | -        | -              | -      | -      | -          | -      | PFIMV       | PFIMV      | PFIMV  | PFIMV
mark_informally    | -      | -           | -        | -              | -      | -      | -          | -      | PFIMV       | PFIMV      | PFIMV  | PFIMV
mark_agreed        | -      | -           | -        | -              | -      | -      | -          | -      | -           | PFIMV      | PFIMV  | PFIMV
show_bridging      | -      | -           | -        | -              | -      | -      | -          | -      | PFIMV       | PFIMV      | PFIMV  | PFIMV
mark_editorial     | -      | -           | -        | -              | -      | -      | -          | -      | -           | -          | -      | PFIMV
keep_order         | -      | -           | -        | -              | -      | -      | -          | -      | PFIMV       | PFIMV      | PFIMV  | PFIMV
attach_comment     | -      | -           | -        | PI             | -      | -      | PFIMV      | PFIMV  | PFIMV       | PFIMV      | PFIMV  | PFIMV
edit_report        | -      | -           | -        | -              | -      | -      | -          | -      | -           | PFIMV      | PFIMV  | PFIMV
manage_members     | -      | -           | -        | -              | -      | -      | -          | -      | -           | PFIMV      | PFIMV  | PFIMV
prepare_silence    | -      | -           | -        | -              | -      | -      | -          | -      | -           | PFIMV      | PFIMV  | PFIMV
open_silence       | -      | -           | -        | -              | -      | -      | -          | -      | -           | PFIMV      | PFIMV  | -
break_silence      | -      | -           | -        | -              | -      | -      | PFIMV      | PFIMV  | -           | -          | -      | -
note_internally    | -      | -           | -        | -              | D      | D      | D          | D      | -           | -          | -      | -
give_statement     | -      | P           | PI       | PFI            | -      | -      | PFIMV      | PFIMV  | -           | -          | -      | -
keep_precedents    | -      | -           | -        | -              | -      | -      | -          | -      | -           | -          | -      | P
"""
"""What the rows mean here:

read_record: a record that the chair has published. read_text: issued versions, threads, and a session while it
runs (the chair's choice of openness is what opens it to the public). see_positions: who said what. comment: in a
session or a thread, in the name of one's party. edit_working_copy: the secretariat types on the chair's
instruction. conduct_session: schedule, open, suspend, resume, close, move the focus. set_openness: of a group or
a session. publish: the chair's act that turns a closed session's record into a page of the archive.
draft_proposal: write a proposal that stays in the delegation. propose: release one in the delegation's name;
officers propose bridging text and chair's text. take_position: co-sponsor, support, oppose, retain, reserve; an
observer State's is its view, and stands in nobody's way. decide_fates: say what became of a proposal, at the desk.
request_floor: go on the speakers' list, and off it; officers speak from the podium. point_of_order: raise one; a rule
set may grant it to an observer State. manage_floor: give and end the floor, order and close the list, act for a
delegation. manage_displays: open a projector view of the room and steer it.
decide: put something before a formal meeting, the gavel, the vote from opening to result; a facilitator does not
gavel. vote: a recorded ballot, and the note of how it was meant; a negotiator votes where the head has entrusted it.
speak_to_decision: object, explain a position, dissociate, withdraw what one moved. take_roll: say who is present, for
the quorum. see_board: who stands where, paragraph by delegation, on one page. mark_informally: bracket, agree in informals,
flag, bind packages, reopen what is agreed in informals; mark_agreed: ad referendum and agreed, and to reopen
them. The secretariat records both on an officer's instruction. show_bridging: a text on the screen, without
prejudice. mark_editorial: say that changed words mean what they meant, so that agreement on them stays.
keep_order: pin and close threads. attach_comment: put a comment whose words are gone on other words of the text; a
delegation its own, an officer everybody's. manage_members: parties and officers of a group.
prepare_silence: write down a silence procedure, and see who objects in it; the secretariat prepares, the chair opens.
open_silence: put a text under silence, extend, withdraw, write the letter. break_silence: object, for one's State or a
group of States. note_internally: read and write the notes that a delegation keeps beside the paragraphs, see its
colleagues at work; nobody but the delegation, in no office. give_statement: hand in a statement, and publish it.
edit_report: draw a procedural report from the log and edit it; a vice-chair acts as rapporteur. keep_precedents: the
agreed language against which words are checked; of no working group, so an office in one does not carry it.
"""


def read_table(table: str) -> dict[Action, dict[Role, frozenset[Forum]]]:
    """Parse a table of the form above. Raises ValueError on a row, column or cell that it does not know."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    columns = [Role(name) for name in lines[0][1:]]
    matrix = {
        Action(row[0]): {role: _forums(cell) for role, cell in zip(columns, row[1:], strict=True)} for row in lines[1:]
    }
    if set(columns) != set(Role) or set(matrix) != set(Action):
        raise ValueError("the table must name every role and every action")
    return matrix


def _forums(cell: str) -> frozenset[Forum]:
    return frozenset() if cell == "-" else frozenset(Forum(letter) for letter in cell)


MATRIX = read_table(TABLE)
