"""The turns of phrase in which reports state figures, as data: subject code, words that must occur, pattern, context.

Patterns run over one sentence in half-width letters of unchanged length; each begins with a letter if it can, to which
the engine skips. Groups: n the number, u its unit, q and more
what makes it less than exact. A subject that other offices count as well (申请, 行政复议) needs a context word in its
sentence or its numbered heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_Q = r"(?P<q>大?约|近|超过?|逾|不足)?\s?"
_N = (
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|[零〇一二三四五六七八九十百千万两]{1,9})(?P<wan>\s?万(?!元))?\s?"
    r"(?P<more>余|多)?\s?"
)
_PIECES = r"(?P<u>件次|件|份|宗|起|例|条|个|项|篇)"
_ITEMS = r"(?P<u>件|份|宗|条)"
_TIMES = r"(?P<u>场次|次|场|期)"
_PEOPLE = r"(?P<u>人次|余人次|人|名)"
_MONEY = r"(?P<u>亿元|万元|元)"
_FILL = r"(?:\s|数量|总数|件数|条数|总量|案件|事项|信息|数|共计?|总计|合计|达到?|为|是|有|的|:|“|”){0,4}"
_NEAR = r"[^,。;:0-9]"
_SO = rf"{_FILL}{_Q}{_N}"
_GAP = rf"(?:”|的|了)*{_SO}"
_REQUEST = (
    r"(?:政府信息公开申请|申请公开(?:的)?(?:政府)?信息|(?:政府)?信息依申请公开|依申请公开(?:政府)?(?:信息)?(?:的)?(?:申请|事项)?"
    r"|信息公开(?:的)?申请|公开申请|申请)(?:表|书|件)?"
)

REQUESTS = re.compile("信息公开申请|依申请|公开申请|申请公开|政府信息公开|答复")
DISPUTES = re.compile(
    "信息公开|依申请公开|复议和行政诉讼|政务公开|复议、诉讼|行政复议、|复议和诉讼|被申请行政复议|提起行政诉讼"
)
MEETINGS = re.compile("政务公开|信息公开|会议和培训|政务服务|热线|公开工作")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One turn of phrase. `of`: the whole it is always a part of; `context`: one of these words must stand in the
    sentence or its numbered heading; `unless`: none of these may stand in the same clause."""

    what: str
    words: tuple[str, ...]
    pattern: re.Pattern[str]
    context: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    of: str | None = None


def _phrase(
    what: str,
    words: str,
    pattern: str,
    context: re.Pattern[str] | None = None,
    unless: str = "",
    of: str | None = None,
) -> Phrase:
    return Phrase(
        what, tuple(words.split("|")), re.compile(pattern), context, re.compile(unless) if unless else None, of
    )


_RECEIVE = (
    r"[新收接受](?<!未.)(?<!没有.)(?<!回.)(?:(?<=新)收到?|(?<=收)到|(?<=接)收到?|(?<=接)到|(?<=收)悉|(?<=受)理|(?<=收))"
    r"(?:并受理|并办理|并办结|了)?"
)
_NOT_RECEIVED = "结转|咨询|信访|投诉|行政许可申请|加入|复议申请|办结|指南|低保|补正|撤回"
PHRASES: tuple[Phrase, ...] = (
    _phrase("received", "申请|依申请", rf"{_RECEIVE}{_NEAR}{{0,20}}?{_REQUEST}{_SO}{_PIECES}", REQUESTS, _NOT_RECEIVED),
    _phrase(
        "received",
        "申请|依申请",
        rf"{_RECEIVE}{_SO}{_PIECES}(?:的)?{_NEAR}{{0,12}}?(?:(?:信息公开|依申请公开|公开)(?:政府信息)?(?:的)?申请|政府信息依申请公开)",
        REQUESTS,
        _NOT_RECEIVED,
    ),
    _phrase(
        "requests.letter",
        "信函|信件|邮寄",
        rf"(?:信函|信件|邮寄){_NEAR}{{0,8}}?{_SO}{_ITEMS}",
        REQUESTS,
        "复议|诉讼|门户网|领导信箱|回复|办理",
        "received",
    ),
    _phrase(
        "requests.online",
        "网络|网上|在线|互联网|网站",
        rf"(?:网络|网上|在线|互联网|网站|电子邮件){_NEAR}{{0,4}}?申请{_NEAR}{{0,3}}?{_SO}{_ITEMS}",
        REQUESTS,
        "复议|诉讼",
        "received",
    ),
    _phrase(
        "requests.online",
        "网络|网上|在线|互联网|网站",
        rf"(?:通过|以|从)(?:网络|网上|在线|互联网|网站|电子邮件)(?:平台|渠道|方式)?(?:共)?{_RECEIVE}{_NEAR}{{0,8}}?申请{_SO}{_ITEMS}",
        REQUESTS,
        "复议|诉讼|信函|当面|传真",
        "received",
    ),
    _phrase(
        "requests.letter",
        "信函|邮寄",
        rf"(?:通过|以|从)(?:信函|信件|邮寄)(?:渠道|方式)?(?:共)?{_RECEIVE}{_NEAR}{{0,8}}?申请{_SO}{_ITEMS}",
        REQUESTS,
        "复议|诉讼|网络|网上|当面|传真",
        "received",
    ),
    _phrase(
        "requests.in_person",
        "当面|现场",
        rf"(?:当面|现场){_NEAR}{{0,8}}?{_SO}{_ITEMS}",
        REQUESTS,
        "复议|诉讼|检查|咨询",
        "received",
    ),
    _phrase("requests.fax", "传真", rf"传真{_NEAR}{{0,8}}?{_SO}{_ITEMS}", REQUESTS, "", "received"),
    _phrase(
        "carried_in",
        "结转",
        rf"(?:上年度?|上一年度?|去年度?|20\d\d年度?)结转{_NEAR}{{0,18}}?{_SO}{_PIECES}",
        REQUESTS,
        "下年|下一年",
    ),
    _phrase("carried_in", "结转", rf"结转(?:上|上一|去)年度?{_NEAR}{{0,18}}?{_SO}{_PIECES}", REQUESTS, "下年|下一年"),
    _phrase("carried_over", "结转", rf"结转(?:至|到|入)?(?:下|下一|次)年度?{_NEAR}{{0,14}}?{_SO}{_PIECES}", REQUESTS),
    _phrase(
        "handled_total",
        "答复|办结",
        rf"已经?(?:答复|办结)(?:的)?{_SO}{_PIECES}(?:的)?{_NEAR}{{0,6}}?申请",
        REQUESTS,
        "按时|按期|延期",
    ),
    _phrase(
        "granted",
        "予以公开|同意公开",
        rf"(?:予(?<![不部分]予)以|同(?<![不部分]同)意)公开(?:答复)?{_GAP}{_ITEMS}",
        REQUESTS,
        "部分|不予|不同意|主动|公开信息|公开政府信息|公开的信息",
    ),
    _phrase("granted_in_part", "部分公开", rf"(?:部分公开|同意部分公开)(?:答复)?{_GAP}{_ITEMS}", REQUESTS),
    _phrase(
        "refused",
        "不予公开|不同意公开",
        rf"(?:不予公开|不同意公开)(?:答复)?{_GAP}{_ITEMS}",
        REQUESTS,
        "公开信息|公开政府信息|公开的信息|公开的政府信息",
    ),
    _phrase("unable", "无法提供", rf"无法提供{_GAP}{_ITEMS}", REQUESTS),
    _phrase(
        "unable.not_held",
        "掌握",
        rf"(?:非本(?:单位|机关|行政机关)掌握|(?:本机关|本单位|本行政机关)不掌握)(?:相关)?(?:政府)?(?:信息)?{_GAP}{_ITEMS}",
        REQUESTS,
    ),
    _phrase("not_processed", "不予处理", rf"不予处理{_GAP}{_ITEMS}", REQUESTS),
    _phrase("other_handling", "其他处理", rf"其[他它]处理{_GAP}{_ITEMS}", REQUESTS),
    _phrase(
        "reconsideration",
        "行政复议",
        rf"行政复议(?:的)?(?:申请|案件|案)?{_SO}(?P<u>件|起|宗|次|例)",
        DISPUTES,
        "纠正|纠错|维持|应诉|撤销|驳回",
    ),
    _phrase(
        "litigation",
        "诉讼",
        rf"行政诉讼(?:的)?(?:案件|案)?{_SO}(?P<u>件|起|宗|次|例)",
        DISPUTES,
        "纠正|纠错|维持|应诉|撤销|驳回|败诉|胜诉",
    ),
    _phrase(
        "disclosed",
        "主动公开",
        rf"主(?<!应主)(?<!应当主)动公开(?:了|的)?(?:政府)?(?:各类)?(?:政府|政务)?(?:各类)?信息{_NEAR}{{0,6}}?{_SO}(?P<u>条|件|篇|(?:项|个)(?![\u4e00-\u9fff]))",
        None,
        "类别|种类|目录",
    ),
    _phrase(
        "disclosed",
        "主动公开",
        rf"主(?<!应主)(?<!应当主)动公开(?:了)?{_SO}(?P<u>条|件|篇|项|个)(?:各类)?(?:政府|政务)?信息",
    ),
    _phrase(
        "channel.wechat",
        "微信",
        rf"微信(?=[^。;]*[条篇])(?:公众号|平台)?(?:共|累计|推送|发布|公开|{_NEAR}{{0,8}}?)(?:发布|公开|推送)?{_NEAR}{{0,8}}?{_SO}(?P<u>条|篇)",
        None,
        "回应|微博|公众号个",
    ),
    _phrase(
        "channel.weibo",
        "微博",
        rf"微博(?=[^。;]*[条篇])(?:平台)?{_NEAR}{{0,8}}?(?:发布|公开|推送){_NEAR}{{0,8}}?{_SO}(?P<u>条|篇)",
        None,
        "回应|微信",
    ),
    _phrase(
        "response.weibo_wechat",
        "微信回应|微博回应|微博微信回应",
        rf"(?:微博|微信){{1,2}}回应(?:条数|事件数|数)?{_SO}(?P<u>条|次|件)",
    ),
    _phrase("response.interpretations", "解读", rf"解读(?:稿件?|材料|信息|文章|发布数)?{_SO}(?P<u>篇|条|件|个|份)"),
    _phrase(
        "response.events",
        "热点或重大舆情",
        rf"回应公众关注热点或重大舆情{_NEAR}{{0,6}}?(?:[(][^)]{{0,30}}?)?(?:计|共)?{_SO}(?P<u>次|件)",
    ),
    _phrase(
        "response.press_conferences",
        "新闻发布会",
        rf"新闻发布会(?:共)?{_SO}{_TIMES}",
        None,
        "领导|负责|局长|县长|市长|区长|厅长",
    ),
    _phrase(
        "issued.normative_documents",
        "规范性文件",
        rf"制(?:发|定|定发布|订)(?:了)?(?:行政)?规范性文件{_SO}(?P<u>件|份|个|部)",
        None,
        "废止|解读|修订",
    ),
    _phrase(
        "issued.normative_documents",
        "规范性文件",
        rf"制(?:发|定)(?:了)?{_Q}{_N}(?P<u>件|份|个|部)(?:行政)?规范性文件",
        None,
        "废止|解读|修订",
    ),
    _phrase("disclosed.normative_documents", "规范性文件", rf"主动公开(?:行政)?规范性文件{_SO}(?P<u>件|份|个|条|部)"),
    _phrase("licensing", "行政许可", rf"(?:作出|做出)行政许可(?:处理)?决定{_SO}(?P<u>件|宗|起|项|份)"),
    _phrase("penalties", "行政处罚", rf"(?:作出|做出)行政处罚(?:处理)?决定{_SO}(?P<u>件|宗|起|项|份)"),
    _phrase("fees", "行政事业性收费", rf"行政事业性收费(?:总)?(?:金额|收入|总额)?{_SO}{_MONEY}"),
    _phrase(
        "meetings.total", "会议", rf"(?:召开|举行|举办|组织)[^,。;]{{0,30}}?会议{_SO}{_TIMES}", MEETINGS, "培训|常务会"
    ),
    _phrase(
        "trainings.total",
        "培训",
        rf"(?:召开|举行|举办|组织|开展)[^,。;]{{0,30}}?培训(?:班|会议?|活动)?{_SO}{_TIMES}",
        MEETINGS,
    ),
    _phrase(
        "trainings.people", "培训|参加会议", rf"(?:培训|参训){_NEAR}{{0,8}}?{_Q}{_N}{_PEOPLE}", MEETINGS, "培训机构"
    ),
    _phrase("trainings.people", "参加会议", rf"(?:共计?|计){_Q}{_N}{_PEOPLE}(?:次)?参加会议", MEETINGS),
    _phrase("staff.part_time", "兼职", rf"兼职(?:工作)?人员{_SO}(?P<u>人|名)"),
    _phrase("staff.part_time", "兼职", rf"{_Q}{_N}(?P<u>名|人)兼职(?:工作)?人员"),
    _phrase("staff.full_time", "专职", rf"专职(?:工作)?人员{_SO}(?P<u>人|名)"),
    _phrase("staff.full_time", "专职", rf"{_Q}{_N}(?P<u>名|人)专职(?:工作)?人员"),
    _phrase("budget.amount_10k_yuan", "专项经费", rf"专项经费{_SO}{_MONEY}"),
    _phrase(
        "disclosure_fee.notices",
        "收费|缴费",
        rf"(?:涉及收费的申请|发出(?:收费|缴费)通知(?:书)?)(?:的件数)?{_SO}(?P<u>件|份|次)",
        None,
        "金额",
    ),
    _phrase("disclosure_fee.asked", "收费|缴费", rf"(?:收费|缴费)通知(?:的)?(?:总)?金额{_SO}{_MONEY}"),
    _phrase(
        "disclosure_fee.collected",
        "缴费|收取",
        rf"(?:收到缴费|实际收取(?:的)?|收取(?:信息处理费|费用)?)(?:总)?金额{_SO}{_MONEY}",
    ),
)

# Nothing of the kind: 未收到…申请; 无行政复议、诉讼; 未产生…行政复议、行政诉讼案件.
_NONE = (
    r"(?:未|没有|无|暂未|尚未)(?:曾)?(?:接?收到|接到|接收到?|新收到?|受理|产生|发生|出现|涉及|存在|引发|被|有)?(?:过)?"
)
_ENDS = r"(?=(?:件|事项|情况|表|案件?|的情况|等情况|发生|申请)*(?:[,。;、)]|$|和|及|与|或|\s))"
NEGATIONS: tuple[Phrase, ...] = (
    _phrase(
        "received",
        "申请|依申请",
        rf"(?:未|没有|暂未|尚未)(?:曾)?(?:接?收到|接到|接收到?|新收到?|受理|收)(?:过)?[^,。;不]{{0,24}}?(?:政府信息公开申请|依申请公开(?:政府)?(?:信息)?(?:的)?(?:申请|诉求|要求|信件)?|信息公开(?:的)?申请|公开申请|公开政府信息的申请){_ENDS}",
        None,
        "复议|诉讼|投诉|举报|引发|超期|上半年|下半年|季度|其他政府|其他信息|其他依申请|其他申请",
    ),
    _phrase(
        "received",
        "申请",
        rf"(?<![\u4e00-\u9fff])(?:20\d\d年|全年|本年度?|年内)?无(?:人|公民)?(?:政府信息公开申请|依申请公开(?:申请)?|信息公开申请){_ENDS}",
        None,
        "复议|诉讼|投诉|引发",
    ),
    _phrase(
        "reconsideration",
        "行政复议",
        rf"{_NONE}[^,。;不]{{0,30}}?行政复议(?:申请|案件|案)?{_ENDS}",
        DISPUTES,
        "纠正|纠错|上半年|超期|败诉|其他行政|负面",
    ),
    _phrase(
        "litigation",
        "诉讼",
        rf"{_NONE}[^,。;不]{{0,40}}?(?:行政诉讼|诉讼)(?:案件|案)?{_ENDS}",
        DISPUTES,
        "纠正|纠错|上半年|败诉|其他行政|其他诉讼|负面",
    ),
)
PERCENT = re.compile(
    r"(?P<n>\d{1,3}(?:\.\d+)?)\s?%|百分之(?P<cn>[一二三四五六七八九十百零]{1,5}(?:点[一二三四五六七八九零〇]{1,4})?)"
)

# Words without which a sentence states nothing, each with the places of the phrases that want it.
PLACES: dict[str, list[int]] = {word: [] for word in ("%", "百分之", *(w for p in NEGATIONS for w in p.words))}
for _at, _turn in enumerate(PHRASES):
    for _word in _turn.words:
        PLACES.setdefault(_word, []).append(_at)
_WORDS = re.compile("|".join(sorted(PLACES, key=len, reverse=True)))
# The words that may begin inside a word (互联网站), where a search that goes on behind it does not see them.
_INSIDE = {
    word: [other for other in PLACES if other in word or any(word.endswith(other[:n]) for n in range(1, len(other)))]
    for word in PLACES
}


def words_in(text: str) -> list[str]:
    """The words of `PLACES` that stand in a text, found in one pass."""
    likely = {other for word in set(_WORDS.findall(text)) for other in _INSIDE[word]}
    return [word for word in likely if word in text]
