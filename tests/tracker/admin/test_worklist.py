"""The worklist: what each rule finds, what the first page says of it, to whom, and at what cost."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import ActorFactory, AgencyFactory, SourceFactory, citation, edit, line, published, save
from tests.tracker.admin.forms import LIST
from tracker import dates, publishing, record
from tracker.admin.entries import worklist
from tracker.admin.first_page import Waiting
from tracker.models import PolicyAction, StatusChange

TODAY = date(2025, 6, 10)
BEFORE = datetime(2025, 6, 1, 12, tzinfo=UTC)
LONG_AGO = datetime(2024, 6, 1, 12, tzinfo=UTC)


def kept(**values: Any) -> dict[str, Any]:
    """Return the values of an entry that wants nothing."""
    source = SourceFactory.create(official=True, archive_url="https://archive.example/1")
    return {"summary": "Told.", "citations": [citation(source)], "title": "Kept", **values}


def found(code: str, *, user: User | None = None, today: date = TODAY) -> list[str]:
    """Return the titles of the entries that a rule finds."""
    asked = worklist.Asked(user or User(pk=0), today)
    return sorted(each.title for each in worklist.BY_CODE[code].rule(PolicyAction.objects.all(), asked))


def wanting(**values: Any) -> Callable[[], Any]:
    """Return what saves an entry that is not kept in this way."""
    return lambda: save(**kept(title="Wanting", **values))


def _pointed_at() -> None:
    target = save(**kept(title="Wanting", date="2025-03-03"))
    relation = {"kind": "reverses", "to": target.slug, "in_part": False}
    save(**kept(title="Later", date="2025-03-11"), relations=[relation])


def _twins() -> None:
    agency = AgencyFactory.create()
    for _ in range(2):
        save(**kept(title="Wanting", agency=agency))


NEEDING = {
    "in_review": lambda: PolicyAction.objects.filter(pk=wanting()().pk).update(workflow="in_review"),
    "edited": lambda: edit(published(**kept(title="Public")), title="Wanting"),
    "quiet": wanting(status_history=[line("on_hold", "2025-03-03")]),
    "due": wanting(due_date="2025-05"),
    "disagreeing": _pointed_at,
    "unverified": lambda: published(
        **kept(title="Wanting", date="2024-03-03", status_history=[line(date="2024-03-03")]), at=LONG_AGO
    ),
    "official": lambda: save(
        **kept(title="Wanting", citations=[citation(SourceFactory.create(archive_url="https://archive.example/2"))])
    ),
    "archive": lambda: save(**kept(title="Wanting", citations=[citation(SourceFactory.create(official=True))])),
    "alike": _twins,
    "actor": lambda: save(**kept(title="Wanting", actor=None), imported=True),
    "not_named": lambda: save(**kept(title="Wanting", actor=ActorFactory.create(slug="not-named"))),
    "agency": wanting(agency=None),
    "not_known": lambda: save(**kept(title="Wanting", agency=AgencyFactory.create(slug="not-known"))),
    "category": lambda: save(**kept(title="Wanting", category=None), imported=True),
    "date_note": wanting(date="2025-03"),
    "stands": lambda: save(**kept(title="Wanting", where_it_stands=""), imported=True),
    "summary": wanting(summary=""),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(NEEDING))
def test_rule_finds_who_wants_it_and_nobody_else(code: str) -> None:
    published(**kept())
    NEEDING[code]()
    assert set(found(code)) == {"Wanting"}


def test_every_rule_but_that_of_returned_entries_was_tried() -> None:
    assert {*NEEDING, "returned"} == {*worklist.BY_CODE}


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("quiet", {"status_history": [line("on_hold", "2025-05-01")]}),
        ("quiet", {"status_history": [line("on_hold", "2025-01-01"), line("in_effect", "2025-01-02")]}),
        ("quiet", {"status_history": [line("on_hold", "2025-01-01")], "last_verified": "2025-06-01"}),
        ("due", {"due_date": "2025-06"}),
        ("due", {"due_date": "[2025-05-01..2025-07-01]"}),
        ("date_note", {"date": "2025-03", "date_note": "The Record says March."}),
        ("date_note", {"date": "2025-03-03/2025-03-05"}),
        ("unverified", {"last_verified": "2025-05-01"}),
    ],
)
@pytest.mark.django_db
def test_rule_leaves_in_peace(code: str, values: dict[str, Any]) -> None:
    published(**kept(**values))
    assert found(code) == []


@pytest.mark.django_db
def test_development_counts_as_a_change() -> None:
    source = SourceFactory.create()
    news = line("", "2025-05-20", note="Upheld.", source={"slug": source.slug})
    save(**kept(status_history=[line("blocked", "2025-01-01"), news], citations=[citation(source)]))
    assert found("quiet") == []


def _sent_and_returned(title: str, *, sent_by: User, returned_by: User) -> None:
    action = save(title=title, by=sent_by)
    document = action.revisions.get().document
    draft = record.Draft(entry=document["entry"], slug=action.slug, expected=1, workflow="returned")
    record.save_entry(draft, by=returned_by, at=BEFORE, reason="Which memo?")


def test_returned_entry_is_mine_when_i_sent_it(editor: User, reviewer: User) -> None:
    _sent_and_returned("Mine", sent_by=editor, returned_by=reviewer)
    _sent_and_returned("Theirs", sent_by=reviewer, returned_by=editor)
    assert found("returned", user=editor) == ["Mine"]


@pytest.mark.django_db
def test_retracted_entry_wants_nothing() -> None:
    action = published(**kept(summary=""))
    publishing.retract(action.slug, reason="out_of_scope", note="A remark.", by=None, at=BEFORE)
    assert {code for code in worklist.BY_CODE if found(code)} == set()


@pytest.mark.django_db
def test_present_status_is_the_same_from_both_sides() -> None:
    source = SourceFactory.create()
    news = line("", "2025-03-20", note="Upheld.", source={"slug": source.slug})
    histories = [[], [line()], [line(), line("reversed", "2025-03-11")], [line("blocked"), news]]
    for history in histories:
        save(status_history=history, citations=[citation(source)])
    by_action = dict(StatusChange.objects.current().values_list("action", "status"))
    entries: Any = PolicyAction.objects.with_status()
    entries = entries.exclude(status=None)
    assert dict(entries.values_list("pk", "status")) == by_action


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "2025", "2025-03", "2025-03-03", "2025-03-03?", "2025-03~", "2025%", "2025-03-03/2025-03-05", "2025-03/2025-04",
        "2025~/2026", "2025-03-03?/2025-03-05", "[2025-02..2025-03-01]", "[2025-02-05,2025-02-06]",
        "2025-03-03/2025-04",
    ],
)  # fmt: skip
def test_vague_is_the_same_in_sql_and_in_python(text: str) -> None:
    save(date=text, status_history=[])
    assert PolicyAction.objects.vaguely_dated().exists() == dates.parse(text).is_vague


# --- the first page --------------------------------------------------------------------------------------------


def _page(client: Client) -> str:
    return " ".join(client.get("/admin/").content.decode().split())


def test_first_page_counts_and_leads_to_the_list(editor_client: Client) -> None:
    save(**kept(title="Nothing told", summary=""))
    assert '<a href="/admin/tracker/policyaction/?needs=summary">No summary: <strong>1</strong></a>' in _page(
        editor_client
    )
    listed = editor_client.get(f"{LIST}?needs=summary").context["cl"].result_list
    assert [action.title for action in listed] == ["Nothing told"]


def test_first_page_shows_what_nobody_needs_quietly(editor_client: Client) -> None:
    assert '<li class="quiet"> <a href="/admin/tracker/policyaction/?needs=due">' in _page(editor_client)


def test_first_page_leads_to_the_add_form_and_the_bookmarklet(editor_client: Client) -> None:
    page = _page(editor_client)
    assert 'href="/admin/tracker/policyaction/add/">Log an action</a>' in page
    assert 'href="/admin/tracker/policyaction/bookmarklet/"' in page


def test_first_page_tells_nothing_of_entries_to_whoever_may_not_see_them(client: Client, reader: User) -> None:
    reader.is_staff = True
    reader.save()
    client.force_login(reader)
    assert "worklist" not in _page(client)
    assert "Log an action" not in _page(client)


def test_first_page_offers_no_logging_to_whoever_may_only_look(client: Client, reader: User) -> None:
    reader.is_staff = True
    reader.save()
    reader.user_permissions.add(Permission.objects.get(codename="view_policyaction"))
    client.force_login(reader)
    assert "What needs attention" in _page(client)
    assert "Log an action" not in _page(client)


def test_first_page_asks_strangers_to_sign_in(intruder: Client) -> None:
    assert intruder.get("/admin/").headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize(("number", "words"), [(None, "look"), (0, "0"), (1000, "1,000"), (1001, "more than 1,000")])
def test_number_in_words(number: int | None, words: str) -> None:
    assert Waiting(worklist.BY_CODE["due"], number).words == words


@pytest.mark.django_db
def test_counting_stops_where_it_says_enough() -> None:
    for _ in range(4):
        save(summary="")
    asked = worklist.Asked(User(pk=0), TODAY)
    assert worklist.counts(PolicyAction.objects.all(), asked, most=2)["summary"] == 3


@pytest.mark.django_db
def test_what_is_slow_is_not_counted_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklist, "MANY", 1)
    _twins()
    counted = worklist.counts(PolicyAction.objects.all(), worklist.Asked(User(pk=0), TODAY))
    assert "alike" not in counted
    assert counted["summary"] == 0


def test_first_page_costs_the_same_for_more_entries(editor_client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            editor_client.get("/admin/")
        return len(queries)

    _twins()
    editor_client.get("/admin/")
    few = cost()
    for day in range(10):
        save(**kept(date=(TODAY - timedelta(days=day)).isoformat(), due_date=f"2025-04-{day + 1:02}"))
    assert cost() == few
