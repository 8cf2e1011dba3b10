"""How printed names stand to a body's own: shortened, jointly, collectively, nearly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from registry.kinds import fold
from registry.model import Body, Registry

# Share of equal characters of two names without their places (教体局, 教育局) from which an unregistered publisher may
# be a body of the column under another name.
ALIKE = 60.0

_PLACE = re.compile(r"^.*(?:[省区县旗州盟]|(?<!城)市)(?=.{2,})")  # 示例市城市管理局 is the 城市管理局
_GENERIC = re.compile(r"^(我|本|全|各)?(市|县|区|旗|州|盟|镇|乡|街道|局|委|办|厅|部|院|处|中心|单位|机关|部门)?$")
_OFFICE = re.compile(r"^(办公室|办公厅|政务公开办公室|政府信息公开办公室|信息公开办公室|政务公开科)?$")
# One page or file with the reports of all, or of several.
COLLECTED = re.compile(r"各|全[省市县区旗盟体]|汇总|汇编|合集|合订|(?:部门|单位)$")
# What names of quite different bodies share.
_COMMON = frozenset(("管理", "监督", "服务", "事务", "综合", "行政", "工作", "执法", "社会", "公共"))
_ENDING = re.compile(r"(?:人民政府|办事处|委员会|办公室|办公厅|管理局|中心|[局厅委办处所院])$")


@lru_cache(maxsize=100_000)
def folded(name: str) -> str:
    """The name as names are compared, remembered."""
    return fold(name)


def jointly(publisher: str, own: Sequence[str], registry: Registry) -> tuple[str, ...]:
    """The bodies of the column that a printed name holds one beside the other (甲局、乙局)."""
    printed = folded(publisher)
    bare = {b: _PLACE.sub("", folded(registry.bodies[b].name)) for b in own}
    held = {b: name for b, name in bare.items() if len(name) > 2 and name in printed}
    return tuple(b for b, name in held.items() if not any(name in other for c, other in held.items() if c != b))


def generic(publisher: str) -> bool:
    """True for what names nobody: 我局, 本单位."""
    return bool(_GENERIC.match(folded(publisher)))


def shortens(publisher: str, body: Body) -> bool:
    """住建局 shortens ...住房和城乡建设局: the same last character, all characters there in order; or the body's own
    name with its office (...人民政府办公室 reports for ...人民政府)."""
    printed = folded(publisher)
    for name in map(folded, (body.name, *body.aliases)):
        if name in printed and _OFFICE.match(printed.rsplit(name, 1)[1]):
            return True
        place = printed and name.startswith(printed) and name[len(printed) :] in ("人民政府", "办事处", "街道办事处")
        if place or (len(printed) >= 3 and printed[-1] == name[-1] and _in_order(printed, name)):
            return True
    return False


def _in_order(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)


def alike(publisher: str, body: Body) -> bool:
    """An unknown name that may be the body's: nearly its own, its own among others, or of the same field (财政委员会,
    西城财政)."""
    whole = folded(publisher)
    printed = _PLACE.sub("", whole)
    for name in (_PLACE.sub("", folded(name)) for name in (body.name, *body.aliases)):
        if fuzz.ratio(printed, name) >= ALIKE or (len(name) > 2 and name in whole):
            return True
        if not _words(printed).isdisjoint(_words(name)):
            return True
    return False


@lru_cache(maxsize=100_000)
def _words(name: str) -> frozenset[str]:
    """All pairs of neighbouring characters of a name without what says only that it is an office."""
    stem = _ENDING.sub("", name)
    return frozenset(stem[i : i + 2] for i in range(len(stem) - 1)) - _COMMON
