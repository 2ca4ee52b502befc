"""Every page of admin in Chromium: nothing is refused by its policy, nothing is wider than a telephone, axe is content.

axe looks at what we add or override. Django's own pages (accounts, the password, deleting) are only walked.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests import factories
from tests.browser.desk import signed_in
from tests.browser.looking import COLOURS, LAYOUT, violations
from tests.tracker.admin.conftest import places, roles  # noqa: F401 - fixtures
from tests.tracker.admin.forms import ADD, LIST, add_row, change_address, opened, posted, typed
from tests.tracker.admin.matrix import rows
from tracker.admin import uploads
from tracker.models import PolicyAction

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Look = Callable[..., None]
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A form of the page's own making, so that every answer to a POST is shown as a browser shows it.
SEND = """([address, typed]) => {
    const form = document.body.appendChild(document.createElement("form"));
    form.method = "post";
    form.action = address;
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const [name, value] of [["csrfmiddlewaretoken", token], ...typed]) {
        const box = form.appendChild(document.createElement("input"));
        box.type = "hidden";
        box.name = name;
        box.value = value;
    }
    HTMLFormElement.prototype.submit.call(form);
}"""
PLAIN = "/admin/password_change/done/"
"""A page with a token and few files, to post from."""


@pytest.fixture
def address(live_server: Any, settings: Any) -> str:
    settings.REVIEW_REQUIRED = True
    return str(live_server.url)


def _looked_at(page: Page) -> list[str]:
    """Return what is wrong with the page that is shown: narrow as it is, then wide in light and in dark.

    All rules are asked once; of the rest, those that the width can change, and those that the palette can.
    """
    wrong = [f"narrow: {each}" for each in violations(page, rules=LAYOUT)]
    page.set_viewport_size(WIDE)
    wrong += violations(page)
    page.emulate_media(color_scheme="dark")
    return wrong + [f"dark: {each}" for each in violations(page, rules=COLOURS)]


def _pairs(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Return names and values as a form sends them."""
    listed = {name: value if isinstance(value, list) else [value] for name, value in data.items()}
    return [(name, str(each)) for name, values in listed.items() for each in values]


@pytest.fixture
def look(page: Page, address: str, faults: list[str]) -> Iterator[Look]:
    """Open pages by name -> address, or (address, what is posted); at the end nothing may have been wrong."""
    wrong: dict[str, list[str]] = {}

    def _open(path: str, data: dict[str, Any] | None) -> None:
        if data is None:
            page.goto(address + path)
        else:
            page.goto(address + PLAIN)
            with page.expect_navigation():
                page.evaluate(SEND, [path, _pairs(data)])

    def _look(*, expected: str, path: str, data: dict[str, Any] | None = None) -> None:
        page.set_viewport_size(NARROW)
        page.emulate_media(color_scheme="light")
        _open(path, data)
        found = [] if expected in page.content() else [f"This is not the page with {expected!r}."]
        found += faults + ([f"{wider} px too wide"] if (wider := page.evaluate(WIDER)) else [])
        faults.clear()
        found += _looked_at(page)
        faults.clear()  # what axe itself tried
        wrong.update({f"{path} {'POST' if data else 'GET'}": found} if found else {})

    yield _look
    assert wrong == {}


# --- walked ----------------------------------------------------------------------------------------------------


_NOT_PAGES = ("jsi18n/", "autocomplete/", "problems.csv", "/understood/", "/source-at/", "/cited/")


def _walk() -> list[tuple[str, str]]:
    """Return role and address of every page of admin, as the matrix has them; the widest role that is let in."""
    tried = ("superuser", "editor", "anonymous")
    found = [(role, row) for row in rows() for role in tried[: 3 if row.pattern == "admin/login/" else 2]]
    let_in = [(role, row) for role, row in found if row.answers("get")[role] == 200]
    pages = {row.address: role for role, row in reversed(let_in) if not row.pattern.endswith(_NOT_PAGES)}
    return sorted((role, address) for address, role in pages.items())


@pytest.mark.parametrize("part", [0, 1, 2])
def test_no_page_breaks_its_policy_or_is_too_wide(
    page: Page,
    address: str,
    faults: list[str],
    places: dict[str, Any],  # noqa: F811
    roles: dict[str, User],  # noqa: F811
    part: int,
) -> None:
    wrong: dict[str, list[str]] = {}
    page.set_viewport_size(NARROW)
    signed: str | None = None
    for role, path in _walk()[part::3]:
        if role not in (signed, "anonymous"):
            signed_in(page.context, address, roles[role])
            signed = role
        answer = page.goto(address + path.format(**places))
        found = [*faults, *([f"{wider} px too wide"] if (wider := page.evaluate(WIDER)) else [])]
        found += [] if answer and answer.ok else ["no page"]
        wrong |= {path: found} if found else {}
        faults.clear()
    assert wrong == {}


# --- looked at -------------------------------------------------------------------------------------------------


def _sent(client: Client, record: Any) -> dict[str, Any]:
    """Return what the change page of a term or source would post back, emptied: the lock, and a name too many."""
    where = f"/admin/tracker/{record._meta.model_name}/{record.pk}/change/"
    return opened(client, where) | {"name": "Mine", "title": "Mine", "slug": record.slug}


@pytest.fixture
def action(editor: User) -> PolicyAction:
    """A draft in review with a history of two lines, a dispute, parties and a relation: every row has something."""
    source = factories.SourceFactory.create()
    saved = factories.save(
        title="Aid to Kyiv paused", by=editor, summary="Paused.", affects=[factories.PartyFactory.create()],
        topics=[factories.TopicFactory.create()], citations=[factories.citation(source)],
        status_history=[factories.line(), factories.line("reversed", "2025-03-11", source={"slug": source.slug})],
        relations=[{"kind": "see_also", "title": "A law", "identifier": "pl:1"}],
    )  # fmt: skip
    return factories.edit(saved, title="Aid to Kyiv stopped", by=editor)


def test_pages_of_logging_are_accessible(
    look: Look, context: BrowserContext, address: str, editor: User, action: PolicyAction
) -> None:
    signed_in(context, address, editor)
    cited = action.citations.get().source.url
    same = typed(title=action.title, agency=action.agency_id, actor=action.actor_id, category=action.category_id)
    develop = f"{LIST}{action.pk}/develop/"
    look(path="/admin/", expected="What needs attention")
    look(path=ADD, expected="Save draft")
    look(path=f"{ADD}?source_url={cited}&attribution=reporting", expected="This source is cited already")
    look(path=ADD, data={"title": "", "date": "01/02/2025"}, expected="errornote")
    look(path=ADD, data=same | {"_save": ""}, expected="It is another action")
    look(path=f"{LIST}bookmarklet/", expected="bookmarks bar")
    look(path=develop, expected="What became of it")
    look(path=develop, data={"status": "reversed", "opened_with": "2"}, expected="errornote")
    look(path=develop, data={"status": "reversed", "opened_with": "1"}, expected="errornote")
    look(path=f"{LIST}?q=aid", expected="Aid to Kyiv stopped")
    look(path=f"{LIST}?workflow__exact=in_review&q=nothing", expected="Show all")


def test_pages_of_an_entry_are_accessible(
    look: Look, context: BrowserContext, address: str, editor: User, editor_client: Client, action: PolicyAction
) -> None:
    signed_in(context, address, editor)
    change, own = change_address(action), f"{LIST}{action.pk}/"
    data = posted(editor_client, action, title="Mine", opened_with=1)
    wrong = add_row(data | {"title": ""}, "citations", source="", attribution="reporting")
    look(path=change, expected="Status history")
    look(path=change, data=wrong, expected="errornote")
    look(path=change, data=data, expected="What differs")
    look(path=f"{LIST}999999/change/", data=data, expected="Somebody deleted")
    look(path=f"{own}history/", expected="Compare the two chosen")
    look(path=f"{own}history/?a=1&b=2", expected="Aid to Kyiv stopped")
    look(path=f"{own}restore/1/", expected="Once restored")
    look(path=f"{own}compare/", expected="Readers see nothing of this entry yet")
    look(path=f"/preview/{action.slug}/", expected="Aid to Kyiv stopped")


def test_pages_of_review_are_accessible(
    look: Look, context: BrowserContext, address: str, reviewer: User, action: PolicyAction
) -> None:
    signed_in(context, address, reviewer)
    factories.publish(action)
    factories.edit(action, title="Aid to Kyiv halted", by=None)
    twin = factories.save(title="Aid to Kyiv is halted", agency=action.agency, actor=action.actor)
    chosen = {"_selected_action": [action.pk, twin.pk], "index": 0}
    own = f"{LIST}{action.pk}/"
    look(path=change_address(action), expected="What differs from what readers see")
    look(path=f"{own}compare/", expected="differences")
    for name in ("publish", "return", "retract"):
        look(path=LIST, data=chosen | {"action": f"{name}_selected"}, expected="confirmed")
        look(path=LIST, data=chosen | {"action": f"{name}_selected", "confirmed": 1}, expected="errornote")
    look(path=f"{own}retract/", expected="tombstone")
    look(path=f"{own}retract/", data={"reason": ""}, expected="Not retracted")
    look(path=f"{LIST}duplicates/", expected="They are two actions")
    look(path="/admin/tracker/edition/1/change/", expected="edition")


def test_pages_of_terms_and_sources_are_accessible(
    look: Look, context: BrowserContext, address: str, editor: User, editor_client: Client, action: PolicyAction
) -> None:
    signed_in(context, address, editor)
    source: Any = action.citations.get().source
    agency: Any = action.agency
    for record in (source, agency):
        base = f"/admin/tracker/{record._meta.model_name}/"
        mine = _sent(editor_client, record)
        type(record).objects.filter(pk=record.pk).update(**{"title" if record is source else "name": "Theirs"})
        look(path=base, expected="searchbar")
        look(path=f"{base}add/", expected="_save")
        look(path=f"{base}add/", data={"name": ""}, expected="errornote")
        look(path=f"{base}{record.pk}/change/", expected="_save")
        look(path=f"{base}{record.pk}/change/", data=mine, expected="errornote")
        look(path=f"{base}{record.pk}/history/", expected="istory")


def _kept(text: bytes, *, by: User) -> str:
    """Return the address of the preview of a file that `by` sent."""
    upload = SimpleUploadedFile("new.csv", text)
    return f"{LIST}import/{uploads.keep(upload, by=by, at=timezone.now()).token}/"


def test_pages_of_import_are_accessible(
    look: Look, context: BrowserContext, address: str, editor: User, action: PolicyAction, settings: Any, tmp_path: Any
) -> None:
    settings.IMPORTS_DIR = tmp_path
    signed_in(context, address, editor)
    factories.publish(action)
    changed = f"slug,version,title\r\n{action.slug},1,Aid to Kyiv halted\r\n".encode()
    look(path=f"{LIST}import/", expected="What can be imported")
    look(path=f"{LIST}import/", data={"file": ""}, expected="Nothing was read")
    look(path=_kept(changed, by=editor), expected="Aid to Kyiv halted")
    look(path=_kept(b"slug,title,date\r\n,New,01/02/2025\r\n", by=editor), expected="date")
    look(path=f"{LIST}import/{'0' * 32}/", expected="import")


def test_pages_that_give_text_back_are_accessible(
    look: Look, context: BrowserContext, address: str, page: Page
) -> None:
    page.goto(f"{address}/admin/login/")
    look(path="/admin/login/", expected="id_password")
    look(path="/admin/no-such-page/", expected="login")
