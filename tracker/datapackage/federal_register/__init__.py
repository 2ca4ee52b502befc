"""The Federal Register's executive orders: its list -> entries, histories and relations, kept up to date.

For the command line. `read_listing` takes an export apart (CSV or JSON), `plan_listing` says what importing it would
do; the plan goes to `tracker.datapackage.apply_in_manner` with `REASON`, by which the next import knows its own.
`notes` is the grammar of disposition notes, `edges` says which statements are not believed, `sayings` what the others
come to, `upkeep` what belongs to editors.
"""

from tracker.datapackage.federal_register.documents import Document, Listing, read_listing
from tracker.datapackage.federal_register.notes import parse_note
from tracker.datapackage.federal_register.plan import Leftover, RegisterPlan, plan_listing
from tracker.datapackage.federal_register.upkeep import REASON

__all__ = ["REASON", "Document", "Leftover", "Listing", "RegisterPlan", "parse_note", "plan_listing", "read_listing"]
