"""What judging costs beside loading the same reports from SQLite, and how the comparison of texts grows.

    python benchmarks/judging.py                     # 600 reports, 5 interleaved rounds; 10,000 to 100,000 texts
    python benchmarks/judging.py --texts 10000       # a quick look

Prints medians and ratios. Two bounds are asked of them (benchmarks/README.md): judging without `copied_text` takes at
most 10 times the loading; the comparison of 100,000 texts takes about 10 times that of 10,000.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlite_utils import Database

import parsers
from db.connection import open_database
from db.crawl_rows import store_document
from db.registry_rows import store_registry
from db.report_rows import load_filings, store_reports
from monitor.rules import CATALOGUE, Narrative, check, likenesses
from monitor.rules.copied import proposals, signature
from registry.model import Body, Column, Kind, Level, Registry
from samples.made_reports import Made, made_reports
from samples.printing import print_report

AT = datetime(2025, 2, 1, tzinfo=UTC)
YEARS = range(2019, 2025)
BOUND = 10.0
WORDS = "办理清单窗口企业群众咨询答复平台专栏更新审核培训街道社区走访台账整改督办反馈归档目录指南专人季度"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose and which year's a made report is."""

    body: str
    report_year: int
    reason: str = "publisher"
    candidates: tuple[tuple[str, int], ...] = ()


def main() -> int:
    """Measure and print; 1 if a bound is not kept."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--bodies", type=int, default=100, help="bodies with six reports each")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--texts", type=int, nargs="*", default=[10_000, 20_000, 50_000, 100_000])
    asked = options.parse_args()
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Path(folder))
        registry = fill(database, asked.bodies)
        kept = against_loading(database, registry, asked.rounds)
        database.close()
    if asked.texts:
        kept = texts(asked.texts) and kept
    return 0 if kept else 1


def fill(db: Database, bodies: int) -> Registry:
    """Reports of made-up bodies, printed and read as real ones are."""
    ids = [f"b{number}" for number in range(bodies)]
    rows = {id: Body(id, f"示例市第{n}局", Kind.DEPARTMENT, Level.COUNTY, "110101") for n, id in enumerate(ids)}
    column = Column("c", "http://www.example.gov.cn/nb/", tuple(ids), "generic")
    registry = Registry(rows, {"c": column}, ())
    store_registry(db, registry)
    for number, body in enumerate(rows.values()):
        special = {year: Made(said=prose(100 * number + year)) for year in YEARS}
        for year, made in made_reports(body.name, set(YEARS), 20 + number, special=special).items():
            url = f"http://www.example.gov.cn/nb/{body.id}-{year}.html"
            reports = parsers.read(print_report(made).encode(), url=url, content_type="text/html")
            document = store_document(
                db, url=url, sha256=f"{number:060x}{year}", bytes=1, purpose="article", seen_at=AT, column_id="c"
            )
            store_reports(db, document, reports, [Whose(body.id, year)] * len(reports), AT, parser_version="p")
    return registry


def prose(seed: int) -> str:
    """Some 2,500 characters with a figure in every other sentence, as the narratives of real reports have."""
    rng = random.Random(seed)
    made = []
    for number in range(60):
        made.append("".join(rng.choices(WORDS, k=38)))
        if number % 2:
            made[-1] += f"，主动公开信息{rng.randrange(900)}条"
    return "。".join(made) + "。"


def against_loading(db: Database, registry: Registry, rounds: int) -> bool:
    """Loading and judging in turn, so that a busy machine is busy for both."""
    rules = tuple(rule for rule in CATALOGUE if rule.family != "copied_text")
    loads: list[float] = []
    judges: list[float] = []
    filings = load_filings(db)
    for _ in range(rounds):
        loads.append(timed(lambda: load_filings(db)))
        judges.append(timed(lambda: check(filings, registry=registry, rules=rules)))
    number = len(filings)
    load, judge = statistics.median(loads), statistics.median(judges)
    ratio = statistics.median(j / lo for j, lo in zip(judges, loads, strict=True))
    print(f"{number} reports, {rounds} rounds, {len(check(filings, registry=registry, rules=rules))} outcomes")
    print(f"  loading   {1000 * load / number:7.2f} ms a report")
    print(f"  judging   {1000 * judge / number:7.2f} ms a report, without copied_text")
    print(f"  ratio     {ratio:7.2f}  (at most {BOUND:.0f})")
    return ratio <= BOUND


def texts(numbers: list[int]) -> bool:
    """The comparison of all texts at once, of several sizes in turn; one in twenty is nearly another's."""
    costs = []
    for number in numbers:
        narratives = list(made_narratives(number))
        took = timed(lambda given=narratives: likenesses(given))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        costs.append(took / number)
        print(f"{number:7} texts: {took:7.1f} s, {1000 * took / number:5.2f} ms a text, peak {peak:.0f} MB")
    if len(costs) > 1:
        print(f"  cost a text, largest against smallest number: {costs[-1] / costs[0]:.2f}  (linear: about 1)")
    one = next(iter(made_narratives(1))).text
    signed = [signature(one)] * 1000
    took = timed(lambda: list(proposals([signature(one)], iter(signed * 100))))
    print(f"  one new text against 100,000 stored signatures: {took:.2f} s; a signature {1000 * sign(one):.2f} ms")
    return len(costs) < 2 or costs[-1] / costs[0] <= 1.5


def sign(text: str) -> float:
    """Seconds that one signature takes."""
    return timed(lambda: [signature(text) for _ in range(200)]) / 200


def made_narratives(number: int) -> Iterator[Narrative]:
    """Texts of some 1,500 characters of a year each; every twentieth is that of another body with a tenth changed."""
    before = ""
    for at in range(number):
        rng = random.Random(at)
        if at % 20 == 1:
            lines = before.splitlines()
            lines[at % len(lines)] = "".join(rng.choices(WORDS, k=40))
            text = "\n".join(lines)
        else:
            text = "\n".join("".join(rng.choices(WORDS, k=50)) for _ in range(30))
        before = text
        yield Narrative(f"{at}", f"b{at}", f"示例市第{at}局", 2019 + at % 6, zlib.compress(text.encode(), 1))


def timed(what: Callable[[], object]) -> float:
    """Seconds of CPU that a call takes; garbage of earlier ones is collected first."""
    gc.collect()
    began = time.process_time()
    what()
    return time.process_time() - began


if __name__ == "__main__":
    sys.exit(main())
