"""The outward shapes of a printed report: markup with all that editors do to it, and the layouts of plain text."""

from __future__ import annotations

import html
import random
import re

from report_printer import Drawn, Labels, Span, parts

ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "gb18030", "gbk")
TEXT_SHAPES = ("padded", "bars", "leading", "cell_after", "cell_alone", "cell_before", "paragraphs", "tabs", "blanks")
NO_BLANKS = ("paragraphs", "blanks")  # shapes in which an empty cell cannot be seen


def as_html(drawn: Drawn, rng: random.Random, *, damage: bool = False) -> bytes:
    """A page with the report, in one of the shapes of real pages; `damage`: with tables that are no longer whole."""
    labels = Labels(rng, drawn)
    markup = _Markup(rng)
    body = []
    for _, content in parts(drawn, labels):
        if isinstance(content, str):
            body.append(markup.paragraph(content))
        else:
            whole = damaged(content, rng) if damage else content
            body.extend(markup.table(rows) for rows in _cut(whole, rng))
    day = f"{drawn.year + 1}-01-{rng.randint(10, 28)}"
    head = [f"<h1>{drawn.title}</h1>", f"<div class=info>发布时间：{day} 10:20 来源：{drawn.publisher}</div>"]
    frame = rng.choice(["div", "layout", "plain"])
    inside = "\n".join([*head, '<div id="zoom">', *body, "</div>"])
    if frame == "layout":
        inside = f"<table><tr><td>首页</td><td>{inside}</td></tr></table>"
    elif frame == "div":
        inside = f"<div class=nav><a>首页</a> <a>要闻</a></div>{inside}<div class=footer>版权所有 备案号1234</div>"
    meta = rng.choice(
        ["", '<meta charset="utf-8">', '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">']
    )
    page = f"<!DOCTYPE html><html><head>{meta}<title>{drawn.title}</title></head><body>{inside}</body></html>"
    return page.encode(rng.choice(ENCODINGS))


def _cut(rows: list[list[Span]], rng: random.Random) -> list[list[list[Span]]]:
    """Sometimes a table is cut in two by a page, at a row that no cell of the first half reaches into."""
    if len(rows) < 12 or rng.random() < 0.85:
        return [rows]
    at = rng.randint(6, len(rows) - 2)
    reach = max((r + span for r, row in enumerate(rows[:at]) for _, span, _ in row), default=0)
    if reach > at:
        first = [[(t, min(span, at - r), c) for t, span, c in row] for r, row in enumerate(rows[:at])]
        return [first, rows[at:]]
    return [rows[:at], rows[at:]]


class _Markup:
    """One page's habits of markup."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.wrap = rng.choice(["none", "p", "word", "font", "br"])
        self.split = rng.random() < 0.3
        self.cell = rng.choice(["td", "td", "th"])
        self.close = rng.random() < 0.85
        self.sections = rng.random() < 0.5
        self.spoil = rng.choice(["none", "none", "trailing", "wide", "short"])
        self.pad = rng.choice(["", "", " ", "\n   ", "&nbsp;", "\u3000"])

    def paragraph(self, text: str) -> str:
        tag = self.rng.choice(["p", "p", "div", "h3"])
        return f"<{tag}><span>{html.escape(text)}</span></{tag}>"

    def text(self, text: str) -> str:
        shown = "<br>".join(html.escape(line) for line in text.split("\n"))
        if self.split and len(text) > 1 and text.isalnum():
            at = self.rng.randint(1, len(text) - 1)
            shown = f"<span>{text[:at]}</span><span lang=EN-US>{text[at:]}</span>"
        if self.wrap == "p":
            shown = f"<p>{shown}</p>"
        elif self.wrap == "word":
            shown = f'<p class="MsoNormal"><span style="font-size:10pt">{shown}<o:p></o:p></span></p>'
        elif self.wrap == "font":
            shown = f"<font size=2>{shown}</font>"
        elif self.wrap == "br":
            shown = f"{shown}<br>"
        return f"{self.pad}{shown}{self.pad}"

    def table(self, rows: list[list[Span]]) -> str:
        lines = []
        for row in rows:
            cells = list(row)
            if self.spoil == "trailing" and len(cells) > 3:
                cells.append(("", 1, 1))
            lines.append("<tr>" + "".join(self._cell(cell) for cell in cells) + ("</tr>" if self.close else ""))
        inside = "\n".join(lines)
        if self.sections:
            inside = f"<tbody>{inside}</tbody>"
        return f'<table border="1" width="100%">{inside}</table>'

    def _cell(self, cell: Span) -> str:
        text, rowspan, colspan = cell
        if self.spoil == "wide" and colspan == 5:
            colspan = 4
        if self.spoil == "short" and rowspan > 4:
            rowspan -= 1
        spans = (f' rowspan="{rowspan}"' if rowspan > 1 else "") + (f" colspan={colspan}" if colspan > 1 else "")
        return f"<{self.cell}{spans}>{self.text(text)}" + (f"</{self.cell}>" if self.close else "")


def as_text(drawn: Drawn, rng: random.Random, shape: str, *, damage: bool = False) -> bytes:
    """The report as copying or a portal's text view gives it; `damage` as in `as_html`."""
    labels = Labels(rng, drawn)
    lines = [drawn.title, f"发布时间:{drawn.year + 1}-01-15"]
    for _, content in parts(drawn, labels):
        if isinstance(content, str):
            lines.append(content)
        else:
            lines.extend(_text_table(damaged(content, rng) if damage else content, rng, shape))
    end = rng.choice(["\n", "\n", "\r\n"])
    return (end.join(lines) + end).encode(rng.choice(ENCODINGS))


def _text_table(rows: list[list[Span]], rng: random.Random, shape: str) -> list[str]:
    width = max((sum(colspan for _, _, colspan in row) for row in rows), default=0)
    rows = [row for row in rows if row]
    wrap = shape in ("bars", "padded") and rng.random() < 0.2
    lines: list[str] = []
    for row in rows:
        texts = [_inline(text) for text, _, _ in row]
        padding = "|" * max(0, width - len(texts))
        if shape == "padded":
            line = " | ".join(texts) + " | " + padding
            lines.extend(_wrapped(line, texts, padding, wrap, rng))
        elif shape == "bars":
            line = " | ".join(texts) + " |"
            lines.extend(_wrapped(line, texts, "", wrap, rng))
        elif shape == "leading":
            lines.append("| " + " | ".join(texts) + " |")
        elif shape == "cell_after":
            lines.extend(f"{text} |" for text in texts[:-1])
            lines.append(f"{texts[-1]} | {padding}")
        elif shape == "cell_before":
            lines.extend(f"| {text}" for text in texts)
        elif shape == "cell_alone":
            for text in texts:
                lines.extend([text, "|"] if text else ["|"])
        elif shape == "paragraphs":
            lines.extend(texts)
        elif shape == "tabs":
            lines.append("\t".join(texts))
        else:
            lines.append("   ".join(texts))
    return lines


def _wrapped(line: str, texts: list[str], padding: str, wrap: bool, rng: random.Random) -> list[str]:
    """Sometimes the last cell of a row stands on the next line."""
    if not wrap or len(texts) < 4 or rng.random() < 0.6 or not texts[-1]:
        return [line]
    return [" | ".join(texts[:-1]) + " |", f"{texts[-1]} | {padding}"]


def _inline(text: str) -> str:
    return text.replace("\n", " ")


def damaged(rows: list[list[Span]], rng: random.Random) -> list[list[Span]]:
    """A table as a careless hand leaves it: cells lost or added, rows lost or doubled, letters of labels lost."""
    out: list[list[Span]] = []
    for row in rows:
        cells = list(row)
        if rng.random() < 0.04:
            continue
        chance = rng.random()
        if chance < 0.06 and len(cells) > 2:
            cells.pop(rng.randrange(len(cells)))
        elif chance < 0.12:
            cells.insert(rng.randint(1, len(cells)), ("", 1, 1))
        elif chance < 0.15 and len(cells) > 3:
            at = rng.randrange(len(cells) - 1)
            cells[at : at + 2] = [(cells[at][0] + cells[at + 1][0], 1, cells[at][2] + cells[at + 1][2])]
        cells = [(_scratched(t, rng), r, c) if rng.random() < 0.15 else (t, r, c) for t, r, c in cells]
        out.append(cells)
        if rng.random() < 0.03:
            out.append(cells)
    return out


def _scratched(text: str, rng: random.Random) -> str:
    if len(text) < 3 or "万" in text or len(re.findall("[\u4e00-\u9fff]", text)) < 3:
        return text
    at = rng.randrange(len(text))
    return rng.choice([text[:at] + text[at + 1 :], text[:at] + "口" + text[at + 1 :], text[: len(text) // 2]])
