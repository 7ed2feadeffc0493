"""The pages narrcheck writes, in Chromium: keys, filters, paper, narrow and wide windows, axe, no scripts."""

import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page

import narrcheck
from chromium import Watched, launched
from narrcheck.reports import View, render
from report_samples import REPORT

pytestmark = [pytest.mark.required, pytest.mark.xdist_group("browser")]
ROOT = Path(__file__).resolve().parents[2]
QUOTES = ["流动图书车出车136次", "126.00(次)"]
FOCUSED = "document.activeElement.id"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as chromium:
        yield chromium


@pytest.fixture
def visit(browser: Browser) -> Iterator[Watched]:
    """visit(path, width) opens a page. In the end none has complained, or asked for more than its own file."""
    watched = Watched(browser)
    yield watched
    watched.close()
    assert watched.complaints == []
    assert watched.requests == watched.opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports of examples, by name."""
    folder = tmp_path_factory.mktemp("pages")
    library, clinic = (narrcheck.check(ROOT / "examples" / f"{name}.txt") for name in ("library", "clinic"))
    both = replace(library, filings=(*library.filings, *clinic.filings))
    sample = replace(REPORT, filings=(*REPORT.filings, *library.filings))
    written: dict[str, Path] = {}
    for name, report in {"library": library, "clinic": clinic, "both": both, "sample": sample}.items():
        written[name] = folder / f"{name}.html"
        written[name].write_text(str(render(report, View("html", base=folder, verbose=name == "sample"))), "utf-8")
    return written


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The other pages: the summary of a batch, the report of an evaluation, the index of a folder of reports."""
    folder = tmp_path_factory.mktemp("others")
    fixtures = folder / "fixtures"
    fixtures.mkdir()
    for kind in ("txt", "labels.json"):
        for path in sorted((ROOT / "eval" / "fixtures").glob(f"*.{kind}"))[:2]:
            shutil.copy(path, fixtures)
    library = ROOT / "examples" / "library.txt"
    for command in (
        ["batch", "run", str(library.parent)],
        ["batch", "report", "-o", "summary.html"],
        ["eval", "run", "fixtures", "--format", "html", "-o", "evaluation.html"],
        ["check", str(library), str(library.with_name("clinic.txt")), "-o", "reports/", "--fail-on", "never"],
    ):
        arguments = [sys.executable, "-m", "narrcheck", *command]
        subprocess.run(arguments, cwd=folder, capture_output=True, timeout=120, check=False)
    return {
        "summary": folder / "summary.html",
        "evaluation": folder / "evaluation.html",
        "index": folder / "reports" / "index.html",
    }


def marked(page: Page) -> list[str]:
    """The texts that are highlighted in the form."""
    found: list[str] = page.locator("mark.on").all_text_contents()
    return found


def in_sight(page: Page, query: str) -> bool:
    """Whether all that the query finds stands inside the window, and inside the pane it is in."""
    script = """elements => elements.length > 0 && elements.every(one => {
        const own = one.getBoundingClientRect(), pane = one.closest(".pane");
        const boxes = [{top: 0, left: 0, bottom: innerHeight, right: innerWidth}];
        if (pane && getComputedStyle(pane).overflowY === "auto") boxes.push(pane.getBoundingClientRect());
        return own.width > 0 && boxes.every(box => own.top >= box.top - 1 && own.bottom <= box.bottom + 1
            && own.left >= box.left - 1 && own.right <= box.right + 1);
    })"""
    return bool(page.eval_on_selector_all(query, script))


def test_keys_lead_from_finding_to_finding(visit: Watched, pages: dict[str, Path]) -> None:
    page = visit(pages["library"])
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == "f1-1" and marked(page) == QUOTES
    assert in_sight(page, "#f1-1 .message") and in_sight(page, "mark.on"), "finding, text and row at once"
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == "f1-2" and marked(page) == ["≥18000.00(册)", "17460.00(册)"]
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == "f1-2", "there is no third one"
    page.keyboard.press("k")
    assert page.evaluate(FOCUSED) == "f1-1" and marked(page) == QUOTES
    assert page.locator("[aria-current=true]").get_attribute("id") == "f1-1"
    page.keyboard.press("Escape")
    assert marked(page) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_enter_goes_to_each_place_and_back(visit: Watched, pages: dict[str, Path], width: int) -> None:
    page = visit(pages["library"], width)
    page.keyboard.press("j")
    for place, quote in (*enumerate(QUOTES), (0, QUOTES[0])):
        page.keyboard.press("Enter")
        assert page.evaluate(FOCUSED) == f"p1-1-{place}"
        assert page.evaluate("document.activeElement.nextElementSibling.textContent") == quote
        assert in_sight(page, f"#p1-1-{place}, #p1-1-{place} + mark")
        page.keyboard.press("Enter")
        assert page.evaluate(FOCUSED) == "f1-1" and in_sight(page, "#f1-1 .message")


def test_keys_cross_from_filing_to_filing(visit: Watched, pages: dict[str, Path]) -> None:
    page = visit(pages["both"])
    for _ in range(4):
        page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == "f2-2" and marked(page) == ["4940.00(人)", "实际完成体检4490人"]
    assert in_sight(page, "#f2-2 .message") and in_sight(page, "mark.on")


def test_keys_go_on_from_where_the_reader_is(visit: Watched, pages: dict[str, Path]) -> None:
    page = visit(pages["both"])
    for keys, focused in (("j", "f2-1"), ("k", "f1-2"), ("j j Escape j", "f2-3")):
        page.locator(".list").get_by_role("link").last.click()
        for key in keys.split():
            page.keyboard.press(key)
        assert page.evaluate(FOCUSED) == focused


def test_keys_leave_controls_and_shortcuts_alone_and_can_be_switched_off(
    visit: Watched, pages: dict[str, Path]
) -> None:
    page = visit(pages["library"])
    assert page.get_by_text("下一条、上一条").is_visible()
    page.locator("select[name=rule]").focus()
    page.keyboard.press("j")
    page.evaluate("document.activeElement.blur()")
    for combined in ("Control+k", "Alt+j", "Meta+j"):
        page.keyboard.press(combined)
    assert marked(page) == []
    page.locator("[name=keys]").uncheck()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert marked(page) == []
    page.locator("[name=keys]").check()
    page.keyboard.press("j")
    assert marked(page) == QUOTES


def test_findings_are_filtered_by_severity_and_rule(visit: Watched, pages: dict[str, Path]) -> None:
    page = visit(pages["both"])
    told = page.get_by_role("status")
    assert told.text_content() == "显示 5 / 5 条"
    page.get_by_role("checkbox", name="错误").uncheck()
    assert told.text_content() == "显示 1 / 5 条"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == "f1-2", "keys skip what is not shown"
    assert page.locator("a.ref:visible").evaluate_all("found => found.map(one => one.dataset.f)") == ["2", "2"]
    assert page.locator("#s2 .filtered").is_visible() and not page.locator("#s1 .filtered").is_visible()
    page.get_by_role("checkbox", name="错误").check()
    page.get_by_role("combobox", name="规则").select_option("S07")
    assert page.locator("article.finding:visible").evaluate_all("found => found.map(one => one.id)") == ["f2-3"]
    assert told.text_content() == "显示 1 / 5 条"


def test_a_click_on_a_claim_shows_its_row_and_the_other_way_round(visit: Watched, pages: dict[str, Path]) -> None:
    page = visit(pages["library"])
    page.locator(".text").get_by_text("新增馆藏图书17460册").click()
    assert page.locator("tr.on th").all_text_contents() == ["4 新增馆藏图书"]
    page.locator("tr[data-row='1'] th").click()
    assert page.locator(".text .on").all_text_contents() == ["阅读推广活动60场", "举办“澜江夜读”等阅读推广活动66场"]
    page.locator(".text mark").click()
    assert page.evaluate(FOCUSED) == "f1-1" and marked(page) == QUOTES


@pytest.mark.parametrize("name", ["library", "sample"])
@pytest.mark.parametrize(("width", "height"), [(360, 740), (800, 900), (1280, 800)])
def test_nothing_scrolls_sideways(visit: Watched, pages: dict[str, Path], name: str, width: int, height: int) -> None:
    page = visit(pages[name], width, height)
    sizes = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert sizes[0] <= sizes[1] == width
    assert page.locator(".tables, .texts").evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")
    if name == "library":
        image = Image.open(io.BytesIO(page.screenshot())).convert("L")
        assert image.size == (width, height)
        assert sum(image.histogram()[:128]) > 2_000, "there is something to read"
        assert in_sight(page, "#f1-1 .message")


def test_panes_fill_a_wide_window(visit: Watched, pages: dict[str, Path]) -> None:
    page = visit(pages["library"], 1280, 600)
    page.keyboard.press("j")
    boxes = page.locator(".pane").evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    assert len(boxes) == 3
    assert boxes[0]["right"] <= boxes[1]["left"] + 1 and boxes[1]["right"] <= boxes[2]["left"] + 1
    bar = page.locator("#tools").bounding_box()
    assert bar is not None
    for box in boxes:
        assert bar["y"] + bar["height"] <= box["top"] + 2 and box["bottom"] <= 602


def test_rows_become_cards_in_a_narrow_window(visit: Watched, pages: dict[str, Path]) -> None:
    page = visit(pages["library"], 360)
    row = page.locator("tr[data-row='2']")
    tops = row.locator("td:visible").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert tops == sorted(set(tops)), "one cell below the other"
    label = row.locator("td").first.evaluate("one => getComputedStyle(one, '::before').content")
    assert label == '"年度指标值"'
    assert page.get_by_role("cell", name="126.00(次)").count() == 1, "it is still a table to those who hear it"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_prints_on_a4(visit: Watched, pages: dict[str, Path], scheme: str) -> None:
    page = visit(pages["clinic"], color_scheme=scheme)
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    assert [round(side) for side in document[0].get_size()] == [595, 842] or len(document) > 4
    text = "".join("".join(sheet.get_textpage().get_text_range() for sheet in document).split())
    said = page.locator(".message").all_text_contents() + page.locator(".text").all_text_contents()
    for one in (*said, "家庭医生签约人数不少于2.1万人", "至少2.1万人"):
        assert without_marks("".join(one.split())) in without_marks(text)
    assert "快捷键" not in text
    corner = document[0].render(scale=0.2).to_pil().convert("L").getpixel((2, 2))
    assert corner > 240, "paper stays white"


def without_marks(text: str) -> str:
    """Without the numbers of findings, which stand before quotes, and without the forms of some characters that fonts
    bring along."""
    return "".join(mark for mark in text if "\u4e00" <= mark <= "\u9fff")


def test_it_is_whole_without_scripts(visit: Watched, pages: dict[str, Path]) -> None:
    page = visit(pages["library"], java_script_enabled=False)
    assert not page.locator("#tools").is_visible()
    for query in ("article", ".text", ".indicators", "tfoot", "summary"):
        assert page.locator(query).first.is_visible()
    page.locator("#f1-1 a.to").last.click()
    assert page.url.endswith("#p1-1-1") and in_sight(page, "#p1-1-1 + mark")
    page.locator("#p1-1-1").click()
    assert page.url.endswith("#f1-1") and in_sight(page, "#f1-1 .message")
    page.locator("summary").click()
    page.get_by_role("link", name="第 4 行 新增馆藏图书").first.click()
    assert page.url.endswith("#r1-3") and in_sight(page, "#r1-3")


def test_the_index_is_filtered_and_ordered(visit: Watched, others: dict[str, Path]) -> None:
    page = visit(others["index"])
    rows = page.locator("tbody tr:visible a")
    before = rows.all_text_contents()
    page.get_by_label("排列").select_option("错误多的在前")
    assert rows.all_text_contents() == before[::-1] and "基本公共卫生服务" in before[1]
    page.get_by_role("searchbox").fill("图书馆")
    assert rows.all_text_contents() == before[:1]
    assert page.get_by_role("status").text_content() == "列出 1 / 2 份"


def serious(page: Page) -> list[str]:
    """What axe finds of serious or critical impact, with the first place."""
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0].get('failureSummary', '')[:300]}"
        for one in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_no_serious_fault(visit: Watched, pages: dict[str, Path], width: int, scheme: str) -> None:
    page = visit(pages["sample"], width, color_scheme=scheme)
    page.keyboard.press("j")
    assert serious(page) == []


@pytest.mark.parametrize("name", ["summary", "evaluation", "index"])
def test_the_other_pages_have_no_serious_fault(visit: Watched, others: dict[str, Path], name: str) -> None:
    page = visit(others[name], color_scheme="light")
    for scheme, width in (("light", 1280), ("dark", 360)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert serious(page) == []
