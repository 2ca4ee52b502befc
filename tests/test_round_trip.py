"""Export, import into an empty database, export: the files are the same, what the ledger tells of itself apart."""

from datetime import timedelta
from pathlib import Path

import frictionless
import pytest
from django.core.management import call_command
from django.db import connection

from tests import factories
from tests.factories import NOW, line
from tests.timeline.packages import Cells, files, package, rows, unpacked
from tests.tracker.datapackage.folders import SEEDS
from tracker import publishing, triggers
from tracker.columns import COLUMNS
from tracker.models import Agency, Edition, PolicyAction, Publisher, Source

pytestmark = pytest.mark.django_db(transaction=True)

IDENTICAL = ("status_changes.csv", "sources.csv", "citations.csv", "relations.csv", "terms.csv")
LEDGER = {column.name for column in COLUMNS if column.sort == "ledger"}
LONG = ('Zeile\n\nنص عربي, "quoted"; 🕊️ ' * 1000)[:19_999] + "."
HOSTILE = [
    '=HYPERLINK("https://a.example";"x")',
    "'=1+1",
    "-1; +2, @three",
    'He said "stop", then\tleft',
    "שלום, عالم 🏴 🕊️ é",
    "007",
    "true",
    "NULL",
]


def _seeds() -> None:
    call_command("load_package", SEEDS, "--publish", verbosity=0)


def _hostile_texts() -> None:
    """Publish entries whose every text is hostile, with what is absent beside them."""
    agency = factories.AgencyFactory.create(name='=Agency "A", B', abbreviation="-A-", aliases="=one\n@two")
    part = factories.AgencyFactory.create(name="Teil 🕊️", parent=agency)
    publisher = factories.PublisherFactory.create(name='"The" Paper, +1')
    made = [
        _hostile(number, text, agency=part if number % 2 else agency, publisher=publisher)
        for number, text in enumerate(HOSTILE)
    ]
    factories.publish(*made, note="=note")


def _hostile(number: int, text: str, *, agency: Agency, publisher: Publisher) -> PolicyAction:
    source = factories.SourceFactory.create(
        title=text,
        publisher=publisher,
        url=f"https://a.example/?a={number};b=%22",
        authors=f"{text.replace(';', '')}\nשלום",
    )
    development = {"status": None, "date": "2025-04", "note": LONG[:500], "source": source.slug}
    return factories.save(
        slug=f"hostile-{number}", title=text, summary=[LONG, text, None][number % 3], where_it_stands=text,
        agency=agency, date=["2025-03-03", "2025-02?", "[2025-02-17..2025-02-28]"][number % 3], date_note=text,
        disputed=True, dispute_note=text, actor_office=text,
        citations=[factories.citation(source), factories.citation(stance="disputes")],
        status_history=[line(date="2025-03-03", note=text, source=source.slug), development],
        relations=[{"kind": "see_also", "in_part": False, "title": text, "identifier": "eo:1", "note": text}],
    )  # fmt: skip


def _moved_on() -> None:
    """Publish entries that were edited, related and retracted since, so that terms stand which none shows any more."""
    first, second, _ = (factories.published(slug=slug) for slug in ("first", "second", "gone"))
    topic = factories.TopicFactory.create(name="Left behind")
    factories.publish(factories.edit(first, topics=[topic]), at=NOW + timedelta(days=1))
    first = PolicyAction.objects.get(slug="first")
    factories.publish(factories.edit(first, topics=[], agency=factories.AgencyFactory.create()), change="corrected")
    relation = {"kind": "see_also", "in_part": False, "to": "first", "note": "Same day."}
    factories.publish(factories.edit(second, relations=[relation]))
    publishing.retract("gone", reason="did_not_happen", note="It did not.", by=None, at=NOW)


def test_package_of_hostile_texts_is_valid(tmp_path: Path) -> None:
    _hostile_texts()
    report = frictionless.validate(str(unpacked(tmp_path) / "datapackage.json"))
    assert report.flatten(["name", "rowNumber", "fieldName", "message"]) == []


def _emptied() -> None:
    triggers.drop(connection)
    call_command("flush", interactive=False, verbosity=0)
    assert [model for model in (PolicyAction, Edition, Source, Agency) if model.objects.exists()] == []


def _editorial(content: bytes) -> list[Cells]:
    """Return the rows of actions.csv without the ledger's columns."""
    return [{name: cell for name, cell in row.items() if name not in LEDGER} for row in rows(content)]


@pytest.mark.parametrize("publish", [_seeds, _hostile_texts, _moved_on], ids=lambda made: made.__name__.strip("_"))
def test_package_that_is_loaded_and_packed_again_is_the_same(publish: object, tmp_path: Path) -> None:
    assert callable(publish)
    publish()
    before = package()
    zipped = tmp_path / "package.zip"
    zipped.write_bytes(before)
    _emptied()
    call_command("load_package", zipped, "--publish", verbosity=0)
    first, second = files(before), files(package())
    assert _editorial(first["actions.csv"]) == _editorial(second["actions.csv"]) != []
    assert {name: first[name] for name in IDENTICAL} == {name: second[name] for name in IDENTICAL}
