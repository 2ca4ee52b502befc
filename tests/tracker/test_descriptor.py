"""datapackage.json describes what the public table says, and nothing else."""

import pytest

from tracker import codebook
from tracker.columns import COLUMNS, FILES, FILES_BY_NAME, descriptor

ALL = descriptor(name="a", title="A", description="All of it.", files=FILES_BY_NAME)
SCHEMAS = {resource["path"]: resource["schema"] for resource in ALL["resources"]}


def fields(file: str) -> dict[str, dict[str, object]]:
    return {field["name"]: field for field in SCHEMAS[file]["fields"]}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_column_is_described_in_its_order(file: object) -> None:
    named = getattr(file, "name", "")
    assert tuple(fields(named)) == FILES_BY_NAME[named].columns


def test_the_public_columns_have_their_title_and_definition() -> None:
    found = [(field["title"], field["description"]) for field in fields("actions.csv").values()]
    assert found == [(column.title, column.description) for column in COLUMNS]


@pytest.mark.parametrize(
    ("file", "column", "expected"),
    [
        ("actions.csv", "title", {"type": "string", "constraints": {"maxLength": 200}}),
        ("actions.csv", "slug", {"type": "string", "constraints": {"required": True, "unique": True}}),
        ("actions.csv", "date", {"type": "string"}),
        ("actions.csv", "date_earliest", {"type": "date"}),
        ("actions.csv", "disputed", {"type": "boolean"}),
        ("actions.csv", "first_published", {"type": "datetime"}),
        ("actions.csv", "source_url", {"type": "string", "format": "uri"}),
        ("actions.csv", "status", {"constraints": {"enum": list(codebook.STATUSES)}}),
        ("status_changes.csv", "position", {"type": "integer", "constraints": {"required": True}}),
        ("sources.csv", "official", {"type": "boolean"}),
        ("terms.csv", "party_kind", {"constraints": {"enum": list(codebook.PARTY_KINDS)}}),
    ],
)
def test_a_column_has_its_type(file: str, column: str, expected: dict[str, object]) -> None:
    assert expected.items() <= fields(file)[column].items()


def test_keys_and_foreign_keys_are_named() -> None:
    schema = SCHEMAS["citations.csv"]
    assert schema["primaryKey"] == ["slug", "source_id"]
    assert [key["reference"] for key in schema["foreignKeys"]] == [
        {"resource": "actions", "fields": "slug"},
        {"resource": "sources", "fields": "source_id"},
    ]


def test_a_file_that_the_package_lacks_is_not_described() -> None:
    found = descriptor(name="a", title="A", description="One.", files=["citations.csv"], version="3")
    (resource,) = found["resources"]
    assert (resource["path"], "foreignKeys" in resource["schema"], found["version"]) == ("citations.csv", False, "3")
