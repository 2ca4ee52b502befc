"""What a relation means for the other entry's history: offered, filled in, and gone once the line is there."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils.html import escape

from tests.factories import SourceFactory, citation, edit, line, save
from tests.tracker.admin.forms import add_row, change_address, posted
from tracker import codebook
from tracker.admin.entries import offers
from tracker.checking import is_answered
from tracker.models import PolicyAction, Relation
from tracker.models.actions import StatusChange

pytestmark = pytest.mark.django_db


def _pair(kind: str = "reverses", *history: dict[str, Any], **values: Any) -> PolicyAction:
    """Save B of 3 March and A of 11 March 2025 that points at it; return B."""
    target = save(slug="b", status_history=[line(), *history])
    relation = {"kind": kind, "to": "b", "in_part": values.pop("in_part", False), "note": values.pop("note", None)}
    save(slug="a", title="Talks in Jeddah", relations=[relation], **{"date": "2025-03-11", **values})
    return target


def _statuses(target: PolicyAction) -> list[str]:
    return [offer.status for offer in offers.offers_to(target)]


@pytest.mark.parametrize("in_part", [False, True], ids=["whole", "in part"])
@pytest.mark.parametrize("kind", codebook.RELATION_KINDS.codes)
def test_offer_is_what_the_codebook_says(kind: str, in_part: bool) -> None:
    target = _pair(kind, line("on_hold", "2025-03-05"), in_part=in_part)
    offered = codebook.RELATION_KINDS[kind].offer(in_part=in_part)
    assert _statuses(target) == ([] if offered is None else [offered])


CIRCUMSTANCES: dict[str, tuple[str, list[dict[str, Any]], dict[str, Any], bool]] = {
    "no line": ("reverses", [], {}, True),
    "the line": ("reverses", [line("reversed", "2025-03-11")], {}, False),
    "the line of a day before": ("reverses", [line("reversed", "2025-03-10")], {}, False),
    "undone again since": (
        "reverses",
        [line("reversed", "2025-03-11"), line("in_effect", "2025-04-01")],
        {},
        False,
    ),
    "undone before, then resumed": (
        "reverses",
        [line("reversed", "2025-03-05"), line("in_effect", "2025-03-07")],
        {},
        True,
    ),
    "a vague line that may be as late": (
        "reverses",
        [line("reversed", "2025-03"), line("in_effect", "2025-04-01")],
        {},
        False,
    ),
    "another end": ("reverses", [line("superseded", "2025-03-11")], {}, True),
    "resumed, in effect all along": ("resumes", [], {}, False),
    "no date": ("reverses", [line("reversed", "2025-03-04"), line("in_effect", "2025-03-05")], {"date": None}, False),
    "vague date": (
        "reverses",
        [line("reversed", "2025-03-04"), line("in_effect", "2025-03-05")],
        {"date": "2025-03"},
        False,
    ),
}


@pytest.mark.parametrize("name", CIRCUMSTANCES)
def test_offer_is_open_until_the_history_has_its_line(name: str) -> None:
    kind, history, values, is_open = CIRCUMSTANCES[name]
    target = _pair(kind, *history, **values)
    assert bool(_statuses(target)) is is_open
    assert bool(offers.disagreeing(PolicyAction.objects.all())) is is_open


@pytest.mark.parametrize("name", CIRCUMSTANCES)
def test_documents_are_judged_as_the_database_judges(name: str) -> None:
    kind, history, values, is_open = CIRCUMSTANCES[name]
    status = codebook.RELATION_KINDS[kind].offer(in_part=False) or ""
    since = values.get("date", "2025-03-11")
    assert is_answered([line(), *history], status=status, since=since) is not is_open


def test_development_answers_an_amendment_and_no_status_is_at_odds() -> None:
    target = _pair("amends")
    assert _statuses(target) == [""]
    assert not offers.disagreeing(PolicyAction.objects.all())
    source = SourceFactory.create()
    told = line("", "2025-03-11", note="Amended.", source=source.slug)
    edit(target, citations=[citation(source)], status_history=[line(), told])
    assert _statuses(target) == []


def test_note_at_the_relation_is_the_answer() -> None:
    target = _pair(note="Only on paper.")
    assert _statuses(target) == []
    assert not offers.disagreeing(PolicyAction.objects.all())


def test_page_of_the_target_offers_the_line_filled_in(editor_client: Client) -> None:
    source = SourceFactory.create(url="https://news.example/jeddah")
    target = _pair(citations=[citation(source, attribution="document")])
    page = editor_client.get(change_address(target)).content.decode()
    offer = offers.offers_to(target)[0]
    assert "reverses this entry, but the history below does not say “reversed”" in " ".join(page.split())
    assert escape(offer.address) in page
    form = editor_client.get(offer.address).context["adminform"].form
    expected = {
        "status": "reversed", "status_date": "11 Mar 2025", "status_note": "Reversed by: Talks in Jeddah",
        "source_url": "https://news.example/jeddah", "attribution": "document",
    }  # fmt: skip
    assert {name: form[name].value() for name in expected} == expected


def test_offer_names_a_source_in_print_and_the_first_day_of_what_lasted(editor_client: Client) -> None:
    source = SourceFactory.create(in_print=True)
    target = _pair(citations=[citation(source)], date="2025-03-11/2025-03-13")
    form = editor_client.get(offers.offers_to(target)[0].address).context["adminform"].form
    assert (form["source"].value(), form["status_date"].value()) == (source.pk, "11 Mar 2025")


def test_offer_is_accepted_by_following_and_saving(editor_client: Client) -> None:
    source = SourceFactory.create()
    target = _pair(citations=[citation(source)])
    address = offers.offers_to(target)[0].address
    form = editor_client.get(address).context["adminform"].form
    data = {box.html_name: box.value() for box in form if box.value() not in (None, False)}
    assert editor_client.post(address, data).status_code == 302
    added = StatusChange.objects.get(action=target, position=2)
    assert (added.status, added.date, added.source) == ("reversed", "2025-03-11", source)
    assert _statuses(target) == []


def _told(client: Client, action: PolicyAction, **values: Any) -> list[str]:
    """Post the change page of `action` and return what the editor is told."""
    data = posted(client, action, title="Edited", **{"change_note": None} | values.pop("data", {}))
    response = client.post(change_address(action), add_row(data, "relations", **values) if values else data)
    assert response.status_code == 302
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_saving_a_new_relation_offers_the_line_at_once(editor_client: Client) -> None:
    target, action = save(slug="b"), save(slug="a", date="2025-03-11")
    told = _told(editor_client, action, kind="reverses", to_action=target.pk)
    assert any(escape(offers.offers_to(target)[0].address) in sentence for sentence in told)


def test_saving_again_does_not_offer_again(editor_client: Client) -> None:
    target = _pair()
    action = PolicyAction.objects.get(slug="a")
    action = edit(action, summary="More.")
    assert not any("Log it there" in sentence for sentence in _told(editor_client, action))
    assert _statuses(target) == ["reversed"]


def test_offers_take_as_many_queries_for_many_relations(django_assert_num_queries: Any) -> None:
    target = _pair()
    for number in range(4):
        save(slug=f"a-{number}", date="2025-03-11", relations=[{"kind": "reverses", "to": "b"}])
    with django_assert_num_queries(2):
        assert len([offer.address for offer in offers.offers_to(target)]) == 5
    assert Relation.objects.count() == 5


def test_title_that_looks_like_markup_is_inert(editor_client: Client) -> None:
    target, action = save(slug="b", title="<script>x</script>"), save(slug="a", date="2025-03-11")
    told = _told(editor_client, action, kind="reverses", to_action=target.pk)
    assert not any("<script>" in sentence for sentence in told)
