"""What holds for every public address: it starts at one edition, opens no transaction, breaks on nothing typed."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver

from tests import factories
from tests.timeline.scene import publish_scene
from timeline import urls
from tracker.models import PublishedTerm

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "timeline").rglob("*.py"))
# How a query on sealed rows may begin.
STARTS = {
    "PublishedAction": {"as_of", "retracted_as_of", "sealed_by", "ever_sealed_by", "none"},
    "PublishedRelation": {"as_of", "sealed_by", "ever_sealed_by", "none"},
    "PublishedTerm": {"sealed_by", "ever_sealed_by", "none"},
}
# Staff preview; what answers 404 for everything else under /api/v1/; one source, whose key the scene does not fix;
# archives of feeds, which need more than the scene has (test_feeds follows them).
APART = {
    *("preview", "api_nothing", "api_source"),
    *("feed_archive", "changes_feed_archive", "corrections_feed_archive"),
}
# The page of one entry also tells of its other versions, and that it was retracted later.
# The index of words holds every version.
HISTORIES = {"timeline/views/entry.py": {"filter", "current"}, "timeline/search/index.py": {"filter", "all"}}
HOSTILE = {
    "NUL": "q=a%00b",
    "not UTF-8": "q=%ff%fe",
    "a slug that is not one": "agency=../../etc/passwd",
    "1e50": "as_of=1e50",
    "2 to the 70": f"changed_since={2**70}",
    "no such day": "from=2025-02-30",
    "year 0": "to=0000",
    "year 10000": "in_force_on=10000-01-01",
    "from after to": "from=2025-03&to=2025-02",
    "unknown status": "status=%3Cscript%3E",
    "SQL": "topic=1'%20UNION%20SELECT%201--",
    "unknown sort": "sort=record",
    "10 kB of words": f"q={'a' * 10_000}",
    "1001 parameters": "&".join(f"status=s{n}" for n in range(1001)),
    "a thousand agencies": "&".join(f"agency=justice-{n}" for n in range(990)),
}
HARMLESS = {"a per cent sign": "q=%25", "an underscore": "q=_", "markup": "q=%3Cscript%3E", "a backslash": "q=%5C"}


def _starts(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield (model, first method) of each `Model.objects.method`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "objects":
            yield ast.unparse(node.value.value), node.attr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_queries_on_sealed_rows_start_at_an_edition(path: Path) -> None:
    told = HISTORIES.get(path.relative_to(ROOT).as_posix(), set())
    found = _starts(ast.parse(path.read_text(encoding="utf-8")))
    bare = [(model, first) for model, first in found if model in STARTS and first not in STARTS[model] | told]
    assert bare == []


def test_the_check_sees_a_bare_query() -> None:
    assert list(_starts(ast.parse("PublishedAction.objects.filter(slug='x').first()"))) == [
        ("PublishedAction", "filter")
    ]


def _addresses() -> list[str]:
    """Return an address for every public route, those of one entry with an entry of the scene, of a term with one."""
    slugs = dict(PublishedTerm.objects.values_list("kind", "slug")) | {"policy": "privacy"}
    routes = [("/" + route, slugs.get(name, "pause")) for route, name in _routes(urls.urlpatterns) if name not in APART]
    return [route.replace("<slug:slug>", slug).replace("<int:number>", "1") for route, slug in routes]


def _routes(patterns: Sequence[object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield (route, name) of each pattern, those of included modules too."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, f"{prefix}{pattern.pattern}")
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.pattern}", str(pattern.name)


@pytest.mark.django_db(transaction=True)
def test_no_public_address_opens_a_transaction(client: Client) -> None:
    publish_scene()
    factories.published(topics=[factories.TopicFactory.create()])  # the scene has a term of every other kind
    for address in _addresses():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
            _consume(response)
        assert response.status_code == 200, address
        begun = [query["sql"] for query in queries if query["sql"].upper().startswith(("BEGIN", "SAVEPOINT"))]
        assert begun == [], address


def _consume(response: object) -> None:
    for _ in getattr(response, "streaming_content", ()):
        pass


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/embed/", "/actions.csv", "/feed.atom", "/agencies/white-house/"])
def test_hostile_query_string_is_a_bad_request(client: Client, subtests: pytest.Subtests, path: str) -> None:
    publish_scene()
    for circumstance, query in HOSTILE.items():
        expected = 200 if circumstance == "not UTF-8" else 400
        with subtests.test(circumstance):
            assert client.get(f"{path}?{query}").status_code == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/embed/", "/actions.csv", "/changes.atom", "/agencies/white-house/", "/sources/"]
)
def test_signs_of_sql_and_markup_are_words(client: Client, subtests: pytest.Subtests, path: str) -> None:
    publish_scene()
    for circumstance, query in HARMLESS.items():
        with subtests.test(circumstance):
            response = client.get(f"{path}?{query}")
            _consume(response)
            assert response.status_code == 200
