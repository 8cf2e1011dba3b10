"""Copied narratives: a report's text against last year's own and against other bodies' (domain section 4).

Figures and the body's own name are levelled, the form's boiler-plate is left out, the rest is cut into shingles of six
characters. MinHash with banding proposes pairs in one pass over any number of reports; a pair counts only by the
exact share of its shingles (Jaccard), never by the estimate.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rensa import RMinHash, RMinHashLSH

from monitor.model import Outcome, Passage, Severity
from monitor.rules import bases, cases
from monitor.rules.content import texts
from monitor.rules.engine import Reading, Rule, Scope, Subject, Verdict, filing_key
from parsers.model import Section
from registry.kinds import fold

SHINGLE = 6
LEAST = 300  # characters of narrative left; less is too little to call copied
OWN, OTHERS = 0.9, 0.85  # shares of equal shingles from which a text is told
PERMUTATIONS, BANDS, SEED = 128, 32, 20190515
TEXT_VERSION = 1  # raised whenever a text is levelled or cut in another way: stored narratives are made anew
CROWD = 100  # a text with so many likenesses is not indexed again: they stand for it, and one pass stays linear

BOILERPLATE = re.compile(
    r"信息公开条例|报告格式|第五十条|统计期限|数据.{0,6}期限|电子版|如有疑问|如对.{0,8}报告|请.{0,4}联系|联系(?:电话|地址|方式)|邮编|邮政编码|扫一扫"
    r"|收取?.{0,6}处理费|收费通知|(?:没有|无|暂无)其他需要|全文由|总体情况.{0,8}主动公开.{0,20}申请|标识码|备案|主办|承办"
)
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")
_BLANKS = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*%?")
_ENDINGS = re.compile(r"(?:人民政府|街道办事处|办事处|管理委员会|委员会|管理局|局)$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the narrative: where it stands, as printed, and levelled for comparison."""

    section: int | None
    start: int
    end: int
    text: str
    level: str


@dataclass(frozen=True, slots=True)
class Narrative:
    """A report's levelled text, packed: small enough that those of 100,000 reports are held at once."""

    key: str  # `filing_key`
    publisher: str
    name: str
    year: int
    packed: bytes

    @property
    def text(self) -> str:
        """The levelled text, a sentence a line."""
        return zlib.decompress(self.packed).decode()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another report whose narrative is nearly the same, and the exact share of equal shingles."""

    other: Narrative
    share: float


def sentences(reading: Reading) -> tuple[Sentence, ...]:
    """The narrative without boiler-plate, headings and tables."""
    names = own_names(printed_name(reading))
    found = []
    for section, text in texts(reading):
        for match in _SENTENCE.finditer(text):
            printed = match.group().strip()
            level = _BLANKS.sub("", unicodedata.normalize("NFKC", printed))
            if len(level) < SHINGLE or BOILERPLATE.search(level):
                continue
            for name in names:
                level = level.replace(name, "")
            start = match.start() + match.group().index(printed)
            end = start + len(printed)
            found.append(Sentence(section, start, end, printed, _DIGITS.sub("0", level)))
    return tuple(found)


def own_names(name: str) -> tuple[str, ...]:
    """The names by which a report speaks of its own body, the longest first."""
    name = fold(name)
    return tuple(sorted({n for n in (name, _ENDINGS.sub("", name)) if len(n) > 1}, key=len, reverse=True))


def printed_name(reading: Reading) -> str:
    """The body's name as a sentence gives it."""
    return reading.filing.name or reading.report.publisher or reading.publisher


def narrative(reading: Reading) -> Narrative | None:
    """What is compared of a report; None if its text is too short to be told from chance."""
    text = "\n".join(sentence.level for sentence in sentences(reading))
    if len(text) < LEAST:
        return None
    packed = zlib.compress(text.encode(), 1)
    return Narrative(filing_key(reading.filing), reading.publisher, printed_name(reading), reading.year, packed)


def shingles(text: str) -> set[str]:
    """All runs of six characters."""
    return {text[i : i + SHINGLE] for i in range(len(text) - SHINGLE + 1)}


class Index:
    """Proposes earlier texts that are probably like a new one. Feed it in the order of publication."""

    def __init__(self) -> None:
        self._index = RMinHashLSH(threshold=0.7, num_perm=PERMUTATIONS, num_bands=BANDS)
        self._keys: list[int] = []

    def add(self, key: int, text: str) -> list[int]:
        """The keys of earlier texts that may be nearly the same as this one, at most `CROWD`; then adds it."""
        digest = _digest(text)
        near = [self._keys[at] for at in sorted(self._index.query(digest))[:CROWD]]
        if len(near) < CROWD:
            self._index.insert(len(self._keys), digest)
            self._keys.append(key)
        return near


def likenesses(narratives: Iterable[Narrative]) -> dict[str, tuple[Likeness, ...]]:
    """By `filing_key`, the reports of no later year whose narrative is nearly the same, the likest first.

    Every narrative has a key in the answer, however few are like it. Time and memory grow with the number of texts.
    """
    ordered = sorted(narratives, key=lambda n: (n.year, n.publisher))
    index = Index()
    found: dict[str, list[Likeness]] = {n.key: [] for n in ordered}
    for position, mine in enumerate(ordered):
        text = mine.text
        pieces: set[str] | None = None
        for near in index.add(position, text):
            other = ordered[near]
            own = other.publisher == mine.publisher
            if own and other.year != mine.year - 1:
                continue
            pieces = pieces if pieces is not None else shingles(text)
            share = _share(pieces, shingles(other.text))
            if share >= (OWN if own else OTHERS):
                found[mine.key].append(Likeness(other, share))
                if other.year == mine.year:  # which was first cannot be told: both are
                    found[other.key].append(Likeness(mine, share))
    return {key: tuple(sorted(hits, key=lambda h: -h.share)) for key, hits in found.items()}


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def _digest(text: str) -> RMinHash:
    digest = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    digest.update(list(shingles(text)))
    return digest


def signature(text: str) -> bytes:
    """The MinHash of a levelled text, to be stored beside it: 512 bytes, the same on any machine."""
    return struct.pack(f"<{PERMUTATIONS}I", *_digest(text).digest())


def proposals(new: Sequence[bytes], stored: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    """Pairs (position in `new`, position in `stored`) of signatures that may be nearly the same, at most `CROWD` for
    each new one. One pass over the stored ones, which need not be in memory; that over a million takes seconds.
    """
    width = 4 * PERMUTATIONS // BANDS
    places = range(0, 4 * PERMUTATIONS, width)
    index: list[dict[bytes, list[int]]] = [{} for _ in places]
    for position, mine in enumerate(new):
        for bands, at in zip(index, places, strict=True):
            bands.setdefault(mine[at : at + width], []).append(position)
    proposed = [0] * len(new)
    for other, theirs in enumerate(stored):
        near = {
            position
            for bands, at in zip(index, places, strict=True)
            for position in bands.get(theirs[at : at + width], ())
        }
        for position in sorted(near):
            if proposed[position] < CROWD:
                proposed[position] += 1
                yield position, other


def shares(mine: Narrative, others: Iterable[Narrative]) -> Iterator[tuple[Narrative, float]]:
    """Each of the others with the exact share of equal shingles."""
    pieces = shingles(mine.text)
    for other in others:
        yield other, _share(pieces, shingles(other.text))


def is_copy(mine: Narrative, other: Narrative, share: float) -> bool:
    """Whether this share makes `mine` a copy of `other`: not of another body's report of a later year, nor of one's own
    of any year but the last. Of one year each is a copy of the other: which was first cannot be told.
    """
    own = mine.publisher == other.publisher
    if other.year > mine.year or (own and other.year != mine.year - 1):
        return False
    return share >= (OWN if own else OTHERS)


def copied(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """The likest narrative of last year (`own`) and of another body (`other`), told with shared sentences."""
    reading = subject.reading
    if subject.copies is None:
        return
    hits = [hit for hit in subject.copies if isinstance(hit, Likeness)]
    for place, own in (("own", True), ("other", False)):
        hit = next((h for h in hits if (h.other.publisher == reading.publisher) is own), None)
        if hit is not None:
            yield _told(reading, hit, place)
        else:
            yield Verdict(
                Outcome.PASS,
                ("text", place),
                "正文与上一年报告不雷同。" if own else "正文与所比较的其他机关报告不雷同。",
                "The narrative is not last year's." if own else "The narrative is none of the other bodies' compared.",
            )


def _told(reading: Reading, hit: Likeness, place: str) -> Verdict:
    theirs = set(hit.other.text.splitlines())
    shared = sorted((s for s in sentences(reading) if s.level in theirs), key=lambda s: -len(s.text))[:3]
    name = hit.other.name
    percent = f"{hit.share:.0%}"
    foreign = [n for n in own_names(name) if place == "other" and n in fold(reading_text(reading))][:1]
    zh = f"正文与{name}{hit.other.year}年报告的文字有 {percent} 相同（数字、本机关名称和格式套话不计）。"
    en = (
        f"{percent} of the narrative is the same as in the report of {name} for {hit.other.year} "
        "(figures, the body's own name and the form's boiler-plate left out)."
    )
    if foreign:
        zh += f"文中还留有“{foreign[0]}”字样。"
        en += f" The text still names “{foreign[0]}”."
    return Verdict(
        Outcome.FAIL,
        ("text", place),
        zh,
        en,
        passages=tuple(Passage(s.section, s.start, s.end, s.text) for s in shared),
        formula=f"|shared shingles| / |all shingles| = {percent}",
    )


def reading_text(reading: Reading) -> str:
    """The whole running text of a report."""
    return "\n".join(text for _, text in texts(reading))


_TOPICS = ("组织领导", "制度建设", "平台建设", "队伍培训", "监督考核", "政策解读", "回应关切", "档案管理", "窗口服务")
_STORY = "".join(
    f"围绕{topic}这一重点，安排专人逐月梳理清单，全年共完成{n}项任务，群众查询更加方便；"
    for n, topic in enumerate(_TOPICS, 3)
)
_OTHER_STORY = "".join(
    f"本年在{topic}上另起炉灶，由{n}个科室分头走访企业，把意见汇总成册后再行答复，效果较好；"
    for n, topic in enumerate(reversed(_TOPICS), 5)
)


def _told_case(story: str, year: int) -> tuple[Section, ...]:
    return (Section(1, cases.HEADINGS[0], story.replace("3项", f"{year}项")),)


RULES: tuple[Rule, ...] = (
    Rule(
        id="copied_text",
        family="copied_text",
        severity=Severity.WARNING,
        scope=Scope.BODIES,
        title_zh="正文不是上年或其他机关报告的翻版",
        title_en="The narrative is not last year's or another body's with the figures changed",
        formula=f"share of equal shingles < {OWN} (own, last year), < {OTHERS} (another body)",
        basis=bases.LIKENESS,
        judge=copied,
        sound=(
            cases.filing(year=2022, parts=_told_case(_STORY, 2022)),
            cases.filing(year=2023, parts=_told_case(_OTHER_STORY, 2023)),
        ),
        broken=(
            cases.filing(year=2022, parts=_told_case(_STORY, 2022)),
            cases.filing(year=2023, parts=_told_case(_STORY, 2023)),
        ),
    ),
)
