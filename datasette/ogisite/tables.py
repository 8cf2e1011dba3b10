"""Tables as the form prints them: heads with merged cells, group rows, raw text where it was kept.

The labels and their order come from `form_rows` and `form_columns`; neighbours of one group share a merged head. A
printable table is a list of rows of cells (dicts: text, head, across, down, gloss; a figure has row, column, value,
state, marks, anchor).
"""

import re
from itertools import groupby

from ogisite import marking, sources
from ogisite.reading import parsed, rows

MEASURES = {
    "proactive": (
        "made", "newly_disclosed", "total_disclosed", "issued", "repealed", "in_force", "items_last_year", "change",
        "decisions", "projects", "amount_10k_yuan",
    ),
    "requests": (
        "natural_person", "enterprise", "research_institution", "public_interest_organization", "legal_service",
        "other_organization", "total",
    ),
    "disputes": ("upheld", "corrected", "other", "pending", "total"),
    "indicators": ("value",),
}  # fmt: skip
KEYS = {"proactive": "row", "requests": "row", "disputes": "proceeding", "indicators": "code"}
ORDER = ("proactive", "requests", "disputes", "indicators")
_CHAPTER = re.compile(r"[一二三四五六七八九十]+、")  # "三、本年度办理结果" holds what stands under "（三）不予公开"
_CORNER = (
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"  # printed in the forms of 2019 and 2021
)


def anchor(table, row, column):
    """The fragment of a cell's address."""
    return "c-" + marking.anchor(f"{table}-{row}-{column}")


def nested(lines):
    """The heads left of each row, outermost first, and the title that stands over the columns.

    A group such as "（三）不予公开" stands inside the chapter before it; one without a number belongs to the columns.
    """
    chapter, title, paths = "", "", []
    for line in lines:
        group, label = line["group_label"], line["label"]
        if _CHAPTER.match(group):
            chapter = group
            paths.append([group, label])
        elif group.startswith(("（", "(")):
            paths.append([chapter, group, label] if chapter else [group, label])
        else:
            title = title or group
            paths.append([label])
    return paths, title


def in_order(forms):
    """Table -> form, in the order of the printed report."""
    return dict(sorted(forms.items(), key=lambda item: (ORDER.index(item[0]) if item[0] in ORDER else 9, item[0])))


def printed(conn, report, marks, t, others=None, origin=None):
    """All tables of one report, in the form's order. `others`: its cells in other sources (`sources.of`).
    `origin`: the id of the report whose document can be shown beside its figures."""
    others = others or {}
    filled = {key: cell for key, cells in others.items() for cell in cells if cell["use"] == "filled"}
    forms = parsed(report["forms"], {})
    raw = {}
    for cell in rows(conn, "SELECT * FROM cells WHERE report_id = ?", (report["id"],)):
        raw[cell["table_name"], cell["row"], cell["column"]] = cell
    raw.update(filled)
    found = []
    for table in ORDER:
        key = KEYS[table]
        values = {}
        for figures in rows(conn, f"SELECT * FROM {table} WHERE report_id = ?", (report["id"],)):
            for measure in MEASURES[table]:
                if figures[measure] is not None:
                    values[figures[key], measure] = figures[measure]
            values.setdefault((figures[key], ""), None)
        for (name, line, column), cell in filled.items():
            if name == table:
                values[line, column] = sources.number_of(cell)
        own = {(r, c): cell for (name, r, c), cell in raw.items() if name == table}
        if not values and not own:
            continue
        form = str(forms.get(table) or forms.get("requests") or "")
        found.append(_Sheet(conn, table, form, values, own, marks, t, others, origin).as_dict())
    return found


class _Sheet:
    """One table on its way to print."""

    def __init__(self, conn, table, form, values, raw, marks, t, others, origin):
        self.table, self.form, self.values, self.raw, self.marks, self.t = table, form, values, raw, marks, t
        self.others = others
        self.origin = origin
        self.lines = rows(
            conn, "SELECT * FROM form_rows WHERE form = ? AND table_name = ? ORDER BY position", (form, table)
        )
        heads = rows(
            conn, "SELECT * FROM form_columns WHERE form = ? AND table_name = ? ORDER BY row, position", (form, table)
        )
        self.heads = {row: list(found) for row, found in groupby(heads, key=lambda h: h["row"])}
        self.known = bool(self.lines)
        if not self.known:
            self._improvise()

    def _improvise(self):
        """Without the form's labels: codes as they are, so that nothing held is hidden."""
        codes = list(dict.fromkeys(row for row, _ in [*self.values, *self.raw]))
        used = {column for _, column in [*self.values, *self.raw]}
        self.lines = [
            {"row": c, "label": self.t.code(f"row_{self.table}", c), "group_label": "", "unit": ""} for c in codes
        ]
        self.heads = {
            "": [
                {"column": m, "label": self.t.code("column", m), "group_label": ""}
                for m in MEASURES[self.table]
                if m in used
            ]
        }

    def as_dict(self):
        draw = {"proactive": self._blocks, "disputes": self._one_line, "indicators": self._sheet}.get(
            self.table, self._grid
        )
        grid = draw()
        printed = {(c["row"], c["column"]) for line in grid for c in line if c.get("figure")}
        rest = [key for key in [*self.values, *self.raw] if key[1] and key not in printed]
        return {
            "table": self.table,
            "form": self.form,
            "known": self.known,
            "grid": grid,
            "rest": [
                self._figure(r, c) | {"label": self.t.code(f"row_{self.table}", r)} for r, c in dict.fromkeys(rest)
            ],
        }

    def columns_of(self, row):
        return self.heads.get(row) or self.heads.get("") or []

    def _figure(self, row, column):
        cell = self.raw.get((row, column))
        value = self.values.get((row, column))
        state = cell["state"] if cell else ("number" if value is not None else "absent")
        odd = bool(cell) and state == "number" and cell["raw"].strip() != marking.number(value)
        unsure = bool(cell) and cell["confidence"] < 1
        hints = [self.t.code("state", state)] if state != "number" else []
        if odd:
            hints.append(self.t("report.read_as", value=marking.number(value)))
        if unsure:
            hints.append(self.t("report.unsure", share=round(cell["confidence"] * 100)))
        other = self.others.get((self.table, row, column), ())
        source = next((c["source_id"] for c in other if c["use"] == "filled"), self.origin)
        return {
            "origin": source if state != "absent" else None,
            "code": f"{self.table}/{row}/{column}",
            "taken": next((c["letter"] for c in other if c["use"] == "filled"), ""),
            "denied": [(c["letter"], c["raw"] or c["value"]) for c in other if c["use"] == "differs"],
            "figure": True,
            "row": row,
            "column": column,
            "text": cell["raw"] if cell and (cell["raw"] or state == "blank") else value,
            "value": value,
            "state": state,
            "odd": odd,
            "unsure": unsure,
            "hint": " · ".join(hints),
            "marks": self.marks.get((self.table, row, column), ()),
            "anchor": anchor(self.table, row, column),
        }

    def _label(self, line, **spans):
        code = line["row"]
        gloss = self.t.code(f"row_{self.table}", code) if code else ""
        return {"head": True, "text": line["label"], "gloss": gloss, **spans}

    def _column_heads(self, columns, paths):
        """The head rows over the columns, merged where neighbours share the beginning of their paths."""
        depth = max((len(p) for p in paths), default=1)
        lines = [[] for _ in range(depth)]
        for level in range(depth):
            for (prefix, fits), run in groupby(paths, key=lambda p, n=level: (tuple(p[: n + 1]), len(p) > n)):
                members = list(run)
                if not fits:
                    continue
                last = len(prefix) == len(members[0]) and all(len(p) == len(prefix) for p in members)
                code = columns[paths.index(members[0])]["column"] if last else ""
                lines[level].append(
                    {
                        "head": True,
                        "text": prefix[-1],
                        "gloss": self.t.code("column", code) if code else "",
                        "across": len(members),
                        "down": depth - level if last else 1,
                    }
                )
        return lines

    def _grid(self):
        """Rows down, columns across (requests): group labels as merged heads on the left."""
        columns = self.columns_of("")
        paths, title = nested(self.lines)
        over = [[part for part in (title, c["group_label"], c["label"]) if part] for c in columns]
        heads = self._column_heads(columns, over)
        depth = max((len(p) for p in paths), default=1)
        corner = _CORNER if self.form in ("2019", "2021") else ""
        if heads:
            heads[0].insert(0, {"head": True, "text": corner, "across": depth, "down": len(heads)})
        grid = heads
        open_groups = [None] * depth
        for index, (line, steps) in enumerate(zip(self.lines, paths, strict=True)):
            cells = []
            for level, step in enumerate(steps[:-1]):
                prefix = tuple(steps[: level + 1])
                if open_groups[level] != prefix:
                    open_groups[level:] = [prefix] + [None] * (depth - level - 1)
                    down = 0
                    for other in paths[index:]:
                        if tuple(other[: level + 1]) != prefix or len(other) <= level + 1:
                            break
                        down += 1
                    cells.append({"head": True, "text": step, "across": 1, "down": down, "group": True})
            open_groups[len(steps) - 1 :] = [None] * (depth - len(steps) + 1)
            cells.append(self._label(line, across=depth - len(steps) + 1, down=1))
            cells += [self._figure(line["row"], c["column"]) for c in columns]
            grid.append(cells)
        return grid

    def _blocks(self):
        """Bands of rows that share their columns (proactive): a band's name, its heads, its rows."""
        spread = 6  # 1, 2 and 3 columns share a width of six
        grid = []

        def kind(line):
            return line["group_label"], tuple(c["column"] for c in self.columns_of(line["row"]))

        for (group, columns), run in groupby(self.lines, key=kind):
            lines = list(run)
            across = spread // max(1, len(columns)) if len(columns) in (1, 2, 3) else 1
            total = 2 + (across * len(columns))
            if group:
                grid.append([{"head": True, "text": group, "across": total, "down": 1, "band": True}])
            heads = self.columns_of(lines[0]["row"])
            grid.append(
                [{"head": True, "text": "信息内容", "gloss": self.t("form.content"), "across": 2, "down": 1}]
                + [
                    {
                        "head": True,
                        "text": c["label"],
                        "gloss": self.t.code("column", c["column"]),
                        "across": across,
                        "down": 1,
                    }
                    for c in heads
                ]
            )
            for line in lines:
                grid.append(
                    [self._label(line, across=2, down=1)]
                    + [self._figure(line["row"], c["column"]) | {"across": across} for c in heads]
                )
        return grid

    def _one_line(self):
        """One row of figures under three rows of heads (disputes), as the form prints it."""
        flat = [(line, c) for line in self.lines for c in self.columns_of(line["row"])]
        over = [[part for part in (line["group_label"], line["label"], c["label"]) if part] for line, c in flat]
        cells = [self._figure(line["row"], c["column"]) for line, c in flat]
        glosses = {line["label"]: self.t.code("row_disputes", line["row"]) for line in self.lines}
        heads = self._column_heads([c for _, c in flat], over)
        for line in heads:
            for head in line:
                head["gloss"] = head["gloss"] or glosses.get(head["text"], "")
        return [*heads, cells]

    def _sheet(self):
        """The sheet of indicators: label, unit, number; heading rows without a code."""
        grid = [
            [
                {"head": True, "text": "指标", "gloss": self.t("form.indicator"), "across": 1, "down": 1},
                {"head": True, "text": "单位", "gloss": self.t("form.unit"), "across": 1, "down": 1},
                {"head": True, "text": "数量", "gloss": self.t("form.amount"), "across": 1, "down": 1},
            ]
        ]
        for steps_before, line in zip([{}, *self.lines], self.lines, strict=False):
            group = line["group_label"]
            if group and group not in (steps_before.get("group_label"), line["label"]):
                grid.append([{"head": True, "text": group, "across": 3, "down": 1, "band": True}])
            if not line["row"]:
                grid.append([{"head": True, "text": line["label"], "across": 3, "down": 1, "band": True}])
                continue
            grid.append(
                [
                    self._label(line, across=1, down=1) | {"left": True},
                    {"head": False, "text": line["unit"], "plain": True},
                    self._figure(line["row"], "value"),
                ]
            )
        return grid
