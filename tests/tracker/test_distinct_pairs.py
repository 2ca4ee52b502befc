"""Pairs that somebody found not to be duplicates."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from tests.factories import save
from tracker.models import NotDuplicate

pytestmark = pytest.mark.django_db
AT = datetime(2025, 3, 4, tzinfo=UTC)


def test_pair_is_kept_once_and_in_order() -> None:
    first, second = save(), save()
    NotDuplicate.objects.create(first=first, second=second, at=AT)
    for one, other in ((first, second), (second, first)):
        with pytest.raises(IntegrityError), transaction.atomic():
            NotDuplicate.objects.create(first=one, second=other, at=AT)
