"""Whose name is this: the registered bodies a printed name may stand for.

A name is looked up whole, never cut out of a longer one, so that 湖南镇 in Zhejiang is never Hunan and an office that
reports for a government is that government only where an alias says so. Every form that is tried is made from the
body's own row and its division: the registered name, its aliases, and the same with more or less of the places above.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache

from registry.divisions import divisions, own_name
from registry.kinds import fold as fold
from registry.kinds import kind_from_name as kind_from_name
from registry.model import Body, Division, Kind, Registry

PEOPLES = (
    "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗", "瑶", "白", "土家", "哈尼",
    "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜", "水", "东乡", "纳西", "景颇", "柯尔克孜", "土",
    "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米", "塔吉克", "怒", "乌孜别克",
    "俄罗斯", "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔", "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺",
    "各",
)  # fmt: skip
AUTONOMOUS = re.compile(
    rf"(?P<place>.+?)(?:(?:{'|'.join(PEOPLES)})族|蒙古|哈萨克|柯尔克孜|锡伯|塔吉克)+自治(?P<rank>县|州|旗)"
)
GOVERNMENT_ENDINGS = ("人民政府", "政府")
TOWN_ENDINGS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TOWNSHIP: ("人民政府", "政府", ""),
    Kind.SUBDISTRICT: ("街道办事处", "街道办", "街道"),
}


def short(name: str) -> str:
    """An autonomous division's name as people print it: 新晃侗族自治县 -> 新晃县; any other name as it is."""
    found = AUTONOMOUS.fullmatch(name)
    return found["place"] + found["rank"] if found else name


def line_of(code: str) -> list[Division]:
    """The shipped divisions from province level down to this one; empty for an unknown code and for the nation."""
    known = divisions()
    line: list[Division] = []
    at = known.get(code)
    while at is not None and at.parent is not None and len(line) < 4:
        line.append(at)
        at = known.get(at.parent)
    return line[::-1]


@cache
def place_names(code: str) -> tuple[str, ...]:
    """All printed forms of a division: its own name behind any of the names above it, in full and short forms."""
    found: set[str] = set()
    for division in reversed(line_of(code)):
        name = own_name(division, divisions())
        both = {name, short(name)}
        found = {front + form for front in both for form in found} | found if found else both
    return tuple(sorted(found))


@lru_cache(maxsize=1)
def places() -> Mapping[str, frozenset[str]]:
    """The division codes that a printed place name may stand for, nationwide: 鼓楼区 stands for four."""
    found: dict[str, set[str]] = {}
    for code in divisions():
        for name in place_names(code):
            found.setdefault(name, set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


def split(body: Body) -> tuple[str, str]:
    """(code, rest): the division of the body's own line whose name opens the body's name, and what follows it, as
    (510811, 财政局) of 广元市昭化区财政局; ("", whole name) where none opens it."""
    name = fold(body.name)
    best = ("", name)
    for division in line_of(body.division[:6]):
        for place in place_names(division.code):
            if name.startswith(place) and len(name) - len(place) <= len(best[1]) and name != place:
                best = (division.code, name[len(place) :])
    return best


def rests(body: Body, rest: str) -> tuple[str, ...]:
    """The forms of what follows the place in a body's name: endings that are printed long or short."""
    if body.kind is Kind.GOVERNMENT and rest == "人民政府":
        return GOVERNMENT_ENDINGS
    endings = TOWN_ENDINGS.get(body.kind, ())
    if body.kind is Kind.SUBDISTRICT:
        rest = rest.removeprefix("人民政府")  # 硚口区人民政府宗关街道办事处 is the subdistrict, not the district
    for ending in endings:
        if ending and rest.endswith(ending):
            core = rest.removesuffix(ending)
            return tuple(core + other for other in endings) if core else (rest,)
    return (rest,)


def forms(body: Body) -> Iterator[tuple[str, bool]]:
    """(form, certain) of each printed form of a body's name. A form is certain if it can mean no place but the body's:
    registered names and aliases are, forms without a place or with a place name that others share are not."""
    for name in (body.name, *body.aliases):
        yield fold(name), True
    code, rest = split(body)
    if not code:
        return
    for place in place_names(code):
        certain = places()[place] == {code}
        for form in rests(body, rest):
            yield place + form, certain
            if body.kind is Kind.SUBDISTRICT:
                yield place + "人民政府" + form, certain
    if body.kind is not Kind.GOVERNMENT:
        for form in rests(body, rest):
            yield form, False


class NameIndex:
    """Looks printed names up among the bodies of a registry."""

    def __init__(self, registry: Registry) -> None:
        """Make every form of every body's name once; `registry` is not kept."""
        certain: dict[str, set[str]] = {}
        possible: dict[str, set[str]] = {}
        self._alone: dict[str, set[str]] = {}
        self._forms: dict[str, tuple[str, ...]] = {}
        for body in registry.bodies.values():
            made = [(form, sure) for form, sure in forms(body) if form]
            self._forms[body.id] = tuple(dict.fromkeys(form for form, _ in sorted(made, key=lambda pair: not pair[1])))
            code, rest = split(body)
            if body.kind is Kind.GOVERNMENT and rest == "人民政府":
                for place in place_names(code):
                    self._alone.setdefault(place, set()).add(body.id)
            for form, sure in made:
                (certain if sure else possible).setdefault(form, set()).add(body.id)
        self._certain = {form: tuple(sorted(ids)) for form, ids in certain.items()}
        self._possible = {form: tuple(sorted(ids | certain.get(form, set()))) for form, ids in possible.items()}

    def find(self, text: str, among: Collection[str] | None = None) -> tuple[str, ...]:
        """The ids of all bodies that a whole printed name may stand for, sorted; () if none, several if ambiguous.

        Without `among` only names that can mean no other place are found (太平镇人民政府 alone finds nothing: there are
        many). With `among`, the bodies of the column the name was printed in, forms without their place count as well
        and the answer is cut to those bodies; a name that belongs to a body outside them finds that body instead. A
        place alone (石景山区) may be any body of the district: it is the government only in a column of its own.
        """
        name = fold(text)
        sure = self._certain.get(name, ())
        if among is None:
            return sure
        inside = tuple(body for body in self._possible.get(name, sure) if body in among)
        if not inside and len(among) == 1:
            inside = tuple(body for body in self._alone.get(name, ()) if body in among)
        return inside or sure

    def forms_of(self, body_id: str) -> tuple[str, ...]:
        """All forms of a body's name, the certain ones first; () for an unknown id."""
        return self._forms.get(body_id, ())
