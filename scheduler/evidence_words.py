"""What was looked at and when, in plain words of two languages, for whoever has to be convinced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from db.instants import moment
from monitor.wording import doubt, visited
from registry.model import SHANGHAI, LookResult

Row = Mapping[str, Any]


def in_words(status: Row, looks: Iterable[tuple[Row, Row]]) -> list[str]:
    """One line a language for each look: `looks` are rows of obligation_looks, each with its row of body_looks."""
    lines = []
    for said, look in looks:
        at = moment(look["started_at"]).astimezone(SHANGHAI)
        who, year = status["name"], status["report_year"]
        pages = f"{look['pages_read']} of {look['pages_expected'] or look['pages_read']}"
        all_pages = look["pages_expected"] or look["pages_read"]
        if look["result"] != "complete":
            said_zh, said_en = visited(LookResult(look["result"]))
            zh = f"未能完整查看：{said_zh}。此次查看不作任何依据。（技术记录，英文原文：{look['detail']}）"
            en = f"the list could not be read whole: {said_en}. Nothing is concluded from it. "
            en += f"(Technical note: {look['result']}: {look['detail']})"
        else:
            why_zh, why_en = doubt(said["reason"])
            zh = (
                f"应有{all_pages}页，读到{look['pages_read']}页，共{look['entries']}条；"
                + {
                    "seen": f"其中有{who}{year}年度报告。",
                    "absent": f"其中没有{who}{year}年度报告。{_control_zh(said['control'], year)}",
                }.get(said["sight"], f"据此不能判断有无{who}{year}年度报告（{why_zh}）。")
            )
            en = f"{pages} pages were read, with {look['entries']} entries; " + {
                "seen": f"the report of {who} for {year} is among them.",
                "absent": f"the report of {who} for {year} is not among them. {_control_en(said['control'], year)}",
            }.get(said["sight"], f"whether the report for {year} is there cannot be told ({why_en}).")
        url = look["column_url"]
        lines.append(f"- {at:%Y年%m月%d日%H时%M分}（北京时间）查看 {url}：{zh}")
        lines.append(f"- On {at:%Y-%m-%d} at {at:%H:%M} in Shanghai we looked at {url}: {en}")
    return lines or ["- 没有可引用的查看。 No look is cited."]


def _control_zh(control: str, year: int) -> str:
    kind, _, which = control.partition(":")
    if kind == "other_body":
        return f"同一列表中有另一机关（{which}）的{year}年度报告，可见列表已更新。"
    return f"列表中有该机关{which}年度报告，且我们看到过该列表增加报告。" if kind == "own_previous" else ""


def _control_en(control: str, year: int) -> str:
    kind, _, which = control.partition(":")
    if kind == "other_body":
        return f"Another body's report for {year} ({which}) stands in the same list, so the list is kept up."
    if kind == "own_previous":
        return f"Its own report for {which} stands there, and we saw this list gain reports."
    return ""
