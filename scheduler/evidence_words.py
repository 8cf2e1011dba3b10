"""What was looked at and when, in plain words of two languages, for whoever has to be convinced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from db.instants import moment
from monitor.wording import doubt, visited
from registry.model import SHANGHAI, LookResult

Row = Mapping[str, Any]


LIMITS = (
    "本说明只记载何时在何处查看、看到了什么；未找到，不等于没有公布。",
    "This says where and when we looked and what we saw; not found there is not the same as not published.",
)


def with_failed_visits(cited: Iterable[Row], log: Iterable[Row]) -> list[tuple[Row, Row]]:
    """The looks that a verdict cites, each with its row of body_looks, and between them, by time, the visits that were
    not complete: nothing is concluded from these, and whoever reads the statement should know of them.
    """
    said = {row["look_id"]: row for row in cited}
    visits = sorted(log, key=lambda visit: (visit["started_at"], visit["look_id"]))
    places = [place for place, visit in enumerate(visits) if visit["look_id"] in said]
    between = visits[places[0] : places[-1] + 1] if places else []
    return [
        (said.get(visit["look_id"], {}), visit)
        for visit in between
        if visit["look_id"] in said or visit["result"] != "complete"
    ]


def in_words(status: Row, looks: Iterable[tuple[Row, Row]], names: Mapping[str, str]) -> list[str]:
    """One line a language for each look: `looks` are rows of obligation_looks, each with its row of body_looks; `names`
    are those of the bodies by id.
    """
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
            control_zh, control_en = _control(said["control"], year, names)
            zh = (
                f"应有{all_pages}页，读到{look['pages_read']}页，共{look['entries']}条；"
                + {
                    "seen": f"其中有{who}{year}年度报告。",
                    "absent": f"其中没有{who}{year}年度报告。{control_zh}",
                }.get(said["sight"], f"据此不能判断有无{who}{year}年度报告（{why_zh}）。")
            )
            en = f"{pages} pages were read, with {look['entries']} entries; " + {
                "seen": f"the report of {who} for {year} is among them.",
                "absent": f"the report of {who} for {year} is not among them. {control_en}",
            }.get(said["sight"], f"whether the report for {year} is there cannot be told ({why_en}).")
        url = look["column_url"]
        lines.append(f"- {at:%Y年%m月%d日%H时%M分}（北京时间）查看 {url}：{zh}")
        lines.append(f"- On {at:%Y-%m-%d} at {at:%H:%M} in Shanghai we looked at {url}: {en}")
    return lines or ["- 没有可引用的查看。 No look is cited."]


def _control(control: str, year: int, names: Mapping[str, str]) -> tuple[str, str]:
    """What shows that the list is kept up, in two languages."""
    kind, _, which = control.partition(":")
    if kind == "other_body":
        other = names.get(which, which)
        return (
            f"同一列表中有另一机关（{other}）的{year}年度报告，可见列表已更新。",
            f"Another body's report for {year} ({other}) stands in the same list, so the list is kept up.",
        )
    if kind == "own_previous":
        return (
            f"列表中有该机关{which}年度报告，且我们看到过该列表增加报告。",
            f"Its own report for {which} stands there, and we saw this list gain reports.",
        )
    return "", ""
