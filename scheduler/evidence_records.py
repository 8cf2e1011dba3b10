"""The WARC records that one verdict rests on, cut out of the runs' files, and the same as a WACZ."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator

from crawler.errors import CrawlerError
from crawler.warc import exchange_at, member_length
from db.instants import instant
from scheduler.model import SchedulerError

RECORDS = "records.warc.gz"
WWW = re.compile(r"^www\d*\.")
EARLIEST = (1980, 1, 1, 0, 0, 0)  # ZIP knows no earlier day; members carry no time of ours


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came of it: `fetch` is its row, `packed` its records, `asked` and `answered` their heads."""

    fetch: Mapping[str, Any]
    packed: bytes
    asked: tuple[str, ...]
    answered: tuple[str, ...]

    def as_row(self) -> dict[str, Any]:
        """For headers.jsonl."""
        kept = ("id", "look_id", "url", "final_url", "at", "purpose", "status", "error", "bytes", "sha256")
        return {k: self.fetch[k] for k in kept} | {"request": list(self.asked), "response": list(self.answered)}


def exchanges(home: Path, fetches: Iterable[Mapping[str, Any]]) -> list[Exchange]:
    """The exchanges of these rows of `fetches`, in their order, each once; rows without a record are left out.

    Raises SchedulerError for a record that is named and not there.
    """
    made: dict[tuple[str, int], Exchange] = {}
    for fetch in fetches:
        place = (fetch["warc_file"], fetch["warc_offset"])
        if not place[0] or place in made:
            continue
        try:
            packed = exchange_at(home, *place)
        except CrawlerError as error:
            raise SchedulerError(str(error)) from None
        heads: dict[str, tuple[str, ...]] = {}
        for record in ArchiveIterator(io.BytesIO(packed)):
            if record.http_headers is not None:
                line = record.http_headers
                first = " ".join(filter(None, (line.protocol, line.statusline)))
                heads[record.rec_type] = (first, *(f"{name}: {value}" for name, value in line.headers))
        made[place] = Exchange(fetch, packed, heads.get("request", ()), heads.get("response", ()))
    return list(made.values())


def write_wacz(path: Path, found: Iterable[Exchange], title: str, now: datetime) -> Path:
    """One file that replay tools open (WACZ 1.1.1): records, index (CDXJ), the addresses as pages, hashes of all."""
    warc, index = io.BytesIO(), []
    pages = [json.dumps({"format": "json-pages-1.0", "id": "pages", "title": title}, ensure_ascii=False)]
    for one in found:
        start = warc.tell()
        warc.write(one.packed)
        if one.fetch["status"] is None:
            continue
        stamp = "".join(filter(str.isdigit, one.fetch["at"]))[:14]
        fields = {
            "url": one.fetch["final_url"] or one.fetch["url"],
            "mime": _mime(one.answered),
            "status": str(one.fetch["status"]),
            "digest": f"sha256:{one.fetch['sha256']}",
            "length": str(member_length(io.BytesIO(one.packed))),
            "offset": str(start),
            "filename": "data.warc.gz",
        }
        index.append(f"{surt(fields['url'])} {stamp} {json.dumps(fields, ensure_ascii=False)}")
        if one.fetch["purpose"] != "robots" and one.fetch["status"] == 200:
            pages.append(json.dumps({"url": fields["url"], "ts": one.fetch["at"], "title": fields["url"]}))
    members = {
        "archive/data.warc.gz": warc.getvalue(),
        "indexes/index.cdx": "".join(f"{line}\n" for line in sorted(index)).encode(),
        "pages/pages.jsonl": "".join(f"{line}\n" for line in pages).encode(),
    }
    package = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": title,
        "created": instant(now),
        "software": "OGI Watch",
        "resources": [
            {"name": name.rpartition("/")[2], "path": name, "hash": _hash(data), "bytes": len(data)}
            for name, data in members.items()
        ],
    }
    members["datapackage.json"] = json.dumps(package, ensure_ascii=False, indent=2).encode()
    digest = {"path": "datapackage.json", "hash": _hash(members["datapackage.json"])}
    members["datapackage-digest.json"] = json.dumps(digest).encode()
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            packed = zipfile.ZIP_STORED if name.endswith(".gz") else zipfile.ZIP_DEFLATED
            file.writestr(zipfile.ZipInfo(name, EARLIEST), data, compress_type=packed)
    return path


def surt(url: str) -> str:
    """The key an index sorts addresses by, as replay tools look them up (canonical form of the `surt` library): host
    turned round, then path and query in lower case, the path without its last slash, the query's parts in order.
    """
    parts = urlsplit(url.lower())
    turned = ",".join(reversed(WWW.sub("", parts.hostname or "").split(".")))
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    path = re.sub("/{2,}", "/", parts.path).rstrip("/") or "/"
    query = "&".join(sorted(parts.query.split("&")))
    return f"{turned}{port}){path}" + (f"?{query}" if query else "")


def _mime(heads: Iterable[str]) -> str:
    told = (line.partition(":") for line in heads)
    return next((v.partition(";")[0].strip() for k, _, v in told if k.lower() == "content-type"), "unk")


def _hash(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
