"""Who may name whom, read from the source: imports, dotted strings as in `include("...")`, `get_model(...)`.

    codebook, columns, dates, comparing <- models <- triggers, migrations <- document
        <- checking, record, publishing, verification <- datapackage <- admin, management
        <- root (settings, urls, wsgi, apps)

The timeline names the codes, the columns, the dates, the comparison, the ledger and the site's texts about itself
(public from the moment they are saved), and nothing else of the tracker: packages import each other's face, so it is
names that are checked, not files.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(path.relative_to(ROOT) for half in ("tracker", "timeline") for path in (ROOT / half).rglob("*.py"))

FLOORS = (
    {"bulk", "codebook", "columns", "comparing", "dates", "logs"},
    {"models"},
    {"triggers", "migrations"},
    {"document"},
    {"backup", "checking", "duplicates", "record", "publishing", "verification"},
    {"datapackage"},
    {"doctor", "health"},
    {"admin", "management"},
    {"settings", "urls", "wsgi", "apps", "formats"},
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
# The composition root may name the timeline, as strings.
ROOT_ROOMS = {"settings", "urls", "wsgi"}

READABLE = (
    *("tracker.codebook", "tracker.columns", "tracker.comparing", "tracker.dates"),
    *("tracker.models.ledger", "tracker.models.pages"),
)
# Otherwise `from tracker.models.ledger import PolicyAction` would be a door into the record.
ALONE = ("tracker.models.ledger", "tracker.models.pages")
# Staff only, reached from admin by reverse(): it shows an entry as it would be published.
PREVIEW = "timeline.preview"
FOUNDATIONS = {"selection", "facets", "search", "changes", "keyset", "neighbours"}
SURFACES = {"views", "feeds", "api", "exports"}

_DOTTED = re.compile(r"(tracker|timeline)(\.\w+)+")


def _module(path: PurePosixPath) -> str:
    """Return the dotted name of the module in this file: tracker/models/__init__.py is tracker.models."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.AST, *, package: str) -> Iterator[str]:
    """Yield the full dotted name of everything imported, `a.b.c` for `from a.b import c`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, node.module] if node.module else above)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _spoken(tree: ast.AST) -> Iterator[str]:
    """Yield the names that code says without importing: dotted strings, attribute chains, get_model()."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _names_code(node.value):
            yield node.value
        elif isinstance(node, ast.Attribute) and _DOTTED.fullmatch(ast.unparse(node)):
            yield ast.unparse(node)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("get_model", "get_app_config")):
            yield from (f"{word}.models" for word in map(_text, node.args[:1]) if word)


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _names_code(text: str) -> bool:
    """Return whether a string names a module or model; "tracker.view_source" is a permission."""
    room = _room(text)
    return bool(_DOTTED.fullmatch(text)) and (text.startswith("timeline") or room in FLOOR or room[:1].isupper())


def _is_inside(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")


def _room(name: str) -> str:
    """Return the second part of a dotted name: the room within its half of the house."""
    return [*name.split("."), ""][1]


def faults(path: PurePosixPath, source: str) -> list[str]:
    """Return what this source may not say where it stands, one line for each name."""
    tree = ast.parse(source)
    module = _module(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    imported = set(_imports(tree, package=package))
    spoken = set(_spoken(tree))
    if _is_inside(module, "tracker"):
        found = _tracker_faults(module, imported=imported, spoken=spoken)
    else:
        found = _timeline_faults(module, names=imported | spoken)
    if _is_inside(module, "timeline.exports"):
        found += [f"{name}: exports never see a request" for name in sorted(_requests(tree))]
    return [f"{module} names {fault}" for fault in found]


def _tracker_faults(module: str, *, imported: set[str], spoken: set[str]) -> list[str]:
    is_root = _room(module) in ROOT_ROOMS
    names = imported if is_root else imported | spoken
    found = [f"{name}: the tracker does not know the timeline" for name in names if _is_inside(name, "timeline")]
    ours = sorted(name for name in names if _is_inside(name, "tracker"))
    if not is_root:
        floor = FLOOR.get(_room(module), 0)
        found += [f"{name}: it stands on a higher floor" for name in ours if FLOOR.get(_room(name), 0) > floor]
    for door in (door for door in ALONE if _is_inside(module, door)):
        found += [
            f"{name}: {door} stands alone"
            for name in ours
            if _room(name) == "models" and not (_is_inside(name, "tracker.models.fields") or _is_inside(name, door))
        ]
    return found


def _timeline_faults(module: str, *, names: set[str]) -> list[str]:
    readable = (*READABLE, "tracker.document") if module == PREVIEW else READABLE
    found = [
        f"{name}: not for the timeline"
        for name in sorted(names)
        if _is_inside(name, "tracker") and not any(_is_inside(name, door) for door in readable)
    ]
    if _room(module) in FOUNDATIONS:
        surfaces = sorted(name for name in names if _is_inside(name, "timeline") and _room(name) in SURFACES)
        found += [f"{name}: surfaces stand on the selection, not under it" for name in surfaces]
    return found


def _requests(tree: ast.AST) -> set[str]:
    """Return the arguments and types by which this code could be handed a request."""
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imported = {name.rpartition(".")[2] for name in _imports(tree, package="timeline.exports")}
    return (arguments | names | imported) & {"request", "HttpRequest", "WSGIRequest"}


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_module_names_only_what_it_may(path: Path) -> None:
    assert faults(PurePosixPath(path.as_posix()), (ROOT / path).read_text(encoding="utf-8")) == []


def test_every_module_of_the_tracker_has_a_floor() -> None:
    rooms = {_room(_module(PurePosixPath(path.as_posix()))) for path in SOURCES if path.parts[0] == "tracker"}
    assert rooms - {""} - FLOOR.keys() == set()


FORBIDDEN = [
    ("tracker/record.py", "from timeline.selection import Selection"),
    ("tracker/settings.py", "import timeline"),
    ("tracker/admin/actions.py", "path = include('timeline.urls')"),
    ("tracker/columns.py", "from tracker.models import Source"),
    ("tracker/dates/field.py", "from ..models import Source"),
    ("tracker/models/actions.py", "from tracker import document"),
    ("tracker/models/ledger.py", "from tracker.models.actions import PolicyAction"),
    ("tracker/models/ledger.py", "from .actions import PolicyAction"),
    ("tracker/models/pages/__init__.py", "from tracker.models.actions import PolicyAction"),
    ("tracker/models/pages/markup.py", "from tracker.models import PolicyAction"),
    ("tracker/document.py", "from tracker.record import save_entry"),
    ("tracker/document.py", "save = import_string('tracker.record.save_entry')"),
    ("tracker/publishing.py", "from tracker.datapackage import plan"),
    ("tracker/datapackage/apply.py", "import tracker.admin"),
    ("timeline/views.py", "from tracker.models import Edition"),
    ("timeline/views.py", "from tracker import models"),
    ("timeline/views.py", "import tracker"),
    ("timeline/views.py", "from tracker.models.actions import PolicyAction"),
    ("timeline/views.py", "import tracker.codebook\ntracker.models.actions.PolicyAction.objects.all()"),
    ("timeline/views.py", "apps.get_model('tracker', 'PolicyAction')"),
    ("timeline/views.py", "apps.get_model('tracker.PolicyAction')"),
    ("timeline/views.py", "from tracker import document"),
    ("timeline/preview.py", "from tracker.record import save_entry"),
    ("timeline/selection.py", "from timeline import views"),
    ("timeline/facets.py", "from timeline.exports.csv_file import lines"),
    ("timeline/search/index.py", "from ..feeds import Feed"),
    ("timeline/exports/csv_file.py", "def lines(request): ..."),
    ("timeline/exports/csv_file.py", "from django.http import HttpRequest"),
]

PERMITTED = [
    ("tracker/urls.py", "urls = include('timeline.urls')"),
    ("tracker/columns.py", "from tracker import codebook"),
    ("tracker/models/ledger.py", "from tracker.models.fields import validate_slug"),
    ("tracker/admin/actions.py", "user.has_perm('tracker.view_source') or reverse('timeline:preview')"),
    ("tracker/migrations/0001_initial.py", "from tracker.triggers import install"),
    ("timeline/views.py", "from tracker import codebook"),
    ("timeline/views.py", "from tracker.models.ledger import Edition"),
    ("timeline/views.py", "from tracker.models.pages import PageText"),
    ("tracker/models/pages/__init__.py", "from tracker.models.pages.markup import html"),
    ("timeline/preview.py", "from tracker import document\nuser.has_perm('tracker.view_policyaction')"),
    ("timeline/views.py", "from timeline.exports import csv_file"),
    ("timeline/exports/csv_file.py", "from django.http import StreamingHttpResponse"),
]


@pytest.mark.parametrize(("path", "source"), FORBIDDEN)
def test_checker_finds(path: str, source: str) -> None:
    assert faults(PurePosixPath(path), source)


@pytest.mark.parametrize(("path", "source"), PERMITTED)
def test_checker_permits(path: str, source: str) -> None:
    assert faults(PurePosixPath(path), source) == []
