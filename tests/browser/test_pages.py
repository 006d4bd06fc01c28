"""Every page, on a phone and on a desk: whoever reads it with whatever can, and nothing breaks.

With KYBAOCAO_TEST_PICTURES=<folder> each page's picture is left there.
"""

import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from kybaocao.runtime import Office
from tests.browser.conftest import Enter, Window
from tests.browser.tour import Stop, lived_in, stops
from tests.portal.conftest import Clock
from tests.steps.conftest import ROOT
from tests.steps.decide.test_decide import home as small_home

__all__ = ["small_home"]

PICTURES = os.environ.get("KYBAOCAO_TEST_PICTURES", "")
WIDTHS = (390, 1366)
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# What axe finds of the weight that keeps somebody from reading or acting.
GRAVE = ("serious", "critical")
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
HEAD = "document.querySelector('header.top').getBoundingClientRect().height"
MOST_HEAD = 120
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The small office with reports on request; for pictures, the province that we ship."""
    if not PICTURES:
        small: Path = request.getfixturevalue("small_home")
        return small
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "config").symlink_to(ROOT / "config")
    (folder / "templates").symlink_to(ROOT / "templates")
    return folder


@pytest.fixture
def province(served: Office, clock: Clock) -> Office:
    lived_in(served, clock)
    return served


def grave(page: Page) -> Iterator[str]:
    """Yield what axe finds that is serious or critical."""
    found: Any = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    for fault in found["violations"]:
        if fault["impact"] in GRAVE:
            for node in fault["nodes"]:
                yield f"{fault['id']}: {node['html'][:120]} – {node['failureSummary'][:160]}"


def looked_at(page: Page, stop: Stop) -> Iterator[str]:
    """Yield what is wrong with a page at each width, with all that can be opened open."""
    page.goto(stop.path)
    if stop.act:
        stop.act(page)
    if PICTURES:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=Path(PICTURES) / f"{stop.name}-{width}.png", full_page=True)
    page.evaluate(OPEN_ALL)
    page.evaluate(AXE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if too_wide := page.evaluate(SIDEWAYS):
            yield f"{stop.name} at {width}: {too_wide} px too wide"
        if (head := page.evaluate(HEAD)) > MOST_HEAD:
            yield f"{stop.name} at {width}: a head of {head} px"
        for fault in grave(page):
            yield f"{stop.name} at {width}: {fault}"


def test_every_page_is_read_by_everybody_at_every_width(
    province: Office, clock: Clock, enter: Enter, window: Window
) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
    pages: dict[str, Page] = {}
    faults: list[str] = []
    for stop in stops(province, clock()):
        if stop.who not in pages:
            signed = enter(stop.who) if stop.who else window().new_page()
            pages[stop.who] = signed
        faults += looked_at(pages[stop.who], stop)
    assert not faults, "\n".join(faults)
