"""Figures stated in running text as typed statements: what, how many, of whom, for which year, and where.

A figure takes its subject from its own sentence or its numbered heading, never from another sentence. What could be
meant in two ways is left out: a missing statement costs nothing, a wrong one accuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import attrgetter

from parsers import narrowing
from parsers.bearings import LAST_YEAR, THIS_YEAR, YEAR, Bearings, bearings_of
from parsers.folding import numeral, plain_letters
from parsers.model import Generation, Number, Section, Statement
from parsers.parts import COUNTED, HANDLED, called, with_wholes
from parsers.phrases import NEGATIONS, PERCENT, PHRASES, PLACES, REQUESTS, Phrase, words_in
from parsers.values import tidy

_SENTENCE = re.compile(r"[^。!?\n]+[。!?]?")
_NUMBERED = re.compile(
    r"^\s*(?:(?P<l1>[(][一二三四五六七八九十]{1,3}[)])|(?P<l3>\d{1,2}\.\d{1,2})[.、\s]?|(?P<l2>\d{1,2}[.、]\s?)"
    r"|(?P<l4>[(]\d{1,2}[)])|(?P<l0>[一二三四五六七八九十]{1,3}、))(?P<words>.*)$"
)
_CHANGE = re.compile(
    r"(?:增加了?|增长了?|减少了?|下降了?|上升了?|提高了?|同比了?|环比了?|较\S{1,8}|比\S{1,8}|增|减|多|少)$"
)
_UNITS = {
    "条": "条", "次": "次", "场": "次", "期": "次", "场次": "次", "件次": "件", "篇": "篇", "人": "人", "名": "人",
    "人次": "人", "余人次": "人", "元": "yuan", "万元": "10k_yuan", "亿元": "10k_yuan",
}  # fmt: skip
# Codes of the pre-2019 sheet for subjects that the newer forms name otherwise.
_OLD = {
    "received": "requests.received", "granted": "replied.granted", "granted_in_part": "replied.granted_in_part",
    "refused": "replied.refused", "handled_total": "replied.total", "reconsideration": "reconsideration.total",
    "litigation": "litigation.total", "disclosed": "disclosed.total", "fees": "fees",
}  # fmt: skip
_WHOLES = ("received", "disclosed", "licensing", "penalties", "fees", "issued.normative_documents")
_NARROWED = frozenset((*_WHOLES, *HANDLED, "carried_in"))  # which other words narrow than those of a part of the year
_SHARE_OF = re.compile(r"占(?P<whole>[^,。;:\d%]{0,16}?)(?:的比例|的比重|比例|比重|比|的|为|约|达)*\s?$")
# The longest sentence of a real report seen has 212 letters. What runs on for pages has lost its full stops, so that
# no figure can be told its subject; its reading would also cost time by the square of its length.
_LONGEST = 1000
_LONGEST_TOPIC = 40  # letters of a numbered heading inside a chapter
MAX_SCANNED = 300_000  # characters of a report's chapters; a long report has under 60,000
_GOES_ON = re.compile(r"其中[^。;\n]{0,40}")
_START = attrgetter("start")
_NEAR = 80  # letters before a figure that can bear on it directly


@dataclass(slots=True)
class _Sentence:
    """A sentence in half-width letters: its place in the section's text, the numbered headings it stands under; and
    what is asked again for each of its figures."""

    text: str
    start: int
    topic: str
    shown: str  # as printed
    section: int
    report_year: int | None
    names: Sequence[str]  # of the report's publisher
    rest: str  # the next sentence, if it goes on about this one: 其中,...
    plain: bool  # no word of it may narrow a figure
    bearings: Bearings | None = None
    fitting: dict[int, bool] = field(default_factory=dict)

    def bears(self, end: int, owner_end: int | None = None) -> tuple[int | None, str]:
        """The year of a figure before which the sentence stands up to `end`, and whose it is."""
        told = self.bearings = self.bearings or bearings_of(self.text)
        year = told.year_of(self.text[:end], self.topic, self.report_year)
        return year, told.scope_of(self.text[: owner_end or end], self.names)

    def fits(self, context: re.Pattern[str]) -> bool:
        """Whether a word of the context stands in the sentence or its numbered heading."""
        found = self.fitting.get(id(context))
        if found is None:
            found = context.search(self.text) is not None or context.search(self.topic) is not None
            self.fitting[id(context)] = found
        return found


def find_statements(
    sections: Sequence[Section],
    preamble: str,
    report_year: int | None,
    forms: dict[str, Generation],
    names: Sequence[str] = (),
) -> tuple[Statement, ...]:
    """All statements of a report, in order. `Statement.section` is the section's normalised number, 0 the preamble.

    `names`: what the publisher is called; a figure of an office that is named otherwise gets the scope `subordinate`.
    """
    old = "indicators" in forms
    found: list[Statement] = []
    room = MAX_SCANNED
    for number, heading, text in [(0, "", preamble), *((s.number, s.heading, s.text) for s in sections)]:
        if number is None or not text:
            continue
        room -= len(text)
        if room < 0:
            break
        half = plain_letters(text)  # letter for letter, so that offsets hold
        words = words_in(half)
        for body, start, topic in _sentences(half, heading) if words else ():
            said = [word for word in words if word in body] if len(body) <= _LONGEST else []
            if not said:
                continue
            end = start + len(body)
            goes_on = _GOES_ON.match(half, end) if half.startswith("其中", end) else None
            sentence = _Sentence(
                body, start, topic, text[start:end].strip(), number, report_year, names,
                goes_on.group() if goes_on else "", not narrowing.may_narrow(body),
            )  # fmt: skip
            for statement in _of_sentence(sentence, said):
                found.append(_in_old_codes(statement) if old else statement)
    return tuple(found)


def _in_old_codes(s: Statement) -> Statement:
    what, of = _OLD.get(s.what, s.what), _OLD.get(s.of or "", s.of)
    return s if what == s.what and of == s.of else called(s, what, of)


def _sentences(half: str, heading: str) -> Iterator[tuple[str, int, str]]:
    """The sentences of a section, each with its place, its chapter heading and the numbered headings above it."""
    levels: dict[int, str] = {}
    topic = heading + " "
    line_end = -1
    for found in _SENTENCE.finditer(half):
        sentence = found.group()
        if found.start() > line_end:  # the first sentence of a line may be a numbered heading
            line_end = half.find("\n", found.start())
            line_end = len(half) if line_end < 0 else line_end
            numbered = _NUMBERED.match(sentence) if len(sentence) <= _LONGEST_TOPIC else None
            if numbered:
                level = next(i for i in range(5) if numbered[f"l{i}"])
                levels = {k: v for k, v in levels.items() if k < level}
                levels[level] = numbered["words"]
                topic = heading + " " + " ".join(levels.values())
        yield sentence, found.start(), topic


def _of_sentence(sentence: _Sentence, said: Sequence[str]) -> list[Statement]:
    """The statements of a sentence in which these words stand (of `PLACES`)."""
    body = sentence.text
    found: list[Statement] = []
    taken: set[int] = set()
    for at in sorted({at for word in said for at in PLACES[word]}) if _FIGURE.search(body) else ():
        phrase = PHRASES[at]
        for match in phrase.pattern.finditer(body):
            number, behind = match.start("n"), match.end("u")
            if number not in taken and _holds(phrase, match, number, behind, sentence):
                statement = _statement(phrase, match, sentence)
                if statement:
                    taken.add(number)
                    found.extend(_in_turn(statement, match, sentence))
    if _NO.search(body):
        found.extend(_negations(sentence, {s.what for s in found}))
    if "%" in said or "百分之" in said:
        found.extend(_shares(sentence, found))
    if not found:
        return found
    return sorted(with_wholes(_of_one_body(found, sentence), body, sentence.start), key=_START)


def _of_one_body(found: list[Statement], sentence: _Sentence) -> list[Statement]:
    """Without what the sentence counts for several offices in turn: 县公安局作出…8件,县教育局作出…3件."""
    if len({s.what for s in found}) == len(found):
        return found
    named: dict[str, set[str]] = {}
    of: dict[int, str] = {}
    for s in found:
        office = narrowing.OFFICE.search(_clause(sentence.text, s.start - sentence.start))
        if office and s.what != "share":
            of[s.start] = office.group()
            named.setdefault(s.what, set()).add(office.group())
    return [s for s in found if s.start not in of or len(named[s.what]) < 2]


# 予以公开及部分公开258件: the figure is that of both together.
_JOINT = re.compile(r"(?:公开|提供|处理|复议|诉讼)(?:以?及|和|与|、|或)$")
_AND = frozenset("及和与、或")
_NO = re.compile("[未无没]")
_FIGURE = re.compile(r"[\d零一二三四五六七八九十两]")
# An increase in words stands right before the figure, a joint subject right before the phrase.
_CHANGE_LETTERS, _JOINT_LETTERS = 10, 4
_CLAUSE_END = re.compile("[,;。]")


def _clause(body: str, at: int) -> str:
    start = max(body.rfind(",", 0, at), body.rfind(";", 0, at), body.rfind(":", 0, at))
    end = _CLAUSE_END.search(body, at)
    return body[start + 1 : end.start() if end else len(body)]


# What follows a count and says nothing of it: 制发规范性文件8件、废止1件; 行政复议2件(维持1件,纠正1件).
_NEXT_COUNT = re.compile(
    r"、[^,。;、()\d]{1,8}\d+\s?[件份个条起宗](?=[、,;。)]|$)|[(](?:其中)?(?:结果)?被?(?:维持|纠正|驳回|撤销)\s?\d"
)


def _holds(phrase: Phrase, match: re.Match[str], number: int, behind: int, sentence: _Sentence) -> bool:
    """Whether the context allows the reading: own sentence or numbered heading, nothing narrowing in the clause.
    `number`, `behind`: where its figure begins and its unit ends."""
    body, what = sentence.text, phrase.what
    start = match.start()
    if body[start - 1 : start] in _AND and _JOINT.search(body, max(0, start - _JOINT_LETTERS), start):
        return False
    clause = _clause(body, number) if phrase.unless or not sentence.plain else ""
    if "、" in clause and what in HANDLED:  # 予以公开5件、不予公开1件: each in its own piece
        clause = match.group()
    if phrase.unless:
        counted = "n" in match.re.groupindex and what not in HANDLED
        following = _NEXT_COUNT.search(body, behind) if counted else None
        near = _clause(body[: following.start()], number) if following else clause
        if phrase.unless.search(match.group() + near):
            return False
    if not sentence.plain and narrowing.is_no_years_figure(clause):
        return False
    if narrowing.AFTER.match(body, behind) or _is_narrowed(what, match, behind, body, plain=sentence.plain):
        return False
    if what in ("reconsideration", "litigation") and not _on_disclosure(sentence, match, behind):
        return False
    return phrase.context is None or sentence.fits(phrase.context)


def _on_disclosure(sentence: _Sentence, match: re.Match[str], behind: int) -> bool:
    """Whether disputes counted in a sentence are all those against the body about its disclosure of information."""
    body = sentence.text
    if narrowing.PART_ON_DISCLOSURE.match(body, behind) or narrowing.UNRELATED.search(body):
        return False
    if "n" in match.re.groupindex and "信息公开" in body[behind:] + sentence.rest and "信息公开" not in body[:behind]:
        return False  # 行政复议50件,涉信息公开的7件: first those of every kind
    return not narrowing.DECIDING.search(body[: match.start()] + match.group())


def _is_narrowed(what: str, match: re.Match[str], behind: int, body: str, *, plain: bool) -> bool:
    """收到企业提出的…申请2件, 收到涉及征地的…申请4件, 上半年,收到…申请3件: some of the year's figure, not all of it."""
    if plain and what not in _NARROWED:
        return False
    start = match.start()
    lead = body[body.rfind(";", 0, start) + 1 : start]
    if not plain:
        lead = narrowing.without_whole_year(lead)
        if narrowing.TIME.search(lead):
            years = [m.end() for pattern in (YEAR, THIS_YEAR, LAST_YEAR) for m in pattern.finditer(lead)]
            if narrowing.TIME.search(lead, max(years, default=0)):
                return True
        if narrowing.SPAN.search(lead) or narrowing.EXCEPT.search(lead + match.group()):
            return True
    if what in _WHOLES and lead.lstrip().startswith("其中"):
        return True  # a part of the sentence before
    if what in HANDLED:
        return narrowing.is_of_some_requests(lead)
    if what == "carried_in":
        return narrowing.NOT_CARRIED.search(lead + match.group()) is not None
    if what not in ("disclosed", "received"):
        return False
    before = lead[max(lead.rfind(","), lead.rfind(":")) + 1 :]
    if what == "disclosed":
        return narrowing.is_narrow(narrowing.CHANNEL, before)
    if narrowing.WITH_CARRIED.match(body, behind):
        return True  # 收到3件,其中1件为上年结转: not those of this year alone
    if narrowing.DISPUTES.search(lead) or narrowing.is_narrow(narrowing.REQUESTS, before + match.group()):
        return True
    if "受理" in match.group()[:3] and "收到" in lead:
        return True  # 收到…5件,受理…4件: not all that is received is taken up
    return not narrowing.is_understood(before, match.group())


_VAGUE = ("数", "几", "上", "好几", "近几")  # 数十件, 上百件


def _number(found: re.Match[str]) -> Number | None:
    digits = found["n"].replace(",", "")
    if digits.isascii():
        if digits.isdigit():
            return int(digits) * (10000 if found["wan"] else 1)
        return tidy(Decimal(digits) * (10000 if found["wan"] else 1))
    return None if found.string[: found.start("n")].endswith(_VAGUE) else numeral(digits)


def _statement(phrase: Phrase, match: re.Match[str], sentence: _Sentence) -> Statement | None:
    value = _number(match)
    at, end = match.span("n")
    if value is None or _CHANGE.search(sentence.text, max(0, at - _CHANGE_LETTERS), at):
        return None
    unit, vague, more, wan = match.group("u", "q", "more", "wan")
    if unit == "亿元":
        value = tidy(Decimal(value) * 10000)
    about = (wan and not vague) or (vague and vague.endswith(("约", "近", "不足")))  # 1.2万条
    qualifier = "about" if about else "over" if vague else "exact"
    behind = sentence.text[match.end("u") : match.end("u") + 2]
    if more or behind in ("以上", "左右"):
        qualifier = "about" if behind == "左右" else "over"
    return Statement(
        phrase.what, value, _UNITS.get(unit, "件"), sentence.section, sentence.start + at, sentence.start + end,
        sentence.shown, phrase.of, qualifier, *sentence.bears(at),
    )  # fmt: skip


_YEARS_IN_TURN = re.compile(r"(?P<a>20\d\d)\s?年?\s?[、和与]\s?(?P<b>20\d\d)\s?年[^,。;]{0,4}分别")
_SECOND = re.compile(
    r"\s?[、和,]\s?(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?P<wan>万)?\s?(?P<u>件|条|次|份|宗|起)(?!\s?[、和,]\s?\d)"
)


def _in_turn(statement: Statement, match: re.Match[str], sentence: _Sentence) -> tuple[Statement, ...]:
    """2022、2023年分别收到…8件、5件: a figure for each year, or none where their number does not fit."""
    if "分别" not in sentence.text or "分别" not in sentence.text[: match.start("n")] or statement.year is None:
        return (statement,)
    years = _YEARS_IN_TURN.search(sentence.text[: match.start("n")])
    if years is None:
        return (statement,)
    second = _SECOND.match(sentence.text, match.end("u"))
    value = _number(second) if second else None
    if second is None or value is None or second["u"] != match["u"]:
        return ()
    start, end = sentence.start + second.start("n"), sentence.start + second.end("n")
    return (
        replace(statement, year=int(years["a"])),
        replace(statement, year=int(years["b"]), value=value, start=start, end=end),
    )


def _negations(sentence: _Sentence, stated: set[str]) -> Iterator[Statement]:
    body = sentence.text
    for phrase in NEGATIONS:
        if phrase.what in stated or not any(word in body for word in phrase.words):
            continue
        match = phrase.pattern.search(body)
        if match is None or COUNTED.search(match.group()):
            continue
        start, end = match.span()
        if not _holds(phrase, match, start, end, sentence):
            continue
        stated.add(phrase.what)
        yield Statement(
            phrase.what, 0, "件", sentence.section, sentence.start + start, sentence.start + end, sentence.shown,
            None, "none", *sentence.bears(start, end),
        )  # fmt: skip


def _shares(sentence: _Sentence, stated: Sequence[Statement]) -> Iterator[Statement]:
    body = sentence.text
    for match in PERCENT.finditer(body):
        value: Number | None
        value = tidy(Decimal(match["n"])) if match["n"] else _in_words(match["cn"])
        if value is None:
            continue
        group = "n" if match["n"] else "cn"
        before = body[: match.start(group)].removesuffix("百分之")
        near = before[-_NEAR:]
        wanted = _SHARE_OF.search(near)
        of = None
        if wanted and COUNTED.search(near[max(0, wanted.start() - 24) : wanted.start()]):
            of = _whole(sentence, wanted["whole"], stated)
        start, end = match.span(group)
        qualifier = narrowing.qualifier_of_share(near, body[end:])
        yield Statement(
            "share", value, "percent", sentence.section, sentence.start + start, sentence.start + end, sentence.shown,
            of, qualifier, *sentence.bears(len(before)),
        )  # fmt: skip


def _in_words(share: str) -> Number | None:
    """九十八点五 -> 98.5."""
    whole, _, places = share.partition("点")
    units = numeral(whole)
    if units is None or not places:
        return units
    digits = [numeral(letter) for letter in places]
    return tidy(Decimal(f"{units}.{''.join(map(str, digits))}"))


def _whole(sentence: _Sentence, words: str, stated: Sequence[Statement]) -> str | None:
    """What a share is a share of: named in its own sentence, else the subject of its numbered heading."""
    if "申请" in words or "收到" in words:
        return "received"
    if "公开" in words and "主动" in words:
        return "disclosed"
    if "答复" in words or "办结" in words:
        return "handled_total"
    if words and not re.search(r"总|全部|比|^的$", words):
        return None
    wholes = [s.what for s in stated if s.of is None and s.what in ("received", "handled_total", "disclosed")]
    if wholes:
        return wholes[0]
    around = sentence.text[:60] + sentence.topic
    if "主动公开" in around:
        return "disclosed"
    if REQUESTS.search(around):
        return "handled_total" if "答复" in around else "received"
    return None
