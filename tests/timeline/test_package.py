"""/package.zip: what is in it, that it is valid, and that a pin gives the same bytes for ever."""

import hashlib
import io
import json
import tracemalloc
import zipfile
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile

import frictionless
import pytest
import yaml
from django.db import connection
from django.test import Client

from tests import factories
from tests.factories import citation
from tests.timeline import packages
from tests.timeline.bulk import publish_many
from tests.timeline.packages import files, package, table
from tests.timeline.scene import FIRST, SECOND, Scene, publish_scene, select, slugs
from tests.tracker.test_time_travel import Machine
from timeline.exports import archive, ledger_files
from timeline.exports.companions import COMPANIONS
from timeline.exports.package import PACKAGE
from tracker import columns, publishing, triggers
from tracker.columns.descriptor import LICENCE
from tracker.models import Edition, PublishedAction, PublishedTerm

QUERIES = ["", "sort=oldest", "status=reversed", "as_of=1", "as_of=0", "agency=justice-department", "changed_since=1"]
# SHA-256 of the package of edition 0, which holds no row: all its bytes come from this program. When it changes, the
# packages of all editions change: say so in the CHANGELOG.
WORDS = "0a382f8d9910801da1f19d437bcfb7bb4790becf7b2ff52374fda7335555f541"


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


def _described(query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files(package(query))["datapackage.json"])
    return found


# --- the files -----------------------------------------------------------------------------------------------------


def test_package_holds_every_public_file_and_what_explains_them(scene: Scene) -> None:
    words = ["actions.jsonl", "check_package.py", "datapackage.json", "LICENSE.txt", "CITATION.cff", "README.md"]
    assert list(files(package())) == [*columns.FILES_BY_NAME, *words, "checksums.sha256"]


@pytest.mark.parametrize("query", QUERIES)
def test_data_are_those_of_the_raw_files(scene: Scene, client: Client, query: str) -> None:
    names = ["actions.csv", *COMPANIONS]
    found = files(package(query))
    assert {name: found[name] for name in names} == {
        name: client.get(f"/{name}?{query}&raw=1").getvalue() for name in names
    }


@pytest.mark.parametrize("query", QUERIES)
def test_records_are_those_of_the_json_lines(scene: Scene, client: Client, query: str) -> None:
    assert files(package(query))["actions.jsonl"] == client.get(f"/actions.jsonl?{query}").getvalue()


@pytest.mark.parametrize("query", QUERIES)
def test_chunks_lose_and_repeat_nothing(scene: Scene, query: str) -> None:
    assert package(query, chunk=1) == package(query, chunk=2) == package(query)


def test_cells_are_raw(db: None) -> None:
    factories.published(title="=1+1", summary="'=2")
    (row,) = table("", "actions.csv")
    assert (row["title"], row["summary"]) == ("=1+1", "'=2")


def test_rows_older_than_a_column_are_padded_and_old_editions_are_as_they_were(scene: Scene) -> None:
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracker_edition SET columns = 48 WHERE number = 1")
    assert files(package("as_of=1"))["actions.csv"].split(b"\r\n")[0].decode() == columns.header(48)
    (actions, *_) = _described("as_of=1")["resources"]
    assert len(actions["schema"]["fields"]) == 48


# --- the terms -----------------------------------------------------------------------------------------------------


def test_all_standing_terms_are_in_a_whole_package(scene: Scene) -> None:
    standing = PublishedTerm.objects.sealed_by(2).exclude(kind="source").values_list("kind", "slug")
    assert [(row["kind"], row["slug"]) for row in table("", "terms.csv")] == sorted(standing)


def test_filtered_package_has_the_terms_that_its_rows_name_and_what_these_point_at(scene: Scene) -> None:
    found = {(row["kind"], row["slug"]) for row in table("agency=task-force-unit", "terms.csv")}
    assert {("agency", "task-force-unit"), ("agency", "justice-department")} <= found
    assert not found & {("agency", "white-house"), ("agency", "defense-department"), ("party", "ukraine")}
    assert {kind for kind, _ in found} == {"actor", "agency", "category", "publisher"}


def test_members_of_a_group_and_who_republished_come_along(db: None) -> None:
    country = factories.PartyFactory.create(name="Ruritania")
    group = factories.PartyFactory.create(name="League", group=True)
    group.members.add(country)
    paper = factories.PublisherFactory.create(name="Reprints")
    source = factories.SourceFactory.create(republished_by=paper)
    factories.published(slug="league", affects=[group], citations=[citation(source)])
    factories.published(slug="other")
    names = {row["name"] for row in table("affects=league", "terms.csv")}
    assert {"League", "Ruritania", "Reprints"} <= names
    assert len(names) < len(table("", "terms.csv"))


def test_terms_are_as_they_stood_at_the_edition(scene: Scene) -> None:
    house = scene.pause.agency
    assert house is not None
    house.name = "The White House"
    house.save()
    publishing.publish_terms([("agency", house.slug)], by=None, at=SECOND, note="Named in full.")
    named = {query: {row["name"] for row in table(query, "terms.csv")} for query in ("as_of=2", "as_of=3")}
    assert "White House" in named["as_of=2"]
    assert "The White House" in named["as_of=3"]


# --- the ledger ----------------------------------------------------------------------------------------------------


def test_editions_are_the_chain_up_to_the_one_served(scene: Scene) -> None:
    first, second = table("", "editions.csv")
    assert (first["previous"], second["previous"]) == ("", first["digest"])
    assert second["digest"] == Edition.objects.get(number=2).digest
    assert second["published_at"] == "2025-06-03T12:00:00Z"
    assert table("as_of=1", "editions.csv") == [first]


@pytest.mark.parametrize("query", ["", "status=reversed"])
def test_digests_are_those_of_every_sealed_row(scene: Scene, query: str) -> None:
    factories.publish(factories.edit(scene.memo, title="Unit dissolved"), at=SECOND)
    rows = table(query, "row_digests.csv")
    assert len({(row["kind"], row["slug"], row["version"]) for row in rows}) == len(rows)
    sealed = PublishedAction.objects.values_list("edition_id", "slug", "version", "digest", "csv_digest").order_by("pk")
    names = ("edition", "slug", "version", "json_digest", "csv_digest")
    assert [tuple(row[name] for name in names) for row in rows if row["kind"] == "action"] == [
        tuple(map(str, row)) for row in sealed
    ]
    assert {row["kind"] for row in rows} == {"action", "term"}


def test_retractions_are_those_of_the_edition(scene: Scene) -> None:
    publishing.retract("talks", reason="duplicate", note="Twice.", by=None, at=SECOND, replaced_by=["memo"])
    assert table("as_of=2", "retractions.csv") == []
    expected = {
        "slug": "talks",
        "reason": "duplicate",
        "replaced_by": "memo",
        "note": "Twice.",
        "edition": "3",
        "retracted_at": "2025-06-03T12:00:00Z",
    }
    assert table("status=reversed", "retractions.csv") == [expected]


def test_redaction_is_told_and_leaves_a_package_that_checks(scene: Scene, tmp_path: Path) -> None:
    factories.published(at=SECOND)
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tracker_publishedfacet")
        cursor.execute("DELETE FROM tracker_statusspan")
        cursor.execute("DELETE FROM tracker_projection WHERE slug = 'memo'")
        cursor.execute(
            "UPDATE tracker_publishedaction SET redacted_in = 3, record = '', csv = '', slug = 'redacted-1'"
            " WHERE slug = 'memo'"
        )
    assert _described("as_of=2")["redacted"] == ["redacted-1"]
    assert len(table("as_of=2", "actions.csv")) == 4


# --- what explains them --------------------------------------------------------------------------------------------


def test_description_has_size_and_hash_of_every_table(scene: Scene) -> None:
    content = files(package("status=reversed"))
    described = json.loads(content["datapackage.json"])
    told = {each["path"]: (each["bytes"], each["hash"]) for each in described["resources"]}
    assert told == {
        name: (len(content[name]), f"sha256:{hashlib.sha256(content[name]).hexdigest()}")
        for name in columns.FILES_BY_NAME
    }


def test_description_says_what_was_asked_of_which_edition(scene: Scene) -> None:
    found = _described("status=reversed")
    assert (found["name"], found["query"], found["filtered"]) == (
        "package-edition-2-selection", "status=reversed&as_of=2", True,
    )  # fmt: skip
    assert found["edition"]["digest"] == Edition.objects.get(number=2).digest
    assert found["licenses"] == [LICENCE]


def test_checksums_are_those_of_all_other_files(scene: Scene) -> None:
    content = files(package())
    lines = content.pop("checksums.sha256").decode().splitlines()
    assert lines == [f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in content.items()]


def test_citation_names_edition_digest_and_pinned_address(scene: Scene) -> None:
    cited = yaml.safe_load(files(package("status=reversed"))["CITATION.cff"])
    assert (cited["cff-version"], cited["type"], cited["version"]) == ("1.2.0", "dataset", "2")
    assert (cited["date-released"], cited["license"]) == ("2025-06-03", LICENCE["name"])
    assert cited["identifiers"][0]["value"] == f"sha256:{Edition.objects.get(number=2).digest}"
    assert cited["url"].endswith("/?status=reversed&as_of=2")
    assert {"message", "title", "authors"} <= cited.keys()


def test_readme_says_how_to_cite_and_to_check_and_names_every_file(scene: Scene) -> None:
    content = files(package("status=reversed"))
    text = content["README.md"].decode()
    assert [name for name in content if f"`{name}`" not in text] == []
    assert "Entries: 1\n" in text
    assert "/package.zip?status=reversed&as_of=2" in text


@pytest.mark.parametrize("query", ["", "status=reversed", "as_of=0"])
def test_frictionless_finds_no_error(scene: Scene, tmp_path: Path, query: str) -> None:
    publishing.retract("talks", reason="out_of_scope", note="No.", by=None, at=SECOND)
    report = frictionless.validate(str(packages.unpacked(tmp_path, query) / "datapackage.json"))
    assert report.flatten(["name", "rowNumber", "fieldName", "message"]) == []
    assert len(report.tasks) == len(columns.FILES)


def test_frictionless_would_find_an_error(scene: Scene, tmp_path: Path) -> None:
    path = packages.unpacked(tmp_path) / "citations.csv"
    path.write_bytes(path.read_bytes() + b"nobody,nothing,supports,action,document\r\n")
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


# --- the same for ever ---------------------------------------------------------------------------------------------


def test_pinned_packages_do_not_change_while_ten_random_editions_are_published(db: None) -> None:
    machine = Machine(seed=7)
    for number in range(1, 6):
        machine.turn(number)
    pins = [f"as_of={number}{more}" for number in range(6) for more in ("", "&status=in_effect", "&agency=agency-0")]
    pins = [pin for pin in pins if "agency" not in pin or pin.startswith("as_of=5")]
    before = {pin: package(pin) for pin in pins}
    for number in range(6, 16):
        machine.turn(number)
    assert [pin for pin in pins if package(pin) != before[pin]] == []


def test_new_address_and_name_of_the_site_move_no_row(scene: Scene, settings: Any) -> None:
    before = package("as_of=2")
    settings.PUBLIC_URL = "https://moved.example"
    assert package("as_of=2") == before


def test_bytes_outside_the_ledger_are_these(db: None, settings: Any) -> None:
    settings.SITE_NAME, settings.PUBLIC_URL = "Policy Change Record", "https://timeline.example"
    assert hashlib.sha256(package("as_of=0")).hexdigest() == WORDS


def test_archive_tells_the_instant_of_the_edition_and_nothing_of_the_machine(scene: Scene) -> None:
    with ZipFile(io.BytesIO(package("as_of=1"))) as zipped:
        members = zipped.infolist()
    assert {member.date_time for member in members} == {FIRST.timetuple()[:6]}
    assert {(member.compress_type, member.create_system, member.external_attr >> 16) for member in members} == {
        (ZIP_STORED, 3, 0o100644),
    }  # fmt: skip


def test_large_files_have_the_large_form_of_their_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_LARGE", 10)
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)  # otherwise releases of Python differ in the version they name
    file = io.BytesIO()
    with archive.Archive(file, at=None) as made:
        made.add("small.csv", [b"a"])
        made.add("large.csv", [b"0123456789", b"a"])
    with ZipFile(file) as zipped:
        assert [zipped.read(name) for name in zipped.namelist()] == [b"a", b"0123456789a"]
        assert [member.extract_version for member in zipped.infolist()] == [20, 45]


# --- the building --------------------------------------------------------------------------------------------------


def test_memory_does_not_grow_with_the_rows(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_IN_MEMORY", 10_000)
    publish_many(2_000)
    selection = select("", surface="data")
    PACKAGE.build(select("as_of=0", surface="data"), io.BytesIO())  # what is read once and kept
    tracemalloc.start()
    try:
        with TemporaryFile() as file:
            PACKAGE.build(selection, file, chunk=50)
            length = file.tell()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < length / 4


def _fails(*_: Any, **__: Any) -> Any:
    yield []
    raise RuntimeError("The database is gone.")


def test_failure_while_building_sends_no_file(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ledger_files.LEDGER_FILES, "editions.csv", _fails)
    response = Client(raise_request_exception=False).get("/package.zip")
    assert response.status_code == 500
    assert "zip" not in response["Content-Type"]


def test_failure_while_building_leaves_no_archive_that_opens(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ledger_files.LEDGER_FILES, "editions.csv", _fails)
    file = io.BytesIO()
    with pytest.raises(RuntimeError):
        PACKAGE.build(select("", surface="data"), file)
    with pytest.raises(BadZipFile):
        ZipFile(file)


# --- the answer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "name"),
    [("", "package-edition-2"), ("as_of=1", "package-edition-1"), ("status=reversed", "package-edition-2-selection")],
)
def test_answer_has_its_length_and_its_name(scene: Scene, client: Client, query: str, name: str) -> None:
    response = client.get(f"/package.zip?{query}")
    assert response["Content-Length"] == str(len(response.getvalue()))
    assert response["Content-Disposition"] == f'attachment; filename="{name}.zip"'
    assert (response["Content-Type"], response["X-Row-Count"]) == ("application/zip", str(len(slugs(query))))


def test_head_builds_nothing(scene: Scene, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(PACKAGE), "build", _fails)
    assert client.head("/package.zip").status_code == 200


@pytest.mark.parametrize("name", ["columns=slug", "bom=1", "raw=1"])
def test_what_belongs_to_one_csv_is_refused(scene: Scene, client: Client, name: str) -> None:
    response = client.get(f"/package.zip?{name}")
    assert (response.status_code, response.json()["errors"][0]["name"]) == (400, name.partition("=")[0])


def test_part_of_a_pinned_package_goes_on_where_it_broke_off(scene: Scene, client: Client) -> None:
    whole = client.get("/package.zip?as_of=1").getvalue()
    part = client.get("/package.zip?as_of=1", headers={"Range": "bytes=1000-"})
    assert (part.status_code, part.getvalue()) == (206, whole[1000:])


def test_tag_changes_with_the_words_around_the_data(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    before = PACKAGE.etag(select("as_of=1"))
    monkeypatch.setattr("timeline.exports.package.wording", lambda: "other")
    assert PACKAGE.etag(select("as_of=1")) != before


def test_pinned_package_is_the_package_of_that_edition_fetched_then(scene: Scene) -> None:
    before = package()
    factories.publish(factories.edit(scene.memo, title="Unit dissolved"), at=SECOND + timedelta(days=1))
    assert package("as_of=2") == before
