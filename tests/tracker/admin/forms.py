"""What a browser would post from the pages of an entry, for the tests of this folder."""

from typing import Any

from django.test import Client
from django.urls import reverse

from tests.factories import ActorFactory, AgencyFactory, CategoryFactory
from tracker.models import PolicyAction

ADD = "/admin/tracker/policyaction/add/"
LIST = "/admin/tracker/policyaction/"


def change_address(action: PolicyAction) -> str:
    """Return the address of the change page."""
    return reverse("admin:tracker_policyaction_change", args=[action.pk])


def typed(**values: Any) -> dict[str, Any]:
    """Return a filled add form: everything that publication needs, `values` in place of or beside it."""
    filled: dict[str, Any] = {
        "source_url": "https://news.example/aid-paused?utm_source=x",
        "publisher": "The Record",
        "source_title": "Aid paused, officials say",
        "source_published": "4 March 2025",
        "source_kind": "news_report",
        "attribution": "named_official",
        "title": "Military aid to Ukraine paused for review",
        "where_it_stands": "Paused since 3 March 2025.",
        "date": "3 March 2025",
        "status": "in_effect",
    }
    for name, make in (("category", CategoryFactory), ("agency", AgencyFactory), ("actor", ActorFactory)):
        if name not in values:
            filled[name] = make.create().pk
    return {name: value for name, value in (filled | values).items() if value is not None}


def posted(client: Client, action: PolicyAction, **values: Any) -> dict[str, Any]:
    """Return what the change page of `action` would post back untouched, with `values` in place of or beside it."""
    context = client.get(change_address(action)).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    found = {box.html_name: _value(box) for form in forms for box in form if box.name != "DELETE"}
    return {name: value for name, value in (found | values).items() if not (value is None or value is False)}


def _value(box: Any) -> Any:
    value = box.value()
    if isinstance(value, (list, tuple)):
        return [getattr(item, "pk", item) for item in value]
    return "on" if value is True else value


def opened(client: Client, address: str) -> dict[str, str]:
    """Return what the change page of a term or source says that it was opened with: its lock."""
    return {"as_opened": client.get(address).context["as_opened"]}


def add_row(data: dict[str, Any], prefix: str, **values: Any) -> dict[str, Any]:
    """Return `data` with one more row in the set `prefix`."""
    number = int(data.get(f"{prefix}-TOTAL_FORMS", 0))
    row = {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return {**data, f"{prefix}-TOTAL_FORMS": number + 1, f"{prefix}-INITIAL_FORMS": 0, **row}


def errors(response: Any) -> dict[str, list[str]]:
    """Return the messages at the fields of a form that was shown again."""
    assert response.status_code == 200
    found = response.context["adminform"].form.errors
    return {name: list(messages) for name, messages in found.items()}
