"""Every saved document beside its expected output: a new pair in data/parsers/samples needs no code.

NAME.json is a list with one object a report; each key in it has to come out of `report_as_json` just so. Short forms:
"sections" is the list of numbers, "statements" the list of [what, value, of], "problems" the list of codes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parsers import read
from parsers.output import report_as_json

SAMPLES = Path(__file__).parent / "data" / "parsers" / "samples"
PAIRS = sorted(path for path in SAMPLES.iterdir() if path.suffix != ".json")


def shortened(report: dict[str, Any]) -> dict[str, Any]:
    return report | {
        "sections": [section["number"] for section in report["sections"]],
        "statements": [[s["what"], s["value"], s["of"]] for s in report["statements"]],
        "problems": sorted({problem["code"] for problem in report["problems"]}),
    }


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.name)
def test_sample(path: Path) -> None:
    expected = json.loads(path.with_name(path.stem + ".json").read_text("utf-8"))
    reports = [shortened(report_as_json(r, path.name)) for r in read(path.read_bytes(), name=path.name)]
    assert len(reports) == len(expected)
    for report, wanted in zip(reports, expected, strict=True):
        assert {key: report.get(key) for key in wanted} == wanted


def test_there_are_pairs() -> None:
    assert len(PAIRS) >= 10
    assert {path.stem for path in PAIRS} == {path.stem for path in SAMPLES.glob("*.json")}
