"""The description of the API: sound, true of what is answered, and only ever added to."""

import copy
import json
import warnings
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

from tests import factories
from tests.timeline.api.asking import ask
from tests.timeline.api.compatibility import broken
from tests.timeline.scene import SECOND, publish_scene
from timeline.api.openapi import description
from timeline.api.samples import sample
from tracker import codebook, publishing

PINNED = Path(__file__).with_name("openapi.json")
RENEW = f"python manage.py spectacular --format openapi-json --file {PINNED.relative_to(Path.cwd())}"


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return json.loads(json.dumps(description()))


def test_nothing_was_removed_or_changed_within_version_1(described: dict[str, Any]) -> None:
    """What is added passes, and asks to be pinned too."""
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))
    assert list(broken(pinned, described)) == []
    added = list(broken(described, pinned))
    if added:
        warnings.warn(f"The API grew ({'; '.join(added[:5])}). Pin it: {RENEW}", stacklevel=1)


def _without_path(schema: dict[str, Any]) -> None:
    del schema["paths"]["/api/v1/actions/{slug}"]


def _without_parameter(schema: dict[str, Any]) -> None:
    schema["paths"]["/api/v1/actions"]["get"]["parameters"].pop()


def _without_key(schema: dict[str, Any]) -> None:
    del schema["components"]["schemas"]["Entry"]["properties"]["title"]


def _without_promise(schema: dict[str, Any]) -> None:
    schema["components"]["schemas"]["Entry"]["required"].remove("title")


def _of_another_type(schema: dict[str, Any]) -> None:
    schema["components"]["schemas"]["Entry"]["properties"]["title"]["type"] = ["string", "null"]


def _without_code(schema: dict[str, Any]) -> None:
    schema["components"]["parameters"]["status"]["schema"]["items"]["enum"].remove("blocked")


@pytest.mark.parametrize(
    "change",
    [_without_path, _without_parameter, _without_key, _without_promise, _of_another_type, _without_code],
)
def test_what_breaks_a_client_is_found(described: dict[str, Any], change: Any) -> None:
    changed = copy.deepcopy(described)
    change(changed)
    assert len(list(broken(described, changed))) == 1


def test_what_is_added_breaks_nobody(described: dict[str, Any]) -> None:
    changed = copy.deepcopy(described)
    changed["components"]["schemas"]["Entry"]["properties"]["more"] = {"type": "string"}
    changed["components"]["parameters"]["status"]["schema"]["items"]["enum"].append("new")
    changed["paths"]["/api/v1/more"] = {}
    changed["info"]["description"] = "Other words."
    assert list(broken(described, changed)) == []


def test_description_is_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    assert {path.split("/")[3] for path in described["paths"]} >= {"actions", "facets", "histogram", "editions"}


def test_every_parameter_of_the_codebook_is_described(described: dict[str, Any]) -> None:
    taken = {item.name for item in codebook.PARAMETERS.values() if item.only_on in ("", "api")}
    assert described["components"]["parameters"].keys() == taken | {"If-None-Match"}


def test_every_operation_names_what_it_may_answer(described: dict[str, Any]) -> None:
    for path, operations in described["paths"].items():
        statuses = operations["get"]["responses"].keys()
        assert statuses >= {"200", "304", "400", "405", "429", "503"}, path
        assert ("404" in statuses) == ("{" in path), path


def _validator(described: dict[str, Any], name: str, *, strictly: bool) -> Any:
    schemas = copy.deepcopy(described["components"]["schemas"])
    if strictly:
        for schema in schemas.values():
            _close(schema)
    root = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
    return jsonschema_rs.Draft202012Validator(root)


def _close(schema: Any) -> None:
    """Let no object have keys that its schema does not name."""
    if isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for part in list(schema.values()):
            _close(part)
    elif isinstance(schema, list):
        for part in schema:
            _close(part)


ANSWERS = {
    "": "Index",
    "actions": "ActionList",
    "actions/pause": "ActionDetail",
    "actions/talks/versions": "VersionList",
    "status-changes": "StatusChangeList",
    "sources": "SourceList",
    "actors": "ActorList",
    "agencies": "AgencyList",
    "parties": "PartyList",
    "categories": "CategoryList",
    "topics": "TopicList",
    "publishers": "PublisherList",
    "editions": "EditionList",
    "editions/1": "EditionDetail",
    "facets": "Facets",
    "histogram": "Histogram",
}


@pytest.mark.django_db
def test_answers_have_the_keys_of_the_description_and_no_others(
    client: Client, described: dict[str, Any], subtests: pytest.Subtests
) -> None:
    publish_scene()
    publishing.retract("talks", reason="out_of_scope", note="A remark.", by=None, at=SECOND)
    topic = factories.TopicFactory.create(name="Aid")
    factories.published(slug="more", relations=[{"kind": "see_also", "to": "pause"}], topics=[topic])
    for path, name in ANSWERS.items():
        with subtests.test(path):
            _validator(described, name, strictly=True).validate(ask(client, path))


@pytest.mark.parametrize("name", sorted(set(ANSWERS.values())))
def test_example_is_what_it_is_an_example_of(described: dict[str, Any], name: str) -> None:
    schemas = described["components"]["schemas"]
    _validator(described, name, strictly=False).validate(sample(schemas[name], schemas))


@pytest.mark.django_db
def test_description_is_served(client: Client, described: dict[str, Any]) -> None:
    assert ask(client, "openapi.json") == described
