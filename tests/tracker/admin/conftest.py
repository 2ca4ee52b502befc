"""For tests that try every role: the whole cast of the matrix, and a record with something of each kind in it."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests import factories
from tests.tracker.admin.matrix import ROLES
from tracker.admin import uploads
from tracker.models import Edition, Redaction

_MAKERS: tuple[Any, ...] = (
    factories.ActorFactory,
    factories.AgencyFactory,
    factories.CategoryFactory,
    factories.PartyFactory,
    factories.PublisherFactory,
    factories.SourceFactory,
    factories.TopicFactory,
)

Roles = dict[str, User | None]


def _viewer() -> User:
    """Return a member of staff who may look at everything of the record, and do nothing."""
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="tracker", codename__startswith="view"))
    return user


@pytest.fixture
def roles(editor: User, reviewer: User, reader: User) -> Roles:
    """The cast by the names of the matrix; nobody is None."""
    bare = User.objects.create_user("bare", is_staff=True)
    root = User.objects.create_superuser("root")
    return dict(zip(ROLES, (None, reader, bare, _viewer(), editor, reviewer, root), strict=True))


@pytest.fixture
def places(roles: Roles, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """What stands in the braces of an address: keys of a draft, of what is public, of each kind of term."""
    settings.IMPORTS_DIR = tmp_path
    draft = factories.edit(factories.save(slug="draft", title="Drafted"), title="Drafted again")
    public = factories.published(slug="public", title="Known to all")
    terms = {record._meta.model_name: record.pk for record in (make.create() for make in _MAKERS)}
    upload = SimpleUploadedFile("new.csv", b"slug,title\r\npublic,Known to everybody\r\n")
    editor = roles["editor"]
    assert editor
    waiting = Redaction.objects.create(
        text="Known to all", reason="A court.", listed={"seen": ""}, asked_at=timezone.now()
    )
    return terms | {
        "redaction": waiting.pk,
        "policyaction": draft.pk, "public": public.pk, "edition": Edition.objects.get().pk,
        "kind": ContentType.objects.get_for_model(draft).pk,
        "group": Group.objects.create(name="Guests").pk, "user": factories.UserFactory.create().pk,
        "token": uploads.keep(upload, by=editor, at=timezone.now()).token,
    }  # fmt: skip
