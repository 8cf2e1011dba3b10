"""Old Word and WPS files, RTF, Word's XML of 2003 and ODT through LibreOffice: they become DOCX and go its way."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parsers.model import Document, ParserError
from parsers.readers.docx import read_docx

TIMEOUT_SECONDS = 60
MAX_BYTES = 30_000_000  # of a file given to LibreOffice, and four times that of one it writes
ABSENT = (
    "expected LibreOffice to convert an old Word or WPS file, and there is no program soffice: `make extras` installs "
    "it (Debian's libreoffice-writer-nogui)"
)
_PREFIX = "ogiwatch-office-"
# A file may name pictures, texts and templates that lie elsewhere. Nothing of it is fetched: links are blocked (by
# default they are followed), and whatever asks all the same is sent to a proxy that is not there (default: none, and
# this machine is asked without one). Macros never run (default level 2 asks, and headless nobody answers).
_SETTINGS = (
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Common/Load", "UpdateDocMode", "0"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetNoProxy", ""),
)
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'
        "</item>"
        for path, name, value in _SETTINGS
    )
    + "</oor:items>"
)


def read_office(data: bytes) -> Document:
    """The Document of an old Word, WPS or RTF file. Raises ParserError if LibreOffice is absent, takes too long or
    cannot convert it."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise ParserError(ABSENT)
    if len(data) > MAX_BYTES:
        raise ParserError(f"the file has {len(data)} bytes; at most {MAX_BYTES} are given to LibreOffice")
    with _folder() as folder:
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_PROFILE, "utf-8")
        source = folder / f"report.{_ending(data)}"
        source.write_bytes(data)
        _convert(program, source, folder / "out")
        result = folder / "out" / "report.docx"
        if not result.is_file():
            raise ParserError("expected LibreOffice to convert the file: it wrote nothing, so it cannot open it")
        return read_docx(result.read_bytes())


def _ending(data: bytes) -> str:
    """The ending by which LibreOffice knows such a file; Works files it would take for text otherwise."""
    for start, ending in ((b"{\\rtf", "rtf"), (b"PK", "odt"), (b"<?xml", "xml")):
        if data[:100].lstrip(b"\xef\xbb\xbf \r\n").startswith(start):
            return ending
    return "doc" if "WordDocument".encode("utf-16-le") in data else "wps"


def _convert(program: str, source: Path, target: Path) -> None:
    """Run LibreOffice on one file, in a session of its own; its limits hold even if this process is killed."""
    limits = f'ulimit -f {MAX_BYTES * 4 // 512}; ulimit -t {TIMEOUT_SECONDS}; exec "$@"'
    command = [
        "/bin/sh", "-c", limits, "sh", program, "--headless", "--norestore", "--nologo", "--nodefault",
        f"-env:UserInstallation=file://{source.parent}/profile", "--convert-to", "docx:MS Word 2007 XML",
        "--outdir", str(target), str(source),
    ]  # fmt: skip
    surroundings = {**os.environ, "HOME": str(source.parent), "TMPDIR": str(source.parent)}
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True, env=surroundings, cwd=source.parent,
    ) as process:  # fmt: skip
        try:
            process.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            raise ParserError(f"expected LibreOffice to convert the file within {TIMEOUT_SECONDS} seconds") from None
        finally:
            _end(process.pid)


def _end(group: int) -> None:
    """Kill whatever is left of a process group: soffice is a script that starts the program that does the work."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of this call's own (two calls on one profile fail), locked while in use and removed at the end; those
    that a killed process left behind are removed first."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        _remove_if_left(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder


def _remove_if_left(folder: Path) -> None:
    try:
        with (folder / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:  # in use, being made, or another user's
        return
