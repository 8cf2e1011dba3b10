"""Every document of tests/data/samples beside its expected output, `<name>.json`; a new pair needs no code.

`<name>.options.json` holds what `read` is told besides the bytes (name, url, content_type, names), where it is told
anything. Expected files are reviewed by hand, cell by cell. A new document gets one to review with
`python tests/test_samples.py --write-missing`. KNOWN_FAILURES.txt names the pairs whose expectation is right and whose
reading is not yet; a pair that begins to pass has to be taken off the list.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from parsers import read
from parsers.output import report_as_json

FOLDER = Path(__file__).parent / "data" / "samples"
KNOWN = FOLDER / "KNOWN_FAILURES.txt"


def documents() -> list[Path]:
    return sorted(p for p in FOLDER.iterdir() if p.suffix != ".json" and p != KNOWN)


def known_failures() -> dict[str, str]:
    """File name -> what is wrong."""
    lines = KNOWN.read_text("utf-8").splitlines()
    entries = (line.partition(": ") for line in lines if line.strip() and not line.startswith("#"))
    return {name: reason for name, _, reason in entries}


def read_sample(path: Path) -> list[dict[str, Any]]:
    options_file = path.with_suffix(".options.json")
    options = json.loads(options_file.read_text("utf-8")) if options_file.exists() else {}
    return [report_as_json(r, path.name) for r in read(path.read_bytes(), **{"name": path.name, **options})]


def expected_of(path: Path) -> list[dict[str, Any]]:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return expected if isinstance(expected, list) else [expected]


def differences(expected: Any, got: Any, at: str = "") -> list[str]:
    """Each place where two JSON values differ. The wording of problems is free: code, place and whose doing count."""
    if at.endswith(".problems"):
        keys = ("code", "where", "responsibility")
        wanted, found = (sorted(tuple(p[k] for k in keys) for p in problems) for problems in (expected, got))
        return [] if wanted == found else [f"{at}: expected {wanted}, got {found}"]
    if isinstance(expected, dict) and isinstance(got, dict):
        keys_of_both = sorted(set(expected) | set(got))
        return [d for k in keys_of_both for d in differences(expected.get(k, "-"), got.get(k, "-"), f"{at}.{k}")]
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        return [d for i, (e, g) in enumerate(zip(expected, got, strict=True)) for d in differences(e, g, f"{at}[{i}]")]
    if at.endswith("confidence") and isinstance(got, float):
        same = abs(expected - got) <= 0.1 and got < 1  # the engine's scores differ a little from machine to machine
        return [] if same else [f"{at}: expected about {expected}, got {got}"]
    same = expected == got and isinstance(expected, bool) == isinstance(got, bool)
    return [] if same else [f"{at}: expected {expected!r}, got {got!r}"]


def _cases() -> list[Any]:
    known = known_failures()
    marks = {name: pytest.mark.xfail(strict=True, reason=reason) for name, reason in known.items()}
    return [pytest.param(p, id=p.name, marks=[marks[p.name]] if p.name in marks else []) for p in documents()]


@pytest.mark.parametrize("path", _cases())
def test_a_saved_document_reads_as_expected(path: Path) -> None:
    found = differences(expected_of(path), read_sample(path))
    assert not found, "\n".join(found[:40])


def test_every_document_has_its_expectation_and_every_expectation_its_document() -> None:
    names = {p.stem for p in documents()}
    assert {p.name.removesuffix(".json").removesuffix(".options") for p in FOLDER.glob("*.json")} == names
    assert len(documents()) == len(names)
    assert set(known_failures()) <= {p.name for p in documents()}


def printed(value: Any, depth: int = 0) -> str:
    """JSON with each innermost row on one line, so that a table reads like a table."""
    inner = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(value, dict | list) or not any(isinstance(v, dict | list) for v in inner):
        return json.dumps(value, ensure_ascii=False)
    pad, end = "\n" + " " * (depth + 1), "\n" + " " * depth
    if isinstance(value, dict):
        lines = (f"{json.dumps(k)}: {printed(v, depth + 1)}" for k, v in value.items())
        return "{" + pad + f",{pad}".join(lines) + end + "}"
    return "[" + pad + f",{pad}".join(printed(v, depth + 1) for v in value) + end + "]"


def write_missing() -> list[Path]:
    """An expected file, as read today, for each document without one; review it before it is committed."""
    written = []
    for path in documents():
        target = path.with_suffix(".json")
        if not target.exists():
            reports = read_sample(path)
            target.write_text(printed(reports if len(reports) > 1 else reports[0]) + "\n", "utf-8")
            written.append(target)
    return written


if __name__ == "__main__" and "--write-missing" in sys.argv:
    for file in write_missing():
        print(f"written, to be reviewed: {file.name}")
