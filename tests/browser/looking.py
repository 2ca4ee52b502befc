"""What is wrong with a page as Chromium shows it: what axe finds, what is wider than the screen."""

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

COLOURS = ("color-contrast", "link-in-text-block")
LAYOUT = (*COLOURS, "label", "scrollable-region-focusable", "select-name", "target-size")
# Colours that change by and by are measured where they end. Target sizes are asked for: axe leaves them out.
_ASK = """(options) => {
    document.body.offsetWidth;
    document.getAnimations().forEach((each) => each.finish());
    const said = (found) => found.nodes.map((node) => `${found.id}: ${node.html.slice(0, 160)}`);
    return axe.run(document, options).then((answer) => answer.violations.flatMap(said));
}"""
_WIDER = """() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const all = [...document.querySelectorAll("body *")];
    const wide = all.filter((each) => each.getBoundingClientRect().right > page.clientWidth);
    return wide.slice(-3).map((each) => each.outerHTML.slice(0, 160));
}"""


def violations(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe finds wrong with the page that is shown; `rules` are all unless named."""
    page.evaluate(Axe().axe_script)
    only = (
        {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {"rules": {"target-size": {"enabled": True}}}
    )
    found: list[str] = page.evaluate(_ASK, {"resultTypes": ["violations"], **only})
    return found


def wider(page: Page) -> list[str]:
    """Return the innermost elements that stick out of the page sideways."""
    found: list[Any] = page.evaluate(_WIDER)
    return [str(each) for each in found]
