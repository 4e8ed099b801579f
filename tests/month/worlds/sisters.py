"""Plans that read each other: to some that are drawn already, what they read of another one is added, and what they paid before.

It draws from chance of its own, so that everything else stays as it was drawn.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from graphsvc.plan.checks import check
from graphsvc.plan.checks.view import mappings
from tests.model import Result, calendar, months
from tests.month.worlds.ink import RANKS, Document
from tests.month.worlds.networks import CURRENCIES
from tests.records import Rate

if TYPE_CHECKING:
    from tests.month.worlds.plans import Sketch

MECHANICS = ("rank in another plan", "lines of another plan", "earned")
NAME = "sister"


def mechanics_of(document: Document) -> set[str]:
    """What a document reads of closed periods."""
    found = set()
    for part in mappings(document):
        if "in_plan" in part and "rank" in part:
            found.add("rank in another plan")
        if part.get("metric") == "earned":
            found.add("earned")
        if isinstance(part.get("of"), list) and any(isinstance(name, dict) for name in part["of"]):
            found.add("lines of another plan")
    return found


def joined(made: list[Sketch], refused: set[str]) -> None:
    """Let two of the plans read another one, one until the end of its own periods and one until their start."""
    rng = Random(f"sisters {[one.document() for one in made]}")
    taken: set[str] = set()
    paid = {one.name: _sampled(one) for one in made if any(_fits(one, other) for other in made[made.index(one) + 1 :])}
    for until in ("end", "start"):
        pairs = [(a, b) for n, a in enumerate(made) for b in made[n + 1 :] if _fits(a, b) and not {a.name, b.name} & taken]
        if not pairs or refused & set(MECHANICS):
            return
        rng.shuffle(pairs)
        sister, reader = max(pairs, key=lambda pair: _tells(paid[pair[0].name], pair[1]))
        reader.ink.frame["other_plans"] = {NAME: {"plan": sister.name, "until": until}}
        for bonus in _bonuses(rng, sister, paid[sister.name], reader):
            reader.ink.bonuses.append(bonus)
            if check(reader.document()):
                reader.ink.bonuses.pop()
        taken |= {sister.name, reader.name}


def _fits(sister: Sketch, reader: Sketch) -> bool:
    same = all(sister.ink.frame[key] == reader.ink.frame[key] for key in ("calendar", "currency"))
    return same and sister.ink.ranked


def _sampled(sister: Sketch) -> list[Result]:
    """Two periods of the sister in the sample."""
    periods = [calendar.later(sister.period, step) for step in range(2)]
    near = [calendar.later(sister.period, step) for step in range(-16, 24)]
    rates = [Rate(period, s, t, "1") for period in near for s in CURRENCIES for t in CURRENCIES if s != t]
    return list(months(sister.sample, [(period, sister.document()) for period in periods], rates=rates).values())


def _tells(results: list[Result], reader: Sketch) -> int:
    """How much there is to read of a plan in the sample: who is paid, and who holds its commonest rank, whichever is less; half
    of it where its periods end after the reader's, which then sees one less."""
    payees = {(result.month.period, line.partner_id) for result in results for line in result.lines}
    ends = dt.datetime.combine(
        calendar.first_day(calendar.later(reader.period)), dt.time(), ZoneInfo(reader.ink.frame["time_zone"])
    )
    told = min(len(payees), max(_held(results).values(), default=0))
    return told if results[0].month.end <= ends else told // 2


def _held(results: list[Result]) -> Counter[tuple[str, str]]:
    return Counter({(rank, as_): _holders(results, rank, as_) for rank in RANKS for as_ in ("paid_as", "title")})


def _bonuses(rng: Random, sister: Sketch, results: list[Result], reader: Sketch) -> list[Document]:
    """One that asks for a rank there, one that matches lines there, two that ask what was earned, here and there."""
    ink = reader.ink
    rank, as_ = _held(results).most_common(1)[0][0]
    payers = Counter(line.bonus for result in results for line in result.lines if line.amount_minor)
    paying = [name for name, _ in payers.most_common(2) if name in {b["name"] for b in sister.ink.bonuses}]
    small: Any = 1 if ink.whole else rng.choice([1, "0.05"])
    own_pv = {"metric": "pv", "window": "period"}
    steps = [{"from": "0.001", "sum": rng.choice([1, 2, 5])}]  # a sum: beside parts of closed lines there may be no rate
    ranked = _milestone("told-rank", own_pv, steps) | _who([{"rank": rank, "as": as_, "in_plan": NAME}])
    of: Any = rng.choice(["all", paying]) if paying else "all"
    elsewhere = {"metric": "earned", "of": of, "window": "period", "in_plan": NAME}
    before = {"metric": "earned", "of": "all", "window": {"last": rng.choice([1, 2])}}
    paid_here = _milestone("told-before", before, [{"from": small, "sum": small}])
    least: Any = 1 if ink.whole else "0.01"
    paid_there = _milestone("told-there", elsewhere, [{"from": least, "sum": small}])
    here = [b["name"] for b in ink.bonuses if b["kind"] == "unilevel"][:1]
    named = [*({"plan": NAME, "bonus": name} for name in paying), *(here if rng.random() < 0.5 else [])]
    level = {"rate": rng.choice(["50%", "33.3333%"]), "opens": "active"}
    up = {"name": "told-lines", "kind": "matching", "of": named, "by": {"levels": rng.choice(["none", "dynamic"])}}
    down = {"name": "told-down", "kind": "match_down", "of": named, "rate": "100%", "qualified": "active", "reversals": "stay"}
    return [ranked, up | {"levels": [level, level], "lines": "step", "reversals": "stay"}, down, paid_here, paid_there]


def _holders(results: list[Result], rank: str, as_: str) -> int:
    return sum(
        held >= result.month.rank_number(rank)
        for result in results
        for held in (result.titles if as_ == "title" else result.ranks).values()
    )


def _milestone(name: str, metric: Document, steps: list[Document]) -> Document:
    made = {"name": name, "kind": "milestone", "metric": metric, "steps": steps, "pays": "highest"}
    return made | {"how_often": "each_period", "qualified": "active"}


def _who(asked: list[Document]) -> Document:
    return {"qualified": asked, "unqualified": "forfeit"}
