"""What the readers' half keeps beside the ledger: an index of its words, which can be rebuilt at will."""

from django.db import models

from tracker.models.ledger import PublishedAction


class SearchText(models.Model):
    """The words of one public row, of every version, as `timeline.search.texts` writes them.

    Only `timeline.search.index` writes here, in SQL: on PostgreSQL the table has one more column, `words` (a tsvector),
    and on SQLite triggers keep a full text index beside it (`timeline.search.structures`).
    """

    row = models.OneToOneField(PublishedAction, primary_key=True, on_delete=models.CASCADE, related_name="+")
    title = models.TextField()
    place = models.TextField()
    summary = models.TextField()
    sources = models.TextField()

    def __str__(self) -> str:
        return self.title.strip()
