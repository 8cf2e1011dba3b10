"""Every saved document spoilt in many ways and read: no failure, nothing said that is not there, no cell said wrong.

`OGIWATCH_MUTATIONS` (rounds over all documents) and `OGIWATCH_SEED` start longer and other runs.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report_files import as_docx, as_pdf, as_xlsx
from report_printer import draw
from test_samples import documents, expected_of, known_failures

from parsers import read
from parsers.decoding import decode
from parsers.folding import fold
from parsers.model import Report, State
from parsers.output import report_as_json
from parsers.readers.sniffing import Format, sniff

ROUNDS = int(os.environ.get("OGIWATCH_MUTATIONS", "4"))
SEED = int(os.environ.get("OGIWATCH_SEED", "20201216"))
_TAG = re.compile(r"<[^<>]*>")
# Letters that are no part of a figure: not numerals, units, or words for none, up and down.
_LETTERS = re.compile("(?![零〇一二三四五六七八九十百千两万亿元件条无未没有增减加少上下升降空略])[\u4e00-\u9fff]")
Mutation = Callable[[bytes, random.Random], bytes]


def flipped(data: bytes, rng: random.Random) -> bytes:
    """Single bytes changed, lost and added."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 3, 20, 200))):
        at = rng.randrange(len(out))
        match rng.randrange(3):
            case 0:
                out[at] = rng.randrange(256)
            case 1 if len(out) > 1:
                del out[at]
            case _:
                out.insert(at, rng.randrange(256))
    return bytes(out)


def moved(data: bytes, rng: random.Random) -> bytes:
    """Pieces lost, doubled and exchanged."""
    for _ in range(rng.choice((1, 2, 5))):
        a, b, c = sorted(rng.randrange(len(data) + 1) for _ in range(3))
        b = min(b, a + 3000)
        exchanged = data[:a] + data[b:c] + data[a:b] + data[c:]
        data = rng.choice((data[:a] + data[b:], data[:b] + data[a:b] + data[b:], exchanged))
        if not data:
            return b"x"
    return data


def untagged(data: bytes, rng: random.Random) -> bytes:
    """Tags lost, doubled, cut short and put elsewhere."""
    text, _ = decode(data)
    tags = list(_TAG.finditer(text))
    if not tags:
        return moved(data, rng)
    for tag in sorted(rng.sample(tags, min(len(tags), rng.choice((1, 3, 10)))), key=lambda m: -m.start()):
        other = rng.choice(tags).group()
        new = ("", tag.group() * 2, tag.group()[:-1], other, f"{other}{tag.group()}", "</table>", "<table>")
        instead = rng.choice(new)
        text = text[: tag.start()] + instead + text[tag.end() :]
    return text.encode()


def mixed(data: bytes, rng: random.Random) -> bytes:
    """Pieces in several encodings, or all of it in one that it does not claim, with odd characters between them."""
    text, _ = decode(data)
    cuts = sorted(rng.randrange(len(text) + 1) for _ in range(rng.randrange(4)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    odd = rng.choice(("", "\u200b", "\ufeff", "\\ud83d", "&#xd800;", "\U000e0041", "\u202e", "&#0;", "\0", "𝟙"))
    names = ("utf-8", "gb18030", "gbk", "utf-16-le", "big5", "latin-1")
    return odd.encode().join(piece.encode(rng.choice(names), "ignore") for piece in pieces)


def unlettered(data: bytes, rng: random.Random) -> bytes:
    """Chinese letters lost, doubled and replaced by others of the document. All digits and tags stay as they are."""
    text, _ = decode(data)
    places = list(_LETTERS.finditer(text))
    for place in sorted(rng.sample(places, min(len(places), rng.choice((1, 5, 30)))), key=lambda m: -m.start()):
        instead = rng.choice(("", place.group() * 2, rng.choice(places).group()))
        text = text[: place.start()] + instead + text[place.end() :]
    return text.encode()


def pages() -> list[Path]:
    """The saved documents whose letters lie open; of packed files made ones are spoilt below."""
    return [path for path in documents() if sniff(path.read_bytes()) is Format.TEXT]


MUTATIONS: tuple[Mutation, ...] = (flipped, moved, untagged, mixed, unlettered)


def values_of(outputs: list[dict[str, Any]]) -> dict[tuple[str, str, str], set[float | None]]:
    """All that the reports of a document say of each cell."""
    said: dict[tuple[str, str, str], set[float | None]] = {}
    for output in outputs:
        for table in ("proactive", "requests", "disputes"):
            for row, cells in output.get(table, {}).items():
                for column, value in cells.items():
                    said.setdefault((table, row, column), set()).add(value)
        for code, value in output.get("indicators", {}).items():
            said.setdefault(("indicators", code, "value"), set()).add(value)
    return said


def held(reports: tuple[Report, ...], data: bytes, name: str, *, tagged: bool = True) -> None:
    """What holds of every reading of any bytes; without `tagged`, of those whose broken tags run figures together."""
    assert reports
    text = decode(data)[0]
    digits = " ".join(re.sub(r"\D", "", fold(t)) for t in (text, _TAG.sub("", text)))
    for report in reports:
        json.dumps(report_as_json(report, name), ensure_ascii=False).encode()
        assert report.is_report or not report.figures
        cells = Counter((f.table, f.row, f.column) for f in report.figures)
        assert max(cells.values(), default=1) == 1, cells.most_common(1)
        for figure in report.figures:
            assert (figure.value is not None) == (figure.state is State.NUMBER), figure
            if figure.value is not None and figure.raw.isascii() and figure.raw.isdigit() and tagged:
                assert figure.raw in digits, figure
        texts: dict[int, list[str]] = {0: [report.preamble]}
        for section in report.sections:
            texts.setdefault(section.number or 0, []).append(section.text)
        for s in report.statements:
            assert any(0 <= s.start < s.end <= len(t) and s.sentence in t for t in texts[s.section]), s


def seconds(data: bytes, name: str) -> tuple[float, tuple[Report, ...]]:
    """Seconds of CPU of one reading, and what was read."""
    start = time.process_time()
    reports = read(data, name=name)
    return time.process_time() - start, reports


@pytest.mark.campaign
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_spoilt_document_is_read_within_its_bounds(mutation: Mutation) -> None:
    for path in pages():
        data = path.read_bytes()
        usual = seconds(data, path.name)[0]
        for turn in range(ROUNDS):
            rng = random.Random(f"{SEED}/{mutation.__name__}/{path.name}/{turn}")
            spoilt = mutation(data, rng)
            taken, reports = seconds(spoilt, path.name)
            escaped = path.name.startswith("j_")  # held by a script
            held(reports, spoilt, path.name, tagged=not escaped and mutation is not untagged)
            assert taken < 1 + 20 * usual * max(1, len(spoilt) / len(data)), (path.name, turn, taken, usual)


@pytest.mark.campaign
def test_a_damaged_label_never_gives_a_cell_another_figure() -> None:
    """Whatever happens to the words around it, a cell that is read says what the whole document says in that cell."""
    for path in pages():
        if path.name in known_failures():
            continue
        data = path.read_bytes()
        right = values_of(expected_of(path))
        if not right:
            continue  # no report: a damaged word may make one of it
        for turn in range(3 * ROUNDS):
            rng = random.Random(f"{SEED}/labels/{path.name}/{turn}")
            said = values_of([report_as_json(r, path.name) for r in read(unlettered(data, rng), name=path.name)])
            wrong = {k: v for k, v in said.items() if not v <= right.get(k, set()) | {None}}
            assert not wrong, (path.name, turn, dict(list(wrong.items())[:3]))


def _packed(data: bytes, rng: random.Random) -> bytes:
    """A package with one of its members spoilt; packed soundly."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = rng.choice([n for n in names if "document.xml" in n or "sheet" in n] or names)
        for name in names:
            content = old.read(name)
            new.writestr(name, rng.choice(MUTATIONS)(content, rng) if name == chosen and content else content)
    return stream.getvalue()


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("write", "spoil"),
    [*((write, spoil) for write in (as_docx, as_xlsx) for spoil in (flipped, moved, _packed)), (as_pdf, flipped)],
)
def test_a_spoilt_package_is_read_within_its_bounds(write: Callable[..., bytes], spoil: Mutation) -> None:
    for turn in range(15 * ROUNDS):
        rng = random.Random(f"{SEED}/{write.__name__}/{spoil.__name__}/{turn}")
        data = write(draw(rng, blanks=True), rng)
        reports = read(spoil(data, rng), name="x")
        assert reports
        for report in reports:
            json.dumps(report_as_json(report, "x"), ensure_ascii=False).encode()
            assert max(Counter((f.table, f.row, f.column) for f in report.figures).values(), default=1) == 1
