"""docs/report.png: the html report of an example in Chromium, a finding selected. `python docs/picture.py [example]`"""

import shutil
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

from playwright.sync_api import sync_playwright

import narrcheck
from narrcheck.reports import View, render

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = Path("examples/library.txt")
PICTURE = ROOT / "docs" / "report.png"
WIDTH, HEIGHT = 1280, 860
_TALL = 1400
"""A window in which the page needs no scrolling, so that its head is in the picture."""


def main(example: Path = EXAMPLE) -> None:
    """Make the picture of an example, named from the repository's folder; SystemExit where there is no Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("docs/picture.py: Chromium is not installed")
    with chdir(ROOT):
        report = narrcheck.check(example)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "report.html"
        path.write_text(str(render(report, View("html", base=ROOT))), "utf-8")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": _TALL}, reduced_motion="reduce")
        page.goto(path.as_uri())
        page.keyboard.press("j")
        page.screenshot(path=PICTURE, clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT})
        browser.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
