"""Lines of bonuses that do not walk a tree, once more: what each was measured by, and the amount by other arithmetic.

A pool share tells its fund, its weight and place; a milestone the number and the step; ranks and tenure the periods; what is
matched down the lines that it matches. Everything is read from the frozen blocks of the run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphsvc import money
from graphsvc.explain import amounts, rules, words
from graphsvc.explain.words import first
from graphsvc.money import round_ratio
from graphsvc.month import elsewhere
from graphsvc.month.awards import taken
from graphsvc.periods import parse_month
from graphsvc.plan.compiled import Award, CompiledPlan, Metric, Pay
from graphsvc.plan.spanning import Spans
from graphsvc.query.runner import Database
from graphsvc.query.values import Row


@dataclass(frozen=True, slots=True)
class Told:
    """What stands behind a line: the rule in one sentence, the facts, and the amount computed again, before caps."""

    rule: str
    computed_minor: int
    facts: list[str] = field(default_factory=list)
    rate_ppm: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose line of which bonus of which run is asked for."""

    database: Database
    run_id: str
    month: str
    plan: CompiledPlan
    award: Award
    level: int
    standing: Row

    def money(self, amount_minor: int) -> str:
        """An amount with its currency."""
        return f"{money.format_minor(amount_minor, self.plan.currency)} {self.plan.currency}"

    def number(self, index: int, value: int | None = None) -> str:
        """A metric of the partner, or another value of it, as people read it."""
        found: Metric = self.plan.metrics[index]
        return rules.quantity(self.standing["metrics"][index] if value is None else value, found, self.plan.currency)

    def fund(self) -> Row:
        """The fund of the pool or the goal, as the run left it."""
        params = {"run_id": self.run_id, "bonus": self.award.name, "seq": self.standing["seq"]}
        return self.database.one("explain.fund", **params) or {}

    def carried(self, column: str) -> int:
        """One column of what the run left for the next period."""
        row = self.database.one("explain.carried", run_id=self.run_id, part=self.award.name, seq=self.standing["seq"])
        return int(dict(zip(row["columns"], row["values"], strict=True)).get(column, 0)) if row else 0

    def rounded(self, base: int, numerator: int, denominator: int) -> int:
        """base * numerator / denominator, rounded once as lines are."""
        return round_ratio(base, numerator, denominator, self.plan.rounding) * self.plan.unit_minor


def told(asked: Asked) -> Told:
    """What stands behind one line of an award."""
    known = _KINDS.get(asked.award.kind)
    found = known(asked) if known else Told(asked.award.kind, 0)
    return dataclasses.replace(found, facts=[*words.spanned(asked.award, asked.month), *found.facts])


def _milestone(asked: Asked) -> Told:
    how = asked.award.rules
    step = how["steps"][asked.level - 1]
    metric = how["metric"]
    which = "every step reached" if how["every"] else "the highest step reached"
    rule = f"milestone: {which}, {'each once ever' if how['once'] else 'each period'}"
    facts = [
        f"{asked.plan.metrics[metric].label}: {asked.number(metric)}; "
        f"step {asked.level} is reached from {asked.number(metric, step['from'])}"
    ]
    if not step["base"]:
        amount, _ = reached(asked.plan, step, asked.standing["holds"], {})
        return Told(rule, amount, [*facts, f"the step pays {asked.money(amount)}"] if amount else facts)
    own = asked.database.run("explain.own", run_id=asked.run_id, seq=asked.standing["seq"], window=taken(asked.award))[0]
    amount, pay = reached(asked.plan, step, asked.standing["holds"], own)
    if pay is None:
        return Told(rule, 0, facts)
    base, of = own[step["base"]], step["base"]
    much = asked.money(base) if of == "money" else f"{of.upper()} {money.format_volume(base)}"
    rate = "slices" if pay.rate_ppm is None else money.format_rate(pay.rate_ppm)
    return Told(rule, amount, [*facts, f"{rate} of own PV, {much}"], pay.rate_ppm)


Holds = Sequence[bool] | Mapping[int, bool]


def reached(plan: CompiledPlan, step: Mapping[str, Any], holds: Holds, own: Mapping[str, int]) -> tuple[int, Pay | None]:
    """What a step of a milestone pays to whom these conditions hold for: a sum, or by a rate (told as well) a part of own PV."""
    number = first(step["picks"], holds)
    if not step["base"] or not number:
        return number, None
    pay: Pay = step["pays"][number - 1]
    return amounts.owed(plan, pay, own[step["base"]]), pay


def _rank_bonus(asked: Asked) -> Told:
    how, ranks = asked.award.rules, asked.plan.ranks
    rank = next(r for r in how["ranks"] if r["rank"] == asked.level)
    name = ranks[asked.level - 1].name
    held = asked.carried(f"held_{name}")
    jump = "every rank" if how["every"] else "the highest rank"
    rule = f"rank bonus: once for each rank, after {how['after_periods']} periods in a row; of several due at once {jump}"
    facts = [
        f"{asked.plan.metrics[how['metric']].label}: {_rank(asked, asked.standing['metrics'][how['metric']])}",
        f"{name} or higher for {held} periods in a row, this one included; {how['after_periods']} are needed",
    ]
    return Told(rule, first(rank["picks"], asked.standing["holds"]) if held >= how["after_periods"] else 0, facts)


def _rank(asked: Asked, number: int) -> str:
    return asked.plan.ranks[number - 1].name if number else "none"


def _tenure(asked: Asked) -> Told:
    how = asked.award.rules
    step = next(s for s in how["steps"] if s["periods"] == asked.level)
    periods = asked.carried("periods")
    name = "active" if how["condition"] < 0 else asked.plan.conditions[how["condition"]].name
    rule = f"tenure: periods with {name} met, {'in a row' if how['in_row'] else 'in all'}"
    amount = first(step["picks"], asked.standing["holds"]) if periods == step["periods"] else 0
    return Told(rule, amount, [f"{periods} periods with this one; the sum is paid in the one that makes it {step['periods']}"])


def _pool(asked: Asked) -> Told:
    how, fund, unit = asked.award.rules, asked.fund(), asked.plan.unit_minor
    own = asked.rounded(fund["base"], how["numerator"], how["denominator"])
    whole = own + fund["added_minor"]
    based = asked.money(fund["base"]) if how["base"] == "money" else f"{how['base'].upper()} {money.format_volume(fund['base'])}"
    left = f", and {asked.money(fund['added_minor'])} left by an earlier fund" if fund["added_minor"] else ""
    facts = [f"fund {asked.money(whole)}: a part of {based}, rounded first{left}"]
    weight, weights = _weight(asked, fund), fund["weights"]
    share = part(how, unit, whole, weight, weights)
    if whole > 0 and weights:
        each = part(how, unit, whole, how["point"], weights)
        rounded = f": {asked.money(each)} a point, rounded down" if by_point(how) else ", each share rounded down"
        facts.append(f"{_points(asked, weights)} in all{rounded}")
    facts.append(f"this share: {_points(asked, weight)}, {asked.money(share)}")
    if fund["place"] >= 0:
        facts.append(f"place {fund['place'] + 1} by the order of the plan")
    if how["rest"] == "first" and fund["first"] == asked.standing["seq"]:
        params = {"run_id": asked.run_id, "bonus": asked.award.name, "period": asked.month}
        others = asked.database.run("explain.shared", partner_id=asked.standing["partner_id"], **params)[0]["earned_minor"]
        if whole > 0 and whole - others > share:
            facts.append(f"first by the order of the plan, so the rest of {asked.money(whole - others - share)} joins it")
            share = whole - others
    return Told("pool: the fund shared among the qualified", share, facts)


def by_point(how: Mapping[str, Any]) -> bool:
    """Whether shares are rounded at the point."""
    return bool(how["at_point"]) and not how["places"]


def part(how: Mapping[str, Any], unit: int, whole: int, weight: int, weights: int) -> int:
    """What a weight among all weights has of a whole fund, rounded down; a fund of 0 or less shares nothing."""
    if whole <= 0 or weights <= 0:
        return 0
    if by_point(how):
        point = whole // unit * how["point"] // weights
        return int(point * weight // how["point"] * unit)
    return whole // unit * weight // weights * unit


def weighs(how: Mapping[str, Any], metrics: Sequence[int] | Mapping[int, int], holds: Holds) -> int:
    """How much a share weighs that is not by place."""
    if how["metric"] < 0:
        return first(how["picks"], holds)
    have = metrics[how["metric"]]
    return have if how["limit"] is None else min(have, how["limit"])


def _weight(asked: Asked, fund: Row) -> int:
    """How much this partner's share weighs."""
    how = asked.award.rules
    if how["first"] and fund["place"] < 0:
        return 0
    if how["places"]:
        return int(how["places"][fund["place"]])
    return weighs(how, asked.standing["metrics"], asked.standing["holds"])


def _points(asked: Asked, weight: int) -> str:
    how = asked.award.rules
    if how["places"]:
        return f"{money.format_rate(weight)} of the fund"
    if how["metric"] >= 0:
        return f"{asked.plan.metrics[how['metric']].label} {asked.number(how['metric'], weight)}"
    return "1 point" if weight == 1 else f"{weight} points"


def _contest(asked: Asked) -> Told:
    how = asked.award.rules
    prize = how["prizes"][asked.level - 1]
    label = asked.plan.metrics[how["metric"]].label
    facts = [f"{label}: {asked.number(how['metric'])}, which is place {asked.level}"]
    if len(how["order"]) > 1:
        ties = ", ".join(asked.plan.metrics[metric].label for metric, _ in how["order"][1:])
        facts.append(f"between equals: {ties}, then the partner's id")
    return Told("contest: prizes by place", first(prize["picks"], asked.standing["holds"]), facts)


def _group_goal(asked: Asked) -> Told:
    how, fund = asked.award.rules, asked.fund()
    who = f"the team of {how['leader']}" if how["leader"] else "everybody"
    facts = [f"{who} sold {money.format_volume(fund['base'])}; the goal was {money.format_volume(how['goal'])}"]
    amount = first(how["picks"], asked.standing["holds"]) if fund["base"] >= how["goal"] else 0
    return Told("group goal: a sum to each of a team that reaches it together", amount, facts)


def cut_later(plan: CompiledPlan, name: str) -> list[int]:
    """The limits that run only after a bonus, so that it read lines which these had not cut yet."""
    names = [bonus.name for bonus in plan.bonuses]
    return [
        number
        for number, limit in enumerate(plan.limits)
        if limit.cap == "company" and max(names.index(other) for other in limit.bonuses) > names.index(name)
    ]


def named(plan: CompiledPlan, own: Sequence[str], rules: Mapping[str, Any]) -> str:
    """The bonuses that are matched, those of other plans with the plan's own name."""
    plans = {other.name: other.plan for other in plan.others}
    return ", ".join([*own, *(f"{bonus} of plan {plans[of]}" for of, bonus in rules.get("elsewhere", []))])


def closed_read(database: Database, plan: CompiledPlan, month: str, rules: Mapping[str, Any], spans: Spans | None) -> list[str]:
    """Which closed periods of other plans the matched lines come from, a sentence for each plan."""
    read, found = elsewhere.Elsewhere(database, plan, parse_month(month)), []
    for of in dict.fromkeys(of for of, _ in rules.get("elsewhere", [])):
        closed = read.paid(of, 1 if spans is None else spans.periods)
        name = next(other.plan for other in plan.others if other.name == of)
        periods = ", ".join(c.period for c in closed) or "no period"
        found.append(f"of plan {name} the lines of {periods} count in {month}")
    return found


def matched(asked: Asked) -> Row | None:
    """What the enroller earned by the bonuses that are matched down, as it stood then, and by how many it is shared."""
    name, later = asked.award.name, cut_later(asked.plan, asked.award.name)
    how, month = asked.award.rules, parse_month(asked.month)
    params = {"run_id": asked.run_id, "bonus": name, "later": later}
    params["reads"] = elsewhere.reads(asked.database, asked.plan, month, asked.run_id, how["of"], how, asked.award.spans)
    return asked.database.one("explain.matched", sponsor=asked.standing["sponsor"], **params)


def _match_down(asked: Asked) -> Told:
    how, found = asked.award.rules, matched(asked)
    rule = f"match-down: {money.format_rate(how['rate_ppm'])} of the enroller's lines, in equal parts to its qualified frontline"
    if found is None or not found["payees"]:
        return Told(rule, 0)
    names = named(asked.plan, how["of"], how)
    facts = [
        f"{found['partner_id']} earned {asked.money(found['amount_minor'])} by {names} in {found['lines']} lines",
        f"shared by {found['payees']} of its frontline",
    ]
    facts += closed_read(asked.database, asked.plan, asked.month, how, asked.award.spans)
    amount = asked.rounded(found["amount_minor"], how["numerator"], how["denominator"] * found["payees"])
    return Told(rule, amount, facts, how["rate_ppm"] if found["payees"] == 1 else None)


_KINDS: dict[str, Callable[[Asked], Told]] = {
    "milestone": _milestone,
    "rank_bonus": _rank_bonus,
    "tenure": _tenure,
    "pool": _pool,
    "contest": _contest,
    "group_goal": _group_goal,
    "match_down": _match_down,
}
