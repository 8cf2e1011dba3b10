"""The families of portals, one block each (real-world sections 1 and 5). Codes are those of registry/families.csv."""

from __future__ import annotations

from crawler.families import pagers, special
from crawler.families.model import Family

HTML = r"(?:\.s?html?)?"
HEX32 = r"[0-9a-f]{32}"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
YMD = r"(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)"
STAMP = r"(?P<stamp>20\d{12})\d*"

TRS_ROWS = (
    "div.zfxxgk_zdgkc > ul > li",
    "ul.list-t > li",
    "div.xxgkzd-box ul li",
    "ul.info-list > li",
    ".overview_right li",
    "ul.gl-ul > li",
)

FAMILIES: tuple[Family, ...] = (
    Family(
        code="trs",
        article=rf"/\d{{6}}/t{YMD}_\d+{HTML}$",
        rows=TRS_ROWS,
        pagers=(pagers.trs, pagers.count_page),
        column=(r"/\d{6}/t\d{8}_\d+[^/]*$", "/"),
        examples=("http://www.cqkz.gov.cn/kz/fzhggwyh_3/zwgk_72016/zfxxgknb_72026/202301/t20230112_11492815.html",),
    ),
    Family(
        code="trs_null_date",
        article=rf"/t19700101_\d+{HTML}$",
        rows=TRS_ROWS,
        pagers=(pagers.trs, pagers.count_page),
        column=(r"/t19700101_\d+[^/]*$", "/"),
        examples=("http://rongan.gov.cn/xxgk/fdzdgknr/bmxxgknb/t19700101_3584822.shtml",),
    ),
    Family(
        code="jcms_art",
        article=r"/art/(?P<y>20\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})/art_\d+_\d+\.html$",
        readers=(special.jpaas, special.datastore),
        column=(r"/art/\d+/\d+/\d+/art_(\d+)_\d+\.html$", r"/col/col\1/index.html"),
        examples=("https://www.jindong.gov.cn/art/2023/1/19/art_1229404567_70955.html",),
    ),
    Family(
        code="jcms_annual",
        article=r"/module/xxgk/xxgkAnnualReport\.jsp\?.*\bfbtime=20\d\d",  # fbtime is the REPORT year, no date
        readers=(special.annual_report,),
        column=(r"&fbtime=\d+|fbtime=\d+&", ""),
        examples=("http://www.zoucheng.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=113708830043262784&fbtime=2021",),
    ),
    Family(
        code="jcms_new",
        article=rf"/art/(?P<y>20\d\d)/art_{HEX32}\.html$",
        readers=(special.jpaas, special.datastore),
        column=(r"/art/20\d\d/art_[0-9a-f]+\.html$", "/index.html"),
        examples=(
            "http://www.xinghua.gov.cn/zwgk/zfxxgk/zfxxgknb/2025/xzjdb/art/2026/art_c196aedd7ed24faaaac16df3bcdbe9b9.html",
        ),
    ),
    Family(
        code="c_shtml",
        article=rf"/(?P<y>20\d\d)(?P<m>\d\d)/{HEX32}\.shtml$",
        column=(r"/20\d{4}/[0-9a-f]{32}\.shtml$", "/"),
        examples=("http://xjyc.gov.cn/ycx/c107419/202201/bf3c3d6f772049608177f14ef81229e4.shtml",),
    ),
    Family(
        code="vsb",
        article=r"/info/\d+/\d+\.htm$|content\.jsp\?urltype=news\.NewsContentUrl",
        rows=("li[id^='line_u']", "tr[id^='line_u']"),
        pagers=(pagers.vsb,),
        examples=(
            "http://luozhuang.gov.cn/info/3589/67670.htm",
            "https://www.ms.gov.cn/xxgk/xxgk_content.jsp?urltype=news.NewsContentUrl&wbtreeid=5069&wbnewsid=1161616",
        ),
    ),
    Family(
        code="gkmlpt",
        article=r"/content/(?:\d+/\d+/)?(?:mpost|post)_\d+\.html$",
        readers=(special.gkmlpt,),
        column=(r"/content/(?:\d+/\d+/)?(?:mpost|post)_\d+\.html$", "/"),
        examples=("http://www.szlhq.gov.cn/bmxxgk/zfhjsj/xxgkgz_124330/xxgkndbg_124332/content/post_9531033.html",),
    ),
    Family(
        code="mongo",
        article=r"/(?:doc_)?(?P<hex>[0-9a-f]{8})[0-9a-f]{16}\.html$",
        column=(r"(?<!/openness/detail)(?<!/annual_report)/(?:doc_)?[0-9a-f]{24}\.html$", "/"),
        entered=True,
        examples=(
            "http://www.china-zibo.gov.cn/gongkai/site_gxqgafj/channel_6076a2591887a377796ba71d/"
            "doc_67959612b5e8a176a74b4af7.html",
        ),
    ),
    Family(
        code="snowflake",
        article=r"/(?P<snow>[12]\d{18})\.html$",
        column=(r"/\d{19}\.html$", "/1.html"),
        entered=True,
        examples=("http://www.fuxian.gov.cn/zfxxgk/zfxxgknb/xz/2021/1571424084523327490.html",),
    ),
    Family(
        code="t_shtml",
        article=r"/t\d+\.shtml$",  # t18028213 is an id, no date
        rows=("ul.info-list > li",),
        pagers=(pagers.trs,),
        column=(r"/t\d+\.shtml$", "/"),
        examples=("http://www.fcgs.gov.cn/zfxxgk/zfxxgkndbg/2023gknb/t18028213.shtml",),
    ),
    Family(
        code="anhui",
        article=r"/(?:OpennessAnnualReport|Xxgknb|XxgkAnnualReport)/show/\d+\.html$",
        rows=("ul.doc_list > li",),
        pagers=(pagers.ls,),
        examples=("https://www.dongzhi.gov.cn/Xxgknb/show/5166.html",),
    ),
    Family(
        code="liaoning",
        article=r"/html/\w+/20\d{4}/0(?P<ms>\d{13})\d{2}\.html$",
        examples=("https://bp.gov.cn/html/BPSZF/202501/0173735845205527.html",),
    ),
    Family(
        code="hunan_content",
        article=rf"/content_\d+{HTML}$",
        column=(rf"/content_\d+{HTML}$", "/"),
        examples=("http://miluo.gov.cn/25221/25222/26735/26749/27322/content_2021096.html",),
    ),
    Family(
        code="hunan_c",
        article=rf"/{YMD}/i\d+\.html$",
        column=(r"/20\d{6}/i\d+\.html$", "/"),
        examples=("http://www.hetang.gov.cn/c23796/20200218/i1454209.html",),
    ),
    Family(
        code="shanghai",
        article=rf"/{YMD}/(?:{HEX32}|{UUID})\.html$",
        rows=("ul.uli14.list-date > li", "ul.news-list > li"),
        pagers=(pagers.total_page,),
        column=(r"/20\d{6}/[0-9a-f-]+\.html$", "/"),
        examples=("https://shanghai.gov.cn/nw12344/20230331/4a03b5fa47ae4c73b7ec42801de6be66.html",),
    ),
    Family(
        code="stamp_index",
        article=rf"/{STAMP}/index\.html$",
        column=(r"/20\d{17}/index\.html$", "/"),
        entered=True,
        examples=("http://tielingxian.gov.cn/tlx/zwgk/xgtzrmzf/2024010914303620378/index.html",),
    ),
    Family(
        code="xam",
        # the stamp in the name is a later migration
        article=r"/(?P<y>20\d\d)-(?P<m>\d\d)/(?P<d>\d\d)/article_[0-9a-f]+\.html$",
        examples=("https://xam.gov.cn/xam/2024-01/23/article_2024051604314968001.html",),
    ),
    Family(
        code="gongkai_show",
        article=rf"/(?:gongkai|news)/show/{HEX32}\.html$",
        examples=("https://www.scanju.gov.cn/gongkai/show/c9779db8f1fd4f6e8b1f32b21d22ed18.html",),
    ),
    Family(
        code="jhtml",
        article=r"/\d+\.jhtml$",
        column=(r"/\d+\.jhtml$", "/index.jhtml"),
        examples=("http://donghe.gov.cn/qzfgzbm22/24908625.jhtml",),
    ),
    Family(
        code="public_column",
        article=r"/public/(?:content/\d+|column/\d+\?.*\b(?:timeFrame|title)=20\d\d)",
        pagers=(pagers.ls,),
        rows=("ul.doc_list > li",),
        examples=("http://www.anzhou.gov.cn/public/content/16371",),
    ),
    Family(
        code="shijiazhuang",
        article=rf"/columns/{UUID}/(?P<y>20\d\d)(?P<m>\d\d)/(?P<d>\d\d)/{UUID}\.html$",
        column=(rf"(/columns/{UUID})/20\d{{4}}/\d\d/{UUID}\.html$", r"\1/index.html"),
        examples=(
            "http://zd.gov.cn/columns/e434bf9c-a0e0-4bfa-8e9c-c421f02dbfe2/202302/17/"
            "eb63700d-3559-4e1d-97c4-436887849add.html",
        ),
    ),
    Family(
        code="fujian",
        article=r"/cms/html/\w+/(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)/\d+\.html$",
        rows=("ul.gl-ul > li",),
        pagers=(pagers.one_page,),
        examples=("http://www.zhangpu.gov.cn/cms/html/zpxajj/2022-01-14/1640894823.html",),
    ),
    Family(
        code="wuxi",
        article=r"/doc/(?P<y>20\d\d)/(?P<m>\d\d)/(?P<d>\d\d)/\d+\.shtml$",
        examples=("http://www.jsxishan.gov.cn/doc/2026/01/23/4722822.shtml",),
    ),
    Family(
        code="query",
        article=r"\.(?:aspx|jsp|html)\?.*(?:\bid|articleKey|yc_id|orgCode)=|/subsiteIndex/toPage\?.*objectId=|/eportal/ui\?",
        examples=("http://suijiang.gov.cn/subsiteIndex/toPage?subsiteFlag=a&newsClassId=693&objectId=27650",),
    ),
    # single patterns met on one or two portals each
    Family(
        code="generic",
        article=(
            rf"/News/Detail/{STAMP}\.html$|/(?P<y>20\d\d)/(?P<m>\d\d)-(?P<d>\d\d)/\d+\.html$|/xxgk-show-\d+\.html$"
            r"|/Content-\d+\.html$|/c\d+/content\.html$|/news/webinfo/20\d\d/\d\d/\d{16}\.htm$"
        ),
        examples=("https://cnzh.gov.cn/News/Detail/20230130173538612.html",),
    ),
)
