"""What rules rest on: law, the forms prescribed, or the report itself. In Chinese as cited, and in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Basis:
    """The legal or formal basis of a rule."""

    zh: str
    en: str


FORMS = Basis(
    "国办公开办函〔2019〕60号、国办公开办函〔2021〕30号所附报告格式",
    "The report forms annexed to letters 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号 "
    "of the State Council's General Office",
)
BALANCE = Basis(f"{FORMS.zh}（表内所印勾稽关系）", f"{FORMS.en} (the balance printed in the table itself)")
FORMS_IN_FORCE = Basis(
    "国办公开办函〔2019〕60号、国办公开办函〔2021〕30号",
    "Letters 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号 of the State Council's General Office",
)
FORM_2019 = Basis(
    "国办公开办函〔2019〕60号所附报告格式",
    "The report form annexed to letter 国办公开办函〔2019〕60号 of the State Council's General Office",
)
FORM_2021 = Basis(
    "国办公开办函〔2021〕30号所附报告格式",
    "The report form annexed to letter 国办公开办函〔2021〕30号 of the State Council's General Office",
)
FORM_2021_SECTION_6 = Basis(f"{FORM_2021.zh}第六部分", f"{FORM_2021.en}, section six")
FORM_PRE2019 = Basis(
    "2014年起使用的全国政府信息公开情况统计表",
    "The national sheet of statistics on open government information, in use from 2014",
)
ART_49 = Basis(
    "《政府信息公开条例》第四十九条（2007年条例第三十一条）",
    "Open Government Information Regulations, art. 49 (art. 31 of the Regulations of 2007)",
)
ART_50 = Basis(
    "《政府信息公开条例》（2019年修订）第五十条第（四）项",
    "Open Government Information Regulations as revised in 2019, art. 50 item 4",
)
LEGISLATION_2015 = Basis(
    "《中华人民共和国立法法》（2015年3月15日修正）第八十二条；同日修正决定（东莞、中山、嘉峪关、三沙比照适用）",
    "Legislation Law as amended on 15 March 2015, art. 82; the amending decision of that day "
    "(extended to Dongguan, Zhongshan, Jiayuguan and Sansha)",
)
OWN_FIGURES = Basis("报告自身所载数字", "The figures that the report itself states")
OWN_VERSIONS = Basis("同一年度报告的前后版本", "Earlier and later versions of the report of one year")
OWN_FORMS = Basis("同一年度报告的各种公布形式", "The several forms in which the report of one year is published")
OTHER_YEARS = Basis(
    "统计方法：与本机关其他年度比较，非法定标准",
    "Statistics: the body's other years for comparison; not a standard of law",
)
LIKENESS = Basis("文字比对，非法定标准", "Comparison of texts; not a standard of law")
