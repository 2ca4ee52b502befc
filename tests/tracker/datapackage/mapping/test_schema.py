"""What is wrong with a mapping file is told by file, table and key, with the nearest name that is known."""

import pytest

from tests.tracker.datapackage.mapping.tables import MAPPING
from tracker.datapackage.mapping import MappingError, read_mapping


def faults(text: str) -> str:
    with pytest.raises(MappingError) as caught:
        read_mapping(text, file="m.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("found", "put", "told"),
    [
        ('name = "harbour"', "", "m.toml: name: This key is missing; expected a text in quotation marks."),
        ('name = "harbour"', "name = 3", "m.toml: name: Expected a text in quotation marks; this is 3."),
        ('name = "harbour"', 'name = "Har bour"', "m.toml: name: Use up to 40 of a to z"),
        ("summary =", "sumary =", "m.toml: fields.sumary: An entry has no such field. Did you mean 'summary'?"),
        ("cut = 200", "cutt = 200", "m.toml: fields.title.cutt: There is no such key here. Did you mean 'cut'?"),
        ("cut = 200", 'constant = "x"', "m.toml: fields.title: Say where it comes from: one of column"),
        ('unknown = "create"', 'unknown = "crete"', "fields.agency.unknown: 'crete' is not one of refuse, create"),
        ('"in_effect"', '"in_efect"', "status.rules.2.status: There is no 'in_efect' in the codebook. Did you mean"),
        ("official_document", "oficial_document", "sources.1.kind: There is no 'oficial_document'"),
        ('columns = ["No"]', "", "m.toml: key.columns: Name the column"),
        ('columns = ["No"]', "columns = [1]", 'key.columns: Expected a list of texts like ["a", "b"]; this is [1].'),
        ('["%d.%m.%Y"]', '["dd.mm.yyyy"]', "fields.date.dates: 'dd.mm.yyyy' is no format"),
        ('["%d.%m.%Y"]', '["instant"]', "fields.date.zone: Say in whose day an instant is told"),
        ("[status]", "[statuss]", "m.toml: statuss: There is no such key here."),
        ("[key]", '[file]\nencoding = "utf-7000"\n[key]', "file.encoding: There is no encoding 'utf-7000'."),
        ("[key]", "[file]\nheader_row = 0\n[key]", "m.toml: file.header_row: At least 1; this is 0."),
        ('title = {', 'title = {{', "m.toml: this is not TOML"),
    ],
)  # fmt: skip
def test_a_fault_is_told_where_it_is(found: str, put: str, told: str) -> None:
    assert told in faults(MAPPING.replace(found, put))


def test_all_faults_are_told_at_once() -> None:
    broken = MAPPING.replace("summary =", "sumary =").replace('"in_effect"', '"in_efect"')
    assert len(faults(broken).splitlines()) == 2


def test_every_column_that_is_read_is_known() -> None:
    columns = read_mapping(MAPPING, file="m.toml").columns
    assert columns == {
        "No": "key.columns", "What": "fields.title", "Day": "fields.date", "Who": "fields.agency",
        "Above": "fields.agency.parent", "Fish": "fields.topics.flags", "Ships": "fields.topics.flags",
        "Over": "status.rules.when",
    }  # fmt: skip
