"""For editors: entries. One page logs an action with its source and first status, one page edits it, one lists them.

`pages` shows forms (`forms`, `rows`), `drafts` turns what was typed into the document that `record.save_entry` takes
and puts its refusals back at the fields, `saving` is what happens between. Each further room of the admin of entries
is a class of its own here: the list, what reviewers do, the history.
"""

from django.contrib import admin

from tracker.admin.entries.pages import EntryPages
from tracker.admin.entries.reviewing import EntryReview
from tracker.admin.entries.revisions import EntryHistory
from tracker.models import PolicyAction


@admin.register(PolicyAction)
class PolicyActionAdmin(EntryReview, EntryHistory, EntryPages):
    """Entries: what was decided, on whose word, and what became of it."""
