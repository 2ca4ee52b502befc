"""What editors keep of something that the law takes away: working copies, revisions, histories, logs, uploads."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

from tracker import document
from tracker.models import PolicyAction, Relation, Revision
from tracker.models.vocabulary import name_key
from tracker.publishing.press import chunks
from tracker.publishing.redaction.finding import Key, Needles
from tracker.publishing.vocabulary import MODELS, by_kind

_FETCH = 500
# Of what kind it is, in what language, and its place in a list tell nothing of the text.
_KEPT_FIELDS = ("id", "slug", "kind", "language", "position", "successor_date")


def empty_terms(names: Mapping[Key, str]) -> None:
    """Take every text out of terms and sources of the record, and give them their neutral names."""
    for (kind, slug), new in names.items():
        if kind != "action":
            MODELS[kind].objects.filter(slug=slug).update(**_emptied(MODELS[kind], new))


def _emptied(model: type[models.Model], neutral: str) -> dict[str, Any]:
    own = (field for field in model._meta.concrete_fields if not field.is_relation)
    fresh: dict[str, Any] = {field.name: None if field.null else "" for field in own if field.name not in _KEPT_FIELDS}
    if "name" in fresh:
        return fresh | {"slug": neutral, "name": neutral, "name_key": name_key(neutral)}
    return fresh | {"slug": neutral, "title": neutral}


def forget_histories(keys: Iterable[Key]) -> None:
    """Delete the kept history of terms and sources; `keys` are those that they have now."""
    for kind, slugs in by_kind(key for key in keys if key[0] != "action").items():
        model: Any = MODELS[kind]
        for chunk in chunks(slugs):
            model.history.filter(id__in=model.objects.filter(slug__in=chunk).values("pk")).delete()


def forget_relations(removed: Iterable[str], blanked: set[str], needles: Needles | None) -> None:
    """Delete the relations that lead to the entries `removed`, those `blanked` (keys) and those that hold the text."""
    for chunk in chunks(sorted(removed)):
        Relation.objects.filter(to_action__slug__in=chunk).delete()
    rows = Relation.objects.select_related("from_action", "to_action").order_by("pk").iterator(_FETCH)
    holding = [row.pk for row in rows if _key(row) in blanked or (needles and needles.hit(_texts(row)))]
    for chunk in chunks(holding):
        Relation.objects.filter(pk__in=chunk).delete()


def _key(relation: Relation) -> str:
    """Return the key that a relation has in the ledger."""
    return f"{relation.from_action.slug}|{document.relation_key(document.relation_of(relation))}"


def _texts(relation: Relation) -> list[str]:
    return [relation.to_title, relation.to_identifier, relation.to_url, relation.note]


def delete_entries(slugs: Iterable[str]) -> None:
    """Delete entries with all that hangs on them; the ledger has them under their neutral keys already."""
    for action in PolicyAction.objects.filter(slug__in=sorted(slugs)):
        action.delete()


def forget_revisions(slugs: Iterable[str]) -> None:
    """Leave one revision of each of these entries: what its working copy says now."""
    for chunk in chunks(sorted(slugs)):
        for action in PolicyAction.objects.for_documents().filter(slug__in=chunk):
            last = Revision.objects.get(action=action, number=action.revision)
            old = Revision.objects.filter(action=action)
            old._raw_delete(old.db)  # revisions refuse to be deleted otherwise
            Revision.objects.create(
                action=action, number=last.number, by=last.by, at=last.at, workflow=last.workflow,
                document={"entry": document.entry_of(action), "relations": document.relations_of(action)},
            )  # fmt: skip


def forget_logs(touched: Mapping[type[models.Model], set[int]], needles: Needles | None) -> None:
    """Delete what admin logged about these records (model to keys), and every line that holds the text."""
    for model, keys in touched.items():
        kind = ContentType.objects.get_for_model(model)
        LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys]).delete()
    lines = LogEntry.objects.order_by("pk").values_list("pk", "object_repr", "change_message")
    holding = [pk for pk, *texts in lines.iterator() if needles and needles.hit(texts)]
    for chunk in chunks(holding):
        LogEntry.objects.filter(pk__in=chunk).delete()


def forget_uploads() -> int:
    """Remove every file that waits for an editor's decision and return how many: nobody knows what they hold."""
    folder = Path(settings.IMPORTS_DIR)
    waiting = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    for path in waiting:
        path.unlink(missing_ok=True)
    return len(waiting)
