"""A real browser that takes note of what pages complain of and what they ask for."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@contextmanager
def launched() -> Iterator[Browser]:
    """Chromium as the system has it; the test is skipped where it has none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_OPTIONS))
        yield browser
        browser.close()


class Watched:
    """Pages of a browser; `complaints` are errors and warnings of the console, `requests` all addresses asked for,
    `opened` those of the pages themselves."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.complaints: list[str] = []
        self.requests: set[str] = set()
        self.opened: set[str] = set()

    def __call__(self, path: Path, width: int = 1280, height: int = 800, **options: object) -> Page:
        """The file in a window of this size."""
        size = {"width": width, "height": height}
        page = self._browser.new_context(viewport=size, reduced_motion="reduce", **options).new_page()
        page.on("console", lambda said: self.complain(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complain(str(error)))
        page.on("request", lambda asked: self.requests.add(asked.url))
        self.opened.add(path.as_uri())
        page.goto(path.as_uri())
        return page

    def complain(self, text: str) -> None:
        self.complaints.append(text)

    def close(self) -> None:
        """Close all pages."""
        for context in self._browser.contexts:
            context.close()
