"""Convert the starting list of publishers into registry/bodies.csv, columns.csv and to_review.csv, once.

Usage: python scripts/convert_seed.py registry-seed.csv registry/

The list: one row a publisher as printed (publisher, kind, province, city, county, column_url, column_basis, cms_family,
example_report_url). Ids are given here and never again derived: <division code>-<what>, 9 digits for a town. What is
not beyond doubt goes to to_review.csv with a reason and the proposed values, and creates no obligation: a wrong kind or
a wrong column is a false accusation in the making. The judgements of one reading of all rows stand in the tables below.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from registry.divisions import divisions, own_name, towns
from registry.kinds import kind_from_name
from registry.model import Kind, Level

FAMILIES = {
    "Hanweb JCMS: xxgkAnnualReport.jsp": "jcms_annual",
    "Hanweb JCMS: /art/Y/M/D/art_col_id.html": "jcms_art",
    "Hanweb (new): /art/Y/art_<32hex>.html": "jcms_new",
    "TRS WCM: /YYYYMM/tYYYYMMDD_N": "trs",
    "TRS form, null date t19700101_N": "trs_null_date",
    "snowflake: /<19 digits>.html (Shaanxi)": "snowflake",
    "Mongo id: <24hex>.html / doc_<24hex>.html": "mongo",
    "Boda VSB: /info/N/N.htm": "vsb",
    "doc/YYYY/MM/DD/N.shtml (Wuxi)": "wuxi",
    "YYYYMMDD/<32hex or uuid>.html (Shanghai, Fushun)": "shanghai",
    ".jhtml": "jhtml",
    "cms/html/SITE/YYYY-MM-DD/N.html (Fujian)": "fujian",
    "tN.shtml (Guangxi and others, no date)": "t_shtml",
    "gongkai/show/<32hex>.html (Sichuan)": "gongkai_show",
    "cNNN/YYYYMM/<32hex>.shtml": "c_shtml",
    "Hunan: /YYYYMMDD/iN.html": "hunan_c",
    "Hunan: /N/N/content_N.html": "hunan_content",
    "Liaoning: /html/SITE/YYYYMM/0<epoch ms>NN.html": "liaoning",
    "Anhui: <Model>/show/N.html": "anhui",
    "Guangdong (NFCMS/gkmlpt): /content/post_N.html": "gkmlpt",
    "YYYY-MM/DD/article_<id>.html (Xing an League)": "xam",
    "columns/<uuid>/YYYYMM/DD/<uuid>.html (Shijiazhuang)": "shijiazhuang",
    "<19-digit time stamp>/index.html (Tieling, Xilingol)": "stamp_index",
    "public/column, public/content (Anhui, Mianyang)": "public_column",
    "dynamic query address (.aspx/.jsp/ui)": "query",
    "/nN/nN/cN/content.html": "generic",
    "other": "generic",
}
# Rows of the list that name no family: by the shape of the column's own address, else the fall-back.
FAMILY_BY_ADDRESS = (
    (r"/col/col\d+/", "jcms_art"),
    (r"/c\d+/common_", "c_shtml"),
    (r"mva\.gov\.cn/.*/zfxxgknb/$", "trs"),
    (r"\.aspx\?", "query"),
    (r"yanan\.gov\.cn/.*/1\.html$", "snowflake"),
)

SLUGS = {
    "财政局": "finance", "教育局": "education", "教育体育局": "education-sports", "公安局": "public-security",
    "水利局": "water", "水务局": "water", "水利和湖泊局": "water-lakes", "农业农村局": "agriculture",
    "自然资源局": "natural-resources", "自然资源和规划局": "natural-resources-planning", "卫生健康局": "health",
    "卫生健康委员会": "health", "住建局": "housing", "住房和城乡建设委员会": "housing", "住房和建设局": "housing",
    "民政局": "civil-affairs", "应急管理局": "emergency", "统计局": "statistics", "生态环境局": "ecology",
    "司法局": "justice", "城市管理局": "urban-management", "城市管理执法局": "urban-enforcement",
    "交通运输局": "transport", "商务局": "commerce", "文化和旅游局": "culture-tourism",
    "文化和旅游体育局": "culture-tourism-sports", "林业局": "forestry", "医疗保障局": "medical-insurance",
    "退役军人事务局": "veterans", "人力资源和社会保障局": "human-resources",
    "人力资源和社会保障厅": "human-resources", "审计厅": "audit", "发展和改革委员会": "development-reform",
    "工业和信息化厅": "industry-it", "气象局": "meteorology", "邮政管理局": "postal",
    "全响应服务中心": "response-center", "教育部": "moe", "退役军人事务部": "mva", "中国证券监督管理委员会": "csrc",
    "高新技术产业开发区管理委员会": "high-tech-zone", "高新科技产业园管理委员会": "high-tech-park",
}  # fmt: skip

# Bodies registered under a fuller name than the list prints; the printed one is an alias where it is unmistakable.
FULL_NAMES = {
    "达茂联合旗人民政府": ("达尔罕茂明安联合旗人民政府", ("达茂联合旗人民政府",)),
    "临夏州公安局": ("临夏回族自治州公安局", ("临夏州公安局",)),
    "黔东南州生态环境局": ("黔东南苗族侗族自治州生态环境局", ("黔东南州生态环境局",)),
    "五常市民意乡": ("五常市民意乡人民政府", ()),
}

OFFICE = "publisher_unclear: an office that reports for a government, or a department of its own?"
BRANCH = "kind_unclear: a dispatched branch of another authority's bureau"
OTHERS = "owner_mismatch: the address names another body"
NOT_ANNUAL = "column_unclear: the address is no column of annual reports"
DISTRICT = "publisher_unclear: a district is named, not a body"
DOUBTS = {
    "衢州市衢江区湖南镇人民政府": "owner_mismatch: a town of Qujiang (Quzhou) on a host of Longwan (Wenzhou)",
    "重庆市开州区财政局": OTHERS + " (fzhggwyh: development and reform)",
    "长春市民政局": OTHERS + " (fgw: development and reform)",
    "吉林市龙潭区龙潭街道办事处": OTHERS + " (cyqbjjd: a subdistrict of Changyi)",
    "彭水苗族土家族自治县大垭乡人民政府": OTHERS + " (hjjdbsc: a subdistrict office)",
    "四平市铁东区人民政府解放街道办事处": OTHERS + " (fgw: development and reform)",
    "舒兰市市场监督管理局": OTHERS + " (cyqrmzfbgs: the office of Changyi)",
    "桦甸市人民政府新华街道办事处": OTHERS + " (zqj)",
    "通榆县团结乡人民政府": OTHERS + " (jgsw: office affairs)",
    "南宁经济技术开发区管理委员会": "owner_mismatch: the host is that of Wuming, another zone",
    "山东省司法厅": "column_unclear: the mobile double of the province's portal",
    "青岛西海岸新区财政局": NOT_ANNUAL + " (gzbg: work reports), and the new area is no division of GB/T 2260",
    "鲤城区应急管理局": NOT_ANNUAL + " (ghjh: plans)",
    "广东省文化和旅游厅": NOT_ANNUAL + " (tonglan: a banner)",
    "疏勒县人民政府": "column_unclear: the page is the report itself, with tabs by year, not a list",
    "包头市东河区应急管理局": "year_unclear: the address ends in 22, perhaps for 2022",
    "上海市人民政府办公厅": OFFICE,
    "阿拉善盟阿拉善右旗人民政府办公室": OFFICE,
    "阿拉善盟阿拉善左旗人民政府办公室": OFFICE,
    "通辽市人民政府办公室": OFFICE,
    "乌恰县人民政府办公室": OFFICE,
    "甘谷县人民政府办公室": OFFICE,
    "南平市人民政府信息公开工作领导小组办公室": OFFICE,
    "福州市晋安区人民政府信息公开办公室": OFFICE,
    "鹿城区人民政府及办公室": "publisher_unclear: two bodies under one name",
    "六盘水市水城区(县)人民政府": "publisher_unclear: two bodies under one name (county, now district)",
    "湛江市人民政府地方志办公室": "kind_unclear: department or institution?",
    "广西壮族自治区北部湾经济区规划建设管理办公室": "kind_unclear: department, dispatched office or institution?",
    "揭阳市揭东区公路局": "kind_unclear: road bureaus are mostly institutions",
    "安丘市公路局": "kind_unclear: road bureaus are mostly institutions",
    "淄博市公安局高新区分局": BRANCH,
    "盐城市公安局盐都分局": BRANCH,
    "遂宁市公安局船山区分局": BRANCH,
    "文昌湖区旅游局": "kind_unclear: a bureau of a zone, which is no division of GB/T 2260",
    "建章路街道办事处": "division_unclear: Xixian New Area is no division of GB/T 2260",
    "太平镇人民政府": "division_unclear: Xixian New Area is no division of GB/T 2260",
    "区统计局": "publisher_unclear: printed without its place, on a host without a name",
    "杨陵区文化和旅游体育局": "column_unclear: a host without a name serves the zone and the district",
    "永嘉县农业局": "existence_unclear: known from 2010 only; agriculture bureaus were reorganised in 2018 and 2019",
    "清水县质量技术监督局": "existence_unclear: quality bureaus were merged in 2018 and 2019",
    "陕西省药品和疫苗检查/反垄断等(atcm站)": "publisher_unclear: a site, not a body",
    "北京市住房和城乡建设委员会(旧)": "column_unclear: a retired address",
    "密云区": DISTRICT,
    "大兴区": DISTRICT,
    "怀柔区": DISTRICT,
    "石景山区": DISTRICT,
    "乌海市海南区": DISTRICT,
}  # fmt: skip

# The publishers of five reports at hand. No column address is known for them, and none is invented.
REPORT_BODIES = (
    ("北京市西城区全响应服务中心", "institution", "北京市", "", "西城区", ()),
    ("北京市海淀区人民政府", "government", "北京市", "", "海淀区", ()),
    ("衡阳市珠晖区人民政府", "government", "湖南省", "衡阳市", "珠晖区", ()),
    ("重庆市黔江区城市管理局", "department", "重庆市", "", "黔江区", ()),
    ("北京市东城区北新桥街道办事处", "subdistrict", "北京市", "", "东城区", ("北新桥街道", "北新桥街道办事处")),
)

YEAR = re.compile(r"(?<!\d)(20[0-2]\d)(?!\d)")
REVIEW = ("publisher", "kind", "province", "city", "county", "division", "url", "basis", "family", "example", "reason")


@dataclass
class Made:
    """A body or a column as it will be written; `bodies` of a column grow as rows of one address are merged."""

    cells: dict[str, str]
    bodies: list[str] = field(default_factory=list)


def division_of(row: dict[str, str]) -> str:
    """The division code of a row's province, city and county; "" if the three name no division of GB/T 2260."""
    name = row["province"] + row["city"] + row["county"]
    return next((code for code, known in divisions().items() if known.name == (name or "全国")), "")


def level_of(code: str, kind: str) -> Level:
    """The level a body acts at: a town's, else that of its division (counties directly under a province included)."""
    if kind in (Kind.TOWNSHIP, Kind.SUBDISTRICT):
        return Level.TOWN
    if code == "000000":
        return Level.NATION
    return Level.PROVINCE if code.endswith("0000") else Level.PREFECTURE if code.endswith("00") else Level.COUNTY


def town_code(name: str, county: str) -> str:
    """The 9-digit code of the town a name ends with, or "" where the county's list holds none."""
    bare = re.sub(r"(人民政府|办事处)$", "", name)
    found = [
        code
        for code, town in towns().items()
        if town.parent == county and bare.endswith(own_name(town, divisions()))
    ]  # fmt: skip
    return max(found, key=lambda code: len(own_name(towns()[code], divisions())), default="")


def dated(url: str) -> int | None:
    """The year in which an example was entered, by its address alone; None where the address holds no date."""
    if found := re.search(r"/t(20\d\d)\d{4}_\d+\.|/(20\d\d)(?:0[1-9]|1[0-2])/|/art/(20\d\d)/|/(20\d\d)\d{15}/", url):
        return int(next(group for group in found.groups() if group))
    if found := re.search(r"/(\d{19})\.html$", url):  # a snowflake id: milliseconds since its own epoch
        return datetime.fromtimestamp(((int(found[1]) >> 22) + 1288834974657) / 1000, UTC).year
    if found := re.search(r"/(?:doc_)?([0-9a-f]{8})[0-9a-f]{16}\.html$", url):  # an object id: seconds since 1970
        return datetime.fromtimestamp(int(found[1], 16), UTC).year
    return None


def bound_year(url: str, example: str) -> tuple[str, str]:
    """(year, doubt): the report year a column's address names, or why it cannot be believed. Years in folders are
    unreliable: one that its own example contradicts (entered in another year than the one after) is a doubt."""
    named = {int(year) for year in YEAR.findall(urlsplit(url).path)}
    if not named:
        return "", ""
    if len(named) > 1:
        return "", "year_unclear: the address names " + " and ".join(str(year) for year in sorted(named))
    year = named.pop()
    entered = dated(example)
    if entered is not None and entered != year + 1:
        return "", f"year_unclear: the address names {year}, its example was entered in {entered}"
    return str(year), ""


def family_of(row: dict[str, str]) -> str:
    """The short code of a row's CMS family."""
    if row["cms_family"]:
        return FAMILIES[row["cms_family"]]
    found = (code for shape, code in FAMILY_BY_ADDRESS if re.search(shape, row["column_url"]))
    return next(found, "generic")


def slug_of(name: str, kind: str) -> str:
    """What a body is, in ASCII: the second half of its id."""
    if kind in (Kind.GOVERNMENT, Kind.TOWNSHIP, Kind.SUBDISTRICT):
        return {Kind.GOVERNMENT: "gov", Kind.TOWNSHIP: "town", Kind.SUBDISTRICT: "subdistrict"}[Kind(kind)]
    found = [ending for ending in SLUGS if name.endswith(ending)]
    if not found:
        raise SystemExit(f"{name}: found no slug, expected one of its endings in SLUGS")
    return SLUGS[max(found, key=len)]


def body_of(row: dict[str, str], code: str) -> tuple[Made, str]:
    """(body, doubt) of a row; the doubt is "" where name, kind and division agree."""
    printed, kind = row["publisher"], row["kind"]
    name, aliases = FULL_NAMES.get(printed, (printed, ()))
    level = level_of(code, kind)
    told = kind_from_name(name)
    if kind == "other" and told is Kind.ZONE_COMMITTEE:
        kind = str(told)
    division, doubt = code, ""
    if told is not None and told != kind:
        doubt = f"kind_unclear: listed as {kind}, named as {told}"
    if level is Level.TOWN:
        division = town_code(name, code)
        if not division:
            doubt = "existence_unclear: no town of this name is in use in the county"
        if row["county"] not in name:
            name = row["county"] + name
    elif (
        code != "000000"
        and kind not in (Kind.CENTRAL, Kind.ZONE_COMMITTEE)
        and own_name(divisions()[code], divisions()) not in name
    ):
        doubt = doubt or "name_unclear: the name does not hold its division's"
    body_id = f"{division}-{slug_of(name, kind)}"
    cells = {"id": body_id, "name": name, "kind": kind, "level": str(level), "division": division}
    return Made(cells | {"aliases": "|".join(aliases)}), doubt


def doubt_of(row: dict[str, str], code: str) -> str:
    """Why a row's column cannot be registered, or ""."""
    if not row["column_url"]:
        return "no_column: only an example is known" if row["example_report_url"] else "no_column: no address is known"
    if "xxgkAnnualReport.jsp" in row["column_url"]:
        return "query_without_list: a query page of one body; whether it lists all years is not known"
    return "division_unclear: the three names are no division of GB/T 2260" if not code else ""


def old_doubt(row: dict[str, str]) -> str:
    """A department known only from before the reorganisation of 2018 and 2019 may be another one today."""
    entered = dated(row["example_report_url"])
    if row["kind"] == Kind.DEPARTMENT and entered is not None and entered < 2019:
        return f"existence_unclear: known from {entered} only, before the reorganisation of 2018 and 2019"
    return ""


def review_row(row: dict[str, str], code: str, reason: str) -> dict[str, str]:
    """A row of to_review.csv: what the list says, what was proposed, and the doubt."""
    return {
        "publisher": row["publisher"], "kind": row["kind"], "province": row["province"], "city": row["city"],
        "county": row["county"], "division": code, "url": row["column_url"], "basis": row["column_basis"],
        "family": family_of(row), "example": row["example_report_url"], "reason": reason,
    }  # fmt: skip


def convert(rows: list[dict[str, str]]) -> tuple[dict[str, Made], dict[str, Made], list[dict[str, str]]]:
    """(bodies by id, columns by address, rows to review) of the list and of the five reports."""
    bodies: dict[str, Made] = {}
    columns: dict[str, Made] = {}
    review: list[dict[str, str]] = []
    for row in rows:
        code = division_of(row)
        year, year_doubt = bound_year(row["column_url"], row["example_report_url"])
        reason = DOUBTS.get(row["publisher"], "") or doubt_of(row, code) or year_doubt or old_doubt(row)
        body, body_doubt = body_of(row, code) if not reason else (Made({}), "")
        if reason or body_doubt:
            review.append(review_row(row, code, reason or body_doubt))
            continue
        known = bodies.setdefault(body.cells["id"], body)
        if known.cells["name"] != body.cells["name"]:
            raise SystemExit(f"{body.cells['id']}: found {known.cells['name']} and {body.cells['name']}, expected one")
        url = row["column_url"]
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        digest = hashlib.sha256(url.encode()).hexdigest()[:6]
        cells = {"id": f"{host}-{digest}", "url": url, "family": family_of(row), "basis": row["column_basis"]}
        column = columns.setdefault(url, Made(cells | {"verified": "unverified", "years_from": year, "years_to": year}))
        if body.cells["id"] not in column.bodies:
            column.bodies.append(body.cells["id"])
    for name, kind, province, city, county, aliases in REPORT_BODIES:
        row = dict.fromkeys(("column_url", "column_basis", "cms_family", "example_report_url"), "")
        row |= {"publisher": name, "kind": kind, "province": province, "city": city, "county": county}
        body, doubt = body_of(row, division_of(row))
        if doubt:
            raise SystemExit(f"{name}: found {doubt}, expected a certain body")
        bodies[body.cells["id"]] = Made(body.cells | {"aliases": "|".join(aliases)})
        review.append(review_row(row, division_of(row), "no_column: no address is known"))
    for body in bodies.values():
        above = f"{body.cells['division'][:6]}-gov"
        if above in bodies and above != body.cells["id"] and body.cells["kind"] != Kind.CENTRAL:
            body.cells["parent"] = above
    return bodies, columns, review


def write(path: Path, header: Iterable[str], rows: Iterable[dict[str, str]]) -> None:
    """Write one CSV file, UTF-8 with plain line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, tuple(header), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(seed: Path, out: Path) -> None:
    """Read the list and write the three files."""
    with seed.open(encoding="utf-8-sig", newline="") as file:
        bodies, columns, review = convert(list(csv.DictReader(file)))
    header = ("id", "name", "kind", "level", "division", "aliases", "parent", "exists_from", "exists_to", "successor")
    write(out / "bodies.csv", (*header, "note"), (body.cells for _, body in sorted(bodies.items())))
    made = [column.cells | {"bodies": "|".join(sorted(column.bodies))} for column in columns.values()]
    header = ("id", "url", "bodies", "family", "verified", "basis", "title", "years_from", "years_to", "delay_seconds")
    more = ("interval_days", "attachment_hosts", "javascript", "legacy_tls")
    write(out / "columns.csv", (*header, *more), sorted(made, key=lambda cells: cells["id"]))
    write(out / "to_review.csv", REVIEW, review)
    print(f"{len(bodies)} bodies, {len(columns)} columns, {len(review)} rows to review", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
