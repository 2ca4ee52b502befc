"""Models: the record (vocabulary, sources, actions, revisions) and the ledger.

Inside tracker, import from here. Readers' code in timeline imports `tracker.models.ledger` alone.
"""

from tracker.models.actions import Citation, PolicyAction, Relation, StatusChange
from tracker.models.duplicates import NotDuplicate
from tracker.models.keyed import PublishedDeletionError
from tracker.models.ledger import (
    Edition,
    FacetValue,
    Projection,
    PublishedAction,
    PublishedFacet,
    PublishedRelation,
    PublishedTerm,
    StatusSpan,
)
from tracker.models.pages import PageText
from tracker.models.redactions import Redaction
from tracker.models.revisions import Revision
from tracker.models.sources import Source
from tracker.models.vocabulary import Actor, AffectedParty, Agency, Category, Publisher, Topic

__all__ = [
    "Actor",
    "AffectedParty",
    "Agency",
    "Category",
    "Citation",
    "Edition",
    "FacetValue",
    "NotDuplicate",
    "PageText",
    "PolicyAction",
    "Projection",
    "PublishedAction",
    "PublishedDeletionError",
    "PublishedFacet",
    "PublishedRelation",
    "PublishedTerm",
    "Publisher",
    "Redaction",
    "Relation",
    "Revision",
    "Source",
    "StatusChange",
    "StatusSpan",
    "Topic",
]
