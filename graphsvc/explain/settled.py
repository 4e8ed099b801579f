"""What must hold of a run's lines that were not walked to: funds, what is matched down, caps, deductions, balances.

All of it is summed once more from the lines as they are stored and compared with the frozen state by other arithmetic; each
difference is one sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from graphsvc import money
from graphsvc.explain import awards, binary
from graphsvc.money import round_ratio
from graphsvc.month import carried
from graphsvc.month.awards import sold
from graphsvc.plan.compiled import Award, CompiledPlan, Limit
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

RATE_WHOLE = 1_000_000


class Settlement:
    """Looks at the lines of a run a partner at a time, in canonical order, and then at what they sum to."""

    def __init__(self, database: Database, run_id: str, month: str, plan: CompiledPlan) -> None:
        self.database, self.run_id, self.month, self.plan = database, run_id, month, plan
        self._bounds = [(number, limit, _bound(limit)) for number, limit in enumerate(plan.limits)]
        self._scaled = {name for limit in plan.limits if limit.cap == "company" for name in limit.bonuses}
        self._company: Counter[int] = Counter()
        self._below_nothing: set[str] = set()
        rows = database.run("earnings.balances", run_id=run_id) if plan.splits else []
        self._balances = {(row["partner_id"], row["balance"]): row["amount_minor"] for row in rows}

    def partner(self, lines: list[Row]) -> Iterator[str]:
        """What is wrong with all lines of one partner together."""
        self._below_nothing |= {line["bonus"] for line in lines if line["amount_minor"] < 0}
        made = [line for line in lines if not line["adjusts"]]
        yield from self._capped(made)
        yield from self._deducted(made)
        yield from self._parted(lines)

    def whole(self) -> Iterator[str]:
        """What is wrong with all of them, once every partner was looked at."""
        yield from self._paid_by_company()
        yield from self._shared()
        for (partner_id, balance), amount in self._balances.items():
            yield f"{partner_id}: {_money(self.plan, amount)} stand on balance {balance} without lines"

    def _capped(self, lines: list[Row]) -> Iterator[str]:
        """Lines and sums within the caps that bind everybody; a cap by rank or type binds at its highest."""
        for number, limit, bound in self._bounds:
            named = [line for line in lines if line["bonus"] in limit.bonuses]
            if limit.cap == "company":
                self._company[number] += sum(line["amount_minor"] for line in named)
            if bound is None or not named:
                continue
            sums: Counter[str] = Counter()
            for number_of, line in enumerate(named):
                key = {"line": f"{number_of}", "partner_bonus": line["bonus"]}.get(limit.cap, "")
                sums[key] += line["amount_minor"]
            if any(line["amount_minor"] < 0 and line["bonus"] in self._scaled for line in named):
                continue  # what was given back weighs less once a limit of the company has run
            for amount in sums.values():
                if amount > bound:
                    who, much = named[0]["partner_id"], _money(self.plan, amount)
                    yield f"{who}: {much} are above the {_money(self.plan, bound)} of limit {number + 1}"

    def _deducted(self, lines: list[Row]) -> Iterator[str]:
        """A negative line beside each line of a bonus that something is deducted from, and no other."""
        for deduction in self.plan.deductions:
            owed: Counter[tuple[int, str, str]] = Counter()
            for line in lines:
                if line["bonus"] in deduction.bonuses:
                    class_ = f"{line['bonus']} {line['class']}".rstrip(" ")
                    rated = round_ratio(line["amount_minor"], deduction.numerator, deduction.denominator, self.plan.rounding)
                    owed[line["level"], class_, line["source_id"]] -= rated * self.plan.unit_minor
                elif line["bonus"] == deduction.name:
                    owed[line["level"], line["class"], line["source_id"]] -= line["amount_minor"]
            for (level, class_, _), rest in owed.items():
                if rest:
                    who = f"{lines[0]['partner_id']} {deduction.name} {level} {class_}"
                    yield f"{who}: {_money(self.plan, abs(rest))} too {'much' if rest > 0 else 'little'} deducted"

    def _parted(self, lines: list[Row]) -> Iterator[str]:
        """The named parts of a total, rounded down, and the rest on the main balance."""
        if not self.plan.splits:
            return
        who, total, unit = lines[0]["partner_id"], sum(line["amount_minor"] for line in lines), self.plan.unit_minor
        parts = {split.balance: max(0, total) * split.rate_ppm // (RATE_WHOLE * unit) * unit for split in self.plan.splits}
        for balance, amount in {"main": total - sum(parts.values()), **parts}.items():
            stored = self._balances.pop((who, balance), 0)
            if stored != amount:
                yield f"{who}: {_money(self.plan, stored)} stand on balance {balance}, not {_money(self.plan, amount)}"

    def _paid_by_company(self) -> Iterator[str]:
        for number, limit in enumerate(self.plan.limits):
            if limit.cap != "company" or not self._below_nothing.isdisjoint(limit.bonuses):
                continue
            found = self.database.run(
                "limits.company_total",
                run_id=self.run_id,
                bonuses=list(limit.bonuses),
                window=sold(self.plan),
                limit=number,
                sum=limit.sum_minor,
                numerator=limit.numerator,
                denominator=limit.denominator,
                rounding=self.plan.rounding,
                unit_minor=self.plan.unit_minor,
            )[0]
            if self._company[number] > found["limit_minor"]:
                paid, most = _money(self.plan, self._company[number]), _money(self.plan, found["limit_minor"])
                yield f"the company pays {paid} for {', '.join(limit.bonuses)}, above the {most} of limit {number + 1}"

    def _shared(self) -> Iterator[str]:
        """Each fund is its rate of what was sold and what others left it; its shares and its rest are the fund."""
        funds = {row["bonus"]: row for row in self.database.run("explain.funds", run_id=self.run_id)}
        earned: Counter[str] = Counter()
        for row in self.database.run("earnings.earned", run_id=self.run_id, period=self.month):
            earned[row["bonus"]] += row["earned_minor"]
        for award in self.plan.bonuses:
            if not isinstance(award, Award) or award.kind not in ("pool", "group_goal"):
                continue
            fund, shared = funds.get(award.name), earned[award.name]
            if fund is None:
                yield f"{award.name}: its fund is not stored"
            elif award.kind == "group_goal":
                if shared and fund["base"] < award.rules["goal"]:
                    yield f"{award.name}: {_money(self.plan, shared)} are paid and the goal was not reached"
            else:
                yield from self._fund(award, fund, shared, funds)

    def _fund(self, award: Award, fund: Row, shared: int, funds: dict[str, Row]) -> Iterator[str]:
        rated = round_ratio(fund["base"], award.rules["numerator"], award.rules["denominator"], self.plan.rounding)
        left = sum(row["rest_minor"] for row in funds.values() if row["next_fund"] == award.name)
        whole = rated * self.plan.unit_minor + left
        if whole != fund["fund_minor"]:
            yield f"{award.name}: the fund is {_money(self.plan, fund['fund_minor'])}, not {_money(self.plan, whole)}"
        if shared + fund["rest_minor"] != whole or (shared > 0 and shared > whole):
            given, rest = _money(self.plan, shared), _money(self.plan, fund["rest_minor"])
            yield f"{award.name}: shares of {given} and a rest of {rest} are not the fund of {_money(self.plan, whole)}"


def matched(database: Database, run_id: str, _month: str, plan: CompiledPlan, award: Award) -> dict[tuple[str, int], int]:
    """What each partner must have of a match-down: its part of a rate of its enroller's lines, before caps."""
    found: dict[tuple[str, int], int] = {}
    how = award.rules
    params = {"bonus": award.name, "of": how["of"], "later": awards.cut_later(plan, award.name)}
    for row in database.run("explain.matches", run_id=run_id, **params):
        part = round_ratio(row["base"], how["numerator"], how["denominator"] * row["payees"], plan.rounding)
        if part:
            found[row["partner_id"], 1] = part * plan.unit_minor
    return found


def paired(database: Database, run_id: str, month: str, plan: CompiledPlan, award: Award) -> dict[tuple[str, int], int]:
    """What each partner must have of each pairing of a binary bonus, before limits: from its legs and their carry."""
    found: dict[tuple[str, int], int] = {}
    earlier = carried.before(database, plan.name, month)
    params = {"earlier": earlier["run_id"] if earlier else "", "bonus": award.name, "tree": award.rules["tree"]}
    qualified = award.rules["qualified"]
    for bucket in database.run("sources.buckets", run_id=run_id, tree="sponsor"):
        at = {"bucket": bucket["bucket"], "rules": len(plan.conditions)}
        for row in database.run("explain.pairs", run_id=run_id, **params, **at):
            if qualified >= 0 and not row["holds"][qualified]:
                continue
            asked = awards.Asked(database, run_id, month, plan, award, 1, row)
            legs = dict(zip(("own", "left", "right"), row["legs"], strict=True))
            replayed = binary.replay(asked, (legs, dict(zip(row["columns"], row["carried"], strict=True))))
            for step, (amount, _) in replayed.paid.items():
                if amount:
                    found[row["partner_id"], step] = amount
    return found


def _bound(limit: Limit) -> int | None:
    """The most that anybody may have under a cap; None where it does not bind everybody."""
    sums = [amount for _, amount in limit.picks]
    everybody = any(condition < 0 for condition, _ in limit.picks)
    return max(sums) if everybody and min(sums) >= 0 else None


def _money(plan: CompiledPlan, amount_minor: int) -> str:
    return f"{money.format_minor(amount_minor, plan.currency)} {plan.currency}"


# The kinds whose lines are compared one by one: what each partner must have, by step.
OWED: dict[str, Callable[[Database, str, str, CompiledPlan, Award], dict[tuple[str, int], int]]] = {
    "match_down": matched,
    "binary": paired,
}
