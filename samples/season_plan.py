"""The demo's season as data: invented bodies of 示例省, their portals, and what happens on which simulated day.

Nobody real is accused: everything of 示例市, 青石区 and 白河县 is invented. The five real reports stand on portals of
their own, with their own figures and nothing else; no absence is ever looked for there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from samples.made_reports import Made
from samples.portal_model import PortalFault

FIRST_DAY = date(2025, 1, 6)
# Seven of them after the due day of 31 January are the days of grace; none is more than a fortnight from the next
# after that, so that an absence once proven stands.
DAYS = tuple(
    date(2025, month, day)
    for month, day in (
        (1, 6), (1, 20), (1, 29), (2, 3), (2, 8), (2, 10), (2, 12), (2, 14), (2, 24), (3, 5), (3, 19), (4, 1), (4, 3),
    )
)  # fmt: skip
YEAR = 2024  # the report year that falls due in the season


@dataclass(frozen=True, slots=True)
class DemoBody:
    """An invented body. `held`: report years on its portal from the first day; `scale`: requests a year, about."""

    id: str
    name: str
    kind: str
    level: str
    division: str
    held: tuple[int, ...]
    scale: int = 30
    aliases: tuple[str, ...] = ()
    exists_from: date | None = None
    exists_to: date | None = None
    successor: str = ""
    note: str = ""
    special: Mapping[int, Made] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoPortal:
    """A column on a local portal. `shape` is how its pages look; `address` the loopback address it is served on."""

    id: str
    title: str
    shape: str
    address: str
    bodies: tuple[str, ...]
    page_size: int = 15
    years: tuple[int, int] | None = None  # the registry binds the column to these report years


@dataclass(frozen=True, slots=True)
class Appears:
    """A report goes up between two crawls: first seen on `day`; `stated`: what its page calls its publication day."""

    day: date
    body: str
    year: int = YEAR
    stated: date | None = None
    title: str = ""  # as the list prints it, where that is not the report's own


@dataclass(frozen=True, slots=True)
class Gone:
    """A report's page answers 404 and its line has left the list."""

    day: date
    body: str
    year: int = YEAR


@dataclass(frozen=True, slots=True)
class Revised:
    """The page of a report is replaced, with other figures and without a word; the list shows the new day."""

    day: date
    body: str
    year: int
    made: Made


@dataclass(frozen=True, slots=True)
class Fails:
    """From this day on the portal's list answers with a fault."""

    day: date
    portal: str
    fault: PortalFault


CITY, DISTRICT, COUNTY = "990100", "990101", "990121"
DIVISIONS = (
    ("990000", "示例省（演示用，虚构）", "000000"),
    (CITY, "示例省示例市", "990000"),
    (DISTRICT, "示例省示例市青石区", CITY),
    (COUNTY, "示例省示例市白河县", CITY),
)


def _department(slug: str, name: str, held: tuple[int, ...], scale: int = 30, **more: object) -> DemoBody:
    return DemoBody(f"demo-{slug}", name, "department", "prefecture", CITY, held, scale, **more)  # type: ignore[arg-type]


def _county(slug: str, name: str, held: tuple[int, ...], scale: int = 12, **more: object) -> DemoBody:
    return DemoBody(f"demo-{slug}", name, "department", "county", COUNTY, held, scale, **more)  # type: ignore[arg-type]


def _town(slug: str, name: str, kind: str, held: tuple[int, ...], **more: object) -> DemoBody:
    return DemoBody(f"demo-{slug}", name, kind, "town", DISTRICT, held, 6, **more)  # type: ignore[arg-type]


_WRONG_PARTS = Made(
    {
        ("requests", "handled_total", "natural_person"): -2,
        ("requests", "handled_total", "total"): -2,
        ("requests", "carried_over", "natural_person"): 2,
        ("requests", "carried_over", "total"): 2,
    }
)
_WRONG_ROWS = Made(
    {
        ("requests", "granted", "enterprise"): 1,
        ("requests", "unable.not_held", "enterprise"): -1,
        ("requests", "received", "total"): 3,
        ("disputes", "reconsideration", "total"): 1,
    },
    said="有关数据见附表。",
)
_WRONG_NEIGHBOURS = Made(
    {
        ("requests", "carried_in", "natural_person"): 2,
        ("requests", "carried_in", "total"): 2,
        ("requests", "carried_over", "natural_person"): 2,
        ("requests", "carried_over", "total"): 2,
        ("proactive", "normative_documents", "in_force"): 4,
    }
)
_WRONG_BALANCE = Made({("requests", "carried_over", "natural_person"): 3, ("requests", "carried_over", "total"): 3})
_WRONG_SHEET = Made({("indicators", "requests.received", "value"): 5, ("indicators", "staff.total", "value"): 1})

BODIES: tuple[DemoBody, ...] = (
    DemoBody("demo-city", "示例市人民政府", "government", "prefecture", CITY, (2021, 2022, 2023), 300),
    DemoBody("demo-qingshi", "示例市青石区人民政府", "government", "county", DISTRICT, (2021, 2022, 2023), 160),
    DemoBody(
        "demo-baihe", "示例市白河县人民政府", "government", "county", COUNTY, (2018, 2019, 2020, 2021, 2022, 2023), 110,
        special={2018: _WRONG_SHEET},
    ),
    _department("education", "示例市教育局", (2022, 2023), 60),
    _department("finance", "示例市财政局", (2022, 2023)),
    _department("transport", "示例市交通运输局", (2022, 2023), 45),
    _department("health", "示例市卫生健康委员会", (2022, 2023), 40),
    _department("housing", "示例市住房和城乡建设局", (2023,), 90),
    _department("water", "示例市水务局", (2022, 2023)),
    _department("audit", "示例市审计局", (2022, 2023), special={2024: _WRONG_BALANCE}),
    _department("civil", "示例市民政局", (2022, 2023), special={2023: _WRONG_ROWS, 2024: _WRONG_PARTS}),
    _department("agriculture", "示例市农业农村局", (2023,), special={2024: _WRONG_NEIGHBOURS}),
    _department("archives", "示例市档案局", (2021, 2022, 2023), 8),
    _department(
        "culture", "示例市文化局", (2022, 2023), exists_to=date(2024, 6, 30), successor="demo-culture-tourism"
    ),
    _department("culture-tourism", "示例市文化和旅游局", (), exists_from=date(2024, 7, 1)),
    _department("police", "示例市公安局", (2022, 2023), 120),
    _department("forestry", "示例市林业局", (2022, 2023)),
    _department("statistics", "示例市统计局", (2022, 2023), 10),
    _department("market", "示例市市场监督管理局", (2022, 2023), 150),
    _county("baihe-education", "示例市白河县教育局", (2021, 2023)),
    _county("baihe-agriculture", "示例市白河县农业农村局", (2022, 2023), special={2023: Made(older_requests=True)}),
    _county("baihe-emergency", "示例市白河县应急管理局", (2023,)),
    _town("liulin", "示例市青石区柳林镇人民政府", "township", (2022, 2023)),
    _town("shiqiao", "示例市青石区石桥街道办事处", "subdistrict", (2022, 2023)),
    _town("songling", "示例市青石区松岭乡人民政府", "township", (2023,), special={2024: Made(without=(5,))}),
)  # fmt: skip

REAL_BODIES: Mapping[str, str] = {
    "000": "110102-response-center",
    "001": "110108-gov",
    "002": "430405-gov",
    "003": "500114-urban-management",
    "004": "110101005-subdistrict",
}
REAL_NOTE = (
    "演示：该单位的一份年报为真实数据（文字为本项目自拟），由本机的仿真栏目发布；首次看到的日期是模拟的，其他年度不作查找。"
    "Demo: one report of this body, with its real figures and prose of ours, stands on a local copy of a portal; the "
    "days on which it was seen are simulated, and no other year is looked for."
)
REAL_KINDS: Mapping[str, str] = {REAL_BODIES["000"]: "department"}
REAL_KIND_NOTE = (
    "按部门（department）看待是演示的选择，随附的登记为事业单位。Its kind, department, is the demo's own choice: the "
    "shipped registry has it as an institution, for which art. 49 names no day."
)

_REAL_TITLE = "年报栏目（演示用本机副本）"
PORTALS: tuple[DemoPortal, ...] = (
    DemoPortal("demo-city-gov", "示例市政府年报", "trs", "127.0.0.1", ("demo-city",)),
    DemoPortal(
        "demo-city-departments", "示例市部门年报", "trs", "127.0.0.1",
        ("demo-education", "demo-finance", "demo-transport", "demo-health", "demo-housing", "demo-water", "demo-audit",
         "demo-civil", "demo-agriculture", "demo-archives", "demo-culture", "demo-culture-tourism"),
        page_size=8,
    ),
    DemoPortal("demo-police", "示例市公安局年报", "trs_hubei", "127.0.0.2", ("demo-police",)),
    DemoPortal("demo-market", "示例市市场监督管理局年报", "trs_jingdezhen", "127.0.0.2", ("demo-market",)),
    DemoPortal("demo-forestry", "示例市林业局年报", "generic", "127.0.0.3", ("demo-forestry",)),
    DemoPortal("demo-statistics", "示例市统计局年报", "trs_hunan", "127.0.0.4", ("demo-statistics",)),
    DemoPortal("demo-baihe-gov", "白河县政府年报", "generic", "127.0.0.5", ("demo-baihe",), page_size=5),
    DemoPortal(
        "demo-baihe-departments", "白河县部门年报", "trs_mva", "127.0.0.5",
        ("demo-baihe-education", "demo-baihe-agriculture", "demo-baihe-emergency"),
    ),
    DemoPortal("demo-qingshi-gov", "青石区政府年报", "generic", "127.0.0.6", ("demo-qingshi",)),
    DemoPortal(
        "demo-qingshi-towns", "青石区镇街年报", "trs_hunan", "127.0.0.6",
        ("demo-liulin", "demo-shiqiao", "demo-songling"), page_size=4,
    ),
    DemoPortal("real-000", _REAL_TITLE, "trs", "127.0.0.7", (REAL_BODIES["000"],), years=(2019, 2019)),
    DemoPortal("real-001", _REAL_TITLE, "generic", "127.0.0.8", (REAL_BODIES["001"],), years=(2024, 2024)),
    DemoPortal("real-002", _REAL_TITLE, "generic", "127.0.0.9", (REAL_BODIES["002"],), years=(2019, 2019)),
    DemoPortal(
        "real-003", _REAL_TITLE, "trs_null_date", "127.0.0.10", (REAL_BODIES["003"],), years=(2020, 2020)
    ),
    DemoPortal("real-004", _REAL_TITLE, "t_shtml", "127.0.0.11", (REAL_BODIES["004"],), years=(2023, 2023)),
)  # fmt: skip

APPEARANCES: tuple[Appears, ...] = (
    Appears(date(2025, 1, 20), "demo-education", stated=date(2025, 1, 17)),
    Appears(date(2025, 1, 20), "demo-health", stated=date(2025, 1, 15)),
    Appears(date(2025, 1, 20), "demo-civil", stated=date(2025, 1, 16)),
    Appears(date(2025, 1, 20), "demo-liulin", stated=date(2025, 1, 14)),
    Appears(date(2025, 1, 29), "demo-audit", stated=date(2025, 1, 24)),
    Appears(date(2025, 1, 29), "demo-culture-tourism", stated=date(2025, 1, 26)),
    Appears(date(2025, 1, 29), "demo-baihe-education", stated=date(2025, 1, 27)),
    Appears(date(2025, 2, 3), "demo-water"),  # no day on its page, and our looks straddle the due day
    Appears(date(2025, 2, 8), "demo-songling", stated=date(2025, 2, 6)),
    Appears(date(2025, 2, 8), "demo-baihe-emergency", title="2024年政府信息公开工作年度报告"),  # nobody's name on it
    Appears(date(2025, 2, 12), "demo-agriculture", stated=date(2025, 1, 24)),  # the page sets its day back
    Appears(date(2025, 2, 14), "demo-housing"),
    Appears(date(2025, 2, 24), "demo-finance", stated=date(2025, 2, 20)),
    Appears(date(2025, 3, 19), "demo-qingshi", stated=date(2025, 3, 18)),
    Appears(date(2025, 4, 3), "demo-baihe", stated=date(2025, 4, 2)),
)
DEPARTURES: tuple[Gone, ...] = (Gone(date(2025, 2, 10), "demo-health"),)
REVISIONS: tuple[Revised, ...] = (Revised(date(2025, 2, 12), "demo-audit", 2024, Made()),)
FAULTS: tuple[Fails, ...] = (
    Fails(date(2025, 1, 29), "demo-police", PortalFault.FORBIDDEN),
    Fails(date(2025, 1, 29), "demo-forestry", PortalFault.ERROR_PAGE),
    Fails(date(2025, 1, 29), "demo-statistics", PortalFault.EMPTY_LIST),
)
EXEMPTIONS: tuple[tuple[str, int, str, str], ...] = (
    (
        "demo-archives", YEAR, "机构改革后划入市委办公室，不再是行政机关（演示）",
        "示例市机构编制委员会文件（演示用，虚构）",
    ),
    # Of the real bodies no more is asked than the one report that stands here.
    *(
        (REAL_BODIES[number], YEAR, "演示只发布该单位一份真实年报，不查找其他年度", "本演示 this demo")
        for number in ("000", "002", "003", "004")
    ),
)  # fmt: skip
