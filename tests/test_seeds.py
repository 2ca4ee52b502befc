"""The seeds: every fact of the nine entries, loaded with and without the reference vocabulary."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.tracker.datapackage.folders import SEEDS, table
from tracker import codebook, dates, document
from tracker.columns import FILES_BY_NAME, descriptor
from tracker.models import AffectedParty, Agency, Edition, PolicyAction, PublishedAction, PublishedRelation

ROOT = Path(__file__).resolve().parent.parent
AID, INTELLIGENCE = "military-aid-to-ukraine-paused", "intelligence-sharing-with-ukraine-paused"
CYBER = "cyber-command-told-to-stop-operations-against-russia"
CAPTURE, INITIATIVE = "task-force-kleptocapture-disbanded", "kleptocracy-asset-recovery-initiative-disbanded"
INFLUENCE = "foreign-influence-task-force-disbanded"
RIYADH, JEDDAH = "us-and-russian-delegations-met-in-riyadh", "us-and-ukrainian-delegations-met-in-jeddah"
OVAL = "oval-office-meeting-ended-without-minerals-agreement"

# slug -> date, status, in force, evidence, actor, agency
ENTRIES = {
    AID: ("2025-03-03", "reversed", "no", "on_record", "donald-trump", "white-house"),
    CYBER: ("[2025-02-17..2025-02-28]", "reported", "unknown", "on_record", "pete-hegseth", "defense-department"),
    CAPTURE: ("2025-02-05", "in_effect", "yes", "on_record", "pam-bondi", "justice-department"),
    INITIATIVE: ("2025-02-05", "in_effect", "yes", "on_record", "pam-bondi", "justice-department"),
    INFLUENCE: ("2025-02-05", "in_effect", "yes", "on_record", "pam-bondi", "justice-department"),
    RIYADH: ("2025-02-18", "took_place", "not_applicable", "press_only", "marco-rubio", "state-department"),
    OVAL: ("2025-02-28", "took_place", "not_applicable", "press_only", "donald-trump", "white-house"),
    INTELLIGENCE: ("[2025-03-03..2025-03-05]", "reversed", "no", "on_record", "donald-trump", "white-house"),
    JEDDAH: ("2025-03-11", "took_place", "not_applicable", "on_record", "marco-rubio", "state-department"),
}
HISTORIES = {
    AID: [
        ("in_effect", "2025-03-03", "theweek"),
        ("reversed", "2025-03-11", "ap-jeddah"),
        ("", "2025-03-12", "newsmen-resume"),
    ],
    CYBER: [
        ("reported", "2025-02-28", "record-order"),
        ("", "2025-03-04", "stripes-denial"),
        ("", "2025-05-16", "record-bacon"),
    ],
    CAPTURE: [("in_effect", "2025-02-05", "ti-us-memo")],
    INITIATIVE: [("in_effect", "2025-02-05", "ti-us-memo")],
    INFLUENCE: [("in_effect", "2025-02-05", "telangana")],
    RIYADH: [("took_place", "2025-02-18", "euromaidan-riyadh")],
    OVAL: [("took_place", "2025-02-28", "nbc-pivot")],
    INTELLIGENCE: [
        ("in_effect", "[2025-03-03..2025-03-05]", "theweek"),
        ("reversed", "2025-03-11", "ap-jeddah"),
    ],
    JEDDAH: [("took_place", "2025-03-11", "ap-jeddah")],
}
# slug -> source -> attribution; a denial has a "!" in front.
CITED = {
    AID: {
        "nbc-pivot": "unnamed_sources",
        "theweek": "named_official",
        "cnn-ratcliffe": "named_official",
        "ap-jeddah": "named_official",
        "newsmen-resume": "named_other",
    },
    CYBER: {
        "nbc-pivot": "unnamed_sources",
        "record-order": "unnamed_sources",
        "msnow": "reporting",
        "stripes-denial": "!named_official",
        "cybernews-denial": "!named_official",
        "record-bacon": "named_other",
    },
    CAPTURE: {
        "nbc-pivot": "reporting",
        "ti-us-memo": "document",
        "telangana": "document",
        "moscow-times": "reporting",
    },
    INITIATIVE: {"nbc-pivot": "reporting", "ti-us-memo": "document", "gsw-kleptocracy": "document"},
    INFLUENCE: {"nbc-pivot": "reporting", "telangana": "document", "moscow-times": "reporting"},
    RIYADH: {"nbc-pivot": "reporting", "euromaidan-riyadh": "reporting", "dw-riyadh": "reporting"},
    OVAL: {"nbc-pivot": "reporting"},
    INTELLIGENCE: {
        "theweek": "named_official",
        "cnn-ratcliffe": "named_official",
        "ap-jeddah": "named_official",
    },
    JEDDAH: {"ap-jeddah": "named_official"},
}
# Named at a line of the history, so they bear on the status.
ON_STATUS = {
    AID: {"nbc-pivot", "theweek", "cnn-ratcliffe", "ap-jeddah", "newsmen-resume"},
    CYBER: {"record-order", "stripes-denial", "cybernews-denial", "record-bacon"},
    CAPTURE: {"ti-us-memo", "telangana"},
    INITIATIVE: {"ti-us-memo", "gsw-kleptocracy"},
    INFLUENCE: {"telangana"},
    RIYADH: {"euromaidan-riyadh", "dw-riyadh"},
    OVAL: {"nbc-pivot"},
    INTELLIGENCE: {"theweek", "cnn-ratcliffe", "ap-jeddah"},
    JEDDAH: {"ap-jeddah"},
}


@pytest.fixture(params=["alone", "over the vocabulary"])
def seeds(request: pytest.FixtureRequest, db: None) -> None:
    """The seeds, loaded and published: into an empty record, and on top of fixtures/."""
    if request.param == "over the vocabulary":
        call_command("load_vocabulary", verbosity=0)
    call_command("load_package", SEEDS, "--publish", verbosity=0)


def entry(slug: str) -> dict[str, Any]:
    """The public entry."""
    record: dict[str, Any] = json.loads(PublishedAction.objects.current().get(slug=slug).record)
    return record["entry"]


def test_all_nine_entries_stand_in_edition_one(seeds: None) -> None:
    found = {}
    for slug in PublishedAction.objects.current().values_list("slug", flat=True):
        public = entry(slug)
        derived = public["derived"]
        found[slug] = (
            public["date"],
            derived["status"],
            derived["in_force"],
            derived["evidence"],
            public["actor"]["slug"],
            public["agency"]["slug"],
        )
    assert found == ENTRIES
    assert Edition.objects.get().number == 1


def test_relations_stand_in_the_ledger(seeds: None) -> None:
    assert set(PublishedRelation.objects.values_list("from_slug", "kind", "to_slug")) == {
        (JEDDAH, "reverses", AID),
        (JEDDAH, "reverses", INTELLIGENCE),
        (CAPTURE, "see_also", INITIATIVE),
    }


def test_a_second_load_changes_nothing(seeds: None) -> None:
    call_command("load_package", SEEDS, "--publish", verbosity=0)
    assert Edition.objects.count() == 1
    assert set(PolicyAction.objects.values_list("revision", flat=True)) == {1}


def test_units_are_linked_to_their_bodies(seeds: None) -> None:
    units = AffectedParty.objects.filter(kind="unit").select_related("agency__parent")
    assert {(unit.slug, unit.agency and unit.agency.parent and unit.agency.parent.slug) for unit in units} == {
        ("task-force-kleptocapture", "justice-department"),
        ("kleptocracy-asset-recovery-initiative", "justice-department"),
        ("foreign-influence-task-force", "federal-bureau-of-investigation"),
    }


def test_only_the_three_of_february_stand_under_justice(seeds: None) -> None:
    parts = {"justice-department"}
    while more := set(Agency.objects.filter(parent__slug__in=parts).values_list("slug", flat=True)) - parts:
        parts |= more
    named = {
        slug
        for slug in ENTRIES
        for agency in [entry(slug)["agency"], *entry(slug)["other_agencies"]]
        if agency["slug"] in parts
    }
    assert named == {CAPTURE, INITIATIVE, INFLUENCE}


def test_ms_now_is_found_by_its_old_name() -> None:
    (row,) = [row for row in table(SEEDS, "terms.csv") if row["slug"] == "ms-now"]
    assert (row["kind"], row["name"], row["aliases"]) == ("publisher", "MS NOW", "MSNBC")


@pytest.mark.parametrize("slug", ENTRIES)
def test_a_history_is_complete(slug: str) -> None:
    rows = [row for row in table(SEEDS, "status_changes.csv") if row["slug"] == slug]
    assert [(row["status"], row["date"], row["source_id"]) for row in rows] == HISTORIES[slug]


@pytest.mark.parametrize("slug", ENTRIES)
def test_an_entry_cites_its_sources(slug: str) -> None:
    rows = [row for row in table(SEEDS, "citations.csv") if row["slug"] == slug]
    marks = {"supports": "", "disputes": "!"}
    assert {row["source_id"]: marks[row["stance"]] + row["attribution"] for row in rows} == CITED[slug]
    assert {row["source_id"] for row in rows if "status" in row["bears_on"].split("; ")} >= ON_STATUS[slug]


def test_every_source_is_cited_and_can_be_opened() -> None:
    sources = {row["source_id"]: row for row in table(SEEDS, "sources.csv")}
    assert sources.keys() == {source for cited in CITED.values() for source in cited}
    assert len(sources) == 16
    assert all(row["url"].startswith("https://") and row["published"] for row in sources.values())


@pytest.mark.parametrize(
    ("source", "publisher", "republished_by"),
    [
        ("nbc-pivot", "NBC News", "Yohan Post"),
        ("cnn-ratcliffe", "CNN", "KEYT"),
        ("ap-jeddah", "Associated Press", "Express & Star"),
        ("msnow", "MS NOW", ""),
    ],
)
def test_the_first_hand_publisher_is_named(source: str, publisher: str, republished_by: str) -> None:
    (row,) = [row for row in table(SEEDS, "sources.csv") if row["source_id"] == source]
    assert (row["publisher"], row["republished_by"]) == (publisher, republished_by)


def test_the_cyber_order_is_disputed_and_says_by_whom() -> None:
    disputed = [row for row in table(SEEDS, "actions.csv") if row["disputed"] == "true"]
    assert [row["slug"] for row in disputed] == [CYBER]
    assert "4 March 2025" in disputed[0]["dispute_note"]
    assert "The Record" in disputed[0]["date_note"]


def test_every_vague_date_has_its_note() -> None:
    vague = {row["slug"]: row["date_note"] for row in table(SEEDS, "actions.csv") if dates.parse(row["date"]).is_vague}
    assert vague.keys() == {CYBER, INTELLIGENCE}
    assert all(vague.values())


@pytest.mark.parametrize(
    ("day", "in_force"),
    [("2025-03-05", {AID, INTELLIGENCE}), ("2025-03-10", {AID, INTELLIGENCE}), ("2025-03-11", set())],
)
def test_both_pauses_ran_until_the_day_of_jeddah(day: str, in_force: set[str]) -> None:
    found = set()
    for slug in (AID, INTELLIGENCE):
        history = [
            {"position": number, "status": status or None, "date": date}
            for number, (status, date, _) in enumerate(HISTORIES[slug], start=1)
        ]
        spans = document.spans({"status_history": history})
        held = [span for span in spans if span.in_force in codebook.IN_FORCE_VALUES_HOLDING]
        if any(str(span.from_day) <= day < str(span.before_day) for span in held):
            found.add(slug)
    assert found == in_force


@pytest.mark.parametrize(
    ("parties", "slug"),
    [
        ("Ukraine", AID),
        ("Russia", CYBER),
        ("Sanctioned Russian elites; Task Force KleptoCapture", CAPTURE),
        ("Kleptocracy Asset Recovery Initiative", INITIATIVE),
        ("Foreign Influence Task Force", INFLUENCE),
    ],
)
def test_an_entry_names_whom_it_affects(parties: str, slug: str) -> None:
    (row,) = [row for row in table(SEEDS, "actions.csv") if row["slug"] == slug]
    assert row["affects"] == parties


def test_the_committed_description_is_the_generated_one() -> None:
    committed = json.loads((SEEDS / "datapackage.json").read_text(encoding="utf-8"))
    files = [path.name for path in SEEDS.glob("*.csv")]
    own = {name: committed[name] for name in ("name", "title", "description")}
    assert committed == descriptor(**own, files=files)


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.csv")), ids=lambda path: path.name)
def test_the_files_are_written_as_the_house_writes_csv(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        content = stream.read()
    rows = list(csv.reader(content.splitlines(keepends=True), strict=True))
    assert tuple(rows[0]) == FILES_BY_NAME[path.name].columns
    assert content.count("\r\n") == content.count("\n") == len(rows)


def test_nobody_is_quoted() -> None:
    texts = [row["title"] + row["summary"] for row in table(SEEDS, "actions.csv")]
    assert not [text for text in texts if {'"', "“", "”"} & set(text)]


def test_terms_say_what_the_reference_vocabulary_says(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_vocabulary", verbosity=0)
    call_command("load_package", SEEDS, "--dry-run", verbosity=2)
    assert "kept as it is here," not in capsys.readouterr().out
