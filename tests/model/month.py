"""A period of a plan from its document to its lines: bonuses in their order, holds, caps, deductions, state for the next."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tests.model import awards, binary, bonuses, limits, pools, reversals
from tests.model.elsewhere import lines_in
from tests.model.standings import RUNNING, Standings, tests_in
from tests.model.state import Breakage, Carried, Held, Line, Result
from tests.model.walks import WALKING
from tests.records import Network, Rate

Bonus = dict[str, Any]


class Month(Standings):
    """One period of one plan document on one network."""

    def __init__(
        self,
        network: Network,
        plan: dict[str, Any],
        period: str,
        *,
        rates: Iterable[Rate] = (),
        before: Carried | None = None,
        forced: dict[tuple[str, str], str] | None = None,
        others: Mapping[str, Sequence[Result]] | None = None,
    ) -> None:
        super().__init__(network, plan, period, rates=rates, before=before, forced=forced, others=others)
        self.after = Carried(number=self.before.number + 1)
        self.lines: list[Line] = []
        self.posted: list[Line] = []  # those without parts of closed ones
        self.taken: list[reversals.Part] = []  # and these parts
        self.owed: dict[str, dict[Any, int]] = {}  # by bonus that walks: the base of each payee, step, class and source
        self.pooled: dict[str, tuple[int, list[tuple[str, int]]]] = {}  # by pool, what was sold for it, and who shares by order
        self.pooled_since: dict[str, int] = {}  # and what later periods changed of what was sold
        self.capping: dict[str, tuple[list[Line], list[Line]]] = {}  # by bonus, what stood when its caps ran, and what they left
        self.scaling: list[tuple[list[str], Fraction, int]] = []  # limits of the company as they ran: bonuses, limit, their sum
        self.breakage: list[Breakage] = []
        self.awards: list[tuple[str, str, int]] = []
        self.cut: set[tuple[str, str]] = set()
        for partner in self.lowest_first:  # each looks at those below, who are known by then
            self.is_active(partner)
            self.paid_as(partner)

    def lines_of(self, reader: Bonus) -> list[Line]:
        """The lines that a bonus reads, after caps, with those of the earlier periods of its span and of other plans.

        Decided: of its own plan it takes lines as they were posted, without parts of closed ones; where a reversal cascades, with
        those parts that an earlier period of the span took of lines of the span. What its last period takes follows in that one.
        """
        past = self.before.history[max(0, len(self.before.history) + 1 - self.spanned(reader)) :]
        own = [self.lines, *(month.posted for month in past)]
        if reader["reversals"] == "cascade":
            own += [[part.made for part in month.taken if part.home in past] for month in past]
        elsewhere = [lines_in(self, n["plan"], n["bonus"], self.spanned(reader)) for n in reader["of"] if isinstance(n, dict)]
        return [*(line for lines in own for line in lines if line.bonus in reader["of"]), *itertools.chain(*elsewhere)]

    def spanned(self, bonus: Bonus) -> int:
        """How many periods a bonus takes together."""
        return int(bonus["spans"]["periods"]) if "spans" in bonus else 1

    def company_cv(self) -> int:
        """The CV of everything that the period counts. Decided: without what is a part of closed lines instead, like a fund."""
        start, _ = self.span("period")
        assert start is not None
        return self.sold("cv", [source for source in self.sources() if not self.is_parted(source, start)])

    def _lines_of(self, bonus: Bonus) -> list[Line]:
        kind = bonus["kind"]
        if kind in WALKING:
            lines, breakage = bonuses.walked(self, bonus)
            self.breakage += breakage
            return lines
        if kind == "pool":
            return pools.pool(self, bonus)
        if kind == "binary":
            return binary.binary(self, bonus)
        return awards.AWARDS[kind](self, bonus)

    def _run(self, bonus: Bonus) -> None:
        made = self._lines_of(bonus) if self.is_due(bonus) else []
        lines = [*self._released(bonus), *self._kept_or_held(bonus, made)]
        self.lines += limits.capped(self, bonus["name"], lines)
        limits.company(self, bonus["name"])

    def _kept_or_held(self, bonus: Bonus, lines: list[Line]) -> list[Line]:
        """Lines of payees who qualify now; the others' wait. Decided: what is held is what would be paid before caps."""
        hold = bonus.get("unqualified")
        if not isinstance(hold, dict):
            return lines
        kept = []
        for line in lines:
            if self.meets(bonus["qualified"], line.partner_id):
                kept.append(line)
            else:
                self.after.held.append(Held(line, self.after.number, self.period, int(hold["hold"])))
        return kept

    def _released(self, bonus: Bonus) -> list[Line]:
        """Lines that waited for this period: in the first in which their payee qualifies they are paid, too late they lapse.

        Decided: their source is "held", the period that they come from and the source there, so that both stand.
        """
        found = []
        for held in self.before.held:
            if held.line.bonus != bonus["name"] or self.after.number - held.origin > held.periods:
                continue
            if self.meets(bonus["qualified"], held.line.partner_id):
                found.append(replace(held.line, source_id=f"held {held.origin_name} {held.line.source_id}".rstrip()))
            else:
                self.after.held.append(held)
        return found

    def _carried(self) -> Carried:
        after = self.after
        after.paid = [(list(self.lines), self.plan), *self.before.paid]
        after.history = [*self.before.history, self]
        after.closed = [*self.before.closed, self.period]
        after.met = [{p: self.meets_activity(p) for p in self.partners}, *self.before.met]
        if self.ranks:
            after.paid_as = [{p: self.paid_as(p) for p in self.partners}, *self.before.paid_as]
            left = {p: self.title_left(p) for p in self.partners}
            after.titles, after.below = {p: t for p, (t, _) in left.items()}, {p: n for p, (_, n) in left.items()}
        for test in tests_in(self.plan):
            if test.get("window") == "running" and test["metric"] in RUNNING:
                for of in ("money", "count") if test.get("of") == "average" else (test.get("of", ""),):
                    asked = {**test, **({"of": of} if of else {})}
                    after.running[test["metric"], of] = {p: self.measured(asked, p) for p in self.partners}
        return after

    def result(self) -> Result:
        """Everything the period comes to, lines sorted as the export sorts them."""
        for bonus in self.plan["bonuses"]:
            self._run(bonus)
        self.lines += limits.deductions(self)
        self.posted = list(self.lines)
        self.lines += reversals.taken_back(self)
        return Result(
            sorted(self.lines),
            self.breakage,
            sorted(self.awards),
            limits.splits(self),
            {p: self.meets_activity(p) for p in self.partners},
            {p: self.is_active(p) for p in self.partners},
            {p: self.paid_as(p) for p in self.partners} if self.ranks else {},
            {p: self.title(p) for p in self.partners} if self.ranks else {},
            sum(map(self.is_member, self.partners)),
            self,
            self._carried(),
        )


def months(
    network: Network | Sequence[Network],
    plans: Sequence[tuple[str, dict[str, Any]]],
    *,
    rates: Collection[Rate] = (),
    forced: Mapping[tuple[str, str], str] | None = None,
    opening: Carried | None = None,
    others: Mapping[str, Sequence[Result]] | None = None,
) -> dict[str, Result]:
    """Several periods closed one after another, each with the plan (and, if several are given, the network) as it is then."""
    results: dict[str, Result] = {}
    state = opening or Carried()
    for number, (period, plan) in enumerate(plans):
        now = network if isinstance(network, Network) else network[number]
        results[period] = Month(now, plan, period, rates=rates, before=state, forced=dict(forced or {}), others=others).result()
        state = results[period].carried
    return results
