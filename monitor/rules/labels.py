"""Short names of the codes of domain section 3, in Chinese and English, for the sentences of findings.

The printed labels of each generation live with the forms; these are the shorter names by which a sentence speaks.
"""

from __future__ import annotations

APPLICANTS = (
    "natural_person",
    "enterprise",
    "research_institution",
    "public_interest_organization",
    "legal_service",
    "other_organization",
)
REQUEST_COLUMNS = (*APPLICANTS, "total")
PROCEEDINGS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
OUTCOMES = ("upheld", "corrected", "other", "pending")

TABLES: dict[str, tuple[str, str]] = {
    "proactive": ("主动公开表", "table of proactive disclosure"),
    "requests": ("依申请公开表", "table of requests"),
    "disputes": ("行政复议、行政诉讼表", "table of disputes"),
    "indicators": ("年报统计表", "pre-2019 sheet"),
}

_REQUEST_ROWS: dict[str, tuple[str, str]] = {
    "received": ("本年新收", "received"),
    "carried_in": ("上年结转", "carried in"),
    "granted": ("予以公开", "granted"),
    "granted_in_part": ("部分公开", "granted in part"),
    "refused.state_secret": ("属于国家秘密", "refused: state secret"),
    "refused.prohibited_by_law": ("其他法律行政法规禁止公开", "refused: prohibited by law"),
    "refused.security_and_stability": ("危及“三安全一稳定”", "refused: security and stability"),
    "refused.third_party_rights": ("保护第三方合法权益", "refused: third party's rights"),
    "refused.internal_affairs": ("属于三类内部事务信息", "refused: internal affairs"),
    "refused.deliberative_process": ("属于四类过程性信息", "refused: deliberative process"),
    "refused.enforcement_files": ("属于行政执法案卷", "refused: enforcement files"),
    "refused.administrative_inquiry": ("属于行政查询事项", "refused: administrative inquiry"),
    "unable.not_held": ("本机关不掌握相关政府信息", "unable: not held"),
    "unable.creation_required": ("没有现成信息需要另行制作", "unable: would have to be created"),
    "unable.still_unclear": ("补正后申请内容仍不明确", "unable: still unclear"),
    "not_processed.petition": ("信访举报投诉类申请", "not processed: petition"),
    "not_processed.repeated": ("重复申请", "not processed: repeated"),
    "not_processed.publication": ("要求提供公开出版物", "not processed: publication"),
    "not_processed.excessive": ("无正当理由大量反复申请", "not processed: excessive"),
    "not_processed.confirmation": ("要求确认或重新出具已获取信息", "not processed: confirmation"),
    "other_handling": ("其他处理", "other handling"),
    "other_handling.uncorrected": ("逾期不补正", "other handling: not corrected in time"),
    "other_handling.unpaid": ("逾期未缴费", "other handling: fee not paid in time"),
    "other_handling.other": ("其他处理的其他", "other handling: other"),
    "handled_total": ("办理结果总计", "handled in total"),
    "carried_over": ("结转下年度", "carried over"),
}
_PROACTIVE_ROWS: dict[str, tuple[str, str]] = {
    "rules": ("规章", "rules"),
    "normative_documents": ("规范性文件", "normative documents"),
    "licensing": ("行政许可", "licensing"),
    "other_services": ("其他对外管理服务事项", "other services"),
    "penalties": ("行政处罚", "penalties"),
    "coercion": ("行政强制", "coercion"),
    "fees": ("行政事业性收费", "administrative fees"),
    "procurement": ("政府集中采购", "central procurement"),
}
_PROCEEDING_ROWS: dict[str, tuple[str, str]] = {
    "reconsideration": ("行政复议", "reconsideration"),
    "litigation_direct": ("未经复议直接起诉", "direct litigation"),
    "litigation_after_reconsideration": ("复议后起诉", "litigation after reconsideration"),
}
_INDICATORS: dict[str, tuple[str, str]] = {
    "disclosed.total": ("主动公开政府信息数", "information disclosed"),
    "disclosed.normative_documents": ("主动公开规范性文件数", "normative documents disclosed"),
    "issued.normative_documents": ("制发规范性文件总数", "normative documents issued"),
    "channel.gazette": ("政府公报公开数", "disclosed by gazette"),
    "channel.website": ("政府网站公开数", "disclosed on the website"),
    "channel.weibo": ("政务微博公开数", "disclosed by Weibo"),
    "channel.wechat": ("政务微信公开数", "disclosed by WeChat"),
    "channel.other": ("其他方式公开数", "disclosed otherwise"),
    "response.events": ("回应公众关注热点或重大舆情数", "responses to public concerns"),
    "response.press_conferences": ("新闻发布会次数", "press conferences"),
    "response.press_conferences_by_head": ("主要负责同志参加新闻发布会次数", "press conferences with the head"),
    "response.online_interviews": ("在线访谈次数", "online interviews"),
    "response.online_interviews_by_head": ("主要负责同志参加在线访谈次数", "online interviews with the head"),
    "response.interpretations": ("政策解读稿件发布数", "policy interpretations"),
    "response.weibo_wechat": ("微博微信回应事件数", "responses by Weibo and WeChat"),
    "response.other": ("其他方式回应事件数", "other responses"),
    "requests.received": ("收到申请数", "requests received"),
    "requests.in_person": ("当面申请数", "requests in person"),
    "requests.fax": ("传真申请数", "requests by fax"),
    "requests.online": ("网络申请数", "requests online"),
    "requests.letter": ("信函申请数", "requests by letter"),
    "completed.total": ("申请办结数", "requests completed"),
    "completed.on_time": ("按时办结数", "completed on time"),
    "completed.extended": ("延期办结数", "completed after extension"),
    "replied.total": ("申请答复数", "replies in total"),
    "replied.already_public": ("属于已主动公开范围数", "replied: already public"),
    "replied.granted": ("同意公开答复数", "replied: granted"),
    "replied.granted_in_part": ("同意部分公开答复数", "replied: granted in part"),
    "replied.refused": ("不同意公开答复数", "replied: refused"),
    "refused.state_secret": ("涉及国家秘密", "refused: state secret"),
    "refused.trade_secret": ("涉及商业秘密", "refused: trade secret"),
    "refused.privacy": ("涉及个人隐私", "refused: privacy"),
    "refused.security_and_stability": ("危及“三安全一稳定”", "refused: security and stability"),
    "refused.not_government_information": ("不是《条例》所指政府信息", "refused: not government information"),
    "refused.other_law": ("法律法规规定的其他情形", "refused: other cases of law"),
    "replied.not_own": ("不属于本行政机关公开数", "replied: not this organ's"),
    "replied.not_existing": ("申请信息不存在数", "replied: does not exist"),
    "replied.amendment_asked": ("告知作出更改补充数", "replied: amendment asked"),
    "replied.other_channel": ("告知通过其他途径办理数", "replied: other channel"),
    "reconsideration.total": ("行政复议数量", "reconsiderations"),
    "reconsideration.upheld": ("复议维持数", "reconsideration: upheld"),
    "reconsideration.corrected": ("复议纠错数", "reconsideration: corrected"),
    "reconsideration.other": ("复议其他情形数", "reconsideration: other"),
    "litigation.total": ("行政诉讼数量", "litigation"),
    "litigation.upheld": ("诉讼维持或驳回数", "litigation: upheld"),
    "litigation.corrected": ("诉讼纠错数", "litigation: corrected"),
    "litigation.other": ("诉讼其他情形数", "litigation: other"),
    "complaints.total": ("举报投诉数量", "complaints"),
    "fees.amount_10k_yuan": ("依申请公开收费", "fees for requests"),
    "institution.offices": ("专门机构数", "offices"),
    "institution.reading_points": ("查阅点数", "reading points"),
    "staff.total": ("工作人员数", "staff"),
    "staff.full_time": ("专职人员数", "full-time staff"),
    "staff.part_time": ("兼职人员数", "part-time staff"),
    "budget.amount_10k_yuan": ("专项经费", "budget"),
    "meetings.total": ("工作会议或专题会议数", "meetings"),
    "trainings.total": ("培训班数", "trainings"),
    "trainings.people": ("接受培训人员数", "people trained"),
}
_COLUMNS: dict[str, tuple[str, str]] = {
    "natural_person": ("自然人", "natural persons"),
    "enterprise": ("商业企业", "enterprises"),
    "research_institution": ("科研机构", "research institutions"),
    "public_interest_organization": ("社会公益组织", "public interest organizations"),
    "legal_service": ("法律服务机构", "legal services"),
    "other_organization": ("其他", "other organizations"),
    "total": ("总计", "total"),
    "upheld": ("结果维持", "upheld"),
    "corrected": ("结果纠正", "corrected"),
    "other": ("其他结果", "other outcomes"),
    "pending": ("尚未审结", "pending"),
    "made": ("本年新制作数量", "made this year"),
    "newly_disclosed": ("本年新公开数量", "newly disclosed"),
    "total_disclosed": ("对外公开总数量", "disclosed in total"),
    "issued": ("本年制发件数", "issued"),
    "repealed": ("本年废止件数", "repealed"),
    "in_force": ("现行有效件数", "in force"),
    "items_last_year": ("上一年项目数量", "items last year"),
    "change": ("本年增/减", "change"),
    "decisions": ("处理决定数量", "decisions"),
    "projects": ("采购项目数量", "projects"),
    "amount_10k_yuan": ("金额（万元）", "amount in 10,000 yuan"),
    "value": ("数量", "number"),
}
_ROWS = {
    "requests": _REQUEST_ROWS,
    "proactive": _PROACTIVE_ROWS,
    "disputes": _PROCEEDING_ROWS,
    "indicators": _INDICATORS,
}
INDICATORS = tuple(_INDICATORS)


def table(code: str) -> tuple[str, str]:
    """A table's name in Chinese and English; the code itself where it is unknown."""
    return TABLES.get(code, (code, code))


def row(table_code: str, code: str) -> tuple[str, str]:
    """A row's name in Chinese and English; the code itself where it is unknown."""
    return _ROWS.get(table_code, {}).get(code, (code, code))


def column(code: str) -> tuple[str, str]:
    """A column's name in Chinese and English; the code itself where it is unknown."""
    return _COLUMNS.get(code, (code, code))


def cell(table_code: str, row_code: str, column_code: str) -> tuple[str, str]:
    """A cell's name in Chinese and English: row and column; indicators have one column and need only the row."""
    row_zh, row_en = row(table_code, row_code)
    if table_code == "indicators":
        return f"“{row_zh}”", f"“{row_en}”"
    column_zh, column_en = column(column_code)
    return f"“{row_zh}”行“{column_zh}”列", f"row “{row_en}”, column “{column_en}”"
