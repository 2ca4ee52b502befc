"""Compute anew by which key addresses of sources are compared: the rules know more forms of one address now."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import migrations

from tracker.models.addresses import address_key


def _renew(apps: Any, _schema_editor: Any) -> None:
    """Give each source the key that its address has today.

    Two sources that turn out to be one keep different keys: the later one its old key, until an editor settles it.
    """
    source = apps.get_model("tracker", "Source")
    taken = set(source.objects.exclude(url_key=None).values_list("url_key", flat=True))
    for found, key in _changed(source):
        if key not in taken:
            taken.discard(found.url_key)
            taken.add(key)
            source.objects.filter(pk=found.pk).update(url_key=key)
    for found, key in _changed(apps.get_model("tracker", "HistoricalSource")):
        type(found).objects.filter(pk=found.pk).update(url_key=key)


def _changed(model: Any) -> Iterator[tuple[Any, str]]:
    for found in model.objects.exclude(url="").order_by("pk").only("pk", "url", "url_key").iterator():
        try:
            key = address_key(found.url)
        except ValueError:  # kept as it is: it was accepted once
            continue
        if key != found.url_key:
            yield found, key


class Migration(migrations.Migration):
    """Nothing to undo: the old keys compared the same addresses, only fewer of them."""

    dependencies: ClassVar = [("tracker", "0004_list_indexes")]

    operations: ClassVar = [migrations.RunPython(_renew, migrations.RunPython.noop, elidable=True)]
