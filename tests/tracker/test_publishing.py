"""Publishing: what an edition holds, what is refused, what readers get."""

import json

import pytest

from tests import factories
from tracker.models import Edition, PolicyAction, PublishedAction, PublishedTerm
from tracker.publishing import Change, PublishingError, publish

pytestmark = pytest.mark.django_db


def test_publish_first_time_writes_version_one() -> None:
    action = factories.save(slug="aid-pause")
    edition = factories.publish(action)
    row = PublishedAction.objects.get(slug="aid-pause")
    assert (row.version, row.edition, row.change) == (1, edition, "published")
    assert json.loads(row.record)["entry"]["title"] == "Aid paused"


def test_publish_identical_content_makes_no_edition() -> None:
    action = factories.published(slug="aid-pause")
    again = factories.edit(action)
    assert factories.publish(again) is None
    assert Edition.objects.count() == 1
    assert PolicyAction.objects.get(slug="aid-pause").published_revision == 2


def test_publish_stale_revision_is_refused_by_name() -> None:
    action = factories.save(slug="aid-pause")
    factories.edit(action, title="Aid paused again")
    with pytest.raises(PublishingError) as refused:
        publish({"aid-pause": 1}, by=None, at=factories.NOW)
    assert list(refused.value.problems) == ["aid-pause"]
    assert not Edition.objects.exists()
