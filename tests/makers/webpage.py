"""A filing on a page of a public body's site: navigation, breadcrumbs and a table of metadata around the form."""

import html

from makers.table import Cell, Layout, Table, table
from narrcheck.filing import Filing

_OPENING = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>.content td {{border: 1px solid #000}} .content p {{margin: 0}}</style>
<script>var channel = "<table><tr><td>项目名称</td></tr></table>";</script>
</head>
<body>
<div class="top"><ul class="nav"><li><a href="/">网站首页</a></li><li><a href="/xxgk/">信息公开</a></li>
<li><a href="/fw/">网上服务</a></li><li><a href="/hd/">互动交流</a></li></ul></div>
<div class="crumbs">当前位置：<a href="/">首页</a>&nbsp;&gt;&nbsp;<a href="/xxgk/">信息公开</a>
&nbsp;&gt;&nbsp;预算绩效</div>
<table class="meta"><tr><td>索引号</td><td>000-2-07</td><td>发布日期</td><td>2025-04-18</td></tr>
<tr><td>发文机关</td><td>{unit}</td><td>文号</td><td>&nbsp;</td></tr></table>
<h1>{title}</h1>
<div class="content">
"""
_CLOSING = """</div>
<div class="share">分享到：<a href="#">微信</a> <a href="#">微博</a>
<a href="javascript:window.print()">打印本页</a></div>
<table class="footer"><tr><td>主办单位：{unit}</td></tr>
<tr><td>网站标识码：0000000000　联系我们　网站地图</td></tr></table>
</body>
</html>
"""


def to_html(*filings: Filing, layout: Layout = "national") -> bytes:
    """The page; ranges merged with rowspan and colspan, each paragraph of a cell in a <p>."""
    about = {"title": "关于公开项目支出绩效自评结果的公告", "unit": html.escape(filings[0].unit or "市人民政府")}
    forms = "".join(_form(table(filing, layout)) for filing in filings)
    return (_OPENING.format(**about) + forms + _CLOSING.format(**about)).encode()


def _form(made: Table) -> str:
    titles = "".join(
        f'<p style="text-align:center"><strong>{html.escape(title)}</strong></p>\n' for title in made.titles
    )
    rows = "".join(f"<tr>{_row(made, number)}</tr>\n" for number in range(made.height))
    foot = f"<p>{html.escape(made.foot)}</p>\n" if made.foot else ""
    return f'{titles}<table border="1" cellspacing="0"><tbody>\n{rows}</tbody></table>\n{foot}'


def _row(made: Table, number: int) -> str:
    return "".join(_cell(cell) for cell in sorted(made.cells, key=lambda cell: cell.column) if cell.row == number)


def _cell(cell: Cell) -> str:
    spans = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (
        f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    )
    paragraphs = "\n".join(f"<p><span>{html.escape(line) or '&nbsp;'}</span></p>" for line in cell.text.split("\n"))
    return f"<td{spans}>\n{paragraphs}\n</td>"
