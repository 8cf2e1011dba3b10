"""Old Word and WPS files (OLE) and RTF through LibreOffice, where it is installed: they become HTML and go its way."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from parsers.decoding import decode
from parsers.model import Document, ParserError
from parsers.readers.html import read_html

TIMEOUT_SECONDS = 60
ABSENT = (
    "expected LibreOffice to convert an old Word or WPS file (the optional part 'office': "
    "apt-get install libreoffice-writer-nogui)"
)


def read_office(data: bytes) -> Document:
    """The Document of an old Word, WPS or RTF file. Raises ParserError if LibreOffice is absent or cannot convert it.

    Each call has a profile folder of its own: two at once on one profile fail.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise ParserError(ABSENT)
    with tempfile.TemporaryDirectory(prefix="ogiwatch-") as folder:
        source = Path(folder) / "report.doc"
        source.write_bytes(data)
        command = [
            program, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to", "html:HTML (StarWriter)", "--outdir", folder, str(source),
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS, check=True)
        except (subprocess.SubprocessError, OSError) as error:
            raise ParserError(f"expected LibreOffice to convert the file: {error}") from error
        result = source.with_suffix(".html")
        if not result.is_file():
            raise ParserError("expected LibreOffice to convert the file: it wrote nothing")
        return read_html(decode(result.read_bytes())[0])
