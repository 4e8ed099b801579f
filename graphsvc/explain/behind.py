"""Parts of closed lines of bonuses that walk no tree, once more: own volume, sponsors' lines and funds, by what stood then.

Each says what the closed base of every line was and what each order takes of it; amounts are those before limits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphsvc.explain import awards, shares
from graphsvc.explain.owed import due_steps
from graphsvc.explain.proving import Proving
from graphsvc.month import parted
from graphsvc.month.awards import taken
from graphsvc.plan.compiled import Award
from graphsvc.query.values import Row

Line = tuple[str, int]  # partner, pay code


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the parts of a bonus: the closed base of each line, and what each order takes of it."""

    bases: dict[Line, int] = field(default_factory=dict)
    deltas: Counter[tuple[str, int, str]] = field(default_factory=Counter)

    def differs(self, name: str, mine: Iterable[Row]) -> Iterable[str]:
        """Where the parts that are stored are not those."""
        rest, bases = Counter(self.deltas), Counter[Line]()
        for row in mine:
            rest[row["partner_id"], row["pay"], row["name"]] -= row["delta"]
            bases[row["partner_id"], row["pay"]] += row["was"]
        yield from (f"{name}: what {key[2]} takes of {key[0]} is not what it brought" for key, left in rest.items() if left)
        for line, base in bases.items():
            if base != self.bases.get(line):
                yield f"{name}: the base of {line[0]} was {self.bases.get(line)}, not {base}"


def behind(proving: Proving, award: Award, whose: list[Row], mine: list[Row]) -> Behind:
    """What stands behind the parts of an award's lines that have a base of their own. whose: what the run takes of orders, by
    whose it was in the closed one; mine: all that it takes of lines of that."""
    return _own(proving, award, whose) if award.kind == "milestone" else _shared(proving, award, mine)


def _own(proving: Proving, award: Award, whose: list[Row]) -> Behind:
    """Of the own volume of who reached a step."""
    sold: dict[str, list[Row]] = {}
    for row in whose:
        sold.setdefault(row["partner_id"], []).append(row)
    found, steps = Behind(), award.rules["steps"]
    asked = [award.rules["qualified"], *(pick[0] for step in steps for pick in step["picks"])]
    for stood in proving.stood([award.rules["metric"]], asked, bonus=award.name, own=taken(award), everybody=award.carries):
        for j in due_steps(award, stood) if stood.partner_id in sold else ():
            step = steps[j]
            pay = awards.reached(proving.plan, step, stood.holds, stood.own)[1] if step["base"] else None
            if pay is not None:
                code = 1 + sum(len(one["pays"]) for one in steps[:j]) + step["pays"].index(pay)
                found.bases[stood.partner_id, code] = stood.own[step["base"]]
                for row in sold[stood.partner_id]:
                    found.deltas[stood.partner_id, code, row["name"]] += row[step["base"]]
    return found


def _shared(proving: Proving, award: Award, mine: list[Row]) -> Behind:
    """Of a sponsor's lines that its frontline shares."""
    lost: dict[str, Counter[str]] = {}
    for row in mine:
        if row["bonus"] in award.rules["of"]:
            lost.setdefault(row["partner_id"], Counter())[row["name"]] += row["after_minor"] - row["before_minor"]
    found = Behind()
    for row in shared_with(proving, award):
        found.bases[row["partner_id"], 1] = row["base"]
        if any(lost.get(row["sponsor_id"], {}).values()):
            found.deltas[row["partner_id"], 1, parted.TOGETHER] += sum(lost[row["sponsor_id"]].values())
    return found


def shared_with(proving: Proving, award: Award) -> list[Row]:
    """Each of the frontline of a match-down, its sponsor, and what they share, as explain/matches tells it."""
    how = award.rules
    params: dict[str, Any] = {"bonus": award.name, "later": awards.cut_later(proving.plan, award.name)}
    params["reads"] = proving.reads(how["of"], how, award.spans)
    return proving.database.run("explain.matches", run_id=proving.run_id, **params)


@dataclass(frozen=True, slots=True)
class Funds:
    """A pool of a closed run: what was sold, what other pools left for it whatever orders change, the pools whose rest orders do
    change, and who shares it. Each number is told for what more (or less) was sold for each of these pools, by name."""

    proving: Proving
    award: Award
    sold: int
    left_minor: int
    feeding: list[Funds]
    sharing: shares.Sharing

    def shares(self, moved: Mapping[str, int]) -> dict[tuple[str, int], int]:
        """What each has, by step."""
        return self.sharing.of(self.fund_minor(moved))

    def fund_minor(self, moved: Mapping[str, int]) -> int:
        """The fund: its rate of what was sold, and what is left for it."""
        own = shares.own_minor(self.award, self.proving.plan, self.sold + moved.get(self.award.name, 0))
        return own + self.left_minor + sum(pool.rest_minor(moved) for pool in self.feeding)

    def rest_minor(self, moved: Mapping[str, int]) -> int:
        """What it leaves for another pool; a fund of 0 or less leaves nothing."""
        fund = self.fund_minor(moved)
        return max(0, fund - sum(self.sharing.of(fund).values()))

    def chain(self) -> list[Funds]:
        """This pool and all from which something comes to it that orders change, each before those that it has it from."""
        return [self, *(one for pool in self.feeding for one in pool.chain())]


def funds(proving: Proving, award: Award) -> Funds:
    """A pool of a closed run."""
    sold = sum(shares.taken_of(award, row) for row in proving.sold(taken(award)))
    feeding = [funds(proving, pool) for pool in parted.feeding(proving.plan, award)]
    changing = {pool.award.name for pool in feeding}
    fixed = (row for row in proving.funds if row["next_fund"] == award.name and row["bonus"] not in changing)
    return Funds(proving, award, sold, sum(max(0, row["rest_minor"]) for row in fixed), feeding, shares.sharing(proving, award))


def around(run_id: str, before: list[str], pool: Funds, part: Row) -> tuple[Counter[str], Counter[str]]:
    """What more or less was sold for a pool and for those that feed it, before the part of its shares was taken and after.
    before: the runs that took some earlier than the run of the part."""
    name = pool.award.name
    if not pool.feeding:
        return Counter({name: part["base_before"] - pool.sold}), Counter({name: part["base_after"] - pool.sold})
    names = {parted.fund_of(one.award.name): one.award.name for one in pool.chain()}
    stood, stands = Counter[str](), Counter[str]()
    for run in (*before, run_id):
        for row in pool.proving.database.run("reversals.adjustments", run_id=run, partner_id=""):
            if row["frozen"] == part["frozen"] and row["bonus"] in names:
                stands[names[row["bonus"]]] += row["delta"]
                stood[names[row["bonus"]]] += 0 if run == run_id else row["delta"]
    return stood, stands


def of_fund(proving: Proving, award: Award, returned: list[Row]) -> Counter[str]:
    """What each order takes of what was sold for a pool; who had no place in the closed run brings nothing."""
    found: Counter[str] = Counter()
    sellers = sorted({row["partner_id"] for row in returned})
    placed = proving.database.run("explain.placed", run_id=proving.run_id, partner_ids=sellers) if sellers else ()
    known = {row["partner_id"] for row in placed}
    for row in returned:
        if row["partner_id"] in known:
            found[row["name"]] += shares.taken_of(award, row)
    return found
