"""The index follows the ledger: publication, retraction, redaction, rebuilding, migrations and flushes."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests import factories
from tests.timeline.scene import slugs
from timeline.models import SearchText
from timeline.search import index, structures
from tracker import publishing
from tracker.models import PublishedAction

pytestmark = pytest.mark.django_db


def _fts(word: str) -> int:
    """Return how many rows the database's own index has for a word, whatever tables stand beside it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT count(*) FROM {structures.TABLE} WHERE words @@ CAST(%s AS tsquery)", [word])
        else:
            cursor.execute(f"SELECT count(*) FROM {structures.FTS} WHERE {structures.FTS} MATCH %s", [word])
        return int(cursor.fetchone()[0])


def test_published_entry_is_found_in_its_edition_and_later() -> None:
    action = factories.published(slug="entry", title="Grain stopped")
    factories.publish(factories.edit(action, title="Coal stopped"))
    assert (slugs("q=grain"), slugs("q=coal")) == ([], ["entry"])
    assert (slugs("q=grain&as_of=1"), slugs("q=coal&as_of=1")) == (["entry"], [])


def test_draft_is_not_found() -> None:
    factories.published(slug="public")
    factories.save(title="Grain stopped")
    assert slugs("q=grain") == []
    assert _fts("grain") == 0


def test_retracted_entry_is_found_in_older_editions_alone() -> None:
    factories.published(slug="entry", title="Grain stopped")
    publishing.retract("entry", reason="did_not_happen", note="It did not.", by=None, at=factories.NOW)
    assert (slugs("q=grain"), slugs("q=grain&as_of=1")) == ([], ["entry"])


def test_refused_publication_leaves_no_words() -> None:
    action = factories.save(title="Grain stopped")
    with pytest.raises(publishing.PublishingError):
        publishing.publish({action.slug: 99}, at=factories.NOW, by=None, changes={})
    assert _fts("grain") == 0


def test_purged_row_leaves_no_words() -> None:
    factories.published(slug="entry", title="Grain stopped")
    factories.published(slug="other", title="Grain moved")
    index.purge([PublishedAction.objects.get(slug="entry").pk])
    assert slugs("q=grain") == ["other"]
    assert (_fts("stopped"), _fts("grain")) == (0, 1)


@pytest.mark.sqlite
def test_purged_words_are_not_in_the_file() -> None:
    factories.published(slug="entry", title="Xylophonequartet stopped")
    index.purge(PublishedAction.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM timeline_search_data WHERE instr(block, CAST('xylophone' AS blob))")
        assert cursor.fetchone() == (0,)


def _dump() -> list[tuple[object, ...]]:
    return list(SearchText.objects.order_by("pk").values_list("pk", "title", "place", "summary", "sources"))


def test_rebuilding_gives_what_publishing_wrote() -> None:
    action = factories.published(slug="entry", title="Grain stopped", identifiers=["eo:1"], summary="All of it.")
    factories.publish(factories.edit(action, title="Coal stopped"))
    publishing.retract("entry", reason="did_not_happen", note="It did not.", by=None, at=factories.NOW)
    before = _dump()
    assert index.rebuild() == len(before) == 2
    assert _dump() == before
    assert list(index.faults()) == []
    assert slugs("q=grain&as_of=1") == ["entry"]


def test_lost_index_is_found_and_mended() -> None:
    factories.published(slug="entry", title="Grain stopped")
    SearchText.objects.all().delete()
    assert slugs("q=grain") == []
    with pytest.raises(CommandError, match="1 fault"):
        call_command("rebuild_search", check=True, stdout=StringIO(), stderr=StringIO())
    call_command("rebuild_search", stdout=StringIO())
    call_command("rebuild_search", check=True, stdout=StringIO())
    assert slugs("q=grain") == ["entry"]


def test_check_finds_words_that_are_not_the_records() -> None:
    factories.published(slug="entry", title="Grain stopped")
    SearchText.objects.update(title=" coal ")
    assert len(list(index.faults())) >= 1


def test_check_finds_a_full_text_index_gone_wrong() -> None:
    factories.published(slug="entry", title="Grain stopped")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"UPDATE {structures.TABLE} SET words = ''")
        else:
            cursor.execute(f"INSERT INTO {structures.FTS} ({structures.FTS}) VALUES ('delete-all')")
    assert len(list(index.faults())) == 1


def test_structures_that_were_lost_come_back_filled() -> None:
    factories.published(slug="entry", title="Grain stopped")
    structures.remove(connection)
    structures.install(connection)
    factories.published(slug="other", title="Grain moved")
    assert slugs("q=grain") == ["entry", "other"]


@pytest.mark.django_db(transaction=True)
def test_migration_fills_the_index_of_a_filled_ledger() -> None:
    factories.published(slug="entry", title="Grain stopped")
    call_command("migrate", "timeline", "zero", verbosity=0)
    try:
        assert structures.TABLE not in connection.introspection.table_names()
    finally:
        call_command("migrate", "timeline", verbosity=0)
    assert slugs("q=grain") == ["entry"]
    assert list(index.faults()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_flush_empties_the_full_text_index(time: str) -> None:
    assert _fts("grain") == 0
    factories.published(slug="entry", title="Grain stopped")
    assert _fts("grain") == 1
