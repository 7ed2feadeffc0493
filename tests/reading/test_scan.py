"""Scanned pages, recognised offline by narrcheck[ocr]; the pages are painted here with a font of the machine."""

import io
import re
from pathlib import Path

import pytest

from narrcheck.filing import Filing
from narrcheck.pipeline import check_filing
from narrcheck.reading import read_bytes, scan
from narrcheck.reports.json import checked_to_json
from narrcheck.settings import Settings
from narrcheck.text import fold, squeeze

pytestmark = pytest.mark.required

FONTS = ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
         "C:/Windows/Fonts/simsun.ttc", "/System/Library/Fonts/PingFang.ttc")  # fmt: skip
NARRATIVE = "全年疏浚沟渠18公里，清理淤泥3260立方米，\n管护泵站7座，用水户满意。"
GOAL = "疏浚沟渠15公里，清理淤泥3000立方米，\n管护泵站7座。"
# One line a row: cells with the number of columns they take, where it is more than one.
FORM = f"""项目名称*2|灌区沟渠疏浚*6
主管部门*2|水利局*2|实施单位*2|灌区管理所*2
项目资金（万元）*2|年初预算数|全年预算数|全年执行数|分值|执行率|得分
年度资金总额*2|240.00|240.00|228.00|10|95.00%|9.5
预期目标*4|实际完成情况*4
{GOAL}*4|{NARRATIVE}*4
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因
产出指标|数量指标|沟渠疏浚长度|≥15公里|16公里|40|40|
||泵站管护数量|=7座|7座|30|30|
满意度指标|服务对象满意度|用水户满意度|≥90%|92%|20|20|
总分*5|100|99.5|"""
UNIT, LINE, LEFT, TOP = 180, 62, 100, 200


def painted(skew: float = 0.0, turned: int = 0) -> bytes:
    """A PDF that holds nothing but the picture of the form; skipped where the machine has no Chinese font."""
    pillow = pytest.importorskip("PIL.Image")
    from PIL import ImageDraw, ImageFont

    path = next((font for font in FONTS if Path(font).exists()), None)
    if path is None:
        pytest.skip("no Chinese font on this machine to paint a page with")
    if not scan.available():
        pytest.skip("narrcheck[ocr] is not installed")
    image = pillow.new("L", (1654, 2339), 255)
    brush, small, large = ImageDraw.Draw(image), ImageFont.truetype(path, 25), ImageFont.truetype(path, 44)
    brush.text((500, 80), "项目支出绩效自评表", font=large, fill=20)
    brush.text((740, 145), "（2024年度）", font=small, fill=20)
    y = TOP
    for line in re.split(r"\n(?=[^管])", FORM):
        height = LINE * (2 if "\n" in line else 1)
        x = LEFT
        for cell in line.split("|"):
            text, _, columns = cell.partition("*")
            span = int(columns or 1)
            brush.rectangle((x, y, x + span * UNIT, y + height), outline=30, width=3)
            brush.multiline_text((x + 8, y + 16), text, font=small, fill=20, spacing=20)
            x += span * UNIT
        y += height
    image = image.rotate(skew, resample=pillow.Resampling.BICUBIC, fillcolor=255)
    if turned:
        image = image.rotate(turned, expand=True)
    out = io.BytesIO()
    image.save(out, "PDF", resolution=200)
    return out.getvalue()


def cells(filing: Filing) -> list[tuple[str, ...]]:
    return [
        tuple(fold(squeeze(cell)) for cell in (row.name, row.target.raw, row.actual.raw, row.weight.raw, row.score.raw))
        for row in filing.indicators
    ]


@pytest.mark.parametrize(("skew", "turned"), [(0.4, 0), (0.0, 90)])
def test_a_scanned_form_is_read_and_its_findings_say_so(skew: float, turned: int) -> None:
    (filing,) = read_bytes(painted(skew, turned), "a.pdf")
    assert (filing.project, filing.unit, filing.year) == ("灌区沟渠疏浚", "灌区管理所", 2024)
    assert cells(filing) == [
        ("沟渠疏浚长度", "≥15公里", "16公里", "40", "40"),
        ("泵站管护数量", "=7座", "7座", "30", "30"),
        ("用水户满意度", "≥90%", "92%", "20", "20"),
    ]
    assert [row.level1 for row in filing.indicators] == ["产出指标", "产出指标", "满意度指标"]
    assert filing.funds[0].executed.raw == "228.00"
    checked = check_filing(filing, Settings())
    assert [finding.rule for finding in checked.findings] == ["N01"]
    assert all("扫描件" in finding.message for finding in checked.findings)
    assert checked_to_json(checked)["notes"][0]["key"] == "note.scanned"
    assert checked.findings[0].evidence[1].spot is not None
    assert checked.findings[0].evidence[1].spot.page == 1
