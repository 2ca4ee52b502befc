"""Every address of admin, who may open it and who may post to it: the table that test_matrix.py walks.

Seven answers in a row, in the order of ROLES. A number is the status; LOGIN is a redirect to the login page, SIGN_IN
the login page itself, as 403, with what was posted kept in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

ROLES = ("anonymous", "reader", "bare", "viewer", "editor", "reviewer", "superuser")
"""Nobody signed in; an account; staff in no group; staff who may only look; the two groups; Django's superuser."""

LOGIN = "login"
SIGN_IN = "sign in"
TERMS = ("actor", "affectedparty", "agency", "category", "publisher", "topic")

Answer = int | str
Answers = tuple[Answer, ...]


@dataclass(frozen=True)
class Row:
    """One address: its pattern, an address that fits, the answers, and what is posted."""

    pattern: str
    address: str
    get: Answers
    post: Answers
    data: dict[str, Any] = field(default_factory=lambda: {"posted": "1"})

    def answers(self, method: str) -> dict[str, Answer]:
        """Return the answers to "get" or "post" by role."""
        return dict(zip(ROLES, self.get if method == "get" else self.post, strict=True))


def _get(bare: Answer, viewer: Answer, editor: Answer, reviewer: Answer, root: Answer) -> Answers:
    return (LOGIN, LOGIN, bare, viewer, editor, reviewer, root)


def _post(bare: Answer, viewer: Answer, editor: Answer, reviewer: Answer, root: Answer) -> Answers:
    return (SIGN_IN, 403, bare, viewer, editor, reviewer, root)


LOOKING = _get(403, 200, 200, 200, 200)
WRITING = _get(403, 403, 200, 200, 200)
POSTED = _post(403, 403, 200, 200, 200)
POSTED_AND_GONE_ON = _post(403, 403, 302, 302, 302)
READ_ONLY = _post(405, 405, 405, 405, 405)
ROOT, ROOT_POSTED = _get(403, 403, 403, 403, 200), _post(403, 403, 403, 403, 200)
NOBODY, NOBODY_POSTED = _get(403, 403, 403, 403, 403), _post(403, 403, 403, 403, 403)
DELETED = _post(403, 403, 403, 403, 302)


def _base(app: str, noun: str) -> tuple[str, str]:
    """Return the pattern of a record and the address of the one in the table's world."""
    return f"admin/{app}/{noun}/<path:object_id>/", f"/admin/{app}/{noun}/{{{noun}}}/"


def _leading_to(pattern: str, own: str) -> Row:
    """Return the row of Django's short address of a record. It says of any key where its page would be."""
    return Row(pattern, own, _get(302, 302, 302, 302, 302), _post(302, 302, 302, 302, 302))


def _records(noun: str) -> Iterator[Row]:
    """Return the rows of entries, terms, sources: groups add and change, nobody but a superuser deletes a draft."""
    one, own = _base("tracker", noun)
    pattern, base = f"admin/tracker/{noun}/", f"/admin/tracker/{noun}/"
    yield Row(pattern, base, LOOKING, _post(403, 200, 200, 200, 200), {"action": ""})
    yield Row(f"{pattern}add/", f"{base}add/", WRITING, POSTED)
    yield _leading_to(one, own)
    yield Row(f"{one}change/", f"{own}change/", LOOKING, POSTED)
    yield Row(f"{one}history/", f"{own}history/", LOOKING, READ_ONLY)
    yield Row(f"{one}delete/", f"{own}delete/", ROOT, DELETED, {"post": "yes"})


def _accounts(noun: str) -> Iterator[Row]:
    """Return the rows of users and groups: for superusers alone."""
    one, own = _base("auth", noun)
    pattern, base = f"admin/auth/{noun}/", f"/admin/auth/{noun}/"
    yield Row(pattern, base, ROOT, ROOT_POSTED, {"action": ""})
    yield Row(f"{pattern}add/", f"{base}add/", ROOT, ROOT_POSTED)
    yield _leading_to(one, own)
    yield Row(f"{one}change/", f"{own}change/", ROOT, ROOT_POSTED)
    yield Row(f"{one}history/", f"{own}history/", ROOT, ROOT_POSTED)
    yield Row(f"{one}delete/", f"{own}delete/", ROOT, DELETED, {"post": "yes"})


def _rooms() -> Iterator[Row]:
    """Return the rows of what admin has of ours beside Django's pages: all below entries."""
    pattern, base = "admin/tracker/policyaction/", "/admin/tracker/policyaction/"
    draft, restored = f"{base}{{policyaction}}/", {"reason": "Back.", "opened_with": "2"}
    for name in ("understood", "source-at"):
        yield Row(f"{pattern}{name}/", f"{base}{name}/", LOOKING, _post(403, 200, 200, 200, 200))
    for name in ("cited", "bookmarklet"):
        yield Row(f"{pattern}{name}/", f"{base}{name}/", WRITING, POSTED)
    yield Row(f"{pattern}duplicates/", f"{base}duplicates/", WRITING, POSTED_AND_GONE_ON)
    yield Row(f"{pattern}<int:key>/develop/", f"{draft}develop/", WRITING, POSTED)
    yield Row(f"{pattern}<key>/compare/", f"{draft}compare/", LOOKING, _post(403, 200, 200, 200, 200))
    again = f"{pattern}<int:key>/restore/<int:number>/"
    yield Row(again, f"{draft}restore/1/", WRITING, POSTED_AND_GONE_ON, restored)
    yield Row(
        f"{pattern}<int:key>/retract/", f"{base}{{public}}/retract/",
        _get(403, 403, 403, 200, 200), _post(403, 403, 403, 302, 302), {"reason": "did_not_happen", "note": "False."},
    )  # fmt: skip


def _imports() -> Iterator[Row]:
    """Return the rows of importing; the file that waits there is the editor's, and nobody else sees it."""
    pattern, base = "admin/tracker/policyaction/import/", "/admin/tracker/policyaction/import/"
    kept, waiting = f"{pattern}<str:token>/", f"{base}{{token}}/"
    own = _get(403, 403, 200, 404, 404)
    confirmed = {"seen": "x", "reason": "Mine.", "afterwards": "publish"}
    yield Row(pattern, base, WRITING, _post(403, 403, 422, 422, 422))
    yield Row(kept, waiting, own, _post(403, 403, 422, 404, 404), confirmed)
    yield Row(f"{kept}problems.csv", f"{waiting}problems.csv", own, _post(403, 403, 200, 404, 404))


def _editions() -> Iterator[Row]:
    """Return the rows of the ledger: who has the right reads it, nobody writes it."""
    one, own = _base("tracker", "edition")
    pattern, base = "admin/tracker/edition/", "/admin/tracker/edition/"
    read, read_by_post = _get(403, 200, 403, 200, 200), _post(403, 200, 403, 200, 200)
    yield Row(pattern, base, read, read_by_post, {"action": "delete_selected", "post": "yes"})
    yield Row(f"{pattern}add/", f"{base}add/", NOBODY, NOBODY_POSTED)
    yield _leading_to(one, own)
    yield Row(f"{one}change/", f"{own}change/", read, NOBODY_POSTED)
    yield Row(f"{one}history/", f"{own}history/", read, read_by_post)
    yield Row(f"{one}delete/", f"{own}delete/", NOBODY, NOBODY_POSTED, {"post": "yes"})


def _page_texts() -> Iterator[Row]:
    """Return the rows of the site's texts about itself: reviewers write them, editors read who wrote what."""
    pattern, base = "admin/tracker/pagetext/", "/admin/tracker/pagetext/"
    yield Row(pattern, base, LOOKING, _post(403, 200, 200, 200, 200))
    typed = {"title": "About us", "body": "We write.", "note": "First.", "opened_with": "0"}
    yield Row(
        f"{pattern}<slug:slug>/", f"{base}about/",
        _get(403, 403, 403, 200, 200), _post(403, 403, 403, 302, 302), typed,
    )  # fmt: skip


def _redactions() -> Iterator[Row]:
    """Return the rows of what the law takes away: for whoever has that one right, and superusers."""
    pattern, base = "admin/tracker/redaction/", "/admin/tracker/redaction/"
    yield Row(pattern, base, ROOT, ROOT_POSTED)
    yield Row(f"{pattern}ask/", f"{base}ask/", ROOT, ROOT_POSTED, {"text": "Known to all"})
    yield Row(f"{pattern}<int:key>/", f"{base}{{redaction}}/", ROOT, ROOT_POSTED)


def _site() -> Iterator[Row]:
    """Return the rows of what belongs to no noun. Whoever is staff has a first page, empty without rights."""
    staff, staff_post = _get(200, 200, 200, 200, 200), _post(200, 200, 200, 200, 200)
    out = (302, 302)  # nobody is signed in to admin who could leave it: to the first page
    yield Row("admin/", "/admin/", staff, staff_post)
    yield Row("admin/login/", "/admin/login/", (200, 200, 302, 302, 302, 302, 302), (200,) * len(ROLES))
    yield Row("admin/logout/", "/admin/logout/", (*out, 405, 405, 405, 405, 405), (*out, 200, 200, 200, 200, 200))
    yield Row("admin/password_change/", "/admin/password_change/", staff, staff_post)
    yield Row("admin/password_change/done/", "/admin/password_change/done/", staff, READ_ONLY)
    yield Row("admin/jsi18n/", "/admin/jsi18n/", staff, READ_ONLY)
    picker = "/admin/autocomplete/?app_label=tracker&model_name=policyaction&field_name=actor&term="
    yield Row("admin/autocomplete/", picker, LOOKING, READ_ONLY)
    door = "admin/r/<path:content_type_id>/<path:object_id>/"
    seen, seen_by_post = _get(403, 302, 302, 302, 302), _post(403, 302, 302, 302, 302)
    yield Row(door, "/admin/r/{kind}/{public}/", seen, seen_by_post)
    app, app_by_post = _get(404, 200, 200, 200, 200), _post(404, 200, 200, 200, 200)
    yield Row("admin/^(?P<app_label>tracker|auth)/$", "/admin/tracker/", app, app_by_post)
    lost, lost_by_post = _get(404, 404, 404, 404, 404), _post(404, 404, 404, 404, 404)
    yield Row("admin/(?P<url>.*)$", "/admin/no-such-page/", lost, lost_by_post)
    yield Row("preview/<slug:slug>/", "/preview/draft/", LOOKING, (405,) * len(ROLES))


def rows() -> list[Row]:
    """Return the whole table."""
    found = [*_site(), *_rooms(), *_imports(), *_editions(), *_page_texts(), *_redactions()]
    for noun in ("policyaction", "source", *TERMS):
        found += _records(noun)
    for noun in ("group", "user"):
        found += _accounts(noun)
    found.append(Row("admin/auth/user/<id>/password/", "/admin/auth/user/{user}/password/", ROOT, ROOT_POSTED))
    return found
