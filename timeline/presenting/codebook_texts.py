"""What `said` may be asked for: every text of the codebook and the columns that a page shows.

The codebook stands in Python tables of its own, where makemessages finds nothing; `manage.py messages` hands it these.
"""

from __future__ import annotations

from collections.abc import Iterator

from timeline.presenting.words import capital
from timeline.selection.chips import LABELS, NOT_CODED_LABEL, YES_NO
from timeline.selection.filters import VIEWS
from tracker import codebook, columns
from tracker.columns.descriptor import LICENCE

_CODES = (
    *(codebook.STATUSES, codebook.STATUS_BY, codebook.IN_FORCE, codebook.CATEGORIES, codebook.FORMS),
    *(codebook.SOURCE_KINDS, codebook.ATTRIBUTIONS, codebook.EVIDENCE, codebook.RELATION_KINDS),
    *(codebook.CHANGES, codebook.RETRACTION_REASONS, codebook.TERM_KINDS, codebook.SORTS, YES_NO, VIEWS),
    *(codebook.BEARS_ON, codebook.PARTY_KINDS, codebook.THEMES, codebook.DATE_MATCHES, codebook.STANCES),
)


def texts() -> list[str]:
    """Return each text once, in the order of the codebook."""
    return list(dict.fromkeys(text for text in _texts() if text))


def counted() -> list[str]:
    """Return the texts that follow a number, in plural forms of their own."""
    return list(codebook.FATES)


def _texts() -> Iterator[str]:
    for codes in _CODES:
        for code in codes.values():
            yield from (code.label, code.definition, code.example)
    yield from (capital(kind.shown_at_target) for kind in codebook.RELATION_KINDS.values())
    yield from codebook.BY_PHRASES.values()
    yield from (*LABELS.values(), NOT_CODED_LABEL)
    yield from codebook.STATUS_GROUPS
    yield from (parameter.meaning for parameter in codebook.PARAMETERS.values())
    for column in columns.COLUMNS:
        yield from (column.title, column.description, column.type)
    yield from (file.description for file in (*columns.FILES, columns.CHANGES))
    yield LICENCE["title"]
