"""The data dictionary: every public table and query with its columns, and the codes that stand in them."""

from ogisite import reading
from ogisite.reading import rows

# group of words -> the columns in which its codes stand
CODES = {
    "status": "obligations.status, events.old, events.new",
    "clause": "obligations.clause, findings_list.reason",
    "kind": "bodies.kind",
    "look": "looks.result",
    "family": "findings_list.family",
    "severity": "findings_list.severity",
    "outcome": "findings_list.outcome",
    "state": "cells.state",
    "column": "requests, proactive, disputes",
    "row_requests": "requests.row",
    "row_proactive": "proactive.row",
    "row_disputes": "disputes.proceeding",
    "row_indicators": "indicators.code",
}


async def described(datasette):
    """What the metadata says of our database: (title, description, columns) of tables, and the queries."""
    said = (datasette.metadata("databases") or {}).get(reading.DATABASE, {})
    return said.get("tables", {}), said.get("queries", {})


def content(tables, queries):
    """A `work(conn, asked)` that lists the public tables with their columns, the queries, and the codes in words."""

    def work(conn, asked):
        closed = {name for name, said in tables.items() if said.get("allow") is False or said.get("hidden")}
        found = []
        for name, said in tables.items():
            if name in closed or not reading.has_table(conn, name):
                continue
            columns = rows(conn, "SELECT name, type FROM pragma_table_info(?)", (name,))
            notes = said.get("columns") or {}
            found.append(
                {
                    "name": name,
                    "about": said.get("description", ""),
                    "columns": [c | {"note": notes.get(c["name"], "")} for c in columns],
                }
            )
        codes = [{"group": group, "where": where, "words": asked.t.group(group)} for group, where in CODES.items()]
        asks = [{"name": name, **said} for name, said in queries.items()]
        return {"tables": found, "queries": asks, "codes": codes}

    return work
