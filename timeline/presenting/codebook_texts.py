"""What `said` may be asked for: every text of the codebook and the columns that a page shows.

The codebook stands in Python tables of its own, where makemessages finds nothing; `manage.py messages` hands it these.
"""

from __future__ import annotations

from collections.abc import Iterator

from timeline.selection.chips import LABELS, YES_NO
from tracker import codebook, columns

_CODES = (
    *(codebook.STATUSES, codebook.STATUS_BY, codebook.IN_FORCE, codebook.CATEGORIES, codebook.FORMS),
    *(codebook.SOURCE_KINDS, codebook.ATTRIBUTIONS, codebook.EVIDENCE, codebook.RELATION_KINDS),
    *(codebook.CHANGES, codebook.RETRACTION_REASONS, codebook.TERM_KINDS, codebook.SORTS, YES_NO),
)


def texts() -> list[str]:
    """Return each text once, in the order of the codebook."""
    return list(dict.fromkeys(text for text in _texts() if text))


def _texts() -> Iterator[str]:
    for codes in _CODES:
        for code in codes.values():
            yield from (code.label, code.definition, code.example)
    yield from LABELS.values()
    yield from codebook.FATES
    yield from codebook.STATUS_GROUPS
    yield from (parameter.meaning for parameter in codebook.PARAMETERS.values())
    for column in columns.COLUMNS:
        yield from (column.title, column.description)
    yield from (file.description for file in (*columns.FILES, columns.CHANGES))
