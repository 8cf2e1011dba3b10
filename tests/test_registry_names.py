# ruff: noqa: E501 -- tables of real names and whole messages are easier to read in one line
"""Names: kinds only from endings without doubt, lookups only by whole names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.divisions import changes, divisions, former, own_name, towns
from registry.loader import load
from registry.model import Body, Kind, Level, Registry
from registry.names import NameIndex, fold, kind_from_name, place_names, short

S, T, G, D, C, Z = Kind.SUBDISTRICT, Kind.TOWNSHIP, Kind.GOVERNMENT, Kind.DEPARTMENT, Kind.CENTRAL, Kind.ZONE_COMMITTEE


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("硚口区人民政府宗关街道办事处", S), ("北京市东城区北新桥街道办事处", S), ("北新桥街道", None), ("街道办事处", None),
        ("衢州市衢江区湖南镇人民政府", T), ("吉林市昌邑区两家子满族乡人民政府", T), ("东乌珠穆沁旗嘎达布其苏木人民政府", T),
        ("景德镇市人民政府", G), ("新乡市人民政府", G), ("上海市浦东新区人民政府", G), ("白沙黎族自治县人民政府", G),
        ("阿拉善左旗人民政府", G), ("神农架林区人民政府", G), ("人民政府", None), ("某某开发区人民政府", None), ("长春市绿园区人民政府", G), ("某产业园区人民政府", None),
        ("上海市人民政府办公厅", None), ("通辽市人民政府办公室", None), ("南平市人民政府信息公开工作领导小组办公室", None),
        ("鹿城区人民政府及办公室", None), ("湛江市人民政府地方志办公室", None), ("防汛抗旱指挥部办公室", None),
        ("重庆市黔江区城市管理局", D), ("平城区住建局", D), ("湖北省教育厅", D), ("西藏自治区审计厅", D),
        ("重庆市长寿区卫生健康委员会", D), ("鄂州市发展和改革委员会", D), ("北京市住房和城乡建设委员会", D),
        ("北京市人民政府国有资产监督管理委员会", D), ("北京市城市管理委员会", D), ("榆林市粮食和物资储备局", D),
        ("南宁经济技术开发区管理委员会", Z), ("弋阳县高新科技产业园管理委员会", Z), ("永川高新区管委会", Z),
        ("住房公积金管理委员会", None), ("某村村民委员会", None), ("某社区居民委员会", None), ("中共某市委员会", None),
        ("某区人大常务委员会", None), ("某区纪律检查委员会", None), ("某街道工作委员会", None),
        ("教育部", C), ("中华人民共和国财政部", C), ("国家林业和草原局", C), ("湖州市气象局", C), ("青海省邮政管理局", C),
        ("中国证券监督管理委员会", C), ("国家税务总局张家港市税务局", C),
        ("中共某县委宣传部", None), ("某县人民武装部", None), ("某市委组织部", None), ("财政局办公室", None),
        ("淄博市公安局高新区分局", None), ("盐城市生态环境局盐都分局", None),
        ("安丘市公路局", None), ("揭阳市揭东区公路局", None), ("某市社会保险事业管理局", None), ("某县邮政局", None),
        ("国网某县供电局", None), ("某市档案局", None), ("某区投资促进局", None), ("某县就业服务局", None),
        ("北京市西城区全响应服务中心", None), ("某大学", None), ("", None), ("局", None), ("部", None), ("厅", None),
        (" 重庆市 黔江区\u3000城市管理局\n", D), ("重庆市黔江区城市管理局2020年", None),
    ],
)  # fmt: skip
def test_the_kind_of_a_printed_name(name: str, kind: Kind | None) -> None:
    assert kind_from_name(name) is kind


def test_fold() -> None:
    assert fold(" 珠晖区\u3000人民 政府\u200b（\ufeff电子版）\n") == "珠晖区人民政府(电子版)"


@given(st.text(max_size=30))
def test_any_text_can_be_asked_about(text: str) -> None:
    kind_from_name(text)
    assert fold(fold(text)) == fold(text)


def make(**names: tuple[str, Kind, Level, str, tuple[str, ...]]) -> NameIndex:
    bodies = {
        key: Body(key, name, kind, level, code, aliases) for key, (name, kind, level, code, aliases) in names.items()
    }
    return NameIndex(Registry(bodies, {}, ()))


INDEX = make(
    zongguan=("硚口区人民政府宗关街道办事处", S, Level.TOWN, "420104003", ()),
    qiaokou=("武汉市硚口区人民政府", G, Level.COUNTY, "420104", ()),
    hunan=("衢州市衢江区湖南镇人民政府", T, Level.TOWN, "330803", ()),
    hunan_province=("湖南省人民政府", G, Level.PROVINCE, "430000", ()),
    hainan=("乌海市海南区人民政府", G, Level.COUNTY, "150303", ()),
    gulou=("徐州市鼓楼区人民政府", G, Level.COUNTY, "320302", ()),
    beixinqiao=("北京市东城区北新桥街道办事处", S, Level.TOWN, "110101", ("北新桥街道",)),
    taiping=("姚安县太平镇人民政府", T, Level.TOWN, "532325", ()),
    other_taiping=("攀枝花市仁和区太平镇人民政府", T, Level.TOWN, "510411", ()),
    pengshui=("彭水苗族土家族自治县财政局", D, Level.COUNTY, "500243", ()),
    beijing_street=("广州市越秀区北京街道办事处", S, Level.TOWN, "440104", ()),
    jiefang_a=("四平市铁东区解放街道办事处", S, Level.TOWN, "220303", ("解放街道",)),
    jiefang_b=("榆树市解放街道办事处", S, Level.TOWN, "220182", ("解放街道",)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("硚口区人民政府宗关街道办事处", ("zongguan",)), ("武汉市硚口区宗关街道办事处", ("zongguan",)),
        ("硚口区宗关街道", ("zongguan",)), ("硚口区人民政府", ("qiaokou",)), ("湖北省武汉市硚口区政府", ("qiaokou",)),
        ("硚口区人民政府办公室", ()), ("硚口区", ()),
        ("湖南镇人民政府", ()), ("衢江区湖南镇人民政府", ("hunan",)), ("湖南省人民政府", ("hunan_province",)),
        ("海南区人民政府", ("hainan",)), ("海南省人民政府", ()),
        ("鼓楼区人民政府", ()), ("江苏省鼓楼区人民政府", ()), ("江苏省徐州市鼓楼区人民政府", ("gulou",)),
        ("北新桥街道", ("beixinqiao",)), ("北京市东城区人民政府北新桥街道办事处", ("beixinqiao",)),
        ("太平镇人民政府", ()), ("姚安县太平镇政府", ("taiping",)),
        ("彭水县财政局", ("pengshui",)), ("财政局", ()),
        ("北京街道办事处", ()), ("越秀区北京街道", ("beijing_street",)), ("北京市人民政府", ()),
        ("解放街道", ("jiefang_a", "jiefang_b")), ("", ()), ("  ", ()),
    ],
)  # fmt: skip
def test_a_whole_name_is_found_and_no_part_of_one(text: str, found: tuple[str, ...]) -> None:
    assert INDEX.find(text) == found


def test_among_a_columns_bodies_names_without_their_place_count() -> None:
    column = {"taiping", "gulou", "hunan"}
    assert INDEX.find("太平镇人民政府", column) == ("taiping",)
    assert INDEX.find("太平镇", column) == ("taiping",)
    assert INDEX.find("鼓楼区政府", column) == ("gulou",)
    assert INDEX.find("鼓楼区", column) == ()
    assert INDEX.find("徐州市鼓楼区", {"gulou"}) == ("gulou",)
    assert INDEX.find("太平镇", {"taiping", "other_taiping"}) == ("other_taiping", "taiping")
    assert INDEX.find("硚口区人民政府", column) == ("qiaokou",)  # another body's name stays another body's
    assert INDEX.find("人民政府", column) == ()


def test_every_shipped_body_is_found_by_its_name_alone() -> None:
    registry = load()
    index = NameIndex(registry)
    for body in registry.bodies.values():
        assert index.find(body.name) == (body.id,)
        for alias in body.aliases:
            assert index.find(alias) == (body.id,)
        told = kind_from_name(body.name)
        assert told is None or told is body.kind


@pytest.mark.parametrize(
    ("name", "printed"),
    [("彭水苗族土家族自治县", "彭水县"), ("黔东南苗族侗族自治州", "黔东南州"), ("木垒哈萨克自治县", "木垒县"),
     ("克孜勒苏柯尔克孜自治州", "克孜勒苏州"), ("东乡族自治县", "东乡族自治县"), ("内蒙古自治区", "内蒙古自治区"), ("城步苗族自治县", "城步县")],
)  # fmt: skip
def test_short_names_of_autonomous_divisions(name: str, printed: str) -> None:
    assert short(name) == printed


def test_the_shipped_divisions() -> None:
    known = divisions()
    assert known["420204"].name == "湖北省黄石市下陆区"
    assert own_name(known["420204"], known) == "下陆区"
    assert (known["110102"].name, known["110102"].parent) == ("北京市西城区", "110000")
    assert all(row.parent in known for row in known.values() if row.code != "000000")
    assert towns()["110101005"].name == "北京市东城区北新桥街道"
    assert "500112" in former() and "500157" in known  # Yubei became part of Liangjiang New Area in 2025
    assert any((change.old_code, change.new_code) == ("350427", "350405") for change in changes())
    assert set(place_names("420204")) == {"下陆区", "黄石市下陆区", "湖北省下陆区", "湖北省黄石市下陆区"}


def test_every_town_and_division_of_the_country_has_the_kind_of_its_name() -> None:
    odd = {row.name for row in divisions().values() if kind_from_name(row.name + "人民政府") is not Kind.GOVERNMENT}
    assert odd == {"全国", "内蒙古自治区兴安盟", "内蒙古自治区锡林郭勒盟", "内蒙古自治区阿拉善盟"}
    for town in towns().values():
        office = "办事处" if town.name.endswith("街道") else "人民政府"
        told = kind_from_name(town.name + office)
        assert told in (Kind.SUBDISTRICT if office == "办事处" else Kind.TOWNSHIP, None), town.name
