"""Parts of closed lines of bonuses that walk no tree, once more: own volume, sponsors' lines and funds, by what stood then.

Each says what the closed base of every line was and what each order takes of it; amounts are those before limits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from graphsvc.explain import awards, shares
from graphsvc.explain.owed import due_steps
from graphsvc.explain.proving import Proving
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
    found, how = Behind(), award.rules
    params = {"bonus": award.name, "later": awards.cut_later(proving.plan, award.name)}
    params["reads"] = proving.reads(how["of"], how, award.spans)
    for row in proving.database.run("explain.matches", run_id=proving.run_id, **params):
        found.bases[row["partner_id"], 1] = row["base"]
        for name, delta in lost.get(row["sponsor_id"], {}).items():
            found.deltas[row["partner_id"], 1, name] += delta
    return found


@dataclass(frozen=True, slots=True)
class Funds:
    """A pool of a closed run: what was sold, what other pools left for it, and who shares it."""

    proving: Proving
    award: Award
    sold: int
    left_minor: int
    sharing: shares.Sharing

    def shares(self, base: int) -> dict[tuple[str, int], int]:
        """What each has, by step, where so much was sold."""
        return self.sharing.of(self.fund_minor(base))

    def fund_minor(self, base: int) -> int:
        """The fund where so much was sold."""
        return shares.own_minor(self.award, self.proving.plan, base) + self.left_minor


def funds(proving: Proving, award: Award) -> Funds:
    """A pool of a closed run."""
    sold = sum(shares.taken_of(award, row) for row in proving.sold(taken(award)))
    left = shares.fund(proving, award) - shares.own_minor(award, proving.plan, sold)
    return Funds(proving, award, sold, left, shares.sharing(proving, award))


def of_fund(proving: Proving, award: Award, returned: list[Row]) -> Counter[str]:
    """What each order takes of what was sold for a pool; who had no place in the closed run brings nothing."""
    found: Counter[str] = Counter()
    sizes = {"numbers": len(proving.plan.metrics), "rules": len(proving.plan.conditions)}
    known: dict[str, bool] = {}
    for row in returned:
        if row["partner_id"] not in known:
            asked = {"run_id": proving.run_id, "partner_id": row["partner_id"]}
            known[row["partner_id"]] = proving.database.one("explain.standing", **asked, **sizes) is not None
        if known[row["partner_id"]]:
            found[row["name"]] += shares.taken_of(award, row)
    return found
