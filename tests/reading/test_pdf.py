"""PDF: tables by their rules, lines of text around them, pages that turn, tear and repeat; scans and bad files."""

import io
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from makers.boxfont import box_font
from narrcheck.pipeline import check_filing
from narrcheck.printed import PAGE_BREAK, Note, Row, spot
from narrcheck.reading import ReadError, read_bytes, scan
from narrcheck.reading.limits import ReadingLimits
from narrcheck.reading.pdf import read
from narrcheck.reading.torn import whole_labels
from narrcheck.reading.vocabulary import headings
from narrcheck.settings import Settings

WIDTH, HEIGHT = A4
LIMITS = ReadingLimits()

Draw = Callable[[Canvas], None]


def pdf(*pages: Draw, turn: int = 0, **options: object) -> bytes:
    """A file with a page for each drawing; `turn` is the pages' own rotation."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, **options)
    for page in pages:
        canvas.setFont(box_font(), 10)
        if turn:
            canvas.setPageRotation(turn)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def rows_of(data: bytes) -> list[Row]:
    (document,) = read(data, "a.pdf", LIMITS)
    return list(document.rows)


def cells_of(data: bytes) -> list[list[str]]:
    return [list(row.cells) for row in rows_of(data)]


def grid(canvas: Canvas, xs: Sequence[float], ys: Sequence[float], texts: Sequence[Sequence[str]]) -> None:
    """A table with every rule drawn, `ys` from the top down."""
    for x in xs:
        canvas.line(x, ys[0], x, ys[-1])
    for y in ys:
        canvas.line(xs[0], y, xs[-1], y)
    write(canvas, xs, ys, texts)


def write(canvas: Canvas, xs: Sequence[float], ys: Sequence[float], texts: Sequence[Sequence[str]]) -> None:
    for y, line in zip(ys, texts, strict=False):
        for x, text in zip(xs, line, strict=False):
            for number, part in enumerate(text.split("\n")):
                canvas.drawString(x + 3, y - 13 - 12 * number, part)


XS = (50.0, 150.0, 260.0, 340.0)
YS = (700.0, 680.0, 660.0)
TEXTS = (("浇水次数", "≥12次", "13次"), ("补种面积", "≥3.5亩", "3.6亩"))


def plain(canvas: Canvas) -> None:
    grid(canvas, XS, YS, TEXTS)


def test_a_ruled_table() -> None:
    rows = rows_of(pdf(plain))
    assert [list(row.cells) for row in rows] == [list(line) for line in TEXTS]
    assert all(row.tabular for row in rows)
    where = spot(rows[1], 2)
    assert (where.page, where.table, where.row, where.column) == (1, 1, 2, 3)
    assert where.box is not None
    assert where.box == pytest.approx((260, HEIGHT - 680, 340, HEIGHT - 660), abs=0.6)


def test_merged_cells_have_their_text_in_the_first_place() -> None:
    def draw(canvas: Canvas) -> None:
        for x, top, bottom in ((50, 700, 640), (150, 700, 640), (260, 680, 640), (340, 700, 640)):
            canvas.line(x, top, x, bottom)
        for y, left in ((700, 50), (680, 150), (660, 150), (640, 50)):
            canvas.line(left, y, 340, y)
        write(canvas, XS, (690, 680, 660), (("数量指标", "横跨两格的标题"), ("", "甲", "乙"), ("", "丙", "丁")))

    assert cells_of(pdf(draw)) == [["数量指标", "横跨两格的标题", ""], ["", "甲", "乙"], ["", "丙", "丁"]]


def test_wrapped_lines_are_one_text_and_short_lines_are_paragraphs() -> None:
    def draw(canvas: Canvas) -> None:
        wide = "一二三四五六七八九十"
        grid(canvas, (50, 156, 300), (700, 600), ((f"{wide}\n甲乙丙。\n{wide}\n丁", "人工\n养护 plan B\nnew"),))

    assert cells_of(pdf(draw)) == [["一二三四五六七八九十甲乙丙。\n一二三四五六七八九十丁", "人工\n养护 plan B\nnew"]]


def test_a_number_carried_over_whole_goes_on_the_same_line_of_text() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, (50, 156, 300), (700, 640), (("全年共支出资金\n1389.24万元整\n。", ""),))

    assert cells_of(pdf(draw))[0][0] == "全年共支出资金1389.24万元整。"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages_read_as_they_are_shown(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        # What is drawn stands upright once the page is shown turned.
        if turn == 90:
            canvas.translate(WIDTH, 0)
        elif turn == 180:
            canvas.translate(WIDTH, HEIGHT)
        else:
            canvas.translate(0, WIDTH)
        canvas.rotate(turn)
        grid(canvas, XS, (400.0, 380.0, 360.0), TEXTS)

    assert cells_of(pdf(draw, turn=turn)) == [list(line) for line in TEXTS]


def test_a_table_drawn_sideways_on_an_upright_page() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        grid(canvas, XS, (400.0, 380.0, 360.0), TEXTS)

    assert cells_of(pdf(draw)) == [list(line) for line in TEXTS]


def thin_boxes(canvas: Canvas) -> None:
    for x in XS:
        canvas.rect(x, YS[-1], 0.5, YS[0] - YS[-1], stroke=0, fill=1)
    for y in YS:
        canvas.rect(XS[0], y, XS[-1] - XS[0], 0.5, stroke=0, fill=1)
    write(canvas, XS, YS, TEXTS)


def cell_boxes(canvas: Canvas) -> None:
    for top, bottom in itertools.pairwise(YS):
        for left, right in itertools.pairwise(XS):
            canvas.rect(left + 0.6, bottom + 0.6, right - left - 1.2, top - bottom - 1.2)
    write(canvas, XS, YS, TEXTS)


def dashes(canvas: Canvas) -> None:
    for x in XS:
        for y in range(int(YS[-1]), int(YS[0]), 5):
            canvas.line(x, y, x, y + 3)
            canvas.line(x, y + 3, x, y + 5)
    for y in YS:
        canvas.line(XS[0], y, XS[-1], y)
    write(canvas, XS, YS, TEXTS)


def open_sides(canvas: Canvas) -> None:
    for x in XS[1:-1]:
        canvas.line(x, YS[0], x, YS[-1])
    for y in YS:
        canvas.line(XS[0], y, XS[-1], y)
    write(canvas, XS, YS, TEXTS)


def inside_a_form(canvas: Canvas) -> None:
    canvas.beginForm("table")
    canvas.setFont(box_font(), 10)
    grid(canvas, XS, YS, TEXTS)
    canvas.endForm()
    canvas.translate(20, -100)
    canvas.doForm("table")


@pytest.mark.parametrize("draw", [thin_boxes, cell_boxes, dashes, open_sides, inside_a_form])
def test_rules_however_they_are_drawn(draw: Draw) -> None:
    assert cells_of(pdf(draw)) == [list(line) for line in TEXTS]


def test_a_table_with_level_rules_only() -> None:
    xs, ys = (50.0, 110.0, 180.0, 270.0, 350.0, 420.0), [700.0 - 20 * number for number in range(7)]
    lines = [("指标", "类别", "名称", "指标值", "完成值"), ("产出", "数量", "浇水", "≥12次", "13次"),
             ("", "", "补种", "≥3.5亩", "3.6亩"), ("", "质量", "成活率", "≥95%", "96%"),
             ("效益", "生态", "绿地面积", "增加", "增加"), ("总分", "", "", "", "98")]  # fmt: skip

    def draw(canvas: Canvas) -> None:
        for y in ys:
            canvas.line(xs[0], y, xs[-1], y)
        write(canvas, xs, ys, lines)

    (document,) = read(pdf(draw), "a.pdf", LIMITS)
    assert [row.cells for row in document.rows] == lines
    assert [note.key for note in document.notes] == ["note.no-rules"]


def test_a_shaded_head_and_a_white_rule_are_no_walls() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.8)
        canvas.rect(50, 686, 290, 10, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.setStrokeGray(1)
        canvas.line(200, 700, 200, 660)
        canvas.setStrokeGray(0)
        plain(canvas)

    assert cells_of(pdf(draw)) == [list(line) for line in TEXTS]


def test_bold_by_printing_twice_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        plain(canvas)
        canvas.drawString(53.3, 687, "浇水次数")

    assert cells_of(pdf(draw))[0][0] == "浇水次数"


def test_a_watermark_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        plain(canvas)
        canvas.saveState()
        canvas.setFont(box_font(), 60)
        canvas.translate(60, 600)
        canvas.rotate(30)
        canvas.drawString(0, 0, "仅供内部")
        canvas.restoreState()

    assert [line for line in cells_of(pdf(draw)) if any(line)] == [list(line) for line in TEXTS]


def test_text_around_tables_and_several_tables() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(200, 760, "绿地养护情况表")
        plain(canvas)
        canvas.drawString(50, 600, "填表人：林某")
        grid(canvas, XS, (560.0, 540.0), (("另一张表", "1", "2"),))

    rows = rows_of(pdf(draw))
    assert [row.cells[0] for row in rows] == ["绿地养护情况表", "浇水次数", "补种面积", "填表人：林某", "另一张表"]
    assert [row.place.table for row in rows] == [None, 1, 1, None, 2]
    assert [row.place.line for row in rows] == [1, 2, 3, 4, 5]


def test_a_table_goes_on_over_a_page_end_and_running_heads_are_left_out() -> None:
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(60, 810, "某区园林所")
            canvas.drawString(270, 30, f"第 {number} 页 共 2 页")
            grid(canvas, XS, (780.0, 760.0), ((f"行{number}", "甲", "乙"),))

        return draw

    rows = rows_of(pdf(page(1), page(2)))
    # What stands above the table's beginning may be its title.
    assert [row.cells[0] for row in rows] == ["某区园林所", "行1", "行2"]
    assert [row.place.table for row in rows] == [None, 1, 1]
    assert [row.place.row for row in rows] == [None, 1, 2]
    assert [row.place.page for row in rows] == [1, 1, 2]
    assert rows[2].gap == PAGE_BREAK


def test_columns_keep_their_numbers_over_pages() -> None:
    def first(canvas: Canvas) -> None:
        grid(canvas, (50, 100, 150, 260, 340), (780.0, 760.0), (("一", "二", "三", "四"),))

    def second(canvas: Canvas) -> None:
        grid(canvas, (50, 150, 260, 340), (780.0, 760.0), (("五", "六", "七"),))

    assert cells_of(pdf(first, second)) == [["一", "二", "三", "四"], ["五", "", "六", "七"]]


def test_a_page_without_rules_is_lines_with_their_gaps() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 700, "项目名称")
        canvas.drawString(160, 700, "行道树修剪")
        canvas.drawString(50, 640, "实施单位")

    (document,) = read(pdf(draw), "a.pdf", LIMITS)
    rows = document.rows
    assert [row.cells[0] for row in rows] == ["项目名称  行道树修剪", "实施单位"]
    assert rows[1].gap > 0 and not rows[0].tabular
    assert [note.key for note in document.notes] == ["note.no-rules"]


def picture(canvas: Canvas) -> None:
    from PIL import Image, ImageDraw
    from reportlab.lib.utils import ImageReader

    image = Image.new("L", (1654, 2339), 255)
    ImageDraw.Draw(image).rectangle((200, 200, 900, 500), outline=0, width=3)
    canvas.drawImage(ImageReader(image), 0, 0, WIDTH, HEIGHT)


def test_scanned_pages_are_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "available", lambda: False)
    with pytest.raises(ReadError) as caught:
        read(pdf(picture), "a.pdf", LIMITS)
    assert caught.value.code == "scanned"
    assert "narrcheck[ocr]" in caught.value.explain("zh")
    (document,) = read(pdf(plain, picture), "a.pdf", LIMITS)
    assert [(note.key, note.fact) for note in document.notes] == [("note.scanned-unread", "2")]
    assert len(document.rows) == 2


def test_an_empty_page_is_no_scan() -> None:
    with pytest.raises(ReadError) as caught:
        read(pdf(lambda canvas: canvas.line(10, 10, 11, 11)), "a.pdf", LIMITS)
    assert caught.value.code == "empty-file"


def test_a_font_that_is_nowhere_is_told() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 10)
        grid(canvas, XS, YS, (("浇水次数", "优", "13次"),))

    (document,) = read(pdf(draw), "a.pdf", LIMITS)
    assert [note.key for note in document.notes] == ([] if document.rows[0].cells[1] == "优" else ["note.font-missing"])


def test_bad_files() -> None:
    whole = pdf(plain)
    locked = pdf(plain, encrypt=StandardEncryption("geheim", canPrint=1))
    open_to_all = pdf(plain, encrypt=StandardEncryption("", ownerPassword="geheim", canPrint=1))
    for data, code in ((whole[:200], "damaged"), (b"%PDF-1.7\n", "damaged"), (locked, "password-protected")):
        with pytest.raises(ReadError) as caught:
            read_bytes(data, "a.pdf")
        assert caught.value.code == code
    assert cells_of(open_to_all) == [list(line) for line in TEXTS]


def test_too_many_pages() -> None:
    with pytest.raises(ReadError) as caught:
        read(pdf(plain, plain, plain), "a.pdf", ReadingLimits(pages=2))
    assert caught.value.code == "too-many-pages"
    assert "3" in caught.value.explain("zh") and "reading.pages" in caught.value.explain("zh")


def test_what_a_cell_cuts_off_is_not_read_and_is_told() -> None:
    def draw(canvas: Canvas) -> None:
        plain(canvas)
        canvas.saveState()
        area = canvas.beginPath()
        area.rect(50, 640, 290, 20)
        canvas.clipPath(area, stroke=0)
        for number, words in enumerate(("挤出格子的上文", "看得见的一行", "挤出格子的下文")):
            canvas.drawString(53, 667 - 20 * number, words)
        canvas.restoreState()
        canvas.line(50, 640, 340, 640)
        canvas.line(50, 660, 50, 640)
        canvas.line(340, 660, 340, 640)

    (document,) = read(pdf(draw), "a.pdf", LIMITS)
    assert [list(row.cells) for row in document.rows] == [*map(list, TEXTS), ["看得见的一行", "", ""]]
    assert [(note.key, note.fact) for note in document.notes] == [("note.clipped", "14")]


def test_a_label_torn_by_a_page_end_stands_where_its_cell_begins() -> None:
    """A merged cell over a page end has its label on the second page; the first page ends with its blank beginning."""
    head = ("一级指标", "二级指标", "三级指标", "指标值")
    xs = (50.0, 120.0, 190.0, 300.0, 380.0)

    def first(canvas: Canvas) -> None:
        grid(canvas, xs, (780.0, 760.0, 740.0), (head, ("产出指标", "数量指标", "浇水次数", "≥12次")))
        grid(canvas, xs, (740.0, 720.0), (("", "", "成活率", "≥95%"),))

    def second(canvas: Canvas) -> None:
        grid(canvas, xs, (780.0, 760.0), (("", "质量指标", "验收合格率", "=100%"),))

    (document,) = read(pdf(first, second), "a.pdf", LIMITS)
    labels = [row.cells[1] for row in whole_labels(document.rows, headings())]
    assert labels == ["二级指标", "数量指标", "质量指标", "质量指标"]


def frame(canvas: Canvas) -> None:
    plain(canvas)
    canvas.rect(30, 30, WIDTH - 60, HEIGHT - 60)


def seal(canvas: Canvas) -> None:
    plain(canvas)
    canvas.setStrokeColorRGB(0.9, 0, 0)
    canvas.circle(200, 680, 15)


def underlined(canvas: Canvas) -> None:
    plain(canvas)
    for y in YS[:2]:
        canvas.line(53, y - 15, 93, y - 15)


def small_watermark(canvas: Canvas) -> None:
    plain(canvas)
    canvas.saveState()
    canvas.translate(60, 660)
    canvas.rotate(45)
    canvas.drawString(0, 0, "内部资料")
    canvas.restoreState()


def outside(canvas: Canvas) -> None:
    plain(canvas)
    canvas.drawString(-90, 690, "裁掉的字")


@pytest.mark.parametrize("draw", [frame, seal, underlined, small_watermark, outside])
def test_what_is_drawn_over_and_around_a_table_changes_nothing(draw: Draw) -> None:
    assert [line for line in cells_of(pdf(draw)) if any(line)] == [list(line) for line in TEXTS]


def test_lowered_figures_stay_in_their_line() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, XS, (700.0, 670.0), (("", "≤36微克", "34微克"),))
        canvas.drawString(53, 685, "PM")
        canvas.setFont(box_font(), 5.8)
        canvas.drawString(63.2, 681.7, "2.5")
        canvas.setFont(box_font(), 10)
        canvas.drawString(72.5, 685, "浓度")

    assert cells_of(pdf(draw))[0][0] == "PM2.5浓度"


def test_findings_from_a_table_without_rules_say_so() -> None:
    (filing,) = read_bytes((Path(__file__).parents[2] / "examples" / "library.txt").read_bytes(), "library.txt")
    checked = check_filing(replace(filing, notes=(Note("note.no-rules"),)), Settings())
    assert checked.findings and all("表格线" in finding.message for finding in checked.findings)
    assert not any("表格线" in finding.message for finding in check_filing(filing, Settings()).findings)
