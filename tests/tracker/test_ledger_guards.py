"""The database itself refuses to rewrite the ledger: UPDATE, DELETE, TRUNCATE, REPLACE, on both databases."""

import sqlite3

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import IntegrityError, connection, models, transaction

from tests import factories
from tracker import triggers
from tracker.models import Edition, PolicyAction, PublishedAction, PublishedTerm, Revision, Source
from tracker.models.keyed import PublishedDeletionError
from tracker.models.ledger import SealedError
from tracker.models.revisions import AppendOnlyError

SEALED = [
    "tracker_publishedaction",
    "tracker_publishedterm",
    "tracker_publishedrelation",
    "tracker_edition",
]


@pytest.fixture
def ledger(db: None) -> None:
    """Two editions: two related entries, then an update of one."""
    _fill_ledger()


def _fill_ledger() -> None:
    target = factories.save(slug="target", status_history=[factories.line(), factories.line("reversed", "2025-03-11")])
    action = factories.save(slug="action", date="2025-03-11", relations=[{"kind": "reverses", "to": "target"}])
    factories.publish(target, action)
    factories.publish(factories.edit(target, summary="More is known."))


def _execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("table", SEALED)
def test_delete_of_a_sealed_row_is_refused(table: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        _execute(f"DELETE FROM {table}")


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("tracker_publishedaction", "record", "'{}'"),
        ("tracker_publishedaction", "csv", "'x'"),
        ("tracker_publishedaction", "digest", "'x'"),
        ("tracker_publishedaction", "slug", "'other'"),
        ("tracker_publishedaction", "edition_id", "2"),
        ("tracker_publishedaction", "version", "7"),
        ("tracker_publishedaction", "change_note", "'x'"),
        ("tracker_publishedterm", "record", "'{}'"),
        ("tracker_publishedrelation", "to_slug", "'elsewhere'"),
        ("tracker_publishedrelation", "superseded_in", "1"),
        ("tracker_edition", "note", "'rewritten'"),
        ("tracker_edition", "digest", "'x'"),
        ("tracker_revision", "reason", "'x'"),
    ],
)
def test_update_of_a_sealed_column_is_refused(table: str, column: str, value: str) -> None:
    with pytest.raises(IntegrityError):
        _execute(f"UPDATE {table} SET {column} = {value} WHERE 1 = 1")


@pytest.mark.usefixtures("ledger")
def test_superseded_in_is_set_once_and_never_again() -> None:
    row = PublishedAction.objects.get(slug="target", version=1)
    assert row.superseded_in == 2
    for value in ("NULL", "3"):
        with pytest.raises(IntegrityError, match="append-only"):
            _execute(f"UPDATE tracker_publishedaction SET superseded_in = {value} WHERE id = {row.pk}")


@pytest.mark.usefixtures("ledger")
def test_superseded_in_from_null_to_a_later_edition_passes() -> None:
    row = PublishedAction.objects.get(slug="target", version=2)
    _execute(f"UPDATE tracker_publishedaction SET superseded_in = 3 WHERE id = {row.pk}")
    row.refresh_from_db()
    assert row.superseded_in == 3


@pytest.mark.usefixtures("ledger")
def test_redaction_blanks_texts_and_keeps_digests() -> None:
    row = PublishedAction.objects.get(slug="target", version=1)
    _execute(
        "UPDATE tracker_publishedaction SET redacted_in = 3, record = '', csv = '', change_note = '',"
        f" slug = 'removed-1' WHERE id = {row.pk}"
    )
    redacted = PublishedAction.objects.get(slug="removed-1")
    assert (redacted.record, redacted.digest) == ("", row.digest)


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    "values",
    [
        "record = ''",
        "record = '', csv = ''",
        "record = '', csv = '', change_note = 'forged'",
        "csv = '', change_note = ''",
    ],
)
def test_redaction_that_leaves_a_text_is_refused(values: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        _execute(f"UPDATE tracker_publishedaction SET redacted_in = 3, {values} WHERE slug = 'target'")


@pytest.mark.usefixtures("ledger")
def test_redaction_before_its_own_edition_is_refused() -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        _execute("UPDATE tracker_publishedaction SET redacted_in = 1, record = '', csv = '', change_note = ''")


@pytest.mark.usefixtures("ledger")
def test_redaction_that_touches_a_digest_is_refused() -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        _execute(
            "UPDATE tracker_publishedaction SET redacted_in = 3, record = '', csv = '', change_note = '', digest = 'x'"
        )


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", [*SEALED, "tracker_revision"])
def test_truncate_is_refused(table: str) -> None:
    _fill_ledger()
    with pytest.raises(IntegrityError):
        _execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("door", ["id", "version", "current"])
def test_replace_is_refused_on_every_connection(door: str, recursive: str) -> None:
    action = factories.published(slug="target")
    factories.publish(factories.edit(action, summary="More."))
    row = PublishedAction.objects.get(slug="target", version=2)
    values = {
        "id": {"id": row.pk, "slug": "other", "version": 1, "superseded_in": None},
        "version": {"id": row.pk + 100, "slug": "target", "version": 1, "superseded_in": 2},
        "current": {"id": row.pk + 100, "slug": "target", "version": 9, "superseded_in": None},
    }[door]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        _replace_from_outside(row, values, recursive=recursive)
    assert list(PublishedAction.objects.values_list("version", flat=True)) == [1, 2]


def _replace_from_outside(row: PublishedAction, values: dict[str, object], *, recursive: str) -> None:
    """Run INSERT OR REPLACE from a plain connection of its own, without any of Django's pragmas."""
    fields = {field.attname: getattr(row, field.attname) for field in PublishedAction._meta.concrete_fields}
    fields |= values
    columns, marks = ", ".join(fields), ", ".join("?" for _ in fields)
    outside = sqlite3.connect(str(connection.settings_dict["NAME"]))
    try:
        outside.execute(f"PRAGMA recursive_triggers={recursive}")
        outside.execute(
            f"INSERT OR REPLACE INTO tracker_publishedaction ({columns}) VALUES ({marks})", [*fields.values()]
        )
        outside.commit()
    finally:
        outside.close()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_edition_cannot_be_replaced_from_outside() -> None:
    factories.published(slug="target")
    outside = sqlite3.connect(str(connection.settings_dict["NAME"]))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        outside.execute(
            "INSERT OR REPLACE INTO tracker_edition (number, published_at, note, columns, codebook, digest)"
            " VALUES (1, '2025-01-01', '', 50, '1', 'x')"
        )
    outside.close()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [1, 9], ids=["same number", "another number"])
def test_revision_cannot_be_replaced_from_outside(number: int) -> None:
    revision = factories.published(slug="target").revisions.get()
    outside = sqlite3.connect(str(connection.settings_dict["NAME"]))
    with pytest.raises(sqlite3.IntegrityError, match="written once"):
        outside.execute(
            "INSERT OR REPLACE INTO tracker_revision (id, action_id, number, document, at, reason)"
            " VALUES (?, ?, ?, '{}', '2025-01-01', '')",
            [revision.pk, revision.action_id, number],
        )
    outside.close()


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("model", [PublishedAction, PublishedTerm, Edition])
def test_querysets_refuse_update_and_delete(model: type[models.Model]) -> None:
    with pytest.raises(SealedError):
        model._default_manager.all().delete()
    with pytest.raises(SealedError):
        model._default_manager.update(digest="x")


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("table", ["tracker_policyaction", "tracker_source", "tracker_agency", "tracker_category"])
def test_what_was_published_is_never_deleted(table: str) -> None:
    with pytest.raises(IntegrityError):
        _execute(f"DELETE FROM {table}")


@pytest.mark.usefixtures("ledger")
def test_slug_of_a_published_term_is_frozen() -> None:
    with pytest.raises(IntegrityError, match="keeps its slug"):
        _execute("UPDATE tracker_agency SET slug = 'renamed'")


@pytest.mark.django_db
def test_unpublished_entry_can_be_deleted() -> None:
    action = factories.save()
    action.delete()
    assert not type(action).objects.exists()


@pytest.mark.usefixtures("ledger")
def test_models_refuse_deletion_of_what_was_published() -> None:
    for queryset in (PolicyAction.objects.all(), Source.objects.all()):
        with pytest.raises(PublishedDeletionError):
            queryset.delete()
        with pytest.raises(PublishedDeletionError):
            queryset.first().delete()  # type: ignore[union-attr]


@pytest.mark.usefixtures("ledger")
def test_revisions_are_append_only() -> None:
    with pytest.raises(AppendOnlyError):
        Revision.objects.all().delete()
    with pytest.raises(AppendOnlyError):
        Revision.objects.update(reason="x")


@pytest.mark.django_db(transaction=True)
def test_guards_come_back_after_a_flush() -> None:
    before = triggers.installed(connection)
    triggers.drop(connection)
    call_command("flush", interactive=False, verbosity=0)
    assert before
    assert triggers.installed(connection) == before


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_guards_survive_the_table_rebuild_of_sqlite() -> None:
    """Altering a field rebuilds the table and drops its triggers; post_migrate puts them back."""
    before = triggers.installed(connection)
    old = PublishedAction._meta.get_field("change_note")
    new = models.TextField(blank=True, default="x")
    new.set_attributes_from_name("change_note")
    new.model = PublishedAction
    emit_pre_migrate_signal(0, False, "default")
    with connection.schema_editor() as editor:
        editor.alter_field(PublishedAction, old, new, strict=True)
        editor.alter_field(PublishedAction, new, old, strict=True)
    assert not {name for name in triggers.installed(connection) if "publishedaction" in name}
    emit_post_migrate_signal(0, False, "default")
    assert triggers.installed(connection) == before
    factories.published(slug="target")
    with pytest.raises(IntegrityError, match="append-only"):
        _execute("DELETE FROM tracker_publishedaction")


def test_ledger_relates_to_nothing_outside_it() -> None:
    ledger = [model for model in apps.get_app_config("tracker").get_models() if model.__module__ == Edition.__module__]
    assert len(ledger) == 8
    for model in ledger:
        for field in model._meta.get_fields():
            related = field.related_model
            if field.concrete and isinstance(related, type):
                assert related in ledger or related._meta.label == "auth.User", f"{model.__name__}.{field.name}"
