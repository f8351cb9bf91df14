"""The tables. Importing this package makes all of them known to SQLAlchemy and Alembic."""

from directory.models.abuse import Hold, LinkProposal
from directory.models.account import Account, AccountRole, AccountSession, Tie
from directory.models.afterwards import VoidVote, Wish
from directory.models.audit import AuditEntry
from directory.models.base import Base
from directory.models.checklist import ChecklistCriterion, ChecklistVersion
from directory.models.clinic import Clinic, ClinicFact, Organisation
from directory.models.listing import ListingDecision, Revision
from directory.models.moderation import AnswerDecision, Decision, Notice, Recheck, StoredRuling
from directory.models.name import NameWord, NearSpelling
from directory.models.outbox import OutboxMail
from directory.models.place import Place
from directory.models.review import AnswerEvidence, Review, ReviewAnswer, ReviewDraft
from directory.models.score import StoredScore

__all__ = [
    "Account", "AccountRole", "AccountSession", "AnswerDecision", "AnswerEvidence", "AuditEntry", "Base",
    "ChecklistCriterion", "ChecklistVersion", "Clinic", "ClinicFact", "Decision", "Hold", "LinkProposal",
    "ListingDecision", "NameWord", "NearSpelling", "Notice", "Organisation", "OutboxMail", "Place", "Recheck",
    "Review", "ReviewAnswer", "ReviewDraft", "Revision", "StoredRuling", "StoredScore", "Tie", "VoidVote", "Wish",
]  # fmt: skip
