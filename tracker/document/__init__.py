"""The document: an entry written out once, and everything that is a function of it.

`entry_of` and `relations_of` read a saved action (one of `PolicyAction.objects.for_documents()`), `working_copies`
finds some by slug; all else here is pure. Canonical JSON, the CSV line, facets, status spans and sort keys are
functions of the document, so that a page and a file cannot disagree.
"""

from tracker.document.deriving import derive
from tracker.document.loading import WorkingCopy, working_copies
from tracker.document.meaning import meaning
from tracker.document.printing import Terms, reprint, reprint_source, terms_named
from tracker.document.projecting import Span, facets, possible_days, projection, spans
from tracker.document.texts import canonical, csv_line, digest, instant
from tracker.document.writing import (
    TERM_SETS,
    TERMS,
    entry_of,
    relation_key,
    relation_of,
    relations_of,
    slug_of,
    source_document,
    term_document,
)

__all__ = [
    "TERMS",
    "TERM_SETS",
    "Span",
    "Terms",
    "WorkingCopy",
    "canonical",
    "csv_line",
    "derive",
    "digest",
    "entry_of",
    "facets",
    "instant",
    "meaning",
    "possible_days",
    "projection",
    "relation_key",
    "relation_of",
    "relations_of",
    "reprint",
    "reprint_source",
    "slug_of",
    "source_document",
    "spans",
    "term_document",
    "terms_named",
    "working_copies",
]
