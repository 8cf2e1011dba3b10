"""The house itself: rooms import downwards only, nothing hides a library, files stay small."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("registry", "parsers", "monitor", "db", "crawler", "scheduler", "samples")
MAY_IMPORT = {
    "registry": set(),
    "parsers": {"registry"},
    "monitor": {"registry", "parsers"},
    "db": {"registry", "parsers", "monitor"},
    "crawler": {"registry", "parsers", "db"},
    "scheduler": set(ROOMS),
    "samples": {"registry", "parsers"},
    "datasette": set(),
}
# The clock is read once, in scheduler, and handed down.
CLOCK_CALLS = {"now", "utcnow", "today"}


def imports_of(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append((node.lineno, node.module))
    return found


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_rooms_import_downwards_only(room: str) -> None:
    files = list((ROOT / room).rglob("*.py"))
    assert files, f"{room} holds no code"
    wrong = []
    for path in files:
        for line, module in imports_of(path):
            top = module.split(".")[0]
            if top in ROOMS and top != room and top not in MAY_IMPORT[room]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
            if room == "samples" and top == "parsers" and not module.startswith("parsers.forms"):
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}: samples may use parsers.forms only")
    assert not wrong


@pytest.mark.parametrize("room", ["registry", "parsers", "monitor", "db", "crawler", "samples"])
def test_the_clock_is_read_in_scheduler_only(room: str) -> None:
    wrong = []
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in CLOCK_CALLS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in {"datetime", "date"}
            ):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong


def test_nothing_hides_a_library_or_a_room() -> None:
    """A package in datasette/ would hide the library of that name, one in tests/parsers the room."""
    assert not (ROOT / "datasette" / "__init__.py").exists()
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_reading_pages_imports_no_library_for_pdfs_or_pictures() -> None:
    """They take longer to import than a page to read."""
    heavy = {"pdfplumber", "pdfminer", "numpy", "cv2", "docx"}
    code = f"import sys, parsers.reading; print(*{heavy} & sys.modules.keys())"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""


def test_files_stay_readable_in_one_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in (*ROOMS, "datasette", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 420
    }
    assert not long


def test_no_drawer_without_a_name_of_the_field() -> None:
    names = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    assert not [p for room in ROOMS for p in (ROOT / room).rglob("*.py") if p.stem in names]
