"""Chromium, started once a process for all tests in turn, each in contexts of its own: to start it costs a second."""

from __future__ import annotations

import shutil
from collections.abc import Sized
from contextlib import suppress

from playwright.sync_api import Browser, Error, Page, Playwright, expect, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip

_running: list[tuple[Playwright, Browser]] = []


def chromium() -> str:
    """Where it is."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise RuntimeError("Chromium is missing. Install it as root: apt-get update && apt-get install chromium")


def the_browser() -> Browser:
    """The one of this process, which plays sounds without being clicked; one that fell over is started again."""
    if _running and not _running[0][1].is_connected():
        put_away()
    if not _running:
        expect.set_options(timeout=20_000)  # what is right is seen at once; a busy machine is not taken for wrong
        playwright = sync_playwright().start()
        _running.append((playwright, playwright.chromium.launch(executable_path=chromium(), args=FLAGS)))
    return _running[0][1]


def close_pages() -> None:
    """Every page of every context is closed; who opened them is done with them."""
    for _, browser in _running:
        for context in browser.contexts:
            with suppress(Error):  # of a test that failed, it may be gone
                context.close()


def arrived(page: Page, here: Sized, then_ms: int = 300) -> None:
    """Something has come in here from the page, within twenty seconds; what might follow it has had its time."""
    for _ in range(400):
        if here:
            break
        page.wait_for_timeout(50)
    assert here, "nothing has come from the page"
    page.wait_for_timeout(then_ms)


def put_away() -> None:
    """End it, and Playwright's event loop: while that runs, Django lets nobody near the database."""
    while _running:
        playwright, browser = _running.pop()
        with suppress(Error):
            browser.close()
        playwright.stop()
