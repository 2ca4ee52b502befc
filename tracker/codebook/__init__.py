"""Every code of the timeline: its word, its definition, an example, and what follows from it.

The one source of the texts that editors read beside a choice, readers on /method/ and analysts in the table
schema. A definition changes only together with the tests of its code and a line in CHANGELOG.md; VERSION is
stamped on every edition. Pure Python without Django, so that anything may import it.
"""

from __future__ import annotations

from tracker.codebook.categories import CATEGORIES, NOT_CODED
from tracker.codebook.changes import (
    CHANGES,
    LEDGER_STATES,
    RETRACTION_REASONS,
    WORKFLOW,
    Change,
    RetractionReason,
)
from tracker.codebook.codes import Code, Coded, Codes
from tracker.codebook.forms import FORMS
from tracker.codebook.parameters import DATE_MATCHES, PARAMETERS, SORTS, THEMES, Parameter
from tracker.codebook.relations import RELATION_KINDS, RelationKind
from tracker.codebook.sources import (
    ATTRIBUTIONS,
    BEARS_ON,
    EVIDENCE,
    OFFICIAL_KINDS,
    SOURCE_KINDS,
    STANCES,
    Attribution,
    SourceKind,
    usual_status,
)
from tracker.codebook.statuses import (
    BY_PHRASES,
    FATES,
    IN_FORCE,
    IN_FORCE_VALUES_HOLDING,
    STATUS_BY,
    STATUS_GROUPS,
    STATUSES,
    Status,
    default_by,
)
from tracker.codebook.vocabulary import NOT_KNOWN, NOT_NAMED, PARTY_KINDS, TERM_KINDS, TermKind

VERSION = "1.0"

__all__ = [
    "ATTRIBUTIONS",
    "BEARS_ON",
    "BY_PHRASES",
    "CATEGORIES",
    "CHANGES",
    "DATE_MATCHES",
    "EVIDENCE",
    "FATES",
    "FORMS",
    "IN_FORCE",
    "IN_FORCE_VALUES_HOLDING",
    "LEDGER_STATES",
    "NOT_CODED",
    "NOT_KNOWN",
    "NOT_NAMED",
    "OFFICIAL_KINDS",
    "PARAMETERS",
    "PARTY_KINDS",
    "RELATION_KINDS",
    "RETRACTION_REASONS",
    "SORTS",
    "SOURCE_KINDS",
    "STANCES",
    "STATUSES",
    "STATUS_BY",
    "STATUS_GROUPS",
    "TERM_KINDS",
    "THEMES",
    "VERSION",
    "WORKFLOW",
    "Attribution",
    "Change",
    "Code",
    "Coded",
    "Codes",
    "Parameter",
    "RelationKind",
    "RetractionReason",
    "SourceKind",
    "Status",
    "TermKind",
    "default_by",
    "usual_status",
]
