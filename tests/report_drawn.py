"""The printed report as real programs write it: PDF by Chromium and LibreOffice, DOC, RTF and XLS by LibreOffice."""

from __future__ import annotations

import html
import random
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright
from report_printer import Drawn, Labels, Span, parts

RULES = ("ruled", "ruled", "ruled", "plain", "horizontal", "booktabs", "striped")
FOOTER = '<div style="font-size:8pt;width:100%;text-align:center">- <span class="pageNumber"></span> -</div>'
HEADER = '<div style="font-size:8pt;margin-left:2cm">政府信息公开</div>'
_FONTS = ("'Noto Sans CJK SC'", "'Noto Serif CJK SC'", "'Liberation Serif','Noto Sans CJK SC'", "'DejaVu Sans',serif")
_STYLES = {
    "ruled": "td{border:1px solid #000}",
    "plain": "td{border:none}",
    "horizontal": "td{border-top:1px solid #333;border-bottom:1px solid #333}",
    "booktabs": "table{border-top:2px solid #000;border-bottom:2px solid #000}.h td{border-bottom:1px solid #000}",
    "striped": "tr:nth-child(odd) td{background:#e8e8e8}",
}


def page_to_draw(drawn: Drawn, rng: random.Random, rules: str) -> str:
    """The report as a page for a browser to draw: lines or none, row heads turned, headings repeated on each page,
    cells set to their top, middle or bottom, figures in a font of their own, narrow first columns."""
    labels = Labels(rng, drawn)
    size = rng.choice([9, 10.5, 12])
    turned = rng.random() < 0.4
    repeat = rng.random() < 0.5
    split = "auto" if rng.random() < 0.5 else "avoid"
    align = rng.choice(["center", "right", "left"])
    landscape = rng.random() < 0.2
    figures = rng.choice([None, None, *_FONTS])
    first = rng.choice(["", "", "tr>td:first-child{width:15%}", "tr>td:first-child{width:6em}", "table{width:70%}"])
    page = f"{rng.choice(['A4', 'A4', 'A4', 'A3', 'Letter', 'A5'])} {'landscape' if landscape else 'portrait'}"
    level = rng.choice(["top", "middle", "bottom", "baseline"])
    leading = rng.choice(["normal", "normal", "1.2", "1.8"])
    apart = rng.choice(["normal", "normal", "normal", "0.5pt", "0.1em", "-0.3pt"])
    padding = rng.choice(["0", "2px", "4px", "9px", "1px 0"])
    body = [f"<h2>{html.escape(drawn.title)}</h2>", f"<p>发布时间：{drawn.year + 1}-01-20</p>"]
    for _, content in parts(drawn, labels):
        if isinstance(content, str):
            body.append(f"<p>{html.escape(content)}</p>")
        else:
            body.append(_table(content, turned=turned, repeat=repeat))
    style = (
        f"@page{{size:{page};margin:{rng.choice([1, 2, 2])}cm}}tr{{break-inside:{split}}}"
        f"body{{font-family:{rng.choice(_FONTS)};font-size:{size}pt}}table{{border-collapse:collapse;width:100%}}"
        f"td{{padding:{padding};letter-spacing:{apart};text-align:{align};line-height:{leading};vertical-align:{level}}}"
        f"{first}"
        f"td.f{{font-family:{figures or 'inherit'}}}td.l{{text-align:left}}"
        f".turned{{writing-mode:vertical-rl;white-space:nowrap}}{_STYLES[rules]}"
    )
    return f'<!DOCTYPE html><html lang=zh><meta charset=utf-8><style>{style}</style><body>{"".join(body)}</body></html>'


def _table(rows: list[list[Span]], *, turned: bool, repeat: bool) -> str:
    heads = 3 if repeat and any(span > 1 for _, span, _ in rows[0]) else 0
    lines = [
        f"<tr class={'h' if n < 3 else 'b'}>{''.join(_cell(cell, turned=turned and n > 2) for cell in row)}</tr>"
        for n, row in enumerate(rows)
    ]
    head = f"<thead>{''.join(lines[:heads])}</thead>" if heads else ""
    return f"<table>{head}<tbody>{''.join(lines[heads:])}</tbody></table>"


def _cell(cell: Span, *, turned: bool) -> str:
    text, rowspan, colspan = cell
    shown = "<br>".join(html.escape(line) for line in text.split("\n"))
    kind = "turned" if turned and rowspan > 3 else "f" if text[:1].isdigit() else "l" if len(text) > 6 else ""
    return f'<td class="{kind}" rowspan={rowspan} colspan={colspan}>{shown}</td>'


def drawn_by_chromium(pages: Sequence[str], rng: random.Random) -> list[bytes]:
    """Each page as PDF, with or without a header and a footer that counts the pages."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page()
        found = []
        for page in pages:
            tab.set_content(page)
            furniture = rng.random() < 0.5
            found.append(
                tab.pdf(
                    prefer_css_page_size=True,
                    display_header_footer=furniture,
                    header_template=HEADER if furniture else "",
                    footer_template=FOOTER if furniture else "",
                )
            )
        browser.close()
    return found


def converted(files: Sequence[bytes], ending: str, target: str) -> list[bytes]:
    """Each file converted by LibreOffice to `target` (`pdf`, `doc`, `rtf`, ...), all in one run."""
    with tempfile.TemporaryDirectory() as folder:
        sources = [Path(folder) / f"report{i}.{ending}" for i in range(len(files))]
        for source, data in zip(sources, files, strict=True):
            source.write_bytes(data)
        program = shutil.which("soffice")
        assert program
        command = [
            program, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", target,
            "--outdir", f"{folder}/out", *map(str, sources),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        ending = target.partition(":")[0]
        return [(Path(folder) / "out" / f"{source.stem}.{ending}").read_bytes() for source in sources]
