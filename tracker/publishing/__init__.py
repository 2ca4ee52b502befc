"""The one writer of the ledger: publish, publish_terms, retract, and `redaction` (a room of its own).

Every call takes the publishing lock first, writes one numbered edition or none, and sends `edition_published`
inside its transaction.
"""

from tracker.publishing.entries import Change, publish
from tracker.publishing.four_eyes import OWN_WORK, own_work
from tracker.publishing.press import PublishingError, random_salt
from tracker.publishing.projections import rebuild_projections
from tracker.publishing.retraction import retract, retract_all
from tracker.publishing.standing import public_documents, working_documents
from tracker.publishing.terms import publish_terms, terms_with_unpublished_changes

__all__ = [
    "OWN_WORK",
    "Change",
    "PublishingError",
    "own_work",
    "public_documents",
    "publish",
    "publish_terms",
    "random_salt",
    "rebuild_projections",
    "retract",
    "retract_all",
    "terms_with_unpublished_changes",
    "working_documents",
]
