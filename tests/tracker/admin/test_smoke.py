"""Every page of admin answers a superuser, and no page of ours says what the Content-Security-Policy refuses."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from tests.factories import (
    ActorFactory,
    AgencyFactory,
    CategoryFactory,
    PartyFactory,
    PublisherFactory,
    SourceFactory,
    TopicFactory,
    UserFactory,
    published,
)
from tracker.models import Edition, PageText, PolicyAction, Redaction

# Those with pages of their own are asked by the matrix and by tests of their own.
MODELS = sorted(admin.site._registry.keys() - {PageText, Redaction}, key=lambda model: model._meta.label)
_INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)(?![^>]*type="application/json")|<style|\sstyle=|\son[a-z]+=|javascript:""", re.I
)


@pytest.fixture
def root(db: None) -> Client:
    """A superuser's client."""
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="root-root-root-root"))
    return client


@pytest.fixture
def everything(db: None) -> None:
    """At least one record of each kind."""
    published()
    for make in (PartyFactory, TopicFactory, ActorFactory, AgencyFactory, CategoryFactory, PublisherFactory):
        make.create()
    SourceFactory.create()
    Group.objects.create(name="Guests")
    UserFactory.create()


def _record(model: type[Model]) -> Any:
    return model._default_manager.first()


def _address(model: type[Model], view: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("view", ["changelist", "add", "change", "history", "delete"])
def test_page_answers_without_inline_code(root: Client, everything: None, model: Any, view: str) -> None:
    record = _record(model)
    args = (record.pk,) if view in ("change", "history", "delete") else ()
    response = root.get(_address(model, view, *args))
    refused = (model is Edition and view in ("add", "delete")) or (view == "delete" and _is_public(record))
    assert response.status_code == (403 if refused else 200)
    assert _INLINE.findall(response.content.decode()) == []


def _is_public(record: Any) -> bool:
    return getattr(record, "is_published", False) or isinstance(record, PolicyAction)


@pytest.mark.parametrize("key", ["abc", "%00", "9" * 30, "-1"])
@pytest.mark.parametrize("view", ["change", "history", "delete"])
@pytest.mark.parametrize("noun", ["policyaction", "agency", "source"])
def test_key_that_is_none_is_no_server_error(root: Client, noun: str, view: str, key: str) -> None:
    assert root.get(f"/admin/tracker/{noun}/{key}/{view}/").status_code in (302, 404)
