"""For editors: entries. One page logs an action with its source and first status, one page edits it, one lists them.

`pages` shows forms (`forms`, `rows`), `drafts` turns what was typed into the document that `record.save_entry` takes
and puts its refusals back at the fields, `saving` is what happens between. Each further room of the admin of entries
is a class of its own here: the list, what reviewers do, the history.
"""

from django.contrib import admin

from tracker.admin.entries.adding import EntryAdding
from tracker.admin.entries.answers import EntryAnswers
from tracker.admin.entries.bookmarklet import EntryBookmarklet
from tracker.admin.entries.comparison import EntryComparison
from tracker.admin.entries.conflict import EntryConflict
from tracker.admin.entries.developing import EntryDevelopment
from tracker.admin.entries.doubles import EntryDoubles
from tracker.admin.entries.pages import EntryPages
from tracker.admin.entries.restoring import EntryRestore
from tracker.admin.entries.reviewing import EntryReview
from tracker.admin.entries.revisions import EntryHistory
from tracker.admin.importing import EntryImport
from tracker.models import PolicyAction


@admin.register(PolicyAction)
class PolicyActionAdmin(
    EntryConflict,
    EntryAdding,
    EntryAnswers,
    EntryBookmarklet,
    EntryDevelopment,
    EntryDoubles,
    EntryReview,
    EntryComparison,
    EntryRestore,
    EntryImport,
    EntryHistory,
    EntryPages,
):
    """Entries: what was decided, on whose word, and what became of it."""
