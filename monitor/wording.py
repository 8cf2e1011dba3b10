"""The sentences of a status, in Chinese and English: what was seen or not found, where and on which days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from monitor.absence import Proof
from monitor.days import day_of
from monitor.model import Observation, Sight
from monitor.publication import OWN_DATE, Published
from registry.model import Column, Duty, LookResult, Verification

Sentences = tuple[str, str]  # (Chinese, English)

# Why absence is not proven: clause -> sentences; {c} the column, {d} the detail.
_UNPROVEN: Mapping[str, Sentences] = {
    "no_column": ("登记册中没有该单位的年报栏目", "the registry names no column of this body"),
    "no_column_for_year": (
        "登记的栏目只限于其他年份，对本年度不能说明问题：{c}",
        "the registered columns are bound to other years and prove nothing of this one: {c}",
    ),
    "seen_not_held": (
        "栏目{c}列有该年度报告，但本站未能存下原文",
        "column {c} lists a report of this year, but its document could not be archived",
    ),
    "undecidable_entry": (
        "有条目可能就是该报告，须由人工认定（{d}）",
        "an entry could be this report; a person has to decide ({d})",
    ),
    "column_not_verified": ("栏目{c}尚未核实（{d}）", "column {c} is not verified ({d})"),
    "no_complete_look": (
        "应公布日之后未能完整查看栏目{c}（{d}）",
        "column {c} could not be looked at completely since the due day ({d})",
    ),
    "no_positive_control": (
        "栏目{c}没有可资对照的条目，不能证明其仍在更新",
        "column {c} showed nothing that proves it is still kept up (no positive control)",
    ),
    "too_few_looks": ("栏目{c}中未找到，但有效查看次数不足", "not found in column {c}, but there are too few looks"),
    "too_few_days": ("栏目{c}中未找到，但查看日数不足", "not found in column {c}, but on too few different days"),
    "too_short": ("栏目{c}中未找到，但查看跨度不足", "not found in column {c}, but the looks span too short a time"),
    "not_fresh": ("栏目{c}的最近一次有效查看已过时限", "the last look at column {c} that says so is too old"),
    "stale": (
        "曾在栏目{c}中未找到，但之后久未完整查看",
        "was not found in column {c}, but it has not been looked at completely for too long since",
    ),
    "before_our_watch": (
        "该年度在本站开始查看之前到期，门户会撤下旧年报",
        "it fell due before we began to look; portals drop old years",
    ),
    "local_practice": (
        "条例第四十九条未列明此类单位，且没有存档的通知",
        "article 49 does not name bodies of this kind and no notice is on file",
    ),
    "existence_incomplete": (
        "该单位并非在整个年度至应公布日期间都存在",
        "the body did not exist from the start of the year to the due day",
    ),
    "merger_or_renaming": (
        "年度开始至应公布日之间有单位并入或更名",
        "there was a merger or renaming between the start of the year and the due day",
    ),
    "kind_unknown": ("单位类别不明，不能确定义务", "the kind of the body is not known, so its duty is not certain"),
}
_REASONS: Mapping[str, Sentences] = {
    "no_name": ("条目没有单位名称", "the entry has no name"),
    "no_year": ("条目没有年份", "the entry has no year"),
    "several_bodies": ("条目可能属于几个单位", "the entry could belong to several bodies"),
    "several_years": ("列表与原文的年份不一致", "list and document name different years"),
    "repeated_year": (
        "重复已有年度，可能是沿用旧标题的下一年度报告",
        "it repeats a year already held and may be the next year's under last year's title",
    ),
    "not_titled": ("条目标题未称年度报告", "the entry does not call itself a yearly report"),
    "unknown_publisher": ("发布单位未登记", "its publisher is not in the registry"),
    "foreign_host": ("链接指向登记册以外的网站", "it leads to a host that the registry does not name"),
    "address_may_be_rewritten": (
        "该地址可能已改载新年度报告",
        "its address may meanwhile hold a newer report",
    ),
    "no_positive_control": (
        "没有可资对照的条目，不能证明该列表仍在更新",
        "nothing in the list proves that it is still kept up",
    ),
    "column_not_verified": ("该栏目尚未核实", "nobody has checked yet that this is the right column"),
    "column_of_other_years": ("该栏目只限于其他年份", "the column is bound to other years"),
}

# What came of a visit, and what was found of a column: the details of `no_complete_look` and `column_not_verified`.
_VISITS: Mapping[str, Sentences] = {
    LookResult.PAGING_CUT: ("分页未能读全", "not all of its pages could be read"),
    LookResult.ENTRIES_GONE: ("有条目消失而未能证实", "entries are gone without proof"),
    LookResult.LAYOUT_CHANGED: ("版面大变", "its layout changed"),
    LookResult.EMPTY_LIST: ("列表为空", "the list is empty"),
    LookResult.DNS: ("域名无法解析", "its host name is not found"),
    LookResult.TLS: ("加密连接失败", "the encrypted connection fails"),
    LookResult.TIMEOUT: ("超时", "it does not answer in time"),
    LookResult.REFUSED: ("连接被拒", "it refuses the connection"),
    LookResult.WALL: ("本站被拦截", "it blocks our visits"),
    LookResult.CHALLENGE: ("要求验证或登录", "it asks for a challenge or a login"),
    LookResult.SERVER_ERROR: ("服务器错误", "its server fails"),
    LookResult.NOT_FOUND: ("栏目地址不存在", "the column's address is not found"),
    LookResult.ERROR_PAGE: ("返回错误页", "it shows an error page"),
    LookResult.HOME_REDIRECT: ("跳回首页", "it leads to the home page"),
    LookResult.ROBOTS: ("robots规则不允许", "its robots rules do not allow it"),
    LookResult.TRUNCATED: ("内容截断", "the page is cut off"),
    LookResult.EMPTY_BODY: ("内容为空", "the answer is empty"),
    LookResult.TOO_LARGE: ("内容过大", "the answer is too large"),
    LookResult.CONTENT_TYPE: ("内容类型不符", "the answer is no page"),
    LookResult.DECODING: ("内容无法解码", "the page cannot be decoded"),
    LookResult.NO_BROWSER: ("本站未装浏览器", "it needs a browser that is not installed here"),
    LookResult.UNSAFE_ADDRESS: ("地址不安全", "it leads to an unsafe address"),
    LookResult.INTERRUPTED: ("本站中断了查看", "we broke off the visit"),
    LookResult.UNKNOWN: ("其他故障", "another fault"),
    Verification.UNVERIFIED: ("待核实", "nobody has checked it yet"),
    Verification.MOVED: ("已迁移", "it has moved"),
    Verification.DEAD: ("已失效", "it is dead"),
    Verification.BLOCKED: ("被拦截", "it blocks our visits"),
}


def named(column: Column | None) -> str:
    """How a column is called in a sentence: its title and address."""
    if column is None:
        return "?"
    return f"{column.title} <{column.url}>" if column.title else f"<{column.url}>"


def days(observations: Iterable[Observation]) -> str:
    """The different days of looks, oldest first; the middle left out from eight on."""
    found = sorted({day_of(o.at).isoformat() for o in observations})
    return ", ".join(found if len(found) < 8 else (*found[:4], "...", *found[-2:]))


def due_sentence(duty: Duty | None, due: date | None) -> Sentences:
    """By when it was due and on what basis."""
    if duty is None or due is None:
        return "未登记有应公布日。", "No due day is on record."
    return f"应于{due}前（含当日）公布，依据：{duty.basis_zh}。", f"Due by {due} ({duty.basis_en})."


def missing(proof: Proof, columns: Mapping[str, Column]) -> Sentences:
    """ "By D, not found in columns X (looks on D1 ... Dn)": never "did not publish"."""
    absent = [o for o in proof.observations if o.sight is Sight.ABSENT]
    by = day_of(absent[-1].at)
    where = "; ".join(named(columns.get(c)) for c in dict.fromkeys(o.column for o in absent))
    return (
        f"截至{by}，在栏目 {where} 中未找到（查看日期：{days(absent)}）。",
        f"By {by}, not found in columns {where} (looks on {days(absent)}).",
    )


def visited(result: LookResult) -> Sentences:
    """What came of a visit that was not complete."""
    return _VISITS[result]


def doubt(reason: str) -> Sentences:
    """Why a complete look says nothing of a body and year, by the code of its observation."""
    return _REASONS.get(reason, ("情况不明", "it is not clear"))


def unproven(clause: str, columns: Mapping[str, Column], column: str = "", detail: str = "") -> Sentences:
    """Why nothing is claimed: the clause of the proof that fails."""
    zh, en = _UNPROVEN[clause]
    reason = _REASONS.get(detail) or _VISITS.get(detail, (detail, detail))
    place = named(columns.get(column)) if column else ""
    return (
        f"未核实：{zh.format(c=place, d=reason[0] or '未能查看')}。",
        f"Not verified: {en.format(c=place, d=reason[1] or 'no visit succeeded')}.",
    )


def published(found: Published, due: date | None) -> Sentences:
    """What is established of a held report's publication."""
    after, by = found.interval.after, day_of(found.interval.by)
    zh, en = f"首次见到：{by}。", f"First seen on {by}."
    if after is not None:
        zh, en = zh + f"{day_of(after)}的完整查看中尚无。", en + f" Not in the complete look of {day_of(after)}."
    if found.clause == "contested_year":
        zh += "另有地址以同一年度为题，其中之一可能属于下一年度，日期存疑。"
        en += " Another address claims the same year and one of them may be the next year's: the day is open."
    elif found.clause == "no_duty":
        zh, en = zh + "没有登记的应公布日。", en + " No due day is on record for it."
    elif found.basis == OWN_DATE:
        zh += f"页面所载发布日期：{found.published_on}。"
        en += f" The page gives {found.published_on} as its day."
        if found.days_late:
            zh, en = zh + f"晚{found.days_late}天。", en + f" That is {found.days_late} days after the due day."
    elif found.days_late:
        zh += f"至少晚{found.days_late}天。"
        en += f" That is at least {found.days_late} days after the due day."
    elif found.basis is None:
        zh, en = zh + "无法确定是否在应公布日之前公布。", en + " Whether that was by the due day cannot be told."
    if found.contradicted_by:
        said_zh, said_en = contradiction(found.stated_on, found.contradicted_by)
        zh, en = zh + said_zh, f"{en} {said_en}"
    return zh, en


def contradiction(stated: date | None, looks: Sequence[Observation]) -> Sentences:
    """ "The page states D; not in the list on D1 and D2"."""
    seen = sorted({day_of(o.at).isoformat() for o in looks})
    return (
        f"页面载明{stated}；{'、'.join(seen)}的列表中没有。",
        f"The page states {stated}; not in the list on {' and '.join(seen)}.",
    )


def withdrawn(looks: Sequence[Observation], columns: Mapping[str, Column], before: Sentences) -> Sentences:
    """Gone from its address and from every column, with what stays on file of its publication."""
    where = "; ".join(named(columns.get(c)) for c in dict.fromkeys(o.column for o in looks))
    return (
        f"曾存有该报告，其地址现答复404或410，栏目 {where} 中也不再列出（查看日期：{days(looks)}）。{before[0]}",
        f"A report was held; its address now answers 404 or 410 and it is no longer listed in columns {where} "
        f"(looks on {days(looks)}). {before[1]}",
    )
