"""A headless Chromium that allows no request to another origin and no error in the console."""

import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium on this machine: the browser journeys were left out"


def chromium() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    program = chromium()
    if program is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, but there is no Chromium on this machine.")
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    # Playwright leaves an event loop in this thread, where Django would refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield launched
        launched.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Watch:
    """What a page asked for and complained of. A test may strike what it provokes itself."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []

    def attach(self, page) -> None:
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda line: self.requests.append(line.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self.hear)

    def hear(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def foreign(self, origin: str) -> list[str]:
        own = urlsplit(origin).netloc
        local = {"data", "blob", "about"}
        parts = [(url, urlsplit(url)) for url in self.requests]
        return [url for url, part in parts if part.scheme not in local and part.netloc != own]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def context(browser, live, watch):
    """A fresh profile at the live server, and what its pages did, judged at the end."""
    opened = browser.new_context(base_url=live.url, viewport={"width": 1280, "height": 800})
    opened.set_default_timeout(15_000)
    opened.on("page", watch.attach)
    yield opened
    opened.close()
    assert watch.foreign(live.url) == []
    assert watch.errors == [], watch.errors


@pytest.fixture
def page(context):
    return context.new_page()
