"""How long `parsers.read` takes beside tools that only find tables or text, on the same pages in one run.

`python benchmarks/reading.py [ROUNDS]` prints the five sample reports as pages, one of them with the spans that Word
leaves in every cell (about 65 KB) and as the answer of a site's API (a page in a string of JSON), a page of prose with
few figures, one of nothing but stated figures (about 100 KB each), and text of words that are nearly labels (100 KB),
which no site gives. Each round times every tool once on each
page, in seconds of CPU, so that a busy machine slows all of them alike. Printed are medians and their ratios to
BeautifulSoup's bare tree and to `parsers.read`. What is not installed is skipped with a message; beautifulsoup4, lxml,
pandas, trafilatura and markitdown are wanted.

`python benchmarks/reading.py --memory [DOCUMENTS]` reads that many made-up reports (10,000), no two alike, in this
process and compares its resident memory after a tenth of them with that after all. The exit status is 1 if it grew by
more than a tenth.
"""

from __future__ import annotations

import gc
import io
import json
import os
import random
import re
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from parsers import read
from samples.printing import print_report
from samples.report_model import SAMPLES, load_sample

Tool = Callable[[bytes], Any]
ROUNDS = 15
_SPAN = (
    '<p class="MsoNormal" align="center" style="text-align:center;line-height:{n}pt"><span lang="EN-US" '
    'style="font-size:10.5pt;font-family:宋体;mso-bidi-font-family:宋体;color:black">{text}<o:p></o:p></span></p>'
)
_MENU = "".join(
    f'<li class="m{i}"><a href="/zwgk/lm{i}/index.html" target="_blank">栏目{i}</a></li>' for i in range(60)
)
_DENSE = (
    "2023年，本机关共收到政府信息公开申请{0}件，其中予以公开{1}件，部分公开{2}件。通过门户网站主动公开政府信息{0}条，解读材料{2}篇。"
    "因政府信息公开引发行政复议{1}件、行政诉讼{2}件。组织政务公开培训{2}次，参训{0}人次。目录按季更新，旧文件同步清理，专栏逐步完善。"
)
_PLAIN = (
    "一年来，我们把群众关心的事项放在首位，及时回应来信来电，公开的内容更完整，查找更方便。各科室明确专人负责，审核之后再发布，"
    "用语力求通俗。全年开展业务学习{2}次，修订制度{1}项。下一步将继续完善目录，听取意见，改进页面，让每一位来访者都能找到所需的材料。"
)


def page(title: str, body: str) -> bytes:
    """A portal's article page around a report's body."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body><ul>{_MENU}</ul>'
        f'<div class="art"><h1>{title}</h1><div>发布时间：2024-01-20</div><div class="TRS_Editor">{body}</div></div>'
        "<div>主办：某办公室</div></body></html>"
    ).encode()


def word_spans(body: str, weight: int = 1) -> str:
    """The cells of a body as Word's export writes them."""
    return re.sub(r"(<td[^>]*>)([^<]*)(?=</td>)", lambda m: m[1] + _SPAN.format(n=weight + 15, text=m[2]), body)


def pages() -> dict[str, bytes]:
    """The pages by name."""
    found: dict[str, bytes] = {}
    for number in SAMPLES:
        sample = load_sample(number)
        body = print_report(sample)
        found[f"report {number}"] = page(sample.title, body)
        if number == SAMPLES[-1]:
            found[f"report {number}, Word's spans"] = page(sample.title, word_spans(body))
            content = page(sample.title, body).decode()
            answer = {"code": 200, "data": {"id": 7, "title": sample.title, "content": content}}
            found[f"answer of an API, report {number}"] = json.dumps(answer).encode()
    chapters = (
        "总体情况",
        "主动公开政府信息情况",
        "收到和处理政府信息公开申请情况",
        "行政复议、行政诉讼情况",
        "存在的主要问题及改进情况",
    )
    for name, text in (("dense prose", _DENSE), ("prose with few figures", _PLAIN)):
        prose = "".join(
            f"<p>{'一二三四五'[i]}、{words}</p>"
            + "".join(f"<p>{text.format(n + 9, n + 5, n + 1)}</p>" for n in range(52))
            for i, words in enumerate(chapters)
        )
        found[name] = page("某市统计局2023年政府信息公开工作年度报告", prose)
    return found


def nearly_labels(body: str) -> bytes:
    """100 KB of tabbed lines of words as long as a report's labels and of their letters."""
    rng = random.Random(1)
    labels = re.findall("[\u4e00-\u9fff]{4,}", body)
    letters = "".join(labels)
    words = ["".join(rng.choices(letters, k=len(rng.choice(labels)))) for _ in range(5500)]
    return "\n".join("\t".join(words[at : at + 4]) for at in range(0, len(words), 4)).encode()[:100_000]


def _beautiful_soup() -> Tool:
    soup: Any = import_module("bs4").BeautifulSoup
    import_module("lxml.etree")
    return lambda data: soup(data, "lxml")


def _pandas() -> Tool:
    pandas: Any = import_module("pandas")
    import_module("lxml.html")

    def tables(data: bytes) -> Any:
        try:
            return pandas.read_html(io.BytesIO(data), flavor="lxml", encoding="utf-8")
        except ValueError:  # no table on the page
            return []

    return tables


def _trafilatura() -> Tool:
    trafilatura: Any = import_module("trafilatura")
    return lambda data: trafilatura.extract(data.decode(), include_tables=True)


def _markitdown() -> Tool:
    converter = import_module("markitdown").MarkItDown()
    return lambda data: converter.convert_stream(io.BytesIO(data), file_extension=".html")


_OURS, _BASE = "parsers.read (all of it)", "BeautifulSoup(lxml), tree only"
TOOLS: dict[str, Callable[[], Tool]] = {
    _OURS: lambda: read,
    _BASE: _beautiful_soup,
    "pandas.read_html(lxml)": _pandas,
    "trafilatura.extract": _trafilatura,
    "markitdown": _markitdown,
}


def installed() -> dict[str, Tool]:
    """The tools that can be had; a message for each other one."""
    found: dict[str, Tool] = {}
    for name, make in TOOLS.items():
        try:
            found[name] = make()
        except ImportError as error:
            print(f"skipped: {name}: {error}")
    return found


def measure(tools: dict[str, Tool], corpus: dict[str, bytes], rounds: int) -> dict[tuple[str, str], float]:
    """Median seconds of each (page, tool); one round before the first is not counted."""
    times: dict[tuple[str, str], list[float]] = {}
    for number in range(rounds + 1):
        for title, data in corpus.items():
            for name, tool in tools.items():
                gc.collect()
                start = time.process_time()
                tool(data)
                if number:
                    times.setdefault((title, name), []).append(time.process_time() - start)
    return {key: median(values) for key, values in times.items()}


def speed(rounds: int) -> None:
    """Measure and print a table a page, and one of the five reports and the page with spans together."""
    tools, corpus = installed(), pages()
    medians = measure(tools, corpus, rounds)
    # by itself, as no label of another page is remembered behind it
    corpus["words nearly labels"] = nearly_labels(print_report(load_sample(SAMPLES[-1])))
    medians |= measure(tools, {"words nearly labels": corpus["words nearly labels"]}, 1)
    for name in tools:
        medians["all reports", name] = sum(medians[title, name] for title in corpus if title.startswith("report"))
    sizes = {title: f"{len(data) / 1000:.0f} KB" for title, data in corpus.items()} | {"all reports": "together"}
    for title, size in sizes.items():
        print(f"\n{title}: {size}, medians of {rounds} rounds; beside the bare tree, beside parsers.read")
        base, ours = medians.get((title, _BASE)), medians[title, _OURS]
        for name in tools:
            seconds = medians[title, name]
            ratio = f"{seconds / base:6.2f} x" if base else "       -"
            print(f"  {name:32} {seconds * 1000:8.1f} ms  {ratio}  {seconds / ours:6.2f} x")


def made_up(number: int) -> bytes:
    """A page whose figures, names and prose no other number has."""
    rng = random.Random(number)
    sample = load_sample(SAMPLES[number % len(SAMPLES)])
    body = re.sub(r"(<td[^>]*>)\d+(?=</td>)", lambda m: m[1] + str(rng.randrange(10**6)), print_report(sample))
    name = "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(4))
    prose = "".join(f"<p>{name}{n}号：{_DENSE.format(*rng.sample(range(9999), 3))}</p>" for n in range(12))
    return page(f"{name}局2023年政府信息公开工作年度报告", body.replace("</h2>", "</h2>" + prose, 1) + prose)


def resident() -> int:
    """Bytes of this process that are in memory (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def memory(documents: int) -> int:
    """Read that many documents; 1 if the memory after all of them is over 1.1 times that after a tenth."""
    early = 0
    for number in range(1, documents + 1):
        read(made_up(number))
        if number in (documents // 10, documents):
            print(f"{number} documents: {resident() / 1e6:.1f} MB resident")
            early = early or resident()
    ratio = resident() / early
    print(f"ratio: {ratio:.3f}")
    return int(ratio > 1.1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        sys.exit(memory(int(sys.argv[2]) if len(sys.argv) > 2 else 10_000))
    speed(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
