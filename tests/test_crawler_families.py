"""List readers on the markup shapes of the real portals, address days with their traps, and family recognition."""

# ruff: noqa: E501 (markup stands as it is on the page)
from __future__ import annotations

import base64
import csv
import json
from datetime import date
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest

from crawler.families import BY_CODE, address_day, column_of, read_list, recognise
from crawler.families.addresses import absolute
from crawler.families.articles import article_links

BASE = "http://www.example.gov.cn/zfxxgk/zfxxgknb/"
NAV = (
    '<ul class="nav"><li><a href="/">首页</a></li><li><a href="/zfxxgk/zfxxgkzn/">政府信息公开指南</a></li>'
    '<li><a href="/zfxxgk/zfxxgknb/">政府信息公开年报</a></li></ul>'
    '<div class="news"><ul><li><a href="/xw/202601/t20260102_9.html" title="今日要闻">今日要闻</a>'
    "<span>2026-01-02</span></li></ul></div>"
)


def page(inner: str) -> str:
    return f"<html><head><title>政府信息公开年报</title></head><body>{NAV}{inner}</body></html>"


def rows(read: object) -> list[tuple[str, str, date | None]]:
    return [(e.url, e.title, e.list_day) for e in read.entries]  # type: ignore[attr-defined]


def test_every_family_of_the_registry_is_declared():
    path = Path(__file__).parents[1] / "registry" / "families.csv"
    with path.open(encoding="utf-8-sig") as file:
        assert {row["code"] for row in csv.DictReader(file)} == set(BY_CODE)


def test_trs_zero_based_count_first():
    text = page(
        '<div class="zfxxgk_zdgkc"><ul>'
        f'<li><a target="_blank" href="{BASE}202601/t20260120_1.html" title="甲局2025年政府信息公开工作年度报告">甲局2025年...</a>'
        "<b>2026-01-20</b></li></ul></div>"
        '<script>createPageHTML(28, 0, "index", "html")</script>'
    )
    read = read_list("trs", text, BASE)
    assert rows(read) == [(f"{BASE}202601/t20260120_1.html", "甲局2025年政府信息公开工作年度报告", date(2026, 1, 20))]
    assert read.pages_expected == 28
    assert read.next_urls[0] == f"{BASE}index_1.html" and read.next_urls[-1] == f"{BASE}index_27.html"
    assert len(read.next_urls) == 27 and not read.problem


def test_trs_day_inside_the_link_record_count_and_a_direct_attachment():
    text = page(
        '<ul class="list-t">'
        '<li><a href="./202609/t20260910_1.shtml" title="乙局2025年年报"><p>乙局2025年年报</p>'
        '<span class="date">2026/09/11</span></a></li>'
        '<li><a href="./202609/P020260910.xlsx" title="丙局2025年年报（附表）">丙局2025年年报（附表）<span>2026/09/12</span></a></li>'
        '</ul><script>createPageHTML(17, 0,"index", "shtml", "black2", 250);</script>'
    )
    read = read_list("trs", text, BASE)
    assert rows(read) == [
        (f"{BASE}202609/t20260910_1.shtml", "乙局2025年年报", date(2026, 9, 11)),
        (f"{BASE}202609/P020260910.xlsx", "丙局2025年年报（附表）", date(2026, 9, 12)),
    ]
    assert read.pages_expected == 17 and read.records_expected == 250
    assert read.next_urls[0] == f"{BASE}index_1.shtml"


def test_trs_container_first_one_based():
    text = page(
        '<div class="xxgkzd-box"><ul><li><a href="./202601/t20260120_1.html">丁局2025年年度报告</a><span>2026-01-20</span>'
        "</li></ul></div><script>createPageHTML('paging',25,1,'index','html',500);</script>"
    )
    read = read_list("trs", text, BASE + "index.html")
    assert read.pages_expected == 25
    assert read.next_urls[0] == f"{BASE}index_2.html" and read.next_urls[-1] == f"{BASE}index_25.html"


def test_trs_later_pages_name_no_new_ones_and_definitions_are_no_calls():
    script = (
        "<script>function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}</script>"
        '<script>createPageHTML(3, 2, "index", "html")</script>'
    )
    read = read_list("trs", page(f'<ul><li><a href="./202601/t20260120_1.html">某局2025年年报</a></li></ul>{script}'),
                     BASE + "index_2.html")  # fmt: skip
    assert read.pages_expected == 3 and read.next_urls == () and not read.problem


def test_count_page_of_a_ministry():
    text = page(
        '<div class="overview_right"><ul><li><a href="./202603/t20260320_534737.html" title="某部2025年度报告">某部2025年度报告'
        "<span>2026-03-20</span></a></li></ul></div><script>var countPage = 2;</script>"
    )
    read = read_list("trs", text, BASE)
    assert rows(read) == [(f"{BASE}202603/t20260320_534737.html", "某部2025年度报告", date(2026, 3, 20))]
    assert read.next_urls == (f"{BASE}index_1.html",)


def test_jingdezhen_ids_are_no_days():
    text = page(
        '<ul class="info-list"><li><a href="./t18028213.shtml" title="某局2023年年报">某局2023年年报</a>'
        '<span name="PushDate">2024-01-18</span></li></ul><script>createPageHTML(7,0,"index","shtml","black2",136);</script>'
    )
    read = read_list("t_shtml", text, BASE)
    assert rows(read) == [(f"{BASE}t18028213.shtml", "某局2023年年报", date(2024, 1, 18))]
    assert read.pages_expected == 7


def test_fujian_template_row_is_skipped_and_missing_rows_are_counted():
    text = page(
        '<ul class="gl-ul"><li ms-repeat="docs"><a ms-attr-href="el.url" href="{{el.url}}">{{el.title}}</a></li>'
        '<li><a href="/cms/html/zpxajj/2022-01-14/1640894823.html" title="某局2021年年报">某局2021年年报'
        "<div class=\"li-btn\">2022-01-14</div></a></li></ul><script>recordCount:'2'</script>"
    )
    read = read_list("fujian", text, "http://www.zhangpu.gov.cn/cms/list2.trsapi")
    assert rows(read) == [
        ("http://www.zhangpu.gov.cn/cms/html/zpxajj/2022-01-14/1640894823.html", "某局2021年年报", date(2022, 1, 14))
    ]
    assert read.records_expected == 2 and read.rows == 1


def test_jcms_datastore_and_its_proxy():
    text = page(
        '<div id="5"><script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=2'
        "&amp;columnid=90001&amp;unitid=5\"></a>]]></nextgroup><recordset><record><![CDATA[<li><a href='/art/2026/4/3/"
        "art_90001_1.html' title='某县2025年政府信息公开工作年度报告'>某县2025年政府信息...</a><span>2026-04-03</span></li>]]>"
        "</record></recordset></datastore></script></div>"
    )
    url = "http://www.example.gov.cn/col/col90001/index.html?uid=5&pageNum=1"
    read = read_list("jcms_art", text, url)
    assert rows(read) == [
        (
            "http://www.example.gov.cn/art/2026/4/3/art_90001_1.html",
            "某县2025年政府信息公开工作年度报告",
            date(2026, 4, 3),
        )
    ]
    following = "http://www.example.gov.cn/module/web/jpage/dataproxy.jsp?page=2&columnid=90001&unitid=5"
    assert read.next_urls == (following,)
    answer = (
        "<datastore><totalrecord>2</totalrecord><totalpage>1</totalpage><recordset><record><![CDATA[<tr><td>"
        '<a href="/art/2025/3/3/art_90001_2.html" title="某县2024年年报">某县2024年年报</a></td><td><i>2025-03-03</i></td></tr>]]>'
        "</record></recordset></datastore>"
    )
    read = read_list("jcms_art", answer, following)
    assert rows(read) == [
        ("http://www.example.gov.cn/art/2025/3/3/art_90001_2.html", "某县2024年年报", date(2025, 3, 3))
    ]
    assert read.records_expected == 2 and read.next_urls == ()


def test_jcms_annual_report_years():
    url = "http://www.zoucheng.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=1137&fbtime=2021"
    text = page('<a href="xxgkAnnualReport.jsp?area=1137&fbtime=2021">2021</a><a href="?area=1137&fbtime=2020">2020年</a>'
                '<a href="/module/xxgk/xxgkAnnualReport.jsp?area=9999&fbtime=2020">别的镇</a>')  # fmt: skip
    read = read_list("jcms_annual", text.replace('href="?', 'href="/module/xxgk/xxgkAnnualReport.jsp?'), url)
    assert [e.url.rpartition("=")[2] for e in read.entries] == ["2021", "2020"]
    assert all("area=1137" in e.url and e.list_day is None for e in read.entries)


def test_gkmlpt_shell_and_answer():
    shell = read_list(
        "gkmlpt", "<html><script>SID: '755031'</script></html>", "http://www.sz.gov.cn/gkmlpt/index#124332"
    )
    assert shell.shell and not shell.entries
    shell = read_list(
        "gkmlpt", "<html><script>window._CONFIG={SID: '755031'}</script></html>",
        "http://www.szlhq.gov.cn/bmxxgk/gkmlpt/124332",
    )  # fmt: skip
    assert shell.next_urls == ("http://www.szlhq.gov.cn/bmxxgk/gkmlpt/api/all/124332?page=1&sid=755031",)
    article = {
        "id": 1,
        "title": "某局2025年年报",
        "url": "http://www.szlhq.gov.cn/a/content/post_1.html",
        "date": 1769097600,
    }
    read = read_list("gkmlpt", json.dumps({"total": 2, "articles": [article]}), shell.next_urls[0])
    assert rows(read) == [(article["url"], "某局2025年年报", date(2026, 1, 23))]
    assert read.pages_expected == 2 and read.records_expected == 2
    assert read.next_urls == ("http://www.szlhq.gov.cn/bmxxgk/gkmlpt/api/all/124332?page=2&sid=755031",)


def test_vsb_counts_backwards():
    text = page(
        '<ul><li id="line_u9_0"><a href="../info/1121/3337.htm" title="某局2025年年报">某局2025年年报</a><span>2026-01-20</span></li>'
        '<li id="line_u9_1"><h2>21</h2><p>2026.01</p><a href="../info/1121/3338.htm" title="某办2025年年报">某办</a></li></ul>'
        '<span class="p_pages"><span class="p_no_d">1</span><span class="p_no"><a href="zfxxgknb/2.htm">2</a></span>'
        '<span class="p_no"><a href="zfxxgknb/1.htm">3</a></span><span class="p_next"><a href="zfxxgknb/2.htm">下页</a></span>'
        '<span class="p_last"><a href="zfxxgknb/1.htm">尾页</a></span></span>'
    )
    url = "http://luozhuang.gov.cn/xxgk/zfxxgknb.htm"
    read = read_list("vsb", text, url)
    assert rows(read) == [
        ("http://luozhuang.gov.cn/info/1121/3337.htm", "某局2025年年报", date(2026, 1, 20)),
        ("http://luozhuang.gov.cn/info/1121/3338.htm", "某办2025年年报", date(2026, 1, 21)),
    ]
    assert read.pages_expected == 3
    assert read.next_urls == (
        "http://luozhuang.gov.cn/xxgk/zfxxgknb/2.htm",
        "http://luozhuang.gov.cn/xxgk/zfxxgknb/1.htm",
    )


def test_anhui_ls_pagination():
    text = page(
        '<ul class="doc_list list-77"><li><a href="/Xxgknb/show/5166.html" title="某镇2025年年报">某镇2025年年报</a>'
        '<span class="date">2026-01-20</span></li><li class="lm_line"></li></ul>'
        '<script>Ls.pagination("#page_77", fn, {currPage: (1-1+1), pageCount: 3});</script>'
    )
    read = read_list("anhui", text, "http://www.dongzhi.gov.cn/content/column/77")
    assert len(read.entries) == 1 and read.pages_expected == 3
    assert read.next_urls == tuple(f"http://www.dongzhi.gov.cn/content/column/77?pageIndex={n}" for n in (2, 3))


def test_shanghai_total_page():
    text = page(
        '<ul class="uli14 list-date"><li><a href="/nw12344/20230331/4a03b5fa47ae4c73b7ec42801de6be66.html">某市2022年年报</a>'
        '<span class="time">2023-03-31</span></li></ul><script>totalPage: 322;$(".pagination").pagination("setPage",1,322)</script>'
    )
    read = read_list("shanghai", text, "https://shanghai.gov.cn/nw12344/")
    assert len(read.entries) == 1 and read.pages_expected == 322
    assert read.next_urls[0] == "https://shanghai.gov.cn/nw12344/index_2.html"


def test_shandong_all_rows_in_one_page():
    text = page(
        '<ul><li class="pagedContent"><a href="/art/1.html" title="某市2025年年报">某市2025年年报</a><span>1</span>'
        "<span>2026-03-20</span></li></ul><script>var totalCount=1; var perSize=20; var startPage=1;</script>"
    )
    read = read_list("generic", text, BASE)
    assert read.records_expected == 1 and read.rows == 1 and not read.problem and not read.next_urls


def test_henan_table_and_a_pager_that_names_no_address():
    row = '<tr><td><a href="/2026/09-12/1.html">某市2025年年报</a></td><td>[2026-09-12]</td></tr>'
    one = page(f'<table>{row}</table><div id="pageDec" pagesize="24" pagecount="1"></div>')
    read = read_list("generic", one, BASE)
    assert rows(read) == [("http://www.example.gov.cn/2026/09-12/1.html", "某市2025年年报", date(2026, 9, 12))]
    assert not read.problem
    many = read_list("generic", one.replace('pagecount="1"', 'pagecount="51"'), BASE)
    assert many.problem and many.pages_expected == 51


def test_shenzhen_day_inside_the_link():
    text = page(
        '<ul><li><a href="content/post_9.html"><p title="某局2025年年报">某局2025年年报</p><span>2026-01-20</span></a></li></ul>'
    )
    read = read_list("gkmlpt", text, "http://www.szlhq.gov.cn/a/xxgkndbg/")
    assert rows(read) == [
        ("http://www.szlhq.gov.cn/a/xxgkndbg/content/post_9.html", "某局2025年年报", date(2026, 1, 20))
    ]


def test_yunnan_packed_pager():
    pager = '<a href="index_2.html">下一页</a><a href="index_3.html">尾页</a><span>共3页</span>'
    packed = base64.b64encode(quote(pager).encode()).decode()
    text = page(f'<ul><li><a href="1.html">某局2025年年报</a></li></ul><div id="pages">{packed}</div>')
    read = read_list("generic", text, BASE)
    assert read.pages_expected == 3 and set(read.next_urls) == {f"{BASE}index_2.html", f"{BASE}index_3.html"}


def test_snowflake_numbered_pages():
    url = "http://www.fuxian.gov.cn/zfxxgk/zfxxgknb/xz/2021/1.html"
    text = page(
        '<ul><li><a href="1571424084523327490.html">某镇2021年年报</a></li></ul><div><a href="2.html">下一页</a></div>'
    )
    read = read_list("snowflake", text, url)
    assert [e.title for e in read.entries] == ["某镇2021年年报"]
    assert read.next_urls == ("http://www.fuxian.gov.cn/zfxxgk/zfxxgknb/xz/2021/2.html",)


def test_a_column_that_is_itself_the_report():
    text = page("<h1>某县2023年年报</h1><p>二、主动公开政府信息情况</p><p>三、收到和处理政府信息公开申请情况</p>")
    url = "http://www.shule.gov.cn/slx/c107687/zwgk_cont.shtml"
    assert rows(read_list("c_shtml", text, url)) == [(url, "某县2023年年报", None)]


def test_tabs_by_year_are_lists_of_their_own():
    text = page(
        '<div class="tab"><a href="2024n/">2024年</a><a href="./2023n/index.html">2023年</a><a href="/other/2022n/">2022年</a></div>'
        '<ul><li><a href="202601/t20260120_1.html">某局2025年年报</a><span>2026-01-20</span></li></ul>'
    )
    read = read_list("trs", text, BASE)
    assert read.tabs == (f"{BASE}2024n/", f"{BASE}2023n/index.html")
    assert [e.title for e in read.entries] == ["某局2025年年报"]


def test_signs_of_a_pager_that_cannot_be_read_are_said():
    line = '<ul><li><a href="a1.html">某局2025年年报</a><span>2026-01-20</span></li></ul>'
    for pager in (
        '<a href="javascript:goPage(2)">下一页</a>',
        "<script>laypage({pages: 3})</script>",
        '<a href="#">下一页</a>',
        "共 4 页",
        '<ul class="el-pager"><li class="number active">1</li><li class="number">2</li></ul>',
        '<ul class="ant-pagination"><li><a>1</a></li><li><a>2</a></li></ul>',
        '<div class="pages"><span onclick="go(1)">1</span><span onclick="go(2)">2</span></div>',
        '<div class="pagination"><a href="#">1</a><a href="#">2</a></div>',
        '<a href="javascript:nextPage()"><img src="next.gif"></a>',
        "<div>加载更多</div>",
    ):
        assert read_list("generic", page(line + pager), BASE).problem, pager
    for whole in ("共1页", '<ul class="el-pager"><li>1</li></ul>', '<a onclick="setHomePage(this)">设为首页</a>'):
        assert not read_list("generic", page(line + whole), BASE).problem, whole
    assert read_list("generic", page(line + "<span>共 57 条</span>"), BASE).records_expected == 57
    assert not read_list("generic", page(line), BASE).problem


def test_navigation_is_no_list():
    assert read_list("generic", page(""), BASE + "list.html").entries == ()
    assert read_list("trs", page("<div>加载中</div>"), BASE).entries == ()


def test_generic_reader_on_dated_lines_without_words():
    text = page('<table><tr><td><a href="n1.html">教育局</a></td><td>2026-01-20</td></tr></table>')
    assert rows(read_list("generic", text, BASE)) == [(f"{BASE}n1.html", "教育局", date(2026, 1, 20))]


@pytest.mark.parametrize(
    ("url", "day", "precision"),
    [
        ("http://www.cqkz.gov.cn/kz/zfxxgknb_72026/202301/t20230112_11492815.html", date(2023, 1, 12), "day"),
        ("https://www.jindong.gov.cn/art/2023/1/19/art_1229404567_70955.html", date(2023, 1, 19), "day"),
        (
            "http://x.gov.cn/zfxxgknb/2025/xz/art/2026/art_c196aedd7ed24faaaac16df3bcdbe9b9.html",
            date(2026, 1, 1),
            "year",
        ),
        ("http://xjyc.gov.cn/ycx/c107419/202201/bf3c3d6f772049608177f14ef81229e4.shtml", date(2022, 1, 1), "month"),
        ("http://www.china-zibo.gov.cn/gongkai/c/doc_67959612b5e8a176a74b4af7.html", date(2025, 1, 26), "day"),
        ("http://www.fuxian.gov.cn/zfxxgknb/xz/2021/1571424084523327490.html", date(2022, 9, 18), "day"),
        ("http://x.gov.cn/xxgknb/2015678676080836610.html", date(2026, 1, 26), "day"),
        ("https://bp.gov.cn/html/BPSZF/202501/0173735845205527.html", date(2025, 1, 20), "day"),
        ("https://shanghai.gov.cn/nw12344/20230331/4a03b5fa47ae4c73b7ec42801de6be66.html", date(2023, 3, 31), "day"),
        ("http://t.gov.cn/tlx/xgtzrmzf/2024010914303620378/index.html", date(2024, 1, 9), "day"),
        ("https://xam.gov.cn/xam/2024-01/23/article_2024051604314968001.html", date(2024, 1, 23), "day"),
        ("http://www.zhangpu.gov.cn/cms/html/zpxajj/2022-01-14/1640894823.html", date(2022, 1, 14), "day"),
        ("http://www.hetang.gov.cn/c23796/20200218/i1454209.html", date(2020, 2, 18), "day"),
        ("http://www.jsxishan.gov.cn/doc/2026/01/23/4722822.shtml", date(2026, 1, 23), "day"),
        ("https://cnzh.gov.cn/News/Detail/20230130173538612.html", date(2023, 1, 30), "day"),
    ],
)
def test_days_in_addresses(url: str, day: date, precision: str):
    found = address_day(url)
    assert found is not None and (found.day, found.precision) == (day, precision)


@pytest.mark.parametrize(
    "url",
    [
        "http://rongan.gov.cn/xxgk/bmxxgknb/t19700101_3584822.shtml",  # a null date
        "http://www.fcgs.gov.cn/zfxxgk/zfxxgkndbg/2023gknb/t18028213.shtml",  # an id of eight digits
        "http://miluo.gov.cn/25221/26749/27322/content_2021096.html",  # an id
        "http://www.zoucheng.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=1&fbtime=2021",  # the report year
        "http://luozhuang.gov.cn/info/3589/67670.htm",
        "http://www.szlhq.gov.cn/a/content/post_9531033.html",
        "http://x.gov.cn/a/202313/t20231345_1.html",  # no such day
        "http://x.gov.cn/a/202001/t20010101_1.html",  # before the Regulations
    ],
)
def test_addresses_without_a_day(url: str):
    assert address_day(url) is None


def test_entered_days_are_marked_as_such():
    found = address_day("http://www.fuxian.gov.cn/zfxxgknb/xz/2021/1571424084523327490.html")
    assert found is not None and found.entered


def test_families_are_recognised_by_their_own_examples():
    for family in BY_CODE.values():
        for url in family.examples:
            assert recognise(url) == family.code, url


SEED = Path(__file__).parents[2] / "shared" / "registry-seed.csv"


@pytest.mark.skipif(not SEED.exists(), reason="the seed list lies beside the repository, not in it")
def test_families_and_columns_of_the_seed():
    with SEED.open(encoding="utf-8-sig") as file:
        seed = list(csv.DictReader(file))
    known = [row for row in seed if recognise(row["example_report_url"])]
    assert len(known) >= 0.9 * len([row for row in seed if not row["cms_family"].startswith(("other", "single"))])
    guessed = [row for row in seed if row["column_basis"] == "guessed" and row["column_url"]]
    agree = [row for row in guessed if column_of(row["example_report_url"]) == row["column_url"]]
    assert len(agree) >= 0.85 * len(guessed)


def test_attachments_of_an_article():
    text = (
        '<html><body><div class="trs_editor_view"><table><tr><td>1</td></tr></table></div>'
        '<a appendix="true" needdownload="true" href="./P020260612389613086419.xls" title="附表.xls" download="附表.xls">附表</a>'
        '<a href="/module/download/downfile.jsp?classid=0&filename=abc.doc">下载Word</a>'
        '<a href="tujie.pdf">点击查看图解</a><a href="t2.html">上一篇</a>'
        '<iframe src="/viewer.html?file=/files/nb.pdf"></iframe><object data="own.pdf"></object>'
        "<script>window.open('opened.pdf')</script>"
        '<img src="./W0202.jpg" appendix="true" oldsrc="W0202.jpg"></body></html>'
    )
    links = article_links(text, "http://www.example.gov.cn/a/202601/t20260120_1.html")
    assert [(x.url.rpartition("/")[2], x.companion) for x in links] == [
        ("P020260612389613086419.xls", False),
        ("downfile.jsp?classid=0&filename=abc.doc", False),
        ("tujie.pdf", True),
        ("nb.pdf", False),
        ("own.pdf", False),
        ("opened.pdf", False),
    ]


def test_a_report_given_as_pictures_has_only_these():
    text = (
        '<html><body><div class="trs_editor_view"><p>一、总体情况</p><img src="./W0202.jpg" appendix="true">'
        '</div><img src="/logo.png"></body></html>'
    )
    links = article_links(text, "http://www.example.gov.cn/a/202601/t20260120_1.html")
    assert [x.url for x in links] == ["http://www.example.gov.cn/a/202601/W0202.jpg"]


def test_pictures_of_tables_in_an_article_are_fetched_and_ornaments_are_not():
    prose = "按时更新栏目内容。" * 80
    pictures = (
        '<img src="t1.png"><img src="/img/share_icon.png"><img src="t2.webp" width="640"><img src="dot.gif" width="12">'
    )
    text = f'<html><body><div class="TRS_Editor"><p>二、主动公开政府信息情况</p>{pictures}<p>{prose}</p></div></body></html>'
    address = "http://www.example.gov.cn/a/202601/t20260120_1.html"
    base = "http://www.example.gov.cn/a/202601/"
    assert [x.url for x in article_links(text, address)] == [f"{base}t1.png", f"{base}t2.webp"]
    with_table = text.replace("<p>二", "<table><tr><td>规章</td></tr></table><p>二")
    assert article_links(with_table, address) == ()
    assert article_links(text.replace("二、主动公开政府信息情况", "图为活动现场"), address) == ()


def test_rather_one_line_too_many_than_one_too_few():
    """A table of names under a list of reports: overlooked, its bodies would be taken for absent."""
    text = page(
        '<ul><li><a href="./202601/t20260120_1.html">某县人民政府2025年年报</a><span>2026-01-20</span></li></ul>'
        '<table><tr><td><a href="./202601/t20260121_2.html">教育局</a></td><td><a href="./202601/t20260121_3.html">财政局</a></td>'
        '<td><a href="bm/">县直部门</a></td></tr></table><div class="tab"><a href="2024n/">2024年</a></div>'
    )
    for family in ("trs", "generic"):
        titles = [e.title for e in read_list(family, text, BASE).entries]
        assert titles == ["某县人民政府2025年年报", "教育局", "财政局", "县直部门"]


def test_a_family_s_own_lines_do_not_hide_other_lines():
    text = page(
        '<ul class="list-t"><li><a href="./202601/t20260120_1.html">甲局2025年年报</a></li></ul>'
        '<ul class="other"><li><a href="./202601/t20260120_2.html">乙局2025年年报</a></li></ul>'
    )
    assert [e.title for e in read_list("trs", text, BASE).entries] == ["甲局2025年年报", "乙局2025年年报"]


def test_two_lists_with_pages_of_their_own_are_not_called_whole():
    text = page(
        '<ul><li><a href="./202601/t20260120_1.html">甲局2025年年报</a></li></ul>'
        '<script>createPageHTML(2, 0, "index", "html")</script><script>createPageHTML(3, 0, "bm", "html")</script>'
    )
    assert read_list("trs", text, BASE).problem


@pytest.mark.parametrize("base", ["http://a.gov.cn", "http://a.gov.cn:81/", "https://a.cn/x/y.html?q=/1", "http://a.cn/./y/"])
@pytest.mark.parametrize(
    "href", ["t1.html", "./2026/t1.html", "/nb/t1.html", "2026/t1.html", "../t1.html", "/a/./t1.html", "t1.html?x=1"]
)
def test_links_are_joined_as_the_standard_library_does(base: str, href: str):
    assert absolute(href, base) == urljoin(base, href)
