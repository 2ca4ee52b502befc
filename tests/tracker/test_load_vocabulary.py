"""The reference vocabulary: sound files, loaded once, never over what an editor wrote."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from tracker import codebook
from tracker.management.commands.load_vocabulary import FIXTURES, GROUPS, TERMS
from tracker.models import Actor, AffectedParty, Agency, Category, Topic
from tracker.models.vocabulary import name_key

pytestmark = pytest.mark.django_db

ALL = {**{name: model._meta.label_lower for name, model in TERMS.items()}, GROUPS: "auth.group"}


def objects(name: str) -> list[dict[str, Any]]:
    """The objects of a fixture file."""
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def fields(name: str) -> list[dict[str, Any]]:
    return [row["fields"] for row in objects(name)]


def load(directory: Path = FIXTURES) -> str:
    """Run the command; return what it printed."""
    out = StringIO()
    call_command("load_vocabulary", directory=directory, stdout=out)
    return out.getvalue()


def rows() -> dict[str, list[Any]]:
    """Every field of every loaded term and group."""
    found: dict[str, list[Any]] = {
        name: list(model._default_manager.order_by("pk").values()) for name, model in TERMS.items()
    }
    found[GROUPS] = list(Group.objects.order_by("name", "permissions").values("name", "permissions"))
    return found


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder whose files are all empty, for a test to fill in."""
    for name in ALL:
        (tmp_path / name).write_text("[]")
    return tmp_path


def put(directory: Path, name: str, *entries: dict[str, Any]) -> None:
    text = json.dumps([{"model": ALL[name], "fields": entry} for entry in entries])
    (directory / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", ALL)
def test_a_file_names_its_model_and_no_primary_keys(name: str) -> None:
    assert {row["model"] for row in objects(name)} == {ALL[name]}
    assert all(set(row) == {"model", "fields"} for row in objects(name))


@pytest.mark.parametrize("name", sorted(set(TERMS) - {"categories.json"}))
def test_a_file_is_in_order_of_slug(name: str) -> None:
    slugs = [entry["slug"] for entry in fields(name)]
    assert slugs == sorted(set(slugs))


def test_there_are_249_countries() -> None:
    codes = {entry["iso_3166_1_alpha_3"] for entry in fields("parties.json") if entry["kind"] == "state"}
    assert len(codes) == 249


def test_the_categories_are_those_of_the_codebook() -> None:
    expected = [
        {
            "slug": row.code,
            "name": row.label,
            "definition": row.definition,
            "example": row.example,
            "position": n,
        }
        for n, row in enumerate(codebook.CATEGORIES.values(), start=1)
    ]
    assert fields("categories.json") == expected


@pytest.mark.parametrize("name", TERMS)
def test_no_other_name_leads_to_two_terms(name: str) -> None:
    meant: dict[str, set[str]] = {}
    for entry in fields(name):
        for alias in [entry["name"], *entry.get("aliases", "").splitlines()]:
            meant.setdefault(name_key(alias), set()).add(entry["slug"])
    assert {alias: slugs for alias, slugs in meant.items() if len(slugs) > 1} == {}


def test_what_is_loaded_passes_the_checks_of_the_forms() -> None:
    load()
    faults: dict[str, Any] = {}
    for model in TERMS.values():
        for term in model._default_manager.all():
            try:
                term.clean_fields(exclude=["parent", "country"])
            except ValidationError as error:
                faults[term.slug] = error.message_dict
    assert faults == {}


def test_loading_twice_is_loading_once() -> None:
    first = load()
    before = rows()
    second = load()
    assert rows() == before
    assert "agencies.json     569 created     0 there already" in first
    assert "agencies.json       0 created   569 there already" in second


@pytest.mark.parametrize(
    ("slug", "name", "parent", "abbreviation"),
    [
        ("justice-department", "Justice Department", None, "DOJ"),
        ("defense-department", "Defense Department", None, "DOD"),
        ("state-department", "State Department", None, "DOS"),
        ("treasury-department", "Treasury Department", None, ""),
        ("homeland-security-department", "Homeland Security Department", None, "DHS"),
        ("federal-bureau-of-investigation", "Federal Bureau of Investigation", "justice-department", "FBI"),
        ("us-cyber-command", "US Cyber Command", "defense-department", "USCYBERCOM"),
        ("white-house", "White House", "executive-office-of-the-president", ""),
    ],
    ids=["justice", "defense", "state", "treasury", "homeland", "fbi", "cyber", "white_house"],
)
def test_bodies_that_entries_rely_on(slug: str, name: str, parent: str | None, abbreviation: str) -> None:
    load()
    agency = Agency.objects.select_related("parent", "country").get(slug=slug)
    assert agency.name == name
    assert agency.abbreviation == abbreviation
    assert (agency.parent.slug if agency.parent else None) == parent
    assert agency.country == AffectedParty.objects.get(iso_3166_1_alpha_3="USA")


def test_the_fixed_choices_are_there() -> None:
    load()
    assert Actor.objects.get(slug=codebook.NOT_NAMED).name == "Not named"
    assert Agency.objects.get(slug=codebook.NOT_KNOWN).country is None


@pytest.mark.parametrize(
    ("group", "may_publish"), [("Editors", False), ("Reviewers", True)], ids=["editors", "reviewers"]
)
def test_who_may_publish(group: str, may_publish: bool) -> None:
    load()
    rights = set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))
    assert ("publish_policyaction" in rights) is may_publish
    assert ("view_edition" in rights) is may_publish
    assert {"add_policyaction", "change_source", "view_agency"} <= rights
    assert not rights & {"delete_policyaction", "delete_source", "add_edition", "change_revision"}


def test_what_an_editor_wrote_stays() -> None:
    load()
    category = Category.objects.get(slug="rule")
    category.name, category.definition = "Regulation", "Our own words."
    category.save()
    agency = Agency.objects.get(slug="justice-department")
    agency.aliases += "\nMain Justice"
    agency.save()
    load()
    category.refresh_from_db()
    assert (category.name, category.definition) == ("Regulation", "Our own words.")
    assert "Main Justice" in Agency.objects.get(slug="justice-department").alias_list


def test_a_group_keeps_the_rights_it_was_given() -> None:
    load()
    Group.objects.get(name="Editors").permissions.clear()
    load()
    assert Group.objects.get(name="Editors").permissions.count() == 0


def test_a_deleted_term_comes_back() -> None:
    load()
    Topic.objects.get(slug="elections").delete()
    assert "topics.json         1 created    22 there already" in load()
    assert Topic.objects.get(slug="elections").name == "Elections"


def test_a_term_under_another_slug_is_found_by_name(small: Path) -> None:
    own = Agency.objects.create(slug="doj", name="justice  Département")
    put(
        small,
        "agencies.json",
        {"slug": "justice-department", "name": "Justice Departement"},
        {"slug": "fbi", "name": "FBI", "parent": ["justice-department"]},
    )
    load(small)
    assert list(Agency.objects.order_by("slug").values_list("slug", flat=True)) == ["doj", "fbi"]
    assert Agency.objects.get(slug="fbi").parent == own


def test_a_part_may_stand_before_its_whole(small: Path) -> None:
    put(small, "agencies.json", {"slug": "a", "name": "A", "parent": ["b"]}, {"slug": "b", "name": "B"})
    load(small)
    assert Agency.objects.get(slug="a").parent == Agency.objects.get(slug="b")


def test_a_new_term_has_a_first_line_of_history(small: Path) -> None:
    put(small, "agencies.json", {"slug": "a", "name": "A", "parent": ["b"]}, {"slug": "b", "name": "B"})
    load(small)
    (line,) = Agency.objects.get(slug="a").history.all()
    assert (line.history_type, line.name_key) == ("+", "a")
    assert line.parent == Agency.objects.get(slug="b")


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([{"slug": "a", "name": "A", "parent": ["nowhere"]}], "unknown term"),
        ([{"slug": "a", "name": "A", "parent": ["a"]}], "unknown term, or to itself: a"),
    ],
    ids=["unknown", "itself"],
)
def test_a_reference_that_leads_nowhere_loads_nothing(small: Path, entries: list[dict[str, Any]], message: str) -> None:
    put(small, "topics.json", {"slug": "t", "name": "T"})
    put(small, "agencies.json", *entries)
    with pytest.raises(CommandError, match=message):
        load(small)
    assert not Topic.objects.filter(slug="t").exists()


def test_a_right_that_does_not_exist_is_named(small: Path) -> None:
    put(small, GROUPS, {"name": "Editors", "permissions": [["fly", "tracker", "policyaction"]]})
    with pytest.raises(CommandError, match=r"tracker\.fly"):
        load(small)


@pytest.mark.parametrize("text", [None, "[{"], ids=["missing", "no JSON"])
def test_a_file_that_cannot_be_read_is_named(small: Path, text: str | None) -> None:
    (small / "topics.json").unlink()
    if text is not None:
        (small / "topics.json").write_text(text)
    with pytest.raises(CommandError, match=r"topics\.json cannot be read"):
        load(small)
