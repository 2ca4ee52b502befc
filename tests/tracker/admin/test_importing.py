"""Importing in admin: sent, shown, confirmed - by whoever may, all of it or nothing, never over somebody's edit."""

import csv
import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.tracker.datapackage import sheets
from tests.tracker.datapackage.folders import SEEDS
from tracker.admin import uploads
from tracker.models import Edition, PolicyAction, PublishedAction, Revision, Source

pytestmark = pytest.mark.django_db

IMPORT = "/admin/tracker/policyaction/import/"
LIST = "/admin/tracker/policyaction/"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder where sent files wait."""
    settings.IMPORTS_DIR = tmp_path / "imports"
    return tmp_path / "imports"


@pytest.fixture
def aid(db: None) -> PolicyAction:
    return factories.published(slug="aid", title="Aid paused")


def send(client: Client, content: bytes, *, name: str = "edited.csv") -> Any:
    """Send a file as the form does; return the answer."""
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content)})


def sent(client: Client, content: bytes, *, name: str = "edited.csv") -> str:
    """Send a file; return the address of its preview."""
    return str(send(client, content, name=name)["Location"])


def edited(**cells: str) -> bytes:
    return sheets.as_csv([sheets.exported("aid")[0] | cells])


def confirm(client: Client, address: str, **values: str) -> Any:
    """Confirm what the preview shows, as its form does."""
    seen = client.get(address).context["form"]["seen"].value()
    return client.post(address, {"seen": seen, "reason": "Spelling.", "afterwards": "draft"} | values)


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*")) if folder.exists() else []


# --- the way through -------------------------------------------------------------------------------------------


def test_an_edited_cell_goes_all_the_way(editor_client: Client, editor: User, aid: PolicyAction, folder: Path) -> None:
    address = sent(editor_client, edited(title="Aid stopped"))
    page = editor_client.get(address)
    ((row, (change,)),) = page.context["rows"]
    assert (row.state, change.label, dict(page.context["counts"])["changed"]) == ("changed", "Title", 1)
    assert confirm(editor_client, address)["Location"] == LIST
    aid.refresh_from_db()
    assert (aid.title, aid.revision, kept(folder)) == ("Aid stopped", 2, [])
    last = Revision.objects.get(action=aid, number=2)
    assert (last.by, last.reason, last.workflow) == (editor, "Loaded from edited.csv: Spelling.", "draft")


def test_the_preview_writes_nothing_and_locks_nothing(editor_client: Client, aid: PolicyAction) -> None:
    address = sent(editor_client, edited(title="Aid stopped"))
    with CaptureQueriesContext(connection) as queries:
        editor_client.get(address)
    said = {query["sql"].split()[0] for query in queries}
    assert (said, [query for query in queries if "FOR UPDATE" in query["sql"]]) == ({"SELECT"}, [])


def test_a_workbook_goes_the_same_way(editor_client: Client, aid: PolicyAction) -> None:
    content = sheets.sheet_of(
        [sheets.exported("aid")[0] | {"title": "Aid stopped"}], columns=["slug", "version", "title"]
    )
    confirm(editor_client, sent(editor_client, content, name="edited.xlsx"))
    aid.refresh_from_db()
    assert aid.title == "Aid stopped"


def test_a_package_goes_the_same_way(editor_client: Client) -> None:
    address = sent(editor_client, sheets.zipped_folder(SEEDS, inside="seeds/"), name="seeds.zip")
    assert dict(editor_client.get(address).context["counts"])["new"] == 9
    confirm(editor_client, address, afterwards="in_review")
    assert PolicyAction.objects.filter(workflow="in_review").count() == 9


def test_the_same_file_twice_has_nothing_to_confirm(editor_client: Client, aid: PolicyAction) -> None:
    confirm(editor_client, sent(editor_client, edited(title="Aid stopped")))
    page = editor_client.get(sent(editor_client, edited(title="Aid stopped")))
    assert (page.context["can_confirm"], dict(page.context["counts"])["the same"]) == (False, 1)


def test_a_file_that_is_thrown_away_changes_nothing(editor_client: Client, aid: PolicyAction, folder: Path) -> None:
    address = sent(editor_client, edited(title="Aid stopped"))
    assert editor_client.post(address, {"_cancel": "1"})["Location"] == IMPORT
    assert (kept(folder), PolicyAction.objects.get().revision) == ([], 1)


def test_a_reason_is_asked_for(editor_client: Client, aid: PolicyAction) -> None:
    answer = confirm(editor_client, sent(editor_client, edited(title="Aid stopped")), reason=" ")
    assert (answer.status_code, "reason" in answer.context["form"].errors) == (422, True)
    assert PolicyAction.objects.get().revision == 1


# --- publishing ------------------------------------------------------------------------------------------------


def test_a_reviewer_publishes_with_the_import(reviewer_client: Client, aid: PolicyAction) -> None:
    address = sent(reviewer_client, edited(title="Aid stopped"))
    confirm(reviewer_client, address, afterwards="publish", note="A better title.", kind="corrected")
    row = PublishedAction.objects.current().get()
    assert (row.version, row.change, row.change_note, Edition.objects.count()) == (2, "corrected", "A better title.", 2)


def test_publishing_asks_for_a_note_to_readers(reviewer_client: Client, aid: PolicyAction) -> None:
    address = sent(reviewer_client, edited(title="Aid stopped"))
    answer = confirm(reviewer_client, address, afterwards="publish")
    assert (answer.status_code, "note" in answer.context["form"].errors) == (422, True)
    assert PolicyAction.objects.get().revision == 1


def test_what_the_ledger_refuses_is_shown_and_nothing_saved(reviewer_client: Client, aid: PolicyAction) -> None:
    address = sent(reviewer_client, edited(date="2025-03-04"))
    answer = confirm(reviewer_client, address, afterwards="publish", note="Day.", kind="minor")
    assert (answer.status_code, "row 2: Not a minor change" in answer.content.decode()) == (409, True)
    assert PolicyAction.objects.get().revision == 1


def test_own_work_goes_to_review_instead(reviewer_client: Client, aid: PolicyAction, settings: Any) -> None:
    settings.REVIEW_REQUIRED = True
    address = sent(reviewer_client, edited(title="Aid stopped"))
    confirm(reviewer_client, address, afterwards="publish", note="A better title.")
    page = reviewer_client.get(LIST).content.decode()
    aid.refresh_from_db()
    assert (aid.workflow, aid.revision, Edition.objects.count()) == ("in_review", 2, 1)
    assert "It was sent for review." in page


def test_an_editor_cannot_publish_by_a_forged_choice(editor_client: Client, aid: PolicyAction) -> None:
    answer = confirm(editor_client, sent(editor_client, edited(title="Ours")), afterwards="publish", note="x")
    assert (answer.status_code, Edition.objects.count(), PolicyAction.objects.get().revision) == (422, 1, 1)


# --- what stands in the way ------------------------------------------------------------------------------------


def test_a_record_that_moved_is_shown_again(editor_client: Client, aid: PolicyAction) -> None:
    address = sent(editor_client, edited(title="Aid stopped"))
    seen = editor_client.get(address).context["form"]["seen"].value()
    factories.edit(aid, title="Ours")
    answer = editor_client.post(address, {"seen": seen, "reason": "Why.", "afterwards": "in_review"})
    assert (answer.status_code, "The record has changed since this was shown" in answer.content.decode()) == (409, True)
    assert (PolicyAction.objects.get().title, len(answer.context["plan"].conflicts)) == ("Ours", 1)


def test_what_was_typed_survives_a_record_that_moved(editor_client: Client, aid: PolicyAction) -> None:
    address = sent(editor_client, edited(title="Aid stopped"))
    seen = editor_client.get(address).context["form"]["seen"].value()
    factories.edit(aid, summary="Ours.")
    values = {"seen": seen, "reason": "My reason.", "afterwards": "in_review"}
    form = editor_client.post(address, values).context["form"]
    assert (form["reason"].value(), form["afterwards"].value()) == ("My reason.", "in_review")
    assert confirm(editor_client, address, reason="My reason.").status_code == 302


def test_a_file_with_a_fault_cannot_be_confirmed(editor_client: Client, aid: PolicyAction) -> None:
    address = sent(editor_client, edited(title="Aid stopped", status="reversed"))
    page = editor_client.get(address)
    assert (page.context["can_confirm"], "log a development" in page.content.decode()) == (False, True)
    forged = {"seen": page.context["plan"].digest, "reason": "x", "afterwards": "draft"}
    assert editor_client.post(address, forged).status_code == 422
    assert PolicyAction.objects.get().revision == 1


def test_problems_can_be_taken_along(editor_client: Client, aid: PolicyAction) -> None:
    address = sent(editor_client, edited(status="reversed", form="=telegram"))
    answer = editor_client.get(f"{address}problems.csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))
    assert [line[:3] for line in lines] == [["file", "row", "column"], ["edited.csv", "2", "status"]]


def test_words_need_the_right_to_create_them(editor_client: Client, editor: User) -> None:
    group = editor.groups.get()
    group.permissions.remove(Permission.objects.get(codename="add_topic"))
    address = sent(editor_client, sheets.zipped_folder(SEEDS), name="seeds.zip")
    page = editor_client.get(address)
    assert (page.context["lacking"], page.context["can_confirm"]) == (["topics"], False)
    answer = editor_client.post(address, {"seen": page.context["plan"].digest, "reason": "x", "afterwards": "draft"})
    assert (answer.status_code, PolicyAction.objects.count()) == (422, 0)


HOSTILE = [
    pytest.param(b"MZ\x90", "This is a program, not a table.", id="a program"),
    pytest.param(b"<html>", "This is a web page or XML", id="a page"),
    pytest.param(sheets.zipped({"../a.csv": b""}), "leads out of it", id="a path upwards"),
    pytest.param(b"slug,title\r\na,b\x00c\r\n", "It contains a NUL character.", id="NUL"),
    pytest.param("slug,title\r\na,é\r\n".encode("latin-1"), "it looks like Latin 1", id="Latin 1"),
    pytest.param(b"slug,title\r\na\r\n", "This row has 1 cells", id="ragged"),
    pytest.param(b"title\r\n" + b"a\r\n" * 10_001, "More than 10000 rows", id="more rows than the cap"),
    pytest.param(b"title\r\n<script>alert(1)</script>\x08\r\n", "invisible character U+0008", id="control character"),
]


@pytest.mark.parametrize(("content", "sentence"), HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(editor_client: Client, content: bytes, sentence: str) -> None:
    page = editor_client.get(sent(editor_client, content, name="<b>x</b>.csv"))
    text = page.content.decode()
    assert (page.status_code, page.context["can_confirm"], sentence in text) == (200, False, True)
    assert ("<b>x</b>" in text, "<script>alert" in text) == (False, False)
    assert (PolicyAction.objects.count(), Source.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [({}, "Choose a file."), ({"file": SimpleUploadedFile("a.csv", b"")}, "This file is empty.")],
    ids=["none", "empty"],
)
def test_no_file_is_told_at_the_field(editor_client: Client, files: dict[str, Any], sentence: str) -> None:
    answer = editor_client.post(IMPORT, files)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_a_file_above_the_cap_is_not_received(editor_client: Client, folder: Path) -> None:
    answer = send(editor_client, b"x" * (uploads.MAX_UPLOAD + 1))
    assert (answer.status_code, "more than 10 MB" in answer.content.decode()) == (422, True)
    assert kept(folder) == []


def test_a_file_far_above_the_cap_is_not_even_read(editor_client: Client, folder: Path) -> None:
    answer = send(editor_client, b"x" * (6 * uploads.MAX_UPLOAD))
    assert (answer.status_code, kept(folder)) == (422, [])


def test_no_room_for_the_file_is_said(editor_client: Client, folder: Path) -> None:
    folder.parent.joinpath("imports").write_text("in the way")
    answer = send(editor_client, b"title\r\nx\r\n")
    assert (answer.status_code, "cannot be kept at the moment" in answer.content.decode()) == (422, True)


# --- who may ---------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(editor_client: Client) -> str:
    """The preview of a file that an editor sent."""
    return sent(editor_client, b"title\r\nAid paused\r\n")


@pytest.mark.parametrize("end", ["", "problems.csv"])
def test_a_file_is_there_for_its_sender_alone(waiting: str, reviewer_client: Client, end: str) -> None:
    assert reviewer_client.get(f"{waiting}{end}").status_code == 404


@pytest.mark.parametrize("values", [{"_cancel": "1"}, {"seen": "x", "reason": "x", "afterwards": "draft"}], ids=str)
def test_nobody_decides_on_the_file_of_another(
    waiting: str, reviewer_client: Client, folder: Path, values: dict[str, str]
) -> None:
    assert reviewer_client.post(waiting, values).status_code == 404
    assert (len(kept(folder)), PolicyAction.objects.count()) == (2, 0)


@pytest.mark.parametrize("token", ["0" * 32, "..", "x", "0" * 32 + "%0a"])
def test_a_forged_token_finds_nothing(editor_client: Client, token: str) -> None:
    assert editor_client.get(f"{IMPORT}{token}/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_readers_and_strangers_import_nothing(
    waiting: str, reader_client: Client, intruder: Client, method: str
) -> None:
    for address in (IMPORT, waiting, f"{waiting}problems.csv"):
        for client in (reader_client, intruder):
            assert getattr(client, method)(address).status_code in (302, 403)


@pytest.mark.parametrize("codename", ["add_policyaction", "change_policyaction"])
def test_importing_needs_the_right_to_add_and_to_change(editor_client: Client, editor: User, codename: str) -> None:
    editor.groups.get().permissions.remove(Permission.objects.get(codename=codename))
    assert [getattr(editor_client, method)(IMPORT).status_code for method in ("get", "post")] == [403, 403]


def test_the_list_links_to_it_for_those_who_may(editor_client: Client) -> None:
    assert f'href="{IMPORT}"' in editor_client.get(LIST).content.decode()


# --- kept files ------------------------------------------------------------------------------------------------


def test_a_kept_file_is_for_nobody_else_on_the_machine(waiting: str, folder: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in folder.glob("*.upload")} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_file_that_nobody_came_back_for_is_let_go(waiting: str, editor_client: Client, folder: Path) -> None:
    (old,) = folder.glob("*.upload")
    os.utime(old, (0, 0))
    sent(editor_client, b"title\r\nAnother\r\n")
    assert (old.exists(), editor_client.get(waiting).status_code) == (False, 404)


def test_the_oldest_files_of_one_editor_make_room(editor_client: Client, folder: Path) -> None:
    for number in range(22):
        sent(editor_client, f"title\r\nEntry {number}\r\n".encode())
    assert len(list(folder.glob("*.upload"))) == 20
