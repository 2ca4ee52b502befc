"""The law takes a text away: two people, once, of all versions; the ledger still verifies."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tests import factories
from tests.timeline.packages import files, package, unpacked
from tests.tracker import redacting
from tests.tracker.redacting import CANARY, NOW, REASON, Scene
from timeline.exports import check_package
from timeline.search import index
from tracker import publishing, verification
from tracker.models import (
    Actor,
    Edition,
    PolicyAction,
    PublishedAction,
    PublishedFacet,
    PublishedRelation,
    Redaction,
    Revision,
    Source,
)
from tracker.publishing import PublishingError, redaction
from tracker.publishing.redaction import FORGOTTEN, REMOVED, REPRINTED, RedactionError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_uploads(settings: Any, tmp_path: Path) -> None:
    settings.IMPORTS_DIR = tmp_path


@pytest.fixture
def scene() -> Scene:
    return redacting.scene()


@pytest.fixture
def redacted(scene: Scene) -> Edition:
    edition = redacting.redact(CANARY, scene.asking, scene.confirming)
    assert edition
    return edition


# --- the list ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "how"),
    [
        (("action", "quillfeather-paused-aid"), REMOVED),
        (("actor", "jane-quillfeather"), REMOVED),
        (("source", "publisher-title"), None),
        (("source", "report"), REPRINTED),
        (("action", "decided"), REPRINTED),
        (("action", "mended"), REPRINTED),
        (("action", "linking"), FORGOTTEN),
        (("action", "clean"), None),
    ],
    ids=lambda value: "/".join(value) if isinstance(value, tuple) else str(value),
)
@pytest.mark.parametrize("text", [CANARY, CANARY.upper(), f" {CANARY.lower()} "], ids=["as is", "upper", "blanks"])
def test_search_says_what_follows_for_each(scene: Scene, text: str, key: tuple[str, str], how: str | None) -> None:
    found = {item.key: item.how for item in redaction.find(text).items}
    assert found.get(key) == how


def test_search_changes_nothing(scene: Scene) -> None:
    before = list(PublishedAction.objects.values())
    redaction.find(CANARY)
    assert list(PublishedAction.objects.values()) == before


def test_draft_that_holds_the_text_is_listed() -> None:
    factories.save(slug="draft", summary=f"{CANARY} is said to plan it.")
    assert [(item.slug, item.how) for item in redaction.find(CANARY).items] == [("draft", REMOVED)]


def test_tombstone_that_leads_on_to_what_goes_is_listed(scene: Scene) -> None:
    publishing.retract("clean", reason="duplicate", note="The same.", by=None, at=NOW, replaced_by=[scene.named.slug])
    assert ("action", "clean") in redaction.find(CANARY).keys(REMOVED)


def test_working_copy_that_holds_the_text_stands_in_the_way() -> None:
    factories.edit(factories.published(slug="public"), summary=f"{CANARY} was asked.")
    assert "edit it first" in redaction.find(CANARY).refused[0]


def test_note_of_an_edition_is_out_of_reach() -> None:
    factories.publish(factories.save(summary=CANARY), note=f"Says {CANARY}")
    assert redaction.find(CANARY).unreachable == ["The note of edition 1 is sealed with the edition and stays."]


@pytest.mark.parametrize("text", ["", "ab", "  "])
def test_too_short_a_text_finds_nothing(text: str) -> None:
    found = redaction.find(text)
    assert found.items == []
    assert found.refused == ["Search for at least 3 characters."]


# --- two people, once ----------------------------------------------------------------------------------------------


def _waiting(scene: Scene) -> tuple[Redaction, str]:
    seen = redaction.fingerprint(redaction.find(CANARY))
    return redaction.ask(CANARY, reason=REASON, by=scene.asking, at=NOW, seen=seen), seen


def test_nobody_confirms_what_they_asked_for(scene: Scene) -> None:
    waiting, seen = _waiting(scene)
    with pytest.raises(RedactionError, match="Another person"):
        redaction.confirm(waiting.pk, by=scene.asking, at=NOW, seen=seen)
    assert not PublishedAction.objects.exclude(redacted_in=None).exists()


def test_database_refuses_one_person_for_two(scene: Scene) -> None:
    waiting, _ = _waiting(scene)
    with pytest.raises(IntegrityError), transaction.atomic():
        Redaction.objects.filter(pk=waiting.pk).update(confirmed_by=scene.asking)


def test_reviewer_may_neither_ask_nor_confirm(scene: Scene, reviewer: User) -> None:
    waiting, seen = _waiting(scene)
    with pytest.raises(RedactionError, match="no right"):
        redaction.ask(CANARY, reason=REASON, by=reviewer, at=NOW, seen=seen)
    with pytest.raises(RedactionError, match="no right"):
        redaction.confirm(waiting.pk, by=reviewer, at=NOW, seen=seen)


def test_list_that_moved_is_not_carried_out(scene: Scene) -> None:
    waiting, seen = _waiting(scene)
    factories.published(slug="late", summary=f"Again {CANARY}.")
    with pytest.raises(RedactionError, match="has changed"):
        redaction.confirm(waiting.pk, by=scene.confirming, at=NOW, seen=seen)


@pytest.mark.parametrize("reason", ["", f"Because of {CANARY}."], ids=["none", "holds the text"])
def test_reason_is_wanted_without_the_text(scene: Scene, reason: str) -> None:
    with pytest.raises(RedactionError):
        redaction.ask(CANARY, reason=reason, by=scene.asking, at=NOW, seen="")


def test_second_confirmation_is_refused(scene: Scene) -> None:
    waiting, seen = _waiting(scene)
    redaction.confirm(waiting.pk, by=scene.confirming, at=NOW, seen=seen)
    with pytest.raises(RedactionError, match="already"):
        redaction.confirm(waiting.pk, by=scene.confirming, at=NOW, seen=seen)
    assert Edition.objects.count() == 5


def test_withdrawn_redaction_leaves_no_trace(scene: Scene) -> None:
    waiting, _ = _waiting(scene)
    redaction.withdraw(waiting, by=scene.confirming)
    assert not Redaction.objects.exists()


def test_done_redaction_keeps_who_and_why_and_no_text(scene: Scene, redacted: Edition) -> None:
    done = Redaction.objects.get()
    assert (done.text, done.reason, done.asked_by, done.confirmed_by) == ("", REASON, scene.asking, scene.confirming)
    assert (done.edition, done.under_way) == (5, False)


def test_draft_goes_without_an_edition(scene: Scene) -> None:
    draft = factories.save(slug="draft", summary="A wombat is said to plan it.")
    factories.edit(scene.clean, summary="Once a wombat.")
    factories.edit(PolicyAction.objects.get(slug="clean"), summary="Nothing.")
    assert redacting.redact("wombat", scene.asking, scene.confirming) is None
    assert not PolicyAction.objects.filter(pk=draft.pk).exists()
    assert Revision.objects.filter(action=scene.clean).count() == 1
    assert redaction.find("wombat").items == []


# --- the ledger ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("redacted")
def test_every_version_of_a_removed_entry_is_blank_under_a_neutral_key() -> None:
    rows = PublishedAction.objects.filter(slug="removed-1").order_by("version")
    assert [(row.record, row.csv, row.change_note) for row in rows] == [("", "", "")] * 3
    assert [row.change for row in rows] == ["published", "updated", "redacted"]
    assert not PolicyAction.objects.filter(slug__in=["removed-1", "quillfeather-paused-aid"]).exists()


def test_digests_stay(scene: Scene) -> None:
    before = dict(PublishedAction.objects.values_list("pk", "digest"))
    redacting.redact(CANARY, scene.asking, scene.confirming)
    after = dict(PublishedAction.objects.values_list("pk", "digest"))
    assert {key: after[key] for key in before} == before


@pytest.mark.usefixtures("redacted")
def test_ledger_verifies_and_says_so() -> None:
    out = io.StringIO()
    call_command("verify_ledger", "--full", stdout=out)
    assert "Redacted because the law required it: 23 row(s); their digests stand." in out.getvalue()


@pytest.mark.usefixtures("redacted")
def test_entry_that_stays_is_printed_without_the_name() -> None:
    row = PublishedAction.objects.current().get(slug="decided")
    assert (row.version, row.change, row.change_note) == (2, "redacted", "")
    assert json.loads(row.record)["entry"]["actor"] == {"slug": "removed-2", "name": "removed-2"}
    assert json.loads(row.record)["last_change"] == "published"


@pytest.mark.usefixtures("redacted")
def test_corrected_entry_keeps_its_last_text_and_loses_the_earlier() -> None:
    texts = {row.version: row.record for row in PublishedAction.objects.filter(slug="mended")}
    assert (texts[1], texts[2]) == ("", "")
    assert json.loads(texts[3])["entry"]["summary"] == "An office was asked."


@pytest.mark.usefixtures("redacted")
def test_projections_of_what_is_blank_are_gone() -> None:
    assert not PublishedFacet.objects.filter(row__record="").exists()
    assert list(index.faults()) == []


@pytest.mark.usefixtures("redacted")
def test_relations_lose_text_and_keys() -> None:
    rows = PublishedRelation.objects.values_list("from_slug", "to_slug", "record")
    assert set(rows) == {("removed-1", None, ""), ("linking", "removed-1", "")}
    assert {row.key for row in PublishedRelation.objects.all()} == {"removed-9", "removed-10"}


@pytest.mark.usefixtures("redacted")
def test_neutral_names_are_never_used_again(scene: Scene) -> None:
    factories.published(slug="another", title="Wombat", summary="A wombat.")
    redacting.redact("wombat", scene.asking, scene.confirming)
    assert PublishedAction.objects.filter(slug="removed-11", version=2, change="redacted").exists()


@pytest.mark.usefixtures("redacted")
@pytest.mark.parametrize(
    "change",
    [
        "redacted_in = 9",
        "record = 'back', redacted_in = NULL",
        "slug = 'quillfeather'",
        "digest = 'x'",
        "superseded_in = NULL",
    ],
)
def test_guards_refuse_anything_after_it(change: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE tracker_publishedaction SET {change} WHERE slug = 'removed-1' AND version = 1")


@pytest.mark.usefixtures("redacted")
def test_revisions_are_guarded_again_afterwards() -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM tracker_revision")


# --- the record ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("redacted")
def test_terms_of_the_record_say_nothing_any_more() -> None:
    actor = Actor.objects.get(slug="removed-2")
    assert (actor.name, actor.aliases, actor.history.count()) == ("removed-2", "", 0)
    source = Source.objects.get(slug="removed-6")
    assert (source.title, source.url, source.url_key, source.authors) == ("removed-6", "", None, "")


@pytest.mark.usefixtures("redacted")
@pytest.mark.parametrize("slug", ["decided", "mended", "linking"])
def test_one_revision_is_left_of_what_stays(slug: str) -> None:
    action = PolicyAction.objects.get(slug=slug)
    (revision,) = Revision.objects.filter(action=action)
    assert revision.number == action.revision == action.published_revision


@pytest.mark.usefixtures("redacted")
@pytest.mark.parametrize("slug", ["decided", "mended", "linking"])
def test_what_stays_can_be_edited_and_published(slug: str) -> None:
    action = factories.edit(PolicyAction.objects.get(slug=slug), summary="More is known.")
    edition = factories.publish(action)
    assert edition is not None
    assert list(verification.verify(full=True)) == []


@pytest.mark.usefixtures("redacted")
def test_working_copy_says_what_readers_see() -> None:
    action = PolicyAction.objects.for_documents().get(slug="decided")
    public = publishing.public_documents(["decided"])["decided"]
    assert publishing.working_documents([action])["decided"] == public


@pytest.mark.usefixtures("redacted")
def test_new_entry_may_name_a_removed_term() -> None:
    factories.published(slug="new", actor=Actor.objects.get(slug="removed-2"))
    assert list(verification.verify(full=True)) == []


@pytest.mark.usefixtures("redacted")
def test_removed_term_cannot_be_published_again() -> None:
    Actor.objects.get(slug="removed-2").save()
    with pytest.raises(PublishingError, match="The law made us remove it"):
        publishing.publish_terms([("actor", "removed-2")], by=None, at=NOW, note="Back.")


# --- readers -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("redacted")
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/actions/removed-1/", 451),
        ("/actions/removed-1/?as_of=2", 451),
        ("/actions/removed-1/versions/1/", 451),
        ("/actors/removed-2/", 451),
        ("/sources/removed-6/", 451),
        ("/actions/mended/versions/1/", 451),
        ("/actions/mended/", 200),
        ("/api/v1/actions/removed-1", 451),
        # Whoever knows the old key must not be told that it was right.
        ("/actions/quillfeather-paused-aid/", 404),
        ("/actors/jane-quillfeather/", 404),
    ],
)
def test_pages_answer(client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


@pytest.mark.usefixtures("redacted")
def test_page_tells_day_and_reason_only(client: Client) -> None:
    text = client.get("/actions/removed-1/").text
    assert "Removed because the law required it" in text
    assert "Removed on 1 Jul 2025, in edition 5." in text


@pytest.mark.usefixtures("redacted")
def test_edition_tells_of_it_without_a_name(client: Client) -> None:
    text = client.get("/changes/5/").text
    assert "Redacted" in text
    assert CANARY not in text
    assert "Text was removed because the law required it." in client.get("/changes/").text


@pytest.mark.usefixtures("redacted")
@pytest.mark.parametrize("number", range(1, 6))
def test_files_of_every_edition_agree_with_their_counts(client: Client, number: int) -> None:
    rows = PublishedAction.objects.as_of(number).count()
    response = client.get(f"/actions.csv?as_of={number}")
    body = response.getvalue()
    assert (int(response["X-Row-Count"]), int(response["Content-Length"])) == (rows, len(body))
    assert body.count(b"\r\n") == rows + 1


@pytest.mark.usefixtures("redacted")
@pytest.mark.parametrize("number", range(1, 6))
def test_package_of_every_edition_checks_offline(tmp_path: Path, number: int) -> None:
    folder = unpacked(tmp_path / "package", f"as_of={number}")
    assert check_package.main(folder) == ""
    assert CANARY.lower() not in (folder / "row_digests.csv").read_text().lower()


@pytest.mark.usefixtures("redacted")
def test_package_names_what_is_missing() -> None:
    assert json.loads(files(package("as_of=2"))["datapackage.json"])["redacted"] == ["removed-1"]


# --- the list kept apart -------------------------------------------------------------------------------------------


def _kept() -> str:
    out = io.StringIO()
    call_command("redactions", stdout=out)
    return out.getvalue()


def test_list_holds_nothing_of_the_text(redacted: Edition) -> None:
    assert json.loads(_kept())["edition"] == redacted.number
    assert CANARY.lower() not in _kept().lower()


def test_restored_copy_forgets_the_same(scene: Scene, tmp_path: Path) -> None:
    with transaction.atomic():
        redacting.redact(CANARY, scene.asking, scene.confirming)
        (tmp_path / "list.jsonl").write_text(_kept())
        wanted = set(PublishedAction.objects.filter(record="").values_list("slug", "version"))
        transaction.set_rollback(True)
    call_command("redact", "--replay", str(tmp_path / "list.jsonl"), stdout=io.StringIO())
    assert set(PublishedAction.objects.filter(record="").values_list("slug", "version")) == wanted
    assert redaction.find(CANARY).items == []
    assert list(verification.verify(full=True)) == []


def test_replay_where_nothing_is_left_makes_no_edition(redacted: Edition, tmp_path: Path) -> None:
    (tmp_path / "list.jsonl").write_text(_kept())
    out = io.StringIO()
    call_command("redact", "--replay", str(tmp_path / "list.jsonl"), stdout=out)
    assert out.getvalue() == "Line 1: nothing of it is here.\n"
    assert Edition.objects.newest() == redacted


# --- the command ---------------------------------------------------------------------------------------------------


def _run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("redact", *arguments, stdout=out)
    return out.getvalue()


def test_command_shows_asks_and_confirms(scene: Scene) -> None:
    mark = _run("--search", CANARY).split()[-1]
    asked = _run("--search", CANARY, "--ask", "--by", "asking", "--reason", REASON, "--seen", mark)
    number = asked.split()[1]
    assert "removed    action     quillfeather-paused-aid" in _run("--show", number)
    assert "edition 5" in _run("--confirm", number, "--by", "confirming", "--seen", mark)
    assert redaction.find(CANARY).items == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--confirm", "1", "--by", "asking"], "already"),
        (["--confirm", "1", "--by", "nobody"], "no account"),
        (["--show", "7"], "No redaction 7 waits"),
        (["--search", "nowhere", "--ask", "--by", "asking", "--reason", "x"], "Nothing holds this text"),
        (["--replay", "absent.jsonl"], "absent.jsonl"),
    ],
    ids=["absent", "stranger", "not waiting", "not found", "no file"],
)
def test_command_refuses_in_words(arguments: list[str], told: str) -> None:
    redacting.people()
    with pytest.raises(CommandError, match=told):
        _run(*arguments)
