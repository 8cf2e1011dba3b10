"""Titles, days, companions, lists: who published what for which year, and what is no report."""

from __future__ import annotations

from datetime import date

import pytest

from parsers import decode, read
from parsers.dates import address_days, bare_days, labelled_days, metadata_days
from parsers.model import Block
from parsers.titles import parse_title

TITLES = [
    ("青山市教育局2021年政府信息公开工作年度报告", "青山市教育局", 2021, True),
    ("2021年青山市教育局政府信息公开工作年度报告", "青山市教育局", 2021, True),
    ("青山市教育局2021年度政府信息公开工作年度报告", "青山市教育局", 2021, True),
    ("青山市教育局 2021 年政府信息公开年度报告", "青山市教育局", 2021, True),
    ("青山市教育局2021年政府信息公开年报", "青山市教育局", 2021, True),
    ("青山市教育局2021年信息公开年度报告", "青山市教育局", 2021, True),
    ("青山市教育局关于2021年度政府信息公开工作的年度报告", "青山市教育局", 2021, True),
    ("青山市教育局关于2021年政府信息公开工作情况的报告", "青山市教育局", 2021, True),
    ("关于2021年度政府信息公开工作的年度报告", None, 2021, True),
    ("2021年政府信息公开工作年度报告", None, 2021, True),
    ("政府信息公开工作年度报告", None, None, True),
    ("青山市教育局政府信息公开工作年度报告（2021年度）", "青山市教育局", 2021, True),
    ("青山市教育局2021年政府信息公开工作年度报告（图片版）", "青山市教育局", 2021, True),
    ("青山市教育局2021年政府信息公开工作年度报告(文字版)", "青山市教育局", 2021, True),
    ("青山市教育局2021年政府信息公开工作年度报告.docx", "青山市教育局", 2021, True),
    ("青山市教育局二〇一二年政府信息公开年度报告", "青山市教育局", 2012, True),
    ("青山市教育局２０２１年政府信息公开工作年度报告", "青山市教育局", 2021, True),
    ("《青山市教育局2021年政府信息公开工作年度报告》", "青山市教育局", 2021, True),
    ("图解：青山市教育局2021年政府信息公开工作年度报告", "青山市教育局", 2021, False),
    ("青山市教育局2021年政府信息公开工作年度报告的问答解读", "青山市教育局", 2021, False),
    ("青山市教育局2021年政府信息公开工作年度报告解读", "青山市教育局", 2021, False),
    ("一图读懂青山市教育局2021年政府信息公开工作年度报告", "青山市教育局", 2021, False),
    ("青山市教育局关于做好2021年政府信息公开工作年度报告的通知", None, 2021, False),
    ("青山市教育局政府信息公开指南", None, None, False),
    ("青山市2021年政务公开工作要点", None, 2021, False),
    ("青山市2021年政府工作报告", None, 2021, False),
    ("青山市2021年法治政府建设年度报告", None, 2021, False),
    ("青山市教育局召开信息公开工作会议", None, None, False),
    ("青教发〔2024〕1号 青山市教育局2023年政府信息公开工作年度报告", "青山市教育局", 2023, True),
    ("2024年1月青山市教育局2023年政府信息公开工作年度报告", "青山市教育局", 2023, True),
    ("青山市教育局2023年1-12月政府信息公开工作年度报告", "青山市教育局", 2023, True),
    ("青山市教育局2022年工作总结和2023年政府信息公开工作年度报告", None, 2023, True),
    ("关于印发《青山市教育局2023年政府信息公开工作年度报告》的通知", "青山市教育局", 2023, False),
    ("1.青山市教育局2023年政府信息公开工作年度报告", "青山市教育局", 2023, True),
    ("（公开）青山市教育局2023年政府信息公开工作年度报告", "青山市教育局", 2023, True),
    ("政府信息公开工作年度报告——青山市教育局（2023年）", "青山市教育局", 2023, True),
    ("青山市教育局2023年法治政府建设暨政府信息公开工作年度报告", "青山市教育局", 2023, True),
    ("青山市信息公开中心2023年政府信息公开工作年度报告", "青山市信息公开中心", 2023, True),
]


@pytest.mark.parametrize(("text", "publisher", "year", "is_report"), TITLES)
def test_titles(text: str, publisher: str | None, year: int | None, is_report: bool) -> None:
    title = parse_title(text)
    assert (title.is_report, title.report_year) == (is_report, year)
    if publisher or is_report:
        assert title.publisher == publisher


LINES = [
    ("发布时间:2020-12-16", date(2020, 12, 16), True),
    ("发布日期：2021-03-15 18:20:44", date(2021, 3, 15), True),
    ("发表日期: 2020-01-16 16: 31", date(2020, 1, 16), True),
    ("发布时间：2022年01月20日", date(2022, 1, 20), True),
    ("发布时间:[2021-01-28]", date(2021, 1, 28), True),
    ("来源:办公室发布时间:2024-01-26 17:49:57访问量:12", date(2024, 1, 26), True),
    ("日期:2025-01-14 16:56来源:作者:", date(2025, 1, 14), False),
    ("成文日期：2021年1月5日", date(2021, 1, 5), False),
    ("生成日期：2021-01-05", date(2021, 1, 5), False),
    ("发文日期: 2021-01-05", date(2021, 1, 5), False),
    ("时间：2021/1/5", date(2021, 1, 5), False),
    ("发布时间：2021.01.05", date(2021, 1, 5), True),
    ("发布时间:2021-02-30", None, False),
    ("发布时间:1970-01-01", None, False),
    ("发布时间:", None, False),
    ("失效日期：2029-12-31 发文日期：2024-01-20", date(2024, 1, 20), False),
    ("统计时间：2023-01-01至2023-12-31", None, False),
    ("发布时间：20240120", date(2024, 1, 20), True),
    ("公开日期 20240120083000", date(2024, 1, 20), True),
    ("发布时间：1705710600000", date(2024, 1, 20), True),
    ("发布时间：2024-01-19T16:30:00.000Z", date(2024, 1, 20), True),
    ("发布时间：2024-01-20T20:30:00Z 来源：县水务局", date(2024, 1, 21), True),
    ("发布时间：2024-01-20T08:30:00+08:00", date(2024, 1, 20), True),
    ("发布时间：2024-01-20T20:30:00-05:00", date(2024, 1, 21), True),
    ("发布时间：Sat Jan 20 08:30:00 CST 2024", date(2024, 1, 20), True),
    ("发布时间：Fri, 19 Jan 2024 17:30:00 GMT", date(2024, 1, 20), True),
    ("发布时间：二〇二四年一月二十日", date(2024, 1, 20), True),
    ("发布日期：2024—01—20", date(2024, 1, 20), True),
    ("发布日期：2024年1月20号", date(2024, 1, 20), True),
    ("发布时间：20241320", None, False),
    ("发布编号：20240120", None, False),
    ("发布时间：2024012", None, False),
]


@pytest.mark.parametrize(("line", "day", "publication"), LINES)
def test_date_lines(line: str, day: date | None, publication: bool) -> None:
    found = labelled_days([line])
    assert [(d.day, d.publication, d.source) for d in found] == ([(day, publication, "date_line")] if day else [])


def test_a_label_may_have_its_day_on_the_next_line() -> None:
    (day,) = labelled_days(["发布日期：", "2021-01-28 10:11"])
    assert (day.day, day.label, day.publication) == (date(2021, 1, 28), "发布日期", True)


@pytest.mark.parametrize(
    ("line", "day", "source"),
    [
        ("(2020年1 月 20日)", date(2020, 1, 20), "signature"),
        ("2020年1月20日", date(2020, 1, 20), "signature"),
        ("二〇二〇年一月二十日", date(2020, 1, 20), "signature"),
        ("2018-03-28", date(2018, 3, 28), "date_line"),
        ("白河县水务局2020年1月20日", date(2020, 1, 20), "signature"),
        ("自2020年1月1日起至2020年12月31日止", None, ""),
    ],
)
def test_days_on_a_line_of_their_own(line: str, day: date | None, source: str) -> None:
    found = bare_days([Block(line, 0)])
    assert [(d.day, d.source, d.publication) for d in found] == ([(day, source, False)] if day else [])


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://a.gov.cn/zfxxgknb/202301/t20230112_11492815.html", date(2023, 1, 12)),
        ("http://a.gov.cn/art/2023/1/9/art_1229404567_70955.html", date(2023, 1, 9)),
        ("http://a.gov.cn/c23796/20200218/i1454209.html", date(2020, 2, 18)),
        ("http://a.gov.cn/cms/html/zpxajj/2022-01-14/1640894823.html", date(2022, 1, 14)),
        ("http://a.gov.cn/doc/2026/01/23/4722822.shtml", date(2026, 1, 23)),
        ("http://a.gov.cn/bmxxgknb/t19700101_3584822.shtml", None),
        ("http://a.gov.cn/2023gknb/t18028213.shtml", None),
        ("http://a.gov.cn/info/3589/67670.htm", None),
    ],
)
def test_days_in_addresses(url: str, day: date | None) -> None:
    assert [d.day for d in address_days(url)] == ([day] if day else [])


@pytest.mark.parametrize(
    ("name", "content", "day", "publication"),
    [
        ("pubdate", "2023-01-16 09:30", date(2023, 1, 16), True),
        ("publish_time", "1673832600000", date(2023, 1, 16), True),
        ("publish-date", "20230116", date(2023, 1, 16), True),
        ("datepublished", "2023-01-15T17:30:00Z", date(2023, 1, 16), True),
        ("PubDate", "1970-01-01 08:00", None, False),
        ("createdate", "2023-01-16", date(2023, 1, 16), False),
        ("id", "20230116", None, False),
    ],
)
def test_days_in_head_tags(name: str, content: str, day: date | None, publication: bool) -> None:
    found = [(found.day, found.source, found.publication) for found in metadata_days({name: content})]
    assert found == ([(day, "metadata", publication)] if day else [])


CHAPTERS = """一、总体情况
{text}
二、主动公开政府信息情况
三、收到和处理政府信息公开申请情况
四、政府信息公开行政复议、行政诉讼情况
五、存在的主要问题及改进情况
六、其他需要报告的事项
无"""
GUIDE = """青山市教育局政府信息公开指南
一、公开范围
机构职能等。
二、公开形式
网站。
三、公开时限
20个工作日。
四、依申请公开
可以申请。
五、监督
可以举报。
六、附则
自公布之日起施行。"""


def _codes(text: str, **options: str) -> set[str]:
    return {p.code for report in read(text.encode(), **options) for p in report.problems}


@pytest.mark.parametrize(
    "text",
    [
        "青山市教育局召开会议部署工作\n发布时间:2021-03-01\n3月1日,市教育局召开会议。会议强调,要做好12项工作。",
        "\n".join(
            f"青山市{name}2021年政府信息公开工作年度报告" for name in ("教育局", "财政局", "水利局", "民政局", "公安局")
        ),
        GUIDE,
        "图解：青山市教育局2021年政府信息公开工作年度报告\n主动公开信息300条。",
        "青山市教育局2021年政府信息公开工作年度报告的问答解读\n问:收到多少申请?\n答:收到12件。",
        "404 Not Found",
    ],
)
def test_what_is_no_report(text: str) -> None:
    assert "not_a_report" in _codes(text)


def test_a_report_given_as_pictures_is_a_report_without_tables() -> None:
    (report,) = read(("青山市教育局2021年政府信息公开工作年度报告\n" + CHAPTERS.format(text="略。")).encode())
    assert report.is_report
    assert [s.number for s in report.sections] == [1, 2, 3, 4, 5, 6]
    assert {p.where for p in report.problems if p.code == "table_absent"} == {"proactive", "requests", "disputes"}


@pytest.mark.parametrize(
    ("sentence", "publisher", "year"),
    [
        ("2023年,北新桥街道坚持稳中求进。", "北新桥街道", 2023),
        ("2022年度，柳林镇人民政府认真贯彻条例。", "柳林镇人民政府", 2022),
        ("2021年,我局坚持公开。", None, 2021),
        ("白河县水务局依据条例编制。统计期限为2023.1.1-2023.12.31。", "白河县水务局", 2023),
        ("白河县水务局依据条例编制。期限为二〇二三年一月一日至二〇二三年十二月三十一日。", "白河县水务局", 2023),
    ],
)
def test_publisher_and_year_from_the_text(sentence: str, publisher: str | None, year: int) -> None:
    (report,) = read(CHAPTERS.format(text=sentence).encode())
    assert (report.publisher, report.report_year) == (publisher, year)


def test_a_title_over_two_lines() -> None:
    text = "青山市教育局2021年政府信息公开工作\n年度报告\n发布时间:2022-01-20\n" + CHAPTERS.format(text="略。")
    (report,) = read(text.encode())
    assert (report.publisher, report.report_year) == ("青山市教育局", 2021)
    assert report.title == "青山市教育局2021年政府信息公开工作年度报告"


def test_two_reports_on_one_page() -> None:
    page = "\n".join(
        f"青山市教育局{year}年政府信息公开工作年度报告\n" + CHAPTERS.format(text=f"{year}年做了工作。")
        for year in (2021, 2022)
    )
    reports = read(page.encode())
    assert [(r.report_year, len(r.sections)) for r in reports] == [(2021, 6), (2022, 6)]


def test_chapters_by_their_words_when_their_numbers_are_wrong() -> None:
    text = CHAPTERS.format(text="略。").replace("五、存在", "四、存在").replace("三、收到", "收到")
    (report,) = read(text.encode())
    assert [s.number for s in report.sections] == [1, 2, 3, 4, 5, 6]
    assert report.sections[4].heading == "四、存在的主要问题及改进情况"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "gbk"])
def test_encodings(encoding: str) -> None:
    text = "镕喆㎡政府信息公开" if encoding != "gbk" else "镕㎡政府信息公开"
    assert decode(text.encode(encoding))[0] == text


def test_bytes_that_are_no_text_do_not_crash() -> None:
    for data in (b"", b"\x00" * 50, bytes(range(256)) * 20, b"<table>" * 5000, b"<div>" * 50_000, b"|" * 5000):
        (report,) = read(data)
        assert not report.is_report


@pytest.mark.parametrize(
    ("head", "text", "publisher"),
    [
        ("青山市水务局\n2023年\n政府信息公开工作年度报告", "略。", "青山市水务局"),
        ("青山市水务局\n(青山市河长制办公室)\n2023年政府信息公开工作年度报告", "略。", "青山市水务局"),
        ("2023年政府信息公开工作年度报告\n来源：青山市水务局", "2023年,我局认真公开。", "青山市水务局"),
        ("2023年政府信息公开工作年度报告\n发布机构：青山市人民政府", "2023年,我局认真公开。", None),
        ("2023年政府信息公开工作年度报告\n来源：青山市水务局", "2023年公开12条。", None),
    ],
)
def test_publisher_over_three_lines_and_in_the_source(head: str, text: str, publisher: str | None) -> None:
    (report,) = read(f"{head}\n{CHAPTERS.format(text=text)}".encode())
    assert (report.publisher, report.report_year) == (publisher, 2023)
