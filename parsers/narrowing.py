"""What makes a figure one of some only: of part of the year, of one channel, of a plan, of somebody else.

All patterns run over half-width letters of one clause or sentence. Where one is searched for, each of its branches
begins with a letter, and what stands before that letter is looked back at: the engine then skips to these letters, and
searches a sentence in a tenth of the time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_MONTH = r"月(?:(?<=\d月)|(?<=\d\s月))"
# A plan, a condition, several years, somebody else's doing: no figure of the body's year.
_NO_YEARS_FIGURE = re.compile(
    rf"累计|历年|以来|上半年|下半年|季度|截至目前|每年|近[三五两]年|平均|{_MONTH}(?!\s?\d{{1,2}}\s?日)|同期"
    r"|目标|任务|计划|减免|免收|免征|减半|取消|应当|力争|争取|预计|拟|将(?!军)|不少于|不低于|退还|退付|返还|代收|代征|应缴|应收|欠缴|未缴|暂扣"
    r"|参与|协助|指导|起草|代理|委托|名义|审核|审查|备案|联合|简易程序|普通程序|一般程序|当场"
    r"|20\d\d\s?年?\s?(?:至|到|-|—|~)\s?20\d\d\s?年"
)
_IF = "如|若|假如|凡|一旦"
_CONDITION = re.compile(rf"\s*(?:{_IF})")
WHOLE_YEAR = re.compile(
    r"1\s?月(?:\s?1\s?日)?\s?(?:起|开始)?\s?(?:至|到|-|—|~)\s?(?:20\d\d年)?\s?12\s?月(?:底|末|\s?31\s?日)?"
    r"|截[至止](?:到)?(?:20\d\d年)?(?:年底|年末|12\s?月(?:底|末|\s?31\s?日))|以来(?:(?<=20\d\d年以来)|(?<=[今本]年以来)|(?<=本年度以来))"
)


def without_whole_year(text: str) -> str:
    """The text without the words for the whole year (1月1日至12月31日, 截至2023年底): they narrow nothing."""
    return WHOLE_YEAR.sub("", text) if "月" in text or "截" in text or "以来" in text else text


def is_no_years_figure(clause: str) -> bool:
    """Whether a figure of this clause is none of the body's own year."""
    clause = without_whole_year(clause)
    return _NO_YEARS_FIGURE.search(clause) is not None or _CONDITION.match(clause) is not None


# Standing before the figure in its sentence, behind the last year named: it goes on to hold behind a comma.
TIME = re.compile(
    rf"上半年|下半年|季度|{_MONTH}(?<!20\d\d月)|截[至止]|以来|年(?<=[两二三四五十]年)[来间内]|近[几三五两]年|同期|疫情期间|改革前"
    r"|合并前|原(?<![\u4e00-\u9fff]原)[\u4e00-\u9fff]{2}"
)
SPAN = re.compile(r"20\d\d\s?年?度?\s?(?:至|到|-|—|~)\s?20\d\d\s?年|五[\"”]?\s?(?:期间|时期)|任期|本届")
EXCEPT = re.compile(r"除(?!了?以上渠道)[^;]{0,30}[外,]")
# One of them stands in every sentence in which one of these patterns, or the words for the whole year, can be found.
_ANY_OF_THESE = re.compile("|".join((_NO_YEARS_FIGURE.pattern, _IF, TIME.pattern, SPAN.pattern, EXCEPT.pattern)))
AFTER = re.compile(
    r"\s?(?:(?:增|减|降|上升|下降|提高)[^,;]{0,3}[至到为]|以外|之外|以内|以下|后|的(?:单位|部门|街道|镇|乡|科室)"
    r"|[(][^()\d]{0,10}(?:渠道|网络|网上|当面|信函|邮寄|传真|现场|平台)[^()\d]{0,6}[)]"
    r"|[(]\d+\s?(?:件|份|条|人?次)?[)]|以[^,;]{1,10}[形方]式)"
)
# 行政诉讼案件112件,其中政府信息公开类15件: the 112 are those of every kind.
PART_ON_DISCLOSURE = re.compile(r"[^。;]{0,4}(?:[,(]?\s?(?:其中|包括|含)|[(])[^。;)]{0,12}信息公开")
UNRELATED = re.compile(r"信息公开[^,;]{0,6}(?:无关|没有关系)|涉(?<=[不未非]涉)及?(?:政府)?信息公开")
# Counted by the office that decides them, or by a court.
DECIDING = re.compile(
    r"复议机关|不服|法院|第三人|代理|指导|协助|审结[^,;]*$|办结[^,;]*$|新(?:收|增|发生)[^,;]*$|结转[^,;]*$"
    r"|结转的?(?:行政)?(?:复议|诉讼)"
)
DISPUTES = re.compile(r"复议|诉讼")
# 收到…申请(含上年结转)8件; 办结上年结转…2件: not how many were carried in.
NOT_CARRIED = re.compile(r"复议|诉讼|办结[^,;]*结转|[(](?:含|包括)[^)]*[)]")
WITH_CARRIED = re.compile(
    r"[^。;]{0,16}?(?:其中|含|包括)[^。;]{0,12}?(?:上一?年|去年|20\d\d年)度?[^。;,]{0,4}结转(?!至?下)"
)
_ALL = re.compile(
    r"(?:自然人|公民|个人)[^,。;\d]{0,12}(?:法人|企业|组织)|任何|等|各类|各种|多种|方式|渠道|途径|线上.{0,3}线下|涉及收费"
)
REQUESTS = re.compile(
    r"线上|线下|部分(?!公开)|多数|个别|其余|自然人|公民|企业|法人|组织(?!领导)|个人|律师|群众|村民|转办|交办|转来|移送|涉及|有关|关于|类"
    r"|书面|有效|申请表"
    r"|去年收到、|上年度?收到、|上一年度?收到、"
    r"|网络|网上|网站|在线|互联网|信函|信件|邮寄|当面|现场|传真|邮件|邮箱|口头"
)
# 自然人申请中,予以公开3件; 经补正,予以公开1件: what became of some.
_SOME_REQUESTS = re.compile(
    r"(?:自然人|公民|个人|法人|企业|组织|律师|网络|网上|在线|信函|邮寄|当面|现场|传真|结转|类|涉及[^,;]{1,16}|关于[^,;]{1,16})"
    r"的?(?:政府信息公开)?申请(?:件)?[,]?(?:中|里|,)"
)
_HANDLED_AGAIN = re.compile(r"补正|复议后|诉讼后|判决|纠正|责令|重新")
CHANNEL = re.compile(r"通过|利用|依托|借助|网|公众号|微信|微博|平台|公[开示]栏|专栏|栏目|显示屏|新增|领域")
OFFICE = re.compile(
    r"^(?:其中)?[\u4e00-\u9fff]{2,16}?(?:局|委|厅|街道|镇|乡|队|所|中心)(?=[作做共收受主新]|20\d\d|全年|本年)"
)
# What may stand before 收到 and between it and 申请 without taking anything away.
_PLAIN_BEFORE = re.compile(
    r"20\d\d\s?年?度?|本?报告期内?|统计期内?|[本今全去上]一?年度?|一年来|年初以来|年内|年度|截[至止]|期间|年[底末]|\d+\s?月|\d+\s?日"
    r"|总?共计?|一共|合计|已经?|依法|按照?规定|据?统计|办理|答复|处理|接收|接到|政府信息|依申请公开|信息公开|公开|申请"
    r"|工作|情况|方面|线[上下]|等|各[类种]|多种|[一二三四五六]是|第[一二三]|其中|通过|方式|渠道|途径|以来|共有?|总计"
    r"|[(][^)]{0,12}[)]|[\d一二三四五六七八九十]{1,2}[.、]|[\s、·“”至到\-—~和与及在的从内新以起]"
    r"|分别|主要|全部|均|网络|网上|网站|信函|信件|邮寄|当面|现场|传真|电子邮件|邮箱"
)
_BODY_NAMED = re.compile(
    r"[\u4e00-\u9fff]{0,24}(?:局|委|办|厅|府|院|镇|乡|县|区|市|省|州|旗|街道|心|位|关|门|处|所|馆|会|室|队|校|部|团|司|社|站|级)"
)
_PLAIN_BETWEEN = re.compile(
    r"新?收到?|诉求|要求|信件|办结|接收?到?|收悉|受理|并|办理|了|自然人|公民|个人|法人|企业|其[他它]|社会|组织|团体|群众|当事人|申请人"
    r"|以?及|或者?|和|与|、|等|提出|提交|递交|的|任何|各[类种]|相关|关于|有关|线[上下]|共计?|总计|合计|有效|要求|获取"
    r"|政府|政务|信息|公开|依|申请|主动|形式|[(][^)]{0,12}[)]|[\s“”\"]"
)
_BEGINS = re.compile(
    r"(?P<none>未|没有|无|暂未|尚未)?(?:曾)?(?P<between>[^\d]*?)(?:过)?"
    r"(?:政府信息公开申请|依申请公开|信息公开(?:的)?申请|公开申请|公开政府信息的申请|申请)"
)
# The office that a figure's sentence speaks of, before the verb; its end alone is found in a tenth of the time.
_OFFICES = r"(?:局|委|厅|办|街道|镇|乡|队|所|中心|政府|管委会|办事处|办公室)"
_ACTS = (
    r"(?=20\d\d|全年|本年|今年|年内|共|累计|总计|新?收到|接收|受理|[作做]出|主动公开|制发|制定|发布|被申请|被提起|因政府信息|未|没有|无)"
)
# The place itself as the subject: 我市收到, 2023年青山市收到.
_NAMED_PLACE = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[年度]))(?:[我本]|[\u4e00-\u9fff]{{2,5}})(?P<unit>[省市县区旗州]){_ACTS}"
)
_ACTING = re.compile(_OFFICES + _ACTS)
SUBJECT_ENDS = re.compile(_OFFICES.replace("(?:", "(?:省|市|县|区|旗|州|", 1) + _ACTS)  # of places as well
_NAMED_OFFICE = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:其中)?(?P<office>[\u4e00-\u9fff]{{1,24}}?{_OFFICES}){_ACTS}"
)
_JOINED = re.compile("[及和与]")
_OWN_OFFICE = re.compile(r"[我本全各该]|^(?:局|委|党政|综合)?办公室$")


def may_narrow(sentence: str) -> bool:
    """Whether a sentence has any word for a part of the year, several years, a plan, a condition or an exception."""
    return _ANY_OF_THESE.search(sentence) is not None


def is_of_some_requests(lead: str) -> bool:
    """Whether what stands before a count of replies says that it counts those to some of the requests."""
    return _SOME_REQUESTS.search(lead) is not None or _HANDLED_AGAIN.search(lead) is not None


def is_narrow(words: re.Pattern[str], text: str) -> bool:
    """Whether a text has narrowing words, and none that opens it again (公民、法人和其他组织, 等渠道)."""
    return words.search(text) is not None and not _ALL.search(text)


@lru_cache(maxsize=1024)
def _takes_nothing(before: str) -> bool:
    left = _PLAIN_BEFORE.sub("", before)
    return not left or _BODY_NAMED.fullmatch(left) is not None


def is_understood(before: str, reading: str) -> bool:
    """Whether all that stands before a count of requests in its clause, and inside its reading, takes nothing away."""
    if not _takes_nothing(before):
        return False
    found = _BEGINS.match(reading)
    return found is None or not _PLAIN_BETWEEN.sub("", re.sub(r"^(?:接?收到?过?|收)", "", found["between"]))


_VAGUE_BEFORE = re.compile(r"(?P<about>约|将?近|接近)\s?$|(?:不足|不到|超过?|逾|高于|低于)\s?$")
_VAGUE_BEHIND = re.compile(r"[%\s]*(?:(?P<about>左右|上下)|以[上下内]|多)")


def qualifier_of_share(before: str, behind: str) -> str:
    """How exactly a percentage is meant, by what stands around it: exact, about or over (of a limit, either side)."""
    vague = _VAGUE_BEFORE.search(before) or _VAGUE_BEHIND.match(behind)
    return "exact" if vague is None else "about" if vague["about"] else "over"


def is_of_another(lead: str, names: Sequence[str]) -> bool:
    """Whether the office last named as the subject before a figure is somebody else than the publisher, whose short
    names (住建局 of 住房和城乡建设局, 县政府 of 县人民政府) have their letters in order in its full one. Of an unknown
    publisher every office is somebody else."""
    found = [m["office"] for m in _NAMED_OFFICE.finditer(lead)] if _ACTING.search(lead) else []
    if not found or _OWN_OFFICE.search(found[-1]):
        return False
    office = re.sub("办事处$", "", found[-1])
    if _JOINED.search(office) and not any(office in name for name in names):  # 市政府及办公室: both of them together
        return True
    return not any(_is_short_for(office, name) for name in names)


def is_of_the_place(lead: str, names: Sequence[str]) -> bool:
    """Whether a figure is said of a whole city or county by one of its offices: the publisher is neither its
    government nor the office of that."""
    found = [m["unit"] for m in _NAMED_PLACE.finditer(lead)]
    if not found or not names or any("政府办" in name for name in names):
        return False
    return not any(name.removesuffix("政府").removesuffix("人民").endswith(found[-1]) for name in names)


def _is_short_for(office: str, name: str) -> bool:
    if office.endswith("政府"):  # 区政府 is neither its own office nor a township of the district
        unit, units = (text.removesuffix("政府").removesuffix("人民")[-1:] for text in (office, name))
        return name.endswith("政府") and unit == units
    return _in_order(office[-3:], name)


def _in_order(letters: str, name: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters)
