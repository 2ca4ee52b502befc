"""The list of entries: what it shows, how it narrows, what it costs, what it refuses to delete."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOW,
    ActorFactory,
    AgencyFactory,
    PartyFactory,
    SourceFactory,
    TopicFactory,
    citation,
    edit,
    line,
    published,
    save,
)
from tests.tracker.admin.forms import LIST, change_address
from tracker import publishing
from tracker.admin.entries import listing
from tracker.models import PolicyAction, Source


@pytest.fixture
def root_client(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="root-root-root-root"))
    return client


def _titles(response: Any) -> list[str]:
    return [action.title for action in response.context["cl"].result_list]


def _cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("query", ["", "?needs=official", "?status=in_effect", "?public=current", "?q=aid"])
def test_list_costs_the_same_for_more_entries(editor_client: Client, query: str) -> None:
    for _ in range(10):
        published()
    _cost(editor_client, LIST + query)  # fills what Django keeps for the process
    few = _cost(editor_client, LIST + query)
    for number in range(50):
        save(title=f"Aid {number}", other_agencies=[AgencyFactory.create()])
    assert _cost(editor_client, LIST + query) == few


@pytest.mark.parametrize("noun", ["actor", "agency", "publisher", "topic", "category", "affectedparty", "source"])
def test_list_of_terms_costs_the_same_for_more(editor_client: Client, noun: str) -> None:
    def log() -> None:
        save(topics=[TopicFactory.create()], affects=[PartyFactory.create()], other_actors=[ActorFactory.create()])

    log()
    address = f"/admin/tracker/{noun}/"
    _cost(editor_client, address)
    few = _cost(editor_client, address)
    for _ in range(5):
        log()
    assert _cost(editor_client, address) == few


def test_list_says_how_many_entries_have_a_term(editor_client: Client) -> None:
    agency = AgencyFactory.create()
    save(agency=agency)
    save(other_agencies=[agency])
    (row,) = [term for term in _listed(editor_client, "/admin/tracker/agency/") if term.pk == agency.pk]
    assert row.uses == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("official=yes", ["Memo"]),
        ("official=no", ["Article", "Book"]),
        ("archive=yes", ["Memo"]),
        ("archive=no", ["Article"]),
        ("archive=print", ["Book"]),
        ("q=http://m.one.example/x/?utm_source=y", ["Article"]),
    ],
)
def test_list_of_sources_narrows(editor_client: Client, query: str, found: list[str]) -> None:
    SourceFactory.create(title="Memo", official=True, archive_url="https://archive.example/1")
    SourceFactory.create(title="Article", url="https://www.one.example/x")
    SourceFactory.create(title="Book", in_print=True)
    for address in (f"/admin/tracker/source/?{query}", f"/admin/tracker/source/?{query}&_facets=True"):
        assert sorted(source.title for source in _listed(editor_client, address)) == found


def _listed(client: Client, address: str) -> list[Any]:
    return list(client.get(address).context["cl"].result_list)


def test_list_starts_with_what_was_saved_last(editor_client: Client) -> None:
    first, second = save(title="First", at=NOW), save(title="Second", at=NOW + timedelta(hours=1))
    assert _titles(editor_client.get(LIST)) == ["Second", "First"]
    edit(first, title="First again", at=NOW + timedelta(hours=2))
    assert _titles(editor_client.get(LIST)) == ["First again", second.title]
    assert _titles(editor_client.get(f"{LIST}?o=-1")) == ["Second", "First again"]


def test_second_page_goes_on_where_the_first_ended(editor_client: Client) -> None:
    for number in range(52):
        save(title=f"Entry {number:02}", at=NOW + timedelta(minutes=number))
    assert _titles(editor_client.get(f"{LIST}?p=2")) == ["Entry 01", "Entry 00"]


def test_list_turns_and_counts_no_further_than_it_says(editor_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "FARTHEST", 100)
    for number in range(101):
        save(title=f"Entry {number}", citations=[], status_history=[])
    page = editor_client.get(LIST)
    assert page.context["cl"].paginator.num_pages == 2
    assert "More than 100 policy actions" in " ".join(page.content.decode().split())


def test_filters_say_how_many_each_would_find(editor_client: Client) -> None:
    published(title="Public")
    save(title="Bare", status_history=[], citations=[], disputed=False)
    page = editor_client.get(LIST).content.decode()
    for choice in (
        "In effect (1)", "No status yet (1)", "Never published (1)", "Published (1)", "Clean (1)", "Draft (1)",
        "No (2)", "No official source (2)", "No summary (2)", "Due date reached (0)",
    ):  # fmt: skip
        assert choice in page


def test_filters_of_a_long_list_count_when_asked(editor_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNTED_UNASKED", 1)
    for _ in range(2):
        save()
    assert "Show counts" in (page := editor_client.get(LIST).content.decode())
    assert "In effect (2)" not in page
    assert "In effect (2)" in editor_client.get(f"{LIST}?_facets=True").content.decode()


def test_list_shows_sources_agencies_and_where_to_log_a_development(editor_client: Client) -> None:
    lead, other = AgencyFactory.create(name="Treasury", abbreviation="UST"), AgencyFactory.create(name="Navy")
    citations = [citation(), citation(SourceFactory.create(official=True))]
    action = save(agency=lead, other_agencies=[other], citations=citations)
    page = editor_client.get(LIST).content.decode()
    for text in ("UST; Navy", "2 (1 official)", f"/admin/tracker/policyaction/{action.pk}/develop/"):
        assert text in page


@pytest.mark.parametrize(
    ("query", "years"),
    [
        ("", ["2024", "2025"]),
        ("?date_earliest__year=2025", ["March 2025", "April 2025"]),
        ("?q=nothing", ["2024", "2025"]),
    ],
)
def test_days_of_the_record_can_be_walked(editor_client: Client, query: str, years: list[str]) -> None:
    for day in ("2024-02-01", "2025-03-03", "2025-04-01"):
        save(date=day, status_history=[])
    page = editor_client.get(LIST + query).content.decode()
    assert (
        re.findall(r"<a[^>]*>([^<]*\d{4})</a>", page.partition('class="toplinks"')[2].partition("</nav>")[0]) == years
    )


@pytest.mark.parametrize(
    "query", ["date_earliest__year=x", "date_earliest__month=x", "date_earliest__isnull=0", "o=99"]
)
def test_forged_day_or_order_breaks_nothing(editor_client: Client, query: str) -> None:
    save()
    assert editor_client.get(f"{LIST}?{query}").status_code in (200, 302)


def test_list_says_where_each_entry_is(editor_client: Client) -> None:
    edit(published(title="Shown"), title="Shown and edited")
    page = " ".join(editor_client.get(LIST).content.decode().split())
    for word in ("Shown and edited", "3 Mar 2025", "In effect", "Draft", "Published", "Unpublished edits"):
        assert word in page


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("status=reversed", ["Lifted"]),
        ("status=none", ["Bare"]),
        ("public=never", ["Bare", "Lifted"]),
        ("public=current", ["Edited"]),
        ("public=retracted", ["Gone"]),
        ("public=edited", ["Edited"]),
        ("workflow__exact=clean", ["Gone"]),
        ("q=lifted", ["Lifted"]),
        ("q=one.example", ["Lifted"]),
        ("q=http://m.one.example/x/?utm_source=mail", ["Lifted"]),
        ("q=eo:13716", ["Bare"]),
        ("needs=edited", ["Edited"]),
        ("needs=unknown", ["Bare", "Edited", "Gone", "Lifted"]),
    ],
)
def test_list_narrows(editor_client: Client, query: str, titles: list[str]) -> None:
    save(title="Bare", status_history=[], citations=[], identifiers=["eo:13716"])
    source = SourceFactory.create(url="https://one.example/x")
    save(title="Lifted", status_history=[line(), line("reversed", "2025-03-11")], citations=[citation(source)])
    edit(published(title="Draft"), title="Edited")
    gone = published(title="Gone")
    publishing.retract(gone.slug, reason="out_of_scope", note="A remark.", by=None, at=gone.revisions.get().at)
    assert sorted(_titles(editor_client.get(f"{LIST}?{query}"))) == titles


def test_unpublished_entry_can_be_deleted_by_a_superuser(root_client: Client, editor_client: Client) -> None:
    action = save()
    address = f"/admin/tracker/policyaction/{action.pk}/delete/"
    assert editor_client.post(address, {"post": "yes"}).status_code == 403
    root_client.post(address, {"post": "yes"})
    assert not PolicyAction.objects.exists()


def test_published_entry_cannot_be_deleted(root_client: Client) -> None:
    action = published()
    assert root_client.post(f"/admin/tracker/policyaction/{action.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [action.pk], "post": "yes"}
    page = root_client.post(LIST, chosen)
    assert "can be retracted, not deleted" in page.content.decode()
    assert PolicyAction.objects.exists()


def test_source_published_while_its_deletion_is_confirmed_stays(
    root_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page did not know that it is public; the record does, and says so."""
    published()
    source = Source.objects.get()
    PolicyAction.objects.get().citations.all().delete()
    PolicyAction.objects.get().status_changes.all().delete()
    monkeypatch.setattr("tracker.admin.vocabulary.KeyedAdmin.is_undeletable", lambda *_: False)
    for address, data in (
        (f"/admin/tracker/source/{source.pk}/delete/", {"post": "yes"}),
        ("/admin/tracker/source/", {"action": "delete_selected", ACTION_CHECKBOX_NAME: source.pk, "post": "yes"}),
    ):
        page = root_client.post(address, data, follow=True)
        assert "Already published, cannot be deleted" in page.content.decode()
    assert Source.objects.exists()


def test_who_may_only_look_sees_the_rows_and_changes_nothing(client: Client, reader: User) -> None:
    reader.is_staff = True
    reader.save()
    reader.user_permissions.add(Permission.objects.get(codename="view_policyaction"))
    client.force_login(reader)
    action = save(title="Seen")
    page = client.get(change_address(action))
    assert "Seen" in page.content.decode()
    assert "3 Mar 2025" in page.content.decode() or "2025-03-03" in page.content.decode()
    assert "_save" not in page.content.decode()
    assert client.post(change_address(action), {"title": "Mine", "opened_with": "1"}).status_code == 403


def test_entry_without_a_status_says_so(editor_client: Client) -> None:
    page = editor_client.get(change_address(save(status_history=[]))).content.decode()
    assert "None yet: add a line to the status history." in page


@pytest.mark.parametrize("view", ["history", "retract", "change"])
def test_page_of_an_absent_entry_is_no_failure(reviewer_client: Client, view: str) -> None:
    assert reviewer_client.get(f"/admin/tracker/policyaction/999999/{view}/").status_code in (302, 404)
    assert reviewer_client.get(f"/admin/tracker/policyaction/{'9' * 30}/{view}/").status_code in (302, 404)
