"""What must hold of a run's lines beside what each bonus owes: funds, caps, deductions, balances.

All of it is computed once more from the lines as they are stored, by other arithmetic; each difference is one sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from graphsvc.explain import amounts, shares
from graphsvc.explain.capped import Capped
from graphsvc.explain.proving import Proving
from graphsvc.plan.compiled import Award
from graphsvc.query.values import Row

RATE_WHOLE = 1_000_000


class Settlement:
    """Looks at the lines of a run a partner at a time, in canonical order, and then at what they sum to."""

    def __init__(self, proving: Proving) -> None:
        self.proving, self.plan, self._capped = proving, proving.plan, Capped(proving)
        rows = proving.database.run("earnings.balances", run_id=proving.run_id) if self.plan.splits else []
        self._balances = {(row["partner_id"], row["balance"]): row["amount_minor"] for row in rows}

    def partner(self, partner_id: str, lines: list[Row]) -> Iterator[str]:
        """What is wrong with all lines of one partner together."""
        made = [line for line in lines if not line["adjusts"]]
        yield from self._capped.partner(partner_id, made)
        yield from self._deducted(made)
        yield from self._parted(lines)

    def whole(self) -> Iterator[str]:
        """What is wrong with all of them, once every partner was looked at."""
        yield from self._capped.whole()
        yield from self._shared()
        for (partner_id, balance), amount in self._balances.items():
            yield f"{partner_id}: {self.proving.money(amount)} stand on balance {balance} without lines"

    def _deducted(self, lines: list[Row]) -> Iterator[str]:
        """A negative line beside each line of a bonus that something is deducted from, and no other."""
        for deduction in self.plan.deductions:
            owed: Counter[tuple[int, str, str]] = Counter()
            for line in lines:
                if line["bonus"] in deduction.bonuses:
                    class_ = f"{line['bonus']} {line['class']}".rstrip(" ")
                    owed[line["level"], class_, line["source_id"]] += amounts.deducted(self.plan, deduction, line["amount_minor"])
                elif line["bonus"] == deduction.name:
                    owed[line["level"], line["class"], line["source_id"]] -= line["amount_minor"]
            for (level, class_, _), rest in owed.items():
                if rest:
                    who = f"{lines[0]['partner_id']} {deduction.name} {level} {class_}"
                    yield f"{who}: {self.proving.money(abs(rest))} too {'much' if rest > 0 else 'little'} deducted"

    def _parted(self, lines: list[Row]) -> Iterator[str]:
        """The named parts of a total, rounded down, and the rest on the main balance."""
        if not self.plan.splits:
            return
        who, total, unit = lines[0]["partner_id"], sum(line["amount_minor"] for line in lines), self.plan.unit_minor
        parts = {split.balance: max(0, total) * split.rate_ppm // (RATE_WHOLE * unit) * unit for split in self.plan.splits}
        for balance, amount in {"main": total - sum(parts.values()), **parts}.items():
            stored = self._balances.pop((who, balance), 0)
            if stored != amount:
                yield f"{who}: {self.proving.money(stored)} stand on balance {balance}, not {self.proving.money(amount)}"

    def _shared(self) -> Iterator[str]:
        """Each fund is its rate of what was sold and what others left it; its shares and its rest are the fund."""
        funds = {row["bonus"]: row for row in self.proving.funds}
        earned: Counter[str] = Counter()
        for row in self.proving.database.run("earnings.earned", run_id=self.proving.run_id, period=self.proving.month):
            earned[row["bonus"]] += row["earned_minor"]
        for award in self.plan.bonuses:
            if not isinstance(award, Award) or award.kind != "pool" or not self.proving.due(award):
                continue
            fund, shared, whole = funds.get(award.name), earned[award.name], shares.fund(self.proving, award)
            if fund is None:
                yield f"{award.name}: its fund is not stored"
                continue
            if whole != fund["fund_minor"]:
                stored = self.proving.money(fund["fund_minor"])
                yield f"{award.name}: the fund is {stored}, not {self.proving.money(whole)}"
            if shared + fund["rest_minor"] != whole or (shared > 0 and shared > whole):
                given, rest = self.proving.money(shared), self.proving.money(fund["rest_minor"])
                yield f"{award.name}: shares of {given} and a rest of {rest} are not the fund of {self.proving.money(whole)}"
