"""Which reports copy which: each text is compared with all others once, when it is new, and the pairs are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlite_utils import Database

from db.narrative_rows import (
    Key,
    Pair,
    StoredNarrative,
    load_copies,
    load_narratives,
    load_stamps,
    signatures,
    store_copies,
    store_narratives,
    uncompared,
)
from db.report_rows import load_filings
from monitor.model import Filing
from monitor.rules import TEXT_VERSION, Likeness, Narrative, current_filings, filing_key, narratives
from monitor.rules.copied import is_copy, proposals, shares, signature
from scheduler.output import progress

_BODIES_AT_ONCE = 1000  # whose heads of reports are in memory at a time
_TEXTS_AT_ONCE = 200  # reports loaded whole at a time
_COMPARED_AT_ONCE = 10_000  # new narratives held against all others in one pass over the signatures


def renew_narratives(db: Database, bodies: Sequence[str]) -> int:
    """Make the narratives of these bodies those of their reports that stand, and compare the new ones with all that
    are kept; how many were new. Costs next to nothing where nothing changed. Safe to be cut off and repeated.
    """
    made = 0
    for start in range(0, len(bodies), _BODIES_AT_ONCE):
        made += _collect(db, bodies[start : start + _BODIES_AT_ONCE])
    while waiting := uncompared(db, _COMPARED_AT_ONCE):
        progress(f"judge: {len(waiting)} new texts are compared with all others")
        pairs = list(_pairs(db, waiting))
        store_copies(db, [n.key for n in waiting], pairs)
    return made


def copies_of(db: Database, filings: Sequence[Filing]) -> dict[str, tuple[Likeness, ...]]:
    """What `check` asks of the texts of some filings, by `filing_key`: of each the likest report of its own body and
    the likest of another. A filing whose text was not compared (too short, superseded) is left out.
    """
    of_key = current_filings(filings)
    bodies = sorted({body for body, _ in of_key})
    mine = load_narratives(db, of_key)
    pairs = load_copies(db, bodies)
    others = load_narratives(db, [(p.other_body, p.other_year) for found in pairs.values() for p in found])
    found: dict[str, tuple[Likeness, ...]] = {}
    for key, filing in of_key.items():
        kept = mine.get(key)
        if kept is None or kept.packed is None or kept.report != filing.id:
            continue
        likest = [(others.get((p.other_body, p.other_year)), p.share) for p in pairs.get(key, ())]
        found[filing_key(filing)] = tuple(Likeness(_value(other), share) for other, share in likest if other)
    return found


def _collect(db: Database, bodies: Sequence[str]) -> int:
    """Store the narratives of reports that stand since, forget those of reports that stand no longer."""
    stands = _standing(db, bodies)
    known = load_stamps(db, bodies)
    new = [filing for key, filing in stands.items() if known.get(key) != _stamp(filing)]
    gone = [key for key in known if key not in stands]
    if gone:
        store_narratives(db, [], gone)
    for start in range(0, len(new), _TEXTS_AT_ONCE):
        heads = {filing.id: filing for filing in new[start : start + _TEXTS_AT_ONCE]}
        whole = load_filings(db, reports=[filing.id for filing in heads.values() if not filing.sources])
        whole += [filing for filing in heads.values() if filing.sources]
        texts = {(n.publisher, n.year): n for n in narratives(whole)}
        store_narratives(db, [_stored(head, texts.get((head.body or "", head.report_year))) for head in heads.values()])
    return len(new)


def _standing(db: Database, bodies: Sequence[str]) -> dict[Key, Filing]:
    """The filing that stands of each body and year; whole only where several documents may be sources of it."""
    heads = load_filings(db, bodies, whole=False)
    held = Counter((filing.body, filing.report_year) for filing in heads)
    several = {filing.id for filing in heads if held[filing.body, filing.report_year] > 1}
    whole = load_filings(db, reports=several) if several else []
    return current_filings([*(filing for filing in heads if filing.id not in several), *whole])


def _stored(head: Filing, text: Narrative | None) -> StoredNarrative:
    made = StoredNarrative(head.body or "", head.report_year, head.id, head.name, _stamp(head))
    if text is None:
        return made
    return StoredNarrative(
        made.body, made.report_year, made.report, made.name, made.stamp, text.packed, signature(text.text)
    )


def _stamp(filing: Filing) -> str:
    return f"{TEXT_VERSION}:{filing.id}:{filing.fingerprint}:{filing.name}"


def _pairs(db: Database, waiting: Sequence[StoredNarrative]) -> Iterator[Pair]:
    """The pairs of nearly equal texts of which one is among the new ones."""
    keys: list[Key] = []

    def stored() -> Iterator[bytes]:
        for key, digest in signatures(db):
            keys.append(key)
            yield digest

    near: list[set[Key]] = [set() for _ in waiting]
    for position, at in proposals([n.signature or b"" for n in waiting], stored()):
        near[position].add(keys[at])
    for narrative, proposed in zip(waiting, near, strict=True):
        # The year before and the year after are compared whatever the estimate says.
        wanted = (proposed | {(narrative.body, narrative.report_year + n) for n in (-1, 1)}) - {narrative.key}
        mine = _value(narrative)
        others = [_value(other) for other in load_narratives(db, wanted).values() if other.packed is not None]
        for theirs, share in shares(mine, others):
            for one, other in ((mine, theirs), (theirs, mine)):
                if is_copy(one, other, share):
                    yield Pair(one.publisher, one.year, other.publisher, other.year, share)


def _value(stored: StoredNarrative) -> Narrative:
    return Narrative("", stored.body, stored.name, stored.report_year, stored.packed or b"")
