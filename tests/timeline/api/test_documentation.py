"""The page about the API: every address and parameter, no script, linked from where people look."""

import re

import pytest
from django.conf import settings
from django.test import Client, override_settings

from timeline.api.openapi import description
from timeline.api.parameters import components

pytestmark = pytest.mark.django_db


def _page(client: Client) -> str:
    response = client.get("/api/")
    assert response.status_code == 200
    return response.content.decode()


def test_page_names_every_address(client: Client) -> None:
    html = _page(client)
    assert [path for path in description()["paths"] if f"<code>GET {path}</code>" not in html] == []


def test_page_explains_every_parameter(client: Client) -> None:
    html = _page(client)
    assert [
        name for name, item in components().items() if item["in"] == "query" and f'id="parameter-{name}"' not in html
    ] == []


def test_page_has_no_script_or_style_of_its_own(client: Client) -> None:
    html = _page(client)
    assert not re.search(r"<script(?![^>]*src=)|<style|style=|\son\w+=", html)


def test_copied_commands_are_answered(client: Client) -> None:
    commands = re.findall(r"curl &quot;https://timeline.example(/[^ <]*?)&quot;", _page(client))
    assert len(commands) == len(description()["paths"])
    answers = {command: client.get(command.replace("&amp;", "&")).status_code for command in commands}
    assert {status for command, status in answers.items() if "military-aid-paused" not in command} <= {200, 404}
    assert 400 not in answers.values()


def test_page_tells_the_limit(client: Client) -> None:
    rates = {"DEFAULT_THROTTLE_RATES": {"address": "7/hour"}}
    with override_settings(REST_FRAMEWORK=settings.REST_FRAMEWORK | rates):
        assert "7 requests per hour" in _page(client)


def test_method_page_leads_to_it(client: Client) -> None:
    assert 'href="/api/"' in client.get("/method/").content.decode()
