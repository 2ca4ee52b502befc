"""The second of two editors meets what the first one saved: three texts, picks, and nobody's text is lost."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import SourceFactory, TopicFactory, citation, edit, line, save
from tests.tracker.admin.forms import add_row, change_address, posted
from tracker.models import PolicyAction


def _post(client: Client, action: PolicyAction, data: dict[str, Any]) -> Any:
    return client.post(change_address(action), data)


def _choices(page: Any) -> dict[str, tuple[str, str, str, str]]:
    """Return key -> as opened, theirs, yours, and what is picked."""
    assert page.status_code == 409
    found = [(each["what"], each["pick"]) for each in page.context["conflict"]["choices"]]
    return {what.key: (what.opened, what.theirs, what.yours, pick) for what, pick in found}


def _shown(page: Any, **picks: str) -> dict[str, Any]:
    """Return what a browser would post from the conflict page, with `picks` by key of the choice."""
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {box.html_name: box.value() for form in forms for box in form if box.name != "DELETE"}
    data = {name: "on" if value is True else value for name, value in data.items() if value not in (None, False)}
    tokens = re.findall(r'name="conflict" value="([^"]*)"', page.content.decode())
    chosen = {f"pick-{key}": pick for key, (*_, pick) in _choices(page).items() if pick}
    base = page.context["conflict"]["base"]
    chosen |= {f"pick-{key.replace('__', '.')}": pick for key, pick in picks.items()}
    return data | chosen | {"conflict": [unescape(each) for each in tokens], "conflict_base": base, "_save": "Save"}


@pytest.fixture
def action(editor: User) -> PolicyAction:
    return save(summary="Paused.", by=editor)


def test_page_shows_three_texts_and_saves_nothing(editor_client: Client, action: PolicyAction, reviewer: User) -> None:
    data = posted(editor_client, action, title="Mine")
    edit(action, title="Theirs", by=reviewer)
    page = _post(editor_client, action, data)
    assert _choices(page) == {"title": ("Aid paused", "Theirs", "Mine", "")}
    text = page.content.decode()
    assert "Changed meanwhile by reviewer on 01 Jun 2025" in text
    assert 'value="Mine"' in text
    assert action.revisions.count() == 2


@pytest.mark.parametrize(("pick", "title"), [("theirs", "Theirs"), ("yours", "Mine")])
def test_pick_is_saved(editor_client: Client, action: PolicyAction, pick: str, title: str) -> None:
    data = posted(editor_client, action, title="Mine", summary="Mine too.")
    edit(action, title="Theirs")
    page = _post(editor_client, action, data)
    assert _post(editor_client, action, _shown(page, title=pick)).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.summary, action.revision) == (title, "Mine too.", 3)


def test_what_one_side_changed_is_preselected(editor_client: Client, action: PolicyAction) -> None:
    topic = TopicFactory.create(name="Aid")
    data = posted(editor_client, action, summary="Mine.")
    edit(action, where_it_stands="Theirs.", topics=[topic], disputed=False)
    page = _post(editor_client, action, data)
    assert {key: choice[3] for key, choice in _choices(page).items()} == {
        "summary": "yours", "where_it_stands": "theirs", "topics": "theirs",
    }  # fmt: skip
    assert _choices(page)["topics"][1] == "Aid"
    assert _post(editor_client, action, _shown(page)).status_code == 302
    action.refresh_from_db()
    assert (action.summary, action.where_it_stands, list(action.topics.all())) == ("Mine.", "Theirs.", [topic])


def test_choice_that_was_not_made_is_asked_again(editor_client: Client, action: PolicyAction) -> None:
    data = posted(editor_client, action, title="Mine", summary="Mine.")
    edit(action, title="Theirs", where_it_stands="Theirs.")
    page = _post(editor_client, action, data)
    again = _post(editor_client, action, _shown(page, where_it_stands="yours"))
    assert _choices(again)["title"] == ("Aid paused", "Theirs", "Mine", "")
    assert _choices(again)["where_it_stands"][3] == "yours"
    assert "Pick one of the two." in again.content.decode()
    assert _post(editor_client, action, _shown(again, title="yours")).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.where_it_stands) == ("Mine", "Paused.")


def test_both_are_merged_by_typing(editor_client: Client, action: PolicyAction) -> None:
    data = posted(editor_client, action, title="Mine")
    edit(action, title="Theirs")
    shown = _shown(_post(editor_client, action, data), title="yours") | {"title": "Theirs and mine"}
    assert _post(editor_client, action, shown).status_code == 302
    action.refresh_from_db()
    assert action.title == "Theirs and mine"


def test_text_typed_beside_a_pick_of_theirs_is_not_thrown_away(editor_client: Client, action: PolicyAction) -> None:
    data = posted(editor_client, action, title="Mine")
    edit(action, title="Theirs")
    shown = _shown(_post(editor_client, action, data), title="theirs") | {"title": "Typed after all"}
    again = _post(editor_client, action, shown)
    assert _choices(again)["title"][2] == "Typed after all"
    assert "Which of the two is to stand?" in again.content.decode()
    assert action.revisions.count() == 2


def test_third_editor_leads_to_the_page_again(editor_client: Client, action: PolicyAction) -> None:
    data = posted(editor_client, action, title="Mine")
    edit(action, title="Theirs")
    shown = _shown(_post(editor_client, action, data), title="yours")
    edit(PolicyAction.objects.get(), title="A third one's")
    page = _post(editor_client, action, shown)
    assert _choices(page) == {"title": ("Theirs", "A third one's", "Mine", "")}
    assert _post(editor_client, action, _shown(page, title="yours")).status_code == 302
    assert PolicyAction.objects.get().title == "Mine"


def test_pressed_button_counts(reviewer_client: Client, action: PolicyAction) -> None:
    data = posted(reviewer_client, action, title="Mine")
    edit(action, title="Theirs")
    shown = _shown(_post(reviewer_client, action, data), title="yours")
    del shown["_save"]
    assert _post(reviewer_client, action, shown | {"_review": "Send for review"}).status_code == 302
    assert PolicyAction.objects.get().workflow == "in_review"


def test_same_change_by_both_is_no_conflict(editor_client: Client, action: PolicyAction) -> None:
    data = posted(editor_client, action, title="The same")
    edit(action, title="The same")
    assert _post(editor_client, action, data).status_code == 302
    assert action.revisions.count() == 2


# --- rows ------------------------------------------------------------------------------------------------------


def _history(action: PolicyAction) -> list[tuple[int, str, str, str]]:
    return list(action.status_changes.values_list("position", "status", "date", "note"))


def test_lines_that_both_added_are_both_kept(editor_client: Client, action: PolicyAction) -> None:
    data = add_row(
        posted(editor_client, action), "status_changes", status="reversed", date="11 March 2025", by="issuer"
    )
    edit(action, status_history=[line("announced", "2025-03-01"), line(), line("blocked", "2025-03-05", by="court")])
    page = _post(editor_client, action, data)
    assert sorted(choice[3] for choice in _choices(page).values()) == ["theirs", "theirs", "yours"]
    assert _post(editor_client, action, _shown(page)).status_code == 302
    assert [row[1] for row in _history(action)] == ["announced", "in_effect", "blocked", "reversed"]


@pytest.mark.parametrize(("pick", "note"), [("theirs", "Theirs."), ("yours", "Mine.")])
def test_line_that_both_changed_is_picked_whole(
    editor_client: Client, action: PolicyAction, pick: str, note: str
) -> None:
    data = posted(editor_client, action) | {"status_changes-0-note": "Mine."}
    edit(action, status_history=[line(date="2025-03-04", note="Theirs.")])
    page = _post(editor_client, action, data)
    opened, theirs, yours, picked = _choices(page)["status_changes.0"]
    assert ("Theirs." in theirs, "Mine." in yours, "Note" in opened, picked) == (True, True, False, "")
    assert _post(editor_client, action, _shown(page, status_changes__0=pick)).status_code == 302
    assert _history(action) == [(1, "in_effect", "2025-03-04" if pick == "theirs" else "2025-03-03", note)]


@pytest.mark.parametrize(("pick", "left"), [("theirs", 1), ("yours", 2)])
def test_line_that_they_removed_goes_or_stays(editor_client: Client, editor: User, pick: str, left: int) -> None:
    action = save(status_history=[line("announced", "2025-03-01"), line()])
    data = posted(editor_client, action, title="Mine")
    edit(action, status_history=[line()])
    page = _post(editor_client, action, data)
    assert _choices(page)["status_changes.0"][1] == ""
    assert _post(editor_client, action, _shown(page, status_changes__0=pick)).status_code == 302
    assert len(_history(action)) == left


@pytest.mark.parametrize(("pick", "left"), [("theirs", 2), ("yours", 1)])
def test_source_that_they_added_comes_or_not(editor_client: Client, action: PolicyAction, pick: str, left: int) -> None:
    data = posted(editor_client, action, title="Mine")
    kept = action.revisions.get().document["entry"]["citations"]
    edit(action, citations=[*kept, citation(SourceFactory.create(title="Their report"), bears_on=["date", "actor"])])
    page = _post(editor_client, action, data)
    theirs = _choices(page)["citations.1"]
    assert "Their report" in theirs[1]
    assert theirs[3] == "theirs"
    assert _post(editor_client, action, _shown(page, citations__1=pick)).status_code == 302
    assert PolicyAction.objects.get().citations.count() == left


def test_relation_that_they_added_comes_along(editor_client: Client, action: PolicyAction) -> None:
    other = save(title="Order signed")
    data = posted(editor_client, action, title="Mine")
    edit(action, relations=[{"kind": "see_also", "to": other.slug}])
    page = _post(editor_client, action, data)
    assert _choices(page)["relations.0"][3] == "theirs"
    assert _post(editor_client, action, _shown(page)).status_code == 302
    assert action.relations.get().to_action == other


def test_source_deleted_meanwhile_is_told_with_everything_typed(editor_client: Client, action: PolicyAction) -> None:
    source = SourceFactory.create()
    data = add_row(posted(editor_client, action, title="Mine"), "citations", source=source.pk, attribution="document")
    source.delete()
    page = _post(editor_client, action, data)
    assert page.status_code == 200
    assert 'value="Mine"' in page.content.decode()


# --- forged ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "forged",
    [
        {"conflict": "title"},
        {"conflict": "title||", "pick-title": "theirs"},
        {"conflict": ["status_changes.0||9", "\x00", "|", "csrf|x|"], "pick-status_changes.0": "theirs"},
        {"conflict": "citations.0||x", "pick-citations.0": "theirs"},
        {"conflict": "title|x|", "pick-title": "both"},
        {"conflict": "title|x|", "conflict_base": "9" * 30},
        {"conflict": "title|x|", "conflict_base": "x", "opened_with": "x"},
        {"conflict": "title|x|", "status_changes-TOTAL_FORMS": "x"},
    ],
    ids=lambda forged: ascii(forged)[:60],
)
def test_forged_picks_are_no_failure(editor_client: Client, action: PolicyAction, forged: dict[str, Any]) -> None:
    data = posted(editor_client, action, title="Mine") | forged
    assert _post(editor_client, action, data).status_code in (200, 302, 409)
    assert action.revisions.count() <= 2


def test_reader_gets_no_conflict_page(reader_client: Client, editor_client: Client, action: PolicyAction) -> None:
    data = posted(editor_client, action, title="Mine") | {"conflict": "title|x|"}
    assert _post(reader_client, action, data).status_code in (302, 403)
