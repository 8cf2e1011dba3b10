"""The versions of one report, and what a later one changed: figures, texts, and what it says of itself."""

import re
from difflib import SequenceMatcher

from ogisite import marking, reading, sources, tables
from ogisite.reading import parsed, row, rows

SAID = ("title", "publisher", "published_on")
SHOWN = 200  # changes of each sort on the page; the query `figures_changed` gives all
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？]?\n?")
_CONTEXT = 40  # characters of a sentence left and right of what changed in it


def of(conn, body, year, also=None):
    """The versions of (body, report year), newest first, each with the look that first saw it; sources of one are none.

    `also`: the id of a report that is to stand in the list even if it is only a source.
    """
    return rows(
        conn,
        """SELECT r.id, r.version, r.title, r.publisher, r.published_on, r.forms, r.preamble, r.first_seen_at,
                  r.fingerprint, d.url, d.sha256, d.first_seen_at AS fetched_at, d.last_seen_at,
                  (SELECT f.look_id FROM fetches f WHERE f.url = d.url AND f.sha256 = d.sha256 ORDER BY f.at LIMIT 1)
                  AS look_id
           FROM reports r JOIN documents d ON d.id = r.document_id
           WHERE r.body_id = ?1 AND r.report_year = ?2 AND r.is_report AND (r.id = ?3 OR r.id NOT IN (
             SELECT s.source_id FROM report_sources s JOIN reports b ON b.id = s.report_id
             WHERE b.body_id = ?1 AND b.report_year = ?2)) ORDER BY r.version DESC, r.id LIMIT 60""",
        (body, year, also),
    )


def before(versions, report_id):
    """The version before that of a report, at the same address if that gave one; None for the first."""
    own = next((v for v in versions if v["id"] == report_id), None)
    earlier = [v for v in versions if own and v["version"] < own["version"]]
    return next((v for v in earlier if own and v["url"] == own["url"]), earlier[0] if earlier else None)


def since(conn, versions, report_id):
    """What a report changed since the version before it; None for the first."""
    old = before(versions, report_id)
    return between(conn, old, next(v for v in versions if v["id"] == report_id)) if old else None


def page(conn, asked):
    """Two versions of one report side by side: that of the address and `with`, else the one before it."""
    number = int(asked.parts["id"])
    report = row(conn, "SELECT body_id, report_year FROM reports WHERE id = ?", (number,))
    if report is None or report["body_id"] is None:
        return None
    known = of(conn, report["body_id"], report["report_year"], number)
    other = reading.whole(asked.text("with"), 1, 2**62)
    new = next((v for v in known if v["id"] == number), None)
    old = next((v for v in known if v["id"] == other), None) if other else before(known, number)
    if new is None or old is None or old is new:
        return None
    body = row(conn, "SELECT id, name FROM bodies WHERE id = ?", (report["body_id"],))
    return {"change": between(conn, old, new), "versions": known, "body": body, "year": report["report_year"]}


def between(conn, old, new):
    """What changed from one version to another: `said`, `cells` and `texts`, old and new side by side."""
    said = [{"what": what, "old": old[what], "new": new[what]} for what in SAID if old[what] != new[what]]
    cells, texts = _cells(conn, old, new), _texts(_lines(conn, old), _lines(conn, new))
    return {
        "old": old,
        "new": new,
        "said": said,
        "cells": cells[:SHOWN],
        "texts": texts[:SHOWN],
        "more": len(cells) > SHOWN or len(texts) > SHOWN,
    }


def _figures(conn, report):
    """(table, row, column) -> (state, what was printed) of every cell that was read, gaps filled from other sources."""
    found = {}
    for table, key in tables.KEYS.items():
        for figures in rows(conn, f"SELECT * FROM {table} WHERE report_id = ?", (report["id"],)):
            for measure in tables.MEASURES[table]:
                if figures[measure] is not None:
                    found[table, figures[key], measure] = ("number", marking.number(figures[measure]))
    for cell in rows(conn, "SELECT * FROM cells WHERE report_id = ? AND state <> 'number'", (report["id"],)):
        found[cell["table_name"], cell["row"], cell["column"]] = (cell["state"], cell["raw"].strip())
    for key, others in sources.of(conn, report)[1].items():
        for cell in others:
            if cell["use"] == "filled":
                found[key] = ("number", marking.number(sources.number_of(cell)))
    return found


def _cells(conn, old, new):
    """The cells that hold something else, in the order of the form, with its labels."""
    first, second = _figures(conn, old), _figures(conn, new)
    forms = {**parsed(old["forms"], {}), **parsed(new["forms"], {})}
    places, labels = {}, {}
    for table, form in forms.items():
        for line in rows(
            conn, "SELECT row, label, position FROM form_rows WHERE form = ? AND table_name = ?", (form, table)
        ):
            places[table, line["row"]] = line["position"]
            labels[table, line["row"]] = line["label"]
    order = {table: n for n, table in enumerate(tables.ORDER)}

    def place(key):
        table, line, column = key
        measures = tables.MEASURES.get(table, ())
        at = measures.index(column) if column in measures else 99
        return order.get(table, 9), places.get((table, line), 999), line, at

    nothing = ("absent", "")
    return [
        {
            "table": table, "row": line, "column": column, "label": labels.get((table, line), ""),
            "old": first.get((table, line, column), nothing), "new": second.get((table, line, column), nothing),
            "anchor": tables.anchor(table, line, column),
        }
        for table, line, column in sorted({*first, *second}, key=place)
        if first.get((table, line, column), nothing) != second.get((table, line, column), nothing)
    ]  # fmt: skip


def _lines(conn, report):
    """[(heading, sentence)] of a report in order; a sentence keeps its mark and loses the blanks around it."""
    found = rows(
        conn,
        "SELECT heading, substr(text, 1, 60000) AS text FROM sections WHERE report_id = ? ORDER BY position LIMIT 200",
        (report["id"],),
    )
    said = [("", report["preamble"][:60_000]), *((s["heading"], f"{s['heading']}\n{s['text']}") for s in found)]
    return [
        (heading, sentence.strip())
        for heading, text in said
        for sentence in _SENTENCE.findall(text)
        if sentence.strip()
    ][:3000]


def _texts(old, new):
    """The stretches of sentences that differ: heading, and old and new as (before, changed, after)."""
    matcher = SequenceMatcher(None, [s for _, s in old], [s for _, s in new])
    found = []
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            continue
        left, right = "".join(s for _, s in old[i1:i2]), "".join(s for _, s in new[j1:j2])
        if left == right:
            continue  # cut into sentences at other places
        heading = new[j1][0] if j1 < j2 else old[i1][0] if i1 < len(old) else ""
        found.append({"heading": heading, **_pointed(left, right)})
    return found


def _pointed(left, right):
    """Two stretches without what they have in common at both ends, but for some characters of context."""
    start, least = 0, min(len(left), len(right))
    while start < least and left[start] == right[start]:
        start += 1
    end = 0
    while end < least - start and left[-1 - end] == right[-1 - end]:
        end += 1

    def cut(text):
        stop = len(text) - end
        head = text[max(0, start - _CONTEXT) : start]
        tail = text[stop : stop + _CONTEXT]
        return (
            ("…" if start > _CONTEXT else "") + head,
            text[start:stop],
            tail + ("…" if end > _CONTEXT else ""),
        )

    return {"old": cut(left), "new": cut(right)}
