"""The kind of a body from its printed name, only where the ending leaves no doubt.

A wrong kind sets a wrong due day, in public: what is not certain stays None, and the caller says so. Endings that
bodies without a duty share with departments (party organs, service institutions, enterprises) are named below.
"""

from __future__ import annotations

import re
import unicodedata

from registry.model import Kind


def fold(name: str) -> str:
    """A name as it is compared: NFKC, without blanks and invisible characters (zero-width blanks, byte order marks)."""
    text = unicodedata.normalize("NFKC", name)
    text = "".join(char for char in text if not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc"))
    return unicodedata.normalize("NFKC", text)  # what stood on both sides of a removed character may compose now


MINISTRIES = (
    "外交部", "国防部", "教育部", "科学技术部", "科技部", "工业和信息化部", "公安部", "民政部", "司法部", "财政部",
    "人力资源和社会保障部", "自然资源部", "国土资源部", "生态环境部", "环境保护部", "住房和城乡建设部",
    "交通运输部", "水利部", "农业农村部", "农业部", "商务部", "文化和旅游部", "文化部", "退役军人事务部",
    "应急管理部",
)  # fmt: skip
COMMISSIONS = re.compile(
    r"(发展和?改革(和(科技|经济信息化|工业信息化|物价))?|卫生健康|卫生和?计划生育|人口和?计划生育|住房和?城乡建设|城乡建设(和交通)?|"
    r"国有资产监督管理|民族和?宗教(事务)?|民族事务|教育|交通(运输)?|经济和?信息化|商务|科学技术|农业农村|农业|农村工作|规划和自然资源|"
    r"规划和国土资源管理|城市管理|城市管理综合行政执法|市政市容管理|旅游发展|金融工作)委员会"
)
ZONES = re.compile(
    r"(开发区|高新区|新区|园区|产业园|工业园|物流园|科技园|农业园|保税区|保税港区|度假区|示范区|风景名胜区|风景区|景区|经开区|功能区|"
    r"试验区|合作区|自贸区|集聚区|保护区|经济区|湿地公园)(管理委员会|管委会)"
)
DISTRICTS = ("下花园区", "绿园区", "梁园区")  # districts of GB/T 2260 whose names end as a zone's
NATIONAL = re.compile(r"(中华人民共和国|中国|国家|国务院)")
VERTICAL = re.compile(r"(邮政管理局|气象局|税务局|海事局)")
# 局 of institutions, enterprises and party organs, which owe no report under art. 49
OTHER_BUREAUS = re.compile(
    r"(公路|公路管理|公路事业|邮政|铁路|供电|电业|电力|烟草|档案|老干部|机要|保密|招商|投资促进|投资服务|水文|水文水资源勘测|"
    r"供销|电信|通信|[^市县省州旗]*(公园|景区|名胜区|保护区|林区|开发区|园区)管理|广播电视台|园林绿化管理|灌区管理|水库管理|林场管理|河道管理|河务|航道|航务|港航|海洋与渔业执法|地震台|"
    r"[^市县区省州旗]*(地质|矿产|勘查|勘测|勘探|保险|就业|事业|服务|接待|党史|史志|地方志|土地储备|征收|拆迁|安置|工程|工务)[^市县区省州旗]*)局"
)
PARTY = re.compile(r"(中国共产党|中共|共青团|政协|人大|人民代表大会|纪委|监委|人民武装)")


def kind_from_name(name: str) -> Kind | None:
    """The kind that a printed name's ending settles, else None (unknown).

    街道办事处; 乡, 镇 or 苏木 + 人民政府; other place + 人民政府; a zone's 管理委员会; 局, 厅 and the commissions of
    governments; ministries. Offices that report for a government (办公室, 办公厅), 领导小组办公室, party organs,
    service institutions, enterprises and dispatched 分局 give None.
    """
    text = fold(name)
    if PARTY.match(text) or re.search(r"(领导小组|指挥部|委员会|办公厅|办公室)(办公室|办)$", text):
        return None
    if text.endswith("街道办事处"):
        return Kind.SUBDISTRICT if len(text) > len("街道办事处") else None
    if text.endswith("人民政府"):
        return kind_of_government(text.removesuffix("人民政府"))
    if text.endswith(("管理委员会", "管委会")) and ZONES.search(text):
        return Kind.ZONE_COMMITTEE
    if text.endswith("委员会"):
        if NATIONAL.match(text):
            return Kind.CENTRAL
        return Kind.DEPARTMENT if re.search(COMMISSIONS.pattern + "$", text) else None
    if text.endswith("部"):
        return Kind.CENTRAL if text.removeprefix("中华人民共和国") in MINISTRIES else None
    if text.endswith("厅"):
        return Kind.DEPARTMENT if re.search(r"(省|自治区).+厅$", text) and not text.endswith("办公厅") else None
    return kind_of_bureau(text) if text.endswith("局") else None


def kind_of_government(place: str) -> Kind | None:
    """The kind of <place>人民政府."""
    if place.endswith(("乡", "镇", "苏木")) and len(place) > 1:
        return Kind.TOWNSHIP
    if place.endswith(("开发区", "高新区", "街道", "园区")) and not place.endswith(DISTRICTS):
        return None
    return Kind.GOVERNMENT if len(place) > 1 and place.endswith(("省", "市", "县", "区", "旗", "州")) else None


def kind_of_bureau(text: str) -> Kind | None:
    """The kind of a name that ends in 局."""
    if re.search(VERTICAL.pattern + "$", text) or NATIONAL.match(text):
        return Kind.CENTRAL
    if text.endswith("分局"):  # acts for the bureau that sent it: whose duty it is cannot be told from the name
        return None
    if re.search(r"(^|[省市县区州旗盟])" + OTHER_BUREAUS.pattern + "$", text):
        return None
    return Kind.DEPARTMENT if len(text) > 2 else None
