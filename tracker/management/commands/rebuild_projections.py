"""For operators: write the projections of the ledger anew from its sealed records."""

from typing import Any

from django.core.management.base import BaseCommand

from tracker import publishing


class Command(BaseCommand):
    """Rebuild sort keys, facets and status spans. Publishers wait meanwhile; readers do not."""

    help = "Rebuild the projections (sort keys, facets, status spans) from the sealed records."

    def handle(self, *_: Any, **__: Any) -> None:
        """Print progress every thousand rows, and the total."""
        done = publishing.rebuild_projections(progress=lambda count: self.stdout.write(f"... {count} rows"))
        self.stdout.write(f"Rebuilt the projections of {done} rows.")
