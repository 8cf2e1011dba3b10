"""The evidence of one (body, report year) as a folder: statement, looks, documents as fetched, findings."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db.archive import Archive
from db.instants import instant
from registry.model import SHANGHAI
from scheduler.evidence_records import RECORDS, exchanges, write_wacz
from scheduler.evidence_words import LIMITS, in_words, with_failed_visits
from scheduler.home import Home
from scheduler.model import SchedulerError

STAMP_SECONDS = 60
_SUFFIX = {"text/html": ".html", "text/plain": ".txt", "application/pdf": ".pdf", "application/zip": ".zip"}


def write_evidence(
    home: Home, db: Database, body: str, report_year: int, folder: Path, *, wacz: bool = False
) -> list[Path]:
    """Write the folder (made if need be; files of the same name are replaced) and return the paths written.

    The last is manifest.sha256, with the hash of every other file, or what the settings' time-stamp command made of
    it. Raises SchedulerError if nothing was judged of this body and year, a WARC is lost or the command fails,
    ArchiveError if a document is lost.
    """
    where, chosen = "body_id = ? AND report_year = ?", [body, report_year]
    status = next(db["body_years"].rows_where(where, chosen), None)
    if status is None:
        raise SchedulerError(f"{body} {report_year}: nothing has been judged; see `ogiwatch status --body {body}`")
    looks = list(db["obligation_looks"].rows_where(where, chosen, order_by="position"))
    log = list(db["body_looks"].rows_where("body_id = ?", [body], order_by="started_at, look_id"))
    pages = list(db["report_pages"].rows_where(where, chosen, order_by="version, report_id"))
    findings = list(db["all_findings"].rows_where(where, chosen, order_by="finding_id"))
    folder.mkdir(parents=True, exist_ok=True)
    written = [
        _write(folder / "status.json", json.dumps(status, ensure_ascii=False, indent=2) + "\n"),
        _write(folder / "verdict_looks.jsonl", _lines(looks)),
        _write(folder / "all_looks.jsonl", _lines(log)),
        _write(folder / "findings.jsonl", _lines(findings)),
        _write(folder / "reports.jsonl", _lines(pages)),
    ]
    kept: list[dict[str, Any]] = []
    for look in [row for row in looks if row["carries"]]:
        entries = list(db["listed_entries"].rows_where("look_id = ?", [look["look_id"]], order_by="position"))
        fetches = list(db["fetches"].rows_where("look_id = ?", [look["look_id"]], order_by="id"))
        written.append(_write(folder / "looks" / f"{look['look_id']}-entries.jsonl", _lines(entries)))
        kept += fetches
        written.append(_write(folder / "looks" / f"{look['look_id']}-fetches.jsonl", _lines(fetches)))
        for fetch in fetches:
            if fetch["purpose"] in ("list", "drawn") and fetch["sha256"]:
                written.append(_document(home, folder / "looks", fetch["sha256"], "text/html"))
    for page in pages:
        written.append(_document(home, folder / "documents", page["sha256"], page["content_type"]))
    for page in pages:  # the exchange that first brought each version
        first = "url IN (?, ?) AND sha256 = ?"
        given = [page["url"], page["url"], page["sha256"]]
        kept += list(db["fetches"].rows_where(first, given, order_by="id", limit=1))
    found = exchanges(home.path, kept)
    records = folder / RECORDS
    records.write_bytes(b"".join(one.packed for one in found))
    written += [records, _write(folder / "headers.jsonl", _lines(one.as_row() for one in found))]
    if wacz:
        title = f"{status['name']} {report_year}"
        written.append(write_wacz(folder / "records.wacz", found, title, home.clock.now()))
    names = {one["id"]: one["name"] for one in db["bodies"].rows_where(select="id, name")}
    words = in_words(status, with_failed_visits(looks, log), names)
    written.append(_write(folder / "statement.md", _statement(home, status, looks, pages, findings, words)))
    written = list(dict.fromkeys(written))
    manifest = _manifest(folder, written)
    return [*written, manifest, *stamped(home, manifest)]


def _manifest(folder: Path, written: Iterable[Path]) -> Path:
    """The hashes of all files in the form that `sha256sum --check` reads."""
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}" for path in written)
    return _write(folder / "manifest.sha256", "".join(f"{line}\n" for line in lines))


def stamped(home: Home, manifest: Path) -> list[Path]:
    """Run the settings' time-stamp command on the manifest, if there is one; the files it made beside it.

    Raises SchedulerError if it cannot be run, takes longer than a minute or fails.
    """
    words = shlex.split(home.settings.evidence.timestamp_command)
    if not words:
        return []
    before = set(manifest.parent.iterdir())
    command = [word.replace("{manifest}", str(manifest.absolute())) for word in words]
    try:
        done = subprocess.run(
            command, cwd=manifest.parent, capture_output=True, text=True, timeout=STAMP_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SchedulerError(f"evidence.timestamp_command: {error}; the folder itself is whole") from None
    if done.returncode:
        said = " ".join(done.stderr.split())[-200:]
        raise SchedulerError(
            f"evidence.timestamp_command: exit status {done.returncode}: {said}; the folder itself is whole"
        )
    return sorted(set(manifest.parent.iterdir()) - before)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _document(home: Home, folder: Path, sha256: str, content_type: str) -> Path:
    suffix = _SUFFIX.get(content_type.split(";")[0].strip().lower(), ".bin")
    path = folder / f"{sha256}{suffix}"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(Archive(home.path).get(sha256))
    return path


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _statement(
    home: Home,
    status: Mapping[str, Any],
    looks: Iterable[Mapping[str, Any]],
    pages: Iterable[Mapping[str, Any]],
    findings: Iterable[Mapping[str, Any]],
    words: Iterable[str],
) -> str:
    now = home.clock.now()
    lines = [
        f"# {status['name']}, {status['report_year']}: {status['status']}",
        "",
        status["explanation_zh"],
        "",
        status["explanation_en"],
        "",
        f"Judged at {status['judged_at']} (UTC); this folder was written at {instant(now)}, "
        f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M} in Shanghai. Clause: {status['clause'] or 'none'}. "
        f"Basis of the duty: {status['duty_basis_zh'] or 'none'} / {status['duty_basis_en'] or 'none'}.",
        "",
        "## What was looked at, and when 查看经过",
        "",
        *words,
        "",
        *LIMITS,
        "",
        "## Looks 查看记录",
        "",
        "| look | when (UTC) | address | what it says | because | carries the verdict |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['look_id']} | {row['at']} | {_cell(row['column_url'])} | {row['sight']} | "
        f"{_cell(row['reason'] or row['control'])} | {'yes' if row['carries'] else 'no'} |"
        for row in looks
    ]
    lines += [
        "",
        "The pages of the looks that carry the verdict, as fetched, are in `looks/`; every visit to its columns,",
        "complete or not, is in `all_looks.jsonl`. What was sent and answered, byte for byte, is in `records.warc.gz`",
        "(WARC 1.1), the heads of it in `headers.jsonl`.",
        "",
        "## Documents 文件",
        "",
    ]
    lines += [
        f"- version {row['version']}, {_cell(row['url'])}, first seen {row['first_seen_at']}, sha256 `{row['sha256']}`"
        for row in pages
    ] or ["- none held"]
    lines += ["", "## Findings 发现", ""]
    lines += [
        f"- {row['severity']} {row['family']} ({row['outcome']}): {_cell(row['message_zh'])} {_cell(row['message_en'])}"
        for row in findings
    ] or ["- none"]
    lines += [
        "",
        "Files under `documents/` and `looks/` bear the SHA-256 of their bytes; `manifest.sha256` holds that of every",
        "file (`sha256sum --check manifest.sha256`).",
        "",
    ]
    return "\n".join(lines)


def _cell(text: object) -> str:
    return re.sub(r"[|\r\n]+", " ", str(text or ""))
