"""The migration that computes the keys of sources anew."""

from importlib import import_module

import pytest
from django.apps import apps

from tests.factories import SourceFactory
from tracker.models import Source

pytestmark = pytest.mark.django_db
MIGRATION = import_module("tracker.migrations.0005_source_keys")


def _source(url: str, *, key: str) -> Source:
    source = SourceFactory.create(url=url)
    Source.objects.filter(pk=source.pk).update(url_key=key)
    return source


def _keys() -> list[str | None]:
    return list(Source.objects.order_by("pk").values_list("url_key", flat=True))


def test_key_of_old_rules_is_renewed() -> None:
    _source("https://amp.news.example/story", key="amp.news.example/story")
    MIGRATION._renew(apps, None)
    assert _keys() == ["news.example/story"]


def test_source_that_turns_out_to_be_another_keeps_its_key() -> None:
    _source("https://news.example/story", key="news.example/story")
    SourceFactory.create(url="https://other.example/")
    later = SourceFactory.create(url="https://third.example/")
    Source.objects.filter(pk=later.pk).update(url="https://amp.news.example/story", url_key="amp.news.example/story")
    MIGRATION._renew(apps, None)
    assert _keys() == ["news.example/story", "other.example", "amp.news.example/story"]


def test_second_run_changes_nothing() -> None:
    _source("https://amp.news.example/story", key="old")
    MIGRATION._renew(apps, None)
    before = _keys()
    MIGRATION._renew(apps, None)
    assert _keys() == before
