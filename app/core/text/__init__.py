"""The text core: what paragraphs are, how they come in and go out, what they are called, what changed between texts.

Pure: no framework, no database, no clock.
"""

from app.core.text.anchors import How, Lost, Orphan, Placed, follow, follow_all
from app.core.text.applying import apply_proposal
from app.core.text.bracket_reading import BracketFinding, ReadResult, read_brackets, read_document_brackets
from app.core.text.bracket_structure import CHOICES, ParagraphBrackets, Question, TextBrackets, bracket_structure
from app.core.text.brackets import Attribution, Bracket, Compilation, CompiledParagraph, Note, Option, Words
from app.core.text.compare import Comparison, Row, RowKind, Summary, compare
from app.core.text.compiling import compile_text, project, reading
from app.core.text.concordance import Correspondence, CorrespondenceKind, concordance
from app.core.text.diff import Change, Op, diff
from app.core.text.fates import Fate, Suggestion, suggest_fate
from app.core.text.importing import SOURCE_LIMIT, Finding, Imported, read
from app.core.text.normalise import TextRefused, clean, clean_message
from app.core.text.numbering import labels, slug, slugs
from app.core.text.opening import opening, option_label
from app.core.text.paragraphs import Kind, Paragraph, ParagraphId, Relation, Style
from app.core.text.precedents import Match, Precedent, check_agreed_language
from app.core.text.printing import DIALECTS, printed, unstyled
from app.core.text.proposals import ADDING, WORDING, Proposal, ProposalKind, Stance
from app.core.text.provenance import Stretch, provenance
from app.core.text.quotes import Quote, locate
from app.core.text.rebasing import Detail, Rebased, Verdict, rebase, rebase_all
from app.core.text.words import tokens

__all__ = [
    "ADDING",
    "CHOICES",
    "DIALECTS",
    "SOURCE_LIMIT",
    "WORDING",
    "Attribution",
    "Bracket",
    "BracketFinding",
    "Change",
    "Comparison",
    "Compilation",
    "CompiledParagraph",
    "Correspondence",
    "CorrespondenceKind",
    "Detail",
    "Fate",
    "Finding",
    "How",
    "Imported",
    "Kind",
    "Lost",
    "Match",
    "Note",
    "Op",
    "Option",
    "Orphan",
    "Paragraph",
    "ParagraphBrackets",
    "ParagraphId",
    "Placed",
    "Precedent",
    "Proposal",
    "ProposalKind",
    "Question",
    "Quote",
    "ReadResult",
    "Rebased",
    "Relation",
    "Row",
    "RowKind",
    "Stance",
    "Stretch",
    "Style",
    "Suggestion",
    "Summary",
    "TextBrackets",
    "TextRefused",
    "Verdict",
    "Words",
    "apply_proposal",
    "bracket_structure",
    "check_agreed_language",
    "clean",
    "clean_message",
    "compare",
    "compile_text",
    "concordance",
    "diff",
    "follow",
    "follow_all",
    "labels",
    "locate",
    "opening",
    "option_label",
    "printed",
    "project",
    "provenance",
    "read",
    "read_brackets",
    "read_document_brackets",
    "reading",
    "rebase",
    "rebase_all",
    "slug",
    "slugs",
    "suggest_fate",
    "tokens",
    "unstyled",
]
