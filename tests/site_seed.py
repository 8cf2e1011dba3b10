# ruff: noqa: E501 -- rows of a table are read across
"""Fills a database through plain SQL so that every page has something to show: all nine statuses, the three
generations of the form, findings with cells and passages, and the hostile strings that portals may send.

`python tests/site_seed.py FILE` makes such a database for a look with a browser.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from db.connection import open_database
from parsers.forms import form_columns, form_rows

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"
HOSTILE_URL = "javascript:alert(document.cookie)"
LONG = "关于" + "很长的标题" * 400
SECRET = "mailto-secret-token-4711"
APPLICANTS = (
    "natural_person", "enterprise", "research_institution", "public_interest_organization", "legal_service",
    "other_organization", "total",
)  # fmt: skip
DIVISIONS = (
    ("110000", "北京市", None), ("110102", "北京市西城区", "110000"), ("110108", "北京市海淀区", "110000"),
    ("430000", "湖南省", None), ("430400", "湖南省衡阳市", "430000"), ("430405", "湖南省衡阳市珠晖区", "430400"),
    ("500000", "重庆市", None), ("500114", "重庆市黔江区", "500000"), ("510000", "四川省", None),
    ("510100", "四川省成都市", "510000"),
)  # fmt: skip
BODIES = (  # id, name, kind, level, division, parent, watch_from
    ("haidian", "北京市海淀区人民政府", "government", "county", "110108", None, 2024),
    ("xicheng-fuwu", "北京市西城区全响应服务中心", "department", "county", "110102", None, 2024),
    ("beixinqiao", "北新桥街道办事处", "subdistrict", "town", "110101", None, 2024),
    ("zhuhui", "珠晖区人民政府", "government", "county", "430405", None, None),
    ("qianjiang-cgj", "重庆市黔江区城市管理局", "department", "county", "500114", None, 2024),
    ("demo-bureau", "示例市教育局", "department", "prefecture", "510100", "demo-gov", 2024),
    ("demo-gov", "示例市人民政府", "government", "prefecture", "510100", None, 2024),
    ("demo-wall", "示例市水务局", "department", "prefecture", "510100", "demo-gov", 2024),
    ("demo-gone", "示例市统计局", "department", "prefecture", "510100", "demo-gov", 2024),
    ("demo-new", "示例市数据局", "department", "prefecture", "510100", "demo-gov", 2024),
    ("demo-town", "示例镇人民政府", "township", "town", "510100", None, 2024),
    ("hostile", HOSTILE, "institution", "county", "510100", None, 2024),
)  # fmt: skip
STATUSES = (  # body, year, status, clause, due, days late, basis, published, after, by, certain
    ("haidian", 2024, "on_time", "own_date", "2025-03-31", None, "own_date", "2025-03-20", "2025-03-18T02:00:00Z", "2025-03-21T02:00:00Z", 1),
    ("haidian", 2023, "undated", "straddles_due_day", "2024-03-31", None, None, None, "2024-03-28T02:00:00Z", "2024-04-04T02:00:00Z", 1),
    ("xicheng-fuwu", 2019, "late", "own_date", "2020-01-31", 320, "own_date", "2020-12-16", None, "2024-12-20T02:00:00Z", 1),
    ("xicheng-fuwu", 2024, "late", "seen", "2025-01-31", 9, "seen", None, "2025-02-08T02:00:00Z", "2025-02-09T02:00:00Z", 1),
    ("beixinqiao", 2023, "unverified", "before_our_watch", "2024-01-31", None, None, None, None, None, 0),
    ("beixinqiao", 2024, "unverified", "local_practice", "2025-01-31", None, None, None, None, None, 0),
    ("zhuhui", 2019, "on_time", "own_date", "2020-03-31", None, "own_date", "2020-01-20", None, "2024-12-20T02:00:00Z", 1),
    ("qianjiang-cgj", 2020, "undated", "straddles_due_day", "2021-01-31", None, None, None, None, "2024-12-20T02:00:00Z", 1),
    ("demo-bureau", 2024, "missing", "proof_of_absence", "2025-01-31", None, None, None, None, None, 1),
    ("demo-gov", 2024, "not_due", "due_day_not_over", "2025-03-31", None, None, None, None, None, 1),
    ("demo-gov", 2023, "on_time", "seen", "2024-03-31", None, "seen", None, "2024-03-01T02:00:00Z", "2024-03-08T02:00:00Z", 1),
    ("demo-wall", 2024, "unverified", "no_complete_look", "2025-01-31", None, None, None, None, None, 1),
    ("demo-gone", 2024, "withdrawn", "gone_from_address_and_columns", "2025-01-31", None, "own_date", "2025-01-20", None, "2025-01-22T02:00:00Z", 1),
    ("demo-new", 2024, "exempt", "did_not_exist", None, None, None, None, None, None, 0),
    ("demo-town", 2024, "awaiting", "grace_period", "2025-01-31", None, None, None, None, None, 0),
    ("hostile", 2024, "unverified", "undecidable_entry", None, None, None, None, None, None, 0),
)  # fmt: skip
SENTENCES = {
    "missing": ("截至2025-02-18，在栏目 示例市政府信息公开年报 中未找到（查看日期：2025-02-09, 2025-02-12, 2025-02-15, 2025-02-18）。",
                "By 2025-02-18, not found in columns 示例市政府信息公开年报 (looks on 2025-02-09, 2025-02-12, 2025-02-15, 2025-02-18)."),
    "late": ("应于2020-01-31前公布。页面所载发布日期：2020-12-16。晚320天。", "Due by 2020-01-31. The page gives 2020-12-16 as its day. That is 320 days after the due day."),
}  # fmt: skip
NARRATIVE = (
    "本单位在本年度共收到申请十二件，全部依法办理。\n其中解读文件2条、规划1条，另有说明若干。\n"
    "统计期限自一月一日起至十二月三十一日止；以下数字均由本单位填报，接受监督。"
)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _insert(conn: sqlite3.Connection, table: str, **row: Any) -> int:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    return int(conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values())).lastrowid or 0)


def _registry(conn: sqlite3.Connection) -> None:
    conn.executemany("INSERT INTO divisions VALUES (?, ?, ?)", DIVISIONS)
    for id_, name, kind, level, division, parent, watch in BODIES:
        _insert(
            conn, "bodies", id=id_, name=name, kind=kind, level=level, division=division, parent=parent, watch_from=watch,
            aliases=json.dumps(["教育局", HOSTILE] if id_ == "demo-bureau" else [], ensure_ascii=False),
            exists_from="2025-03-01" if id_ == "demo-new" else None, note=HOSTILE if id_ == "hostile" else "",
        )  # fmt: skip
    for n, (id_, url, title, verified) in enumerate((
        ("demo-list", "http://www.demo.gov.cn/zfxxgknb/", "示例市政府信息公开年报", "verified"),
        ("wall-list", "https://swj.demo.gov.cn/zfxxgknb/", "", "verified"),
        ("haidian-list", "https://zyk.bjhd.gov.cn/zwdt/xxgk/", "海淀区年报", "unverified"),
        ("bad-list", HOSTILE_URL, HOSTILE, "dead"),
    )):  # fmt: skip
        _insert(conn, "columns", id=id_, url=url, title=title, family="trs_wcm", verified=verified, basis="seen",
                years_from=2019 if n == 2 else None)  # fmt: skip
    for body, column in (
        ("demo-bureau", "demo-list"), ("demo-gov", "demo-list"), ("demo-gone", "demo-list"), ("demo-new", "demo-list"),
        ("demo-town", "demo-list"), ("demo-wall", "wall-list"), ("haidian", "haidian-list"), ("hostile", "bad-list"),
    ):  # fmt: skip
        _insert(conn, "column_bodies", column_id=column, body_id=body)
    for id_, kinds, due, certainty, zh, en in (
        ("art49-1", ["central", "department"], "01-31", "law", "《政府信息公开条例》第四十九条第一款", "OGI Regulations, art. 49 para. 1"),
        ("art49-2", ["government"], "03-31", "law", "《政府信息公开条例》第四十九条第二款", "OGI Regulations, art. 49 para. 2"),
        ("practice", ["township", "subdistrict"], "01-31", "local_practice", "地方惯例", "local practice"),
    ):  # fmt: skip
        _insert(conn, "duties", id=id_, kinds=json.dumps(kinds), bodies="[]", divisions="[]", years_from=2019, due=due,
                certainty=certainty, basis_zh=zh, basis_en=en, source="国务院令第711号")  # fmt: skip
    _insert(conn, "exemptions", body_id="demo-new", report_year=2024, reason="2025年3月组建", source=HOSTILE_URL)


def _looks(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    conn.execute("INSERT INTO listings VALUES ('list-1', 3)")
    for n, (url, title) in enumerate((
        ("http://www.demo.gov.cn/zfxxgknb/202501/t20250120_1.html", "示例市统计局2024年政府信息公开工作年度报告"),
        (HOSTILE_URL, HOSTILE),
        ("http://www.demo.gov.cn/zfxxgknb/202402/t20240201_2.html", LONG),
    )):  # fmt: skip
        entry = _insert(conn, "entries", column_id="demo-list", url=url, title=title, list_day="2025-01-20")
        conn.execute("INSERT INTO listing_entries VALUES ('list-1', ?, ?)", (n, entry))
    said = []
    for day in (3, 6, 9, 12, 15, 18):
        complete = day != 6
        look = _insert(
            conn, "looks", column_id="demo-list", started_at=f"2025-02-{day:02}T02:00:00Z",
            finished_at=f"2025-02-{day:02}T02:03:00Z", day=f"2025-02-{day:02}",
            result="complete" if complete else "paging_cut", detail="" if complete else "page 2 of 3: 502 " + HOSTILE,
            pages_expected=3, pages_read=3 if complete else 1, listing="list-1" if complete else None, entries=3 if complete else 1,
            requests=4, bytes=64_000,
        )  # fmt: skip
        if complete:
            said.append({"look": look, "column": "demo-list", "at": f"2025-02-{day:02}T02:00:00Z",
                         "sight": "absent" if day > 3 else "undecidable",
                         "reason": "" if day > 3 else "no_positive_control",
                         "control": "other_body:demo-gone" if day > 3 else ""})  # fmt: skip
    for day in (4, 11):
        _insert(conn, "looks", column_id="wall-list", started_at=f"2025-02-{day:02}T03:00:00Z",
                finished_at=f"2025-02-{day:02}T03:00:09Z", day=f"2025-02-{day:02}", result="wall", detail="HTTP 412", requests=1)  # fmt: skip
    conn.execute("INSERT INTO look_gone VALUES (?, 'http://www.demo.gov.cn/x.html', 404)", (said[-1]["look"],))
    return said


def _report(conn: sqlite3.Connection, body: str | None, year: int | None, forms: dict[str, str], **more: Any) -> int:
    url = more.pop("url", f"http://www.demo.gov.cn/{body}/{year}.html")
    text = more.pop("text", NARRATIVE)
    version = more.pop("version", 1)
    document = _insert(
        conn, "documents", url=url, sha256=sha(f"{url}{version}"), content_type="text/html", bytes=64_748, purpose="article",
        column_id="demo-list", list_title=more.pop("list_title", ""), first_seen_at="2025-01-22T02:00:00Z",
        last_seen_at="2025-02-18T02:00:00Z", read_by="1",
    )  # fmt: skip
    report = _insert(
        conn, "reports", document_id=document, body_id=body, report_year=year, forms=json.dumps(forms),
        fingerprint=sha(f"{body}{year}{version}"), version=version, first_seen_at="2025-01-22T02:00:00Z",
        read_at="2025-01-22T03:00:00Z", title=more.pop("title", f"{year}年政府信息公开工作年度报告"),
        publisher=more.pop("publisher", body), attribution=json.dumps({"reason": more.pop("reason", "publisher")}), **more,
    )  # fmt: skip
    for position, (number, heading, body_text) in enumerate(
        ((1, "一、总体情况", text), (5, "五、存在的主要问题及改进情况", "无。"))
    ):
        conn.execute("INSERT INTO sections VALUES (?, ?, ?, ?, ?)", (report, position, number, heading, body_text))
        spaced = " ".join(body_text)
        conn.execute(
            "INSERT INTO section_search(rowid, heading, text) VALUES (?, ?, ?)",
            (report * 4096 + position, heading, spaced),
        )
    return report


def _modern(conn: sqlite3.Connection, report: int, form: str, received: int) -> None:
    """Tables of the 2019 or 2021 form, all zero but for a few."""
    rows = [r[3] for r in form_rows() if r[:2] == (form, "requests")]
    for row in rows:
        first = {
            "received": received,
            "carried_in": 2,
            "granted": received,
            "handled_total": received + 1,
            "carried_over": 1,
        }
        values = [first.get(row, 0), 0, 0, 0, 0, 0, first.get(row, 0)]
        conn.execute(f"INSERT INTO requests VALUES ({','.join('?' * 9)})", (report, row, *values))
    for row in [r[3] for r in form_rows() if r[:2] == (form, "proactive")]:
        columns = {c[4]: n for n, c in enumerate(form_columns()) if c[:2] == (form, "proactive") and c[2] in ("", row)}
        _insert(conn, "proactive", report_id=report, row=row, **{name: n % 7 for name, n in columns.items()})
    for proceeding in ("reconsideration", "litigation_direct", "litigation_after_reconsideration"):
        _insert(
            conn,
            "disputes",
            report_id=report,
            proceeding=proceeding,
            upheld=1,
            corrected=0,
            other=0,
            pending=0,
            total=1,
        )


def _cell(
    conn: sqlite3.Connection, report: int, table: str, row: str, column: str, raw: str, state: str, value: Any = None
) -> None:
    _insert(
        conn,
        "cells",
        report_id=report,
        table_name=table,
        row=row,
        column=column,
        raw=raw,
        value=value,
        state=state,
        confidence=1.0,
    )


def _reports(conn: sqlite3.Connection) -> dict[str, int]:
    modern = {"proactive": "2021", "requests": "2021", "disputes": "2021"}
    made = {
        "gone": _report(conn, "demo-gone", 2024, modern, published_on="2025-01-20", published_on_source="date_line",
                        url="http://www.demo.gov.cn/zfxxgknb/202501/t20250120_1.html", preamble="示例市统计局\n2024年年报"),
        "haidian1": _report(conn, "haidian", 2024, modern, version=1),
        "haidian": _report(conn, "haidian", 2024, modern, version=2),
        "haidian2023": _report(conn, "haidian", 2023, modern),
        "xicheng": _report(conn, "xicheng-fuwu", 2019, {"proactive": "2019", "requests": "2019", "disputes": "2019"},
                           published_on="2020-12-16", published_on_source="date_line"),
        "mixed": _report(conn, "qianjiang-cgj", 2020, {"proactive": "2021", "requests": "2019", "disputes": "2019"}),
        "zhuhui": _report(conn, "zhuhui", 2019, {"indicators": "pre2019"}, text="要求数据真实、与去年进行对比。\n" + NARRATIVE),
        "hostile": _report(conn, "hostile", 2024, {"requests": "9999"}, title=HOSTILE + LONG, url=HOSTILE_URL,
                           publisher=HOSTILE, list_title=HOSTILE, text=HOSTILE + "\n" + "长" * 70_000),
        "nobody": _report(conn, None, 2024, {}, title="某某委员会2024年政府信息公开年度报告", reason="unknown_publisher",
                          url="http://www.demo.gov.cn/unknown.html", list_title=HOSTILE),
    }  # fmt: skip
    for name, form, received in (
        ("gone", "2021", 12), ("haidian1", "2021", 30), ("haidian", "2021", 31), ("haidian2023", "2021", 22),
        ("xicheng", "2019", 154),
    ):  # fmt: skip
        _modern(conn, made[name], form, received)
    mixed = made["mixed"]
    _modern(conn, mixed, "2019", 3)
    conn.execute("DELETE FROM proactive WHERE report_id = ?", (mixed,))
    _insert(conn, "proactive", report_id=mixed, row="fees", amount_10k_yuan=3829.46)
    _cell(conn, mixed, "proactive", "fees", "amount_10k_yuan", "3829.46万元", "number", "3829.46")
    _cell(conn, mixed, "requests", "received", "legal_service", "/", "placeholder")
    _cell(conn, mixed, "requests", "received", "enterprise", "", "blank")
    _cell(conn, mixed, "disputes", "reconsideration", "upheld", "1?" + HOSTILE, "unreadable")
    for n, row in enumerate([r[3] for r in form_rows() if r[1] == "indicators"]):
        conn.execute("INSERT INTO indicators VALUES (?, ?, ?)", (made["zhuhui"], row, (n * 37) % 19))
    conn.execute("INSERT INTO requests(report_id, row, total) VALUES (?, ?, 1)", (made["hostile"], HOSTILE))
    for report, code, message, who in (
        (made["gone"], "cell_unreadable", "the cell litigation_direct/upheld holds '1?'", "reader"),
        (made["nobody"], "section_missing", "no heading three", "publisher"), (made["hostile"], HOSTILE, HOSTILE, "crawler"),
    ):  # fmt: skip
        _insert(
            conn,
            "problems",
            report_id=report,
            position=0,
            code=code,
            message=message,
            place="grid 2, row 4",
            responsibility=who,
        )
    for position, (source, publication) in enumerate((("date_line", 1), ("signature", 0))):
        _insert(conn, "report_days", report_id=made["gone"], position=position, day="2025-01-20", source=source, label="发布时间",
                raw="2025-01-20 10:00", publication=publication)  # fmt: skip
    _insert(conn, "addresses", url="http://www.demo.gov.cn/zfxxgknb/202501/t20250120_1.html", last_at="2025-02-18T02:00:00Z",
            last_status=404, gone_at="2025-02-03T02:00:00Z", gone_status=404)  # fmt: skip
    _insert(conn, "documents", url="http://www.demo.gov.cn/unread.pdf", sha256=sha("unread"), bytes=9, purpose="attachment",
            first_seen_at="2025-02-18T02:00:00Z", last_seen_at="2025-02-18T02:00:00Z", list_title=HOSTILE)  # fmt: skip
    return made


def _ref(
    table: str, row: str, column: str, value: Any, year: int | None = None, raw: str | None = None
) -> dict[str, Any]:
    return {"table": table, "row": row, "column": column, "raw": str(value) if raw is None else raw, "value": value,
            "report_year": year, "file": ""}  # fmt: skip


def _judgements(conn: sqlite3.Connection, said: list[dict[str, Any]], made: dict[str, int]) -> None:
    for body, year, status, clause, due, days, basis, on, after, by, certain in STATUSES:
        zh, en = SENTENCES.get(status, (f"示例说明：{status}", f"An explanation of {status}."))
        missing = status == "missing"
        _insert(
            conn, "obligations", body_id=body, report_year=year, status=status, clause=clause, due_on=due, days_late=days, basis=basis,
            published_on=on, published_after=after, published_by=by, duty_id="art49-1" if due and due.endswith("01-31") else "art49-2",
            certain=certain, looks=json.dumps([s["look"] for s in said if s["sight"] == "absent"] if missing else []),
            observations=json.dumps(said if missing else []), explanation_zh=HOSTILE if body == "hostile" else zh,
            explanation_en=HOSTILE if body == "hostile" else en, since="2025-02-18T04:00:00Z", judged_at="2025-02-18T04:00:00Z",
        )  # fmt: skip
    for id_, family, severity, zh, en, state in (
        ("request_balance.all", "request_balance", "error", "收办平衡", "Requests balance", "on"),
        ("carry_over.all", "carry_over", "warning", "结转衔接", "Carry-over", "on"),
        ("indicator_sum.replied", "indicator_sum", "error", "答复合计", "Replies add up", "on"),
        ("form_section.leftover", "form_section", "notice", "残留说明", "Leftover instruction", "on"),
        ("dispute_total.reconsideration", "dispute_total", "error", "复议合计", "Reconsideration adds up", "on"),
        ("copied_text.shadow", "copied_text", "warning", "影子规则", "A rule in shadow", "shadow"),
    ):  # fmt: skip
        _insert(conn, "rules", id=id_, version=2, family=family, severity=severity, title_zh=zh, title_en=en,
                basis_zh="国办公开办函〔2019〕60号", basis_en="Letter 60 of 2019", formula="received + carried_in = handled_total + carried_over", state=state)  # fmt: skip
    base = {"rule_version": 2, "opened_at": "2025-02-01T04:00:00Z", "input_hash": "h1"}
    balance = [
        _ref("requests", r, "total", v)
        for r, v in (("received", 31), ("carried_in", 2), ("handled_total", 32), ("carried_over", 1))
    ]
    findings: Iterable[dict[str, Any]] = (
        {"id": "request_balance.all|haidian|2024|total", "rule": "request_balance.all", "family": "request_balance", "severity": "error",
         "body_id": "haidian", "report_year": 2024, "report_id": made["haidian"], "cells": balance,
         "message_zh": "总计列：31 + 2 = 33，32 + 1 = 33。", "message_en": "Column total: 31 + 2 = 33, 32 + 1 = 33.",
         "formula": "31 + 2 = 33 ≠ 32 + 1 = 33"},
        {"id": "carry_over.all|haidian|2024|total", "rule": "carry_over.all", "family": "carry_over", "severity": "warning",
         "body_id": "haidian", "report_year": 2024, "report_id": made["haidian"],
         "cells": [_ref("requests", "carried_in", "total", 2, 2024), _ref("requests", "carried_over", "total", 1, 2023)],
         "message_zh": "上年结转 2，上一年度报告结转下年度 1。", "message_en": "Carried in 2, carried over the year before 1.", "formula": "2 ≠ 1"},
        {"id": "indicator_sum.replied|zhuhui|2019", "rule": "indicator_sum.replied", "family": "indicator_sum", "severity": "error",
         "body_id": "zhuhui", "report_year": 2019, "report_id": made["zhuhui"],
         "cells": [_ref("indicators", "replied.total", "value", 0), _ref("indicators", "replied.granted", "value", 4)],
         "message_zh": "申请答复数 0，各项相加 5。", "message_en": "Replies in total 0, the parts add up to 5.", "formula": "0 = 4 + 1"},
        {"id": "form_section.leftover|zhuhui|2019|s1", "rule": "form_section.leftover", "family": "form_section", "severity": "notice",
         "body_id": "zhuhui", "report_year": 2019, "report_id": made["zhuhui"],
         "passages": [{"section": 1, "start": 0, "end": 14, "text": "要求数据真实、与去年进行对比"}],
         "message_zh": "残留填写说明。", "message_en": "A leftover instruction of the form."},
        {"id": "dispute/../<x>|qianjiang", "rule": "dispute_total.reconsideration", "family": "dispute_total", "severity": "error",
         "body_id": "qianjiang-cgj", "report_year": 2020, "report_id": made["mixed"],
         "cells": [_ref("disputes", "reconsideration", "upheld", None, raw="1?" + HOSTILE), _ref("disputes", "reconsideration", "total", 1)],
         "passages": [{"section": 1, "start": 999, "end": 1005, "text": HOSTILE}],
         "message_zh": HOSTILE, "message_en": HOSTILE, "formula": HOSTILE},
        {"id": "closed|xicheng", "rule": "request_balance.all", "family": "request_balance", "severity": "error", "body_id": "xicheng-fuwu",
         "report_year": 2019, "report_id": made["xicheng"], "closed_at": "2025-02-10T04:00:00Z", "message_zh": "已更正。", "message_en": "Corrected since."},
        {"id": "pending|haidian|2024", "rule": "carry_over.all", "family": "carry_over", "severity": "warning", "outcome": "pending",
         "body_id": "haidian", "report_year": 2024, "report_id": made["haidian"], "reason": "neighbour_awaited",
         "message_zh": "2025年度上年结转应为 1。", "message_en": "Carried in of 2025 should be 1."},
        {"id": "shadow|haidian|2024", "rule": "copied_text.shadow", "family": "copied_text", "severity": "warning", "body_id": "haidian",
         "report_year": 2024, "report_id": made["haidian"], "message_zh": "影子发现不可见", "message_en": "shadow finding not to be seen"},
    )  # fmt: skip
    for finding in findings:
        _insert(conn, "findings", **{
            **base, "outcome": "fail", "document": sha(finding["id"]), **finding,
            "cells": json.dumps(finding.get("cells", []), ensure_ascii=False),
            "passages": json.dumps(finding.get("passages", []), ensure_ascii=False),
        })  # fmt: skip
    conn.execute("INSERT INTO check_counts VALUES ('zhuhui', 2019, 'indicator_sum', 'pass', 12)")
    for verdict, input_hash in (("confirm", "h1"), ("dispute", "h0")):
        _insert(conn, "verdicts", finding_id="indicator_sum.replied|zhuhui|2019", rule_version=2, input_hash=input_hash, verdict=verdict,
                author="reviewer", reason="核对原文 " + HOSTILE, source=HOSTILE_URL, at="2025-02-11T04:00:00Z")  # fmt: skip


def _telling(conn: sqlite3.Connection) -> None:
    for n, (kind, body, year, finding, old, new, severity) in enumerate((
        ("status", "demo-bureau", 2024, "", "unverified", "missing", "warning"),
        ("status", "demo-gone", 2024, "", "on_time", "withdrawn", "warning"),
        ("status", "xicheng-fuwu", 2019, "", "", "late", "warning"),
        ("finding_opened", "zhuhui", 2019, "indicator_sum.replied|zhuhui|2019", "", "fail", "error"),
        ("finding_closed", "xicheng-fuwu", 2019, "closed|xicheng", "fail", "closed", "error"),
        ("status", "hostile", 2024, "", "awaiting", "unverified", "notice"),
        ("finding_opened", "haidian", 2024, "shadow|haidian|2024", "", "fail", "warning"),
    )):  # fmt: skip
        hostile = HOSTILE if body == "hostile" else ""
        event = _insert(
            conn, "events", key=f"event-{n}", kind=kind, body_id=body, report_year=year, finding_id=finding, old=old, new=new,
            effective_at=f"2025-02-{10 + n}T04:00:00Z", detected_at=f"2025-02-{10 + n}T04:00:00Z", severity=severity, alert=1,
            message_zh=hostile or f"变化：{new}\x07", message_en=hostile or f"Change: {new}",
        )  # fmt: skip
    subscriber = _insert(
        conn, "subscribers", name="watchdog", url=f"https://hooks.example/{SECRET}", created_at="2025-01-01T00:00:00Z"
    )
    _insert(
        conn,
        "deliveries",
        event_id=event,
        subscriber_id=subscriber,
        message_id=SECRET,
        next_at="2025-01-01T00:00:00Z",
        last_error=SECRET,
    )


def seed(path: Path) -> Path:
    """A new database at `path` (an `ogiwatch.db`) with all of the above."""
    open_database(path.parent).close()
    conn = sqlite3.connect(path)
    with conn:
        _registry(conn)
        said = _looks(conn)
        made = _reports(conn)
        _judgements(conn, said, made)
        _telling(conn)
    conn.close()
    return path


def bodies() -> Iterator[str]:
    """The ids of all bodies."""
    return (body[0] for body in BODIES)


if __name__ == "__main__":
    print(seed(Path(sys.argv[1])))
