"""A page of an archived PDF, or an archived picture, drawn anew: no byte of the document itself reaches a reader.

What draws is a process of its own with little memory, little time and nothing else to do, one at a time: a document
made to break the library that reads it breaks that process. This file is also the program that it runs.
"""

import gzip
import json
import re
import subprocess
import sys
import threading
import zlib
from collections import OrderedDict
from pathlib import Path

SECONDS = 20
MEMORY = 1_500_000_000
LARGEST = 50_000_000  # bytes of a document
WIDTH = 1200  # pixels of a drawn page
KEPT = 24  # drawn pages in memory
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ONE_AT_A_TIME = threading.Lock()
_DRAWN = OrderedDict()


def image_of(archive, sha256, part, page):
    """(PNG, width and height in the units of the places' boxes) of a page, counted from 1; None if it cannot be drawn.

    `archive`: the folder of archived bodies; `part`: the member of a ZIP that the report was read from, '' for none.
    """
    key = (str(archive), sha256, part, page)
    with _ONE_AT_A_TIME:
        if key not in _DRAWN:
            data = _archived(Path(archive), sha256)
            _DRAWN[key] = _drawn_by_child(data, part, page) if data is not None else None
            while len(_DRAWN) > KEPT:
                _DRAWN.popitem(last=False)
        _DRAWN.move_to_end(key)
        return _DRAWN[key]


def _archived(folder, sha256):
    """The archived bytes, None where they are not at hand (a copy of the database alone) or too large."""
    if not _SHA256.fullmatch(sha256 or ""):
        return None
    path = folder / sha256[:2] / sha256[2:4] / sha256
    try:
        if path.is_file():
            return path.read_bytes() if path.stat().st_size <= LARGEST else None
        with gzip.open(path.with_name(sha256 + ".gz")) as file:
            data = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        return None
    return data if len(data) <= LARGEST else None


def _drawn_by_child(data, part, page):
    command = [sys.executable, "-I", __file__, str(page), part]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=True, env={})
    except (subprocess.SubprocessError, OSError):
        return None
    head, _, png = done.stdout.partition(b"\n")
    try:
        width, height = json.loads(head)
    except ValueError:
        return None
    return (png, width, height) if png.startswith(b"\x89PNG") else None


def draw(data, part, page):
    """In the child: (PNG, width, height). Raises whatever the libraries raise."""
    import io

    from PIL import Image

    if data.startswith(b"PK") and part:
        data = _member(data, part)
    if b"%PDF-" in data[:1024]:
        import pypdfium2

        document = pypdfium2.PdfDocument(data)
        sheet = document[page - 1]
        sheet.set_cropbox(*sheet.get_mediabox())  # boxes are counted from the corner of the whole sheet
        width, height = sheet.get_size()
        picture = sheet.render(scale=min(WIDTH / max(width, 1), 4000 / max(height, 1))).to_pil()
    else:
        Image.MAX_IMAGE_PIXELS = 100_000_000
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"))
        picture.seek(page - 1)
        width, height = picture.size
        picture.thumbnail((2 * WIDTH, 8000))
    stream = io.BytesIO()
    picture.convert("RGB").save(stream, "PNG")
    return stream.getvalue(), width, height


def _member(data, part):
    """A member of a ZIP by the name it was read under; its number on a page stands behind a last stroke."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            names = {entry.filename}
            for encoding in ("utf-8", "gb18030"):
                names.add(entry.filename.encode("cp437", "replace").decode(encoding, "replace"))
            if entry.file_size <= LARGEST and any(part == name or part.startswith(f"{name}/") for name in names):
                return archive.read(entry)
    raise KeyError(part)


def main():
    """The child: a document on standard input, its page as PNG on standard output behind a line with its size."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    png, width, height = draw(sys.stdin.buffer.read(), sys.argv[2], int(sys.argv[1]))
    sys.stdout.buffer.write(json.dumps([width, height]).encode() + b"\n" + png)


if __name__ == "__main__":
    main()
