"""For everyone who reads: the one door to the ledger, from a query string to rows (codebook 11).

`Selection.parse` never raises on what people type. A page, a file and a feed of one selection give the same rows
in the same order, because they all start here.
"""

from timeline.selection.chips import Chip, label
from timeline.selection.chosen import Selection
from timeline.selection.reading import Surface, Unknown

__all__ = ["Chip", "Selection", "Surface", "Unknown", "label"]
