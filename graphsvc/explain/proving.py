"""What a proof reads of a closed run in bulk: standings by bucket, what was sold, who stands below whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphsvc import money
from graphsvc.month import carried, elsewhere, spanning
from graphsvc.periods import Period, parse_month
from graphsvc.plan.compiled import Award, CompiledPlan, Walk
from graphsvc.plan.spanning import Spans
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

OWN = ("qv", "cv", "money")
LEVELS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Stood:
    """What a partner was measured by: metrics and conditions by their index in the plan (those asked for), own PV by its
    numbers, and what a bonus carried of it, by column, before the run and after it."""

    seq: int
    partner_id: str
    active: bool
    metrics: dict[int, int]
    holds: dict[int, bool]
    own: dict[str, int]
    before: dict[str, int]
    after: dict[str, int]


@dataclass
class Proving:
    """The run that is proved, and the sentences about what does not hold."""

    database: Database
    run_id: str
    month: str
    plan: CompiledPlan
    differences: list[str] = field(default_factory=list)
    _sold: dict[int, list[Row]] = field(default_factory=dict)

    def money(self, amount_minor: int) -> str:
        """An amount with its currency."""
        return f"{money.format_minor(amount_minor, self.plan.currency)} {self.plan.currency}"

    @cached_property
    def period(self) -> Period:
        """The period that the run closed."""
        return parse_month(self.month)

    def due(self, bonus: Walk | Award) -> bool:
        """Whether a bonus paid in the period at all."""
        return spanning.due(bonus, self.period)

    @cached_property
    def earlier(self) -> str:
        """The run whose state this one started with; '' where there is none."""
        row = carried.before(self.database, self.plan.name, self.month)
        return str(row["run_id"]) if row else ""

    @cached_property
    def buckets(self) -> list[int]:
        """Where partners stand."""
        return [row["bucket"] for row in self.database.run("sources.buckets", run_id=self.run_id, tree="sponsor")]

    def stood(
        self,
        metrics: Collection[int] = (),
        conditions: Collection[int] = (),
        *,
        bonus: str = "",
        own: int | None = None,
        everybody: bool = False,
    ) -> Iterator[Stood]:
        """Standings, a bucket at a time: of the active, or with `everybody` of all who stand or carry something; own: the window
        of own PV, where that is asked for."""
        asked = {"metrics": sorted(set(metrics)), "conditions": sorted({c for c in conditions if c >= 0})}
        params = {"run_id": self.run_id, "earlier": self.earlier, "bonus": bonus, "own": own, "everybody": everybody}
        sizes = {"numbers": len(self.plan.metrics), "rules": len(self.plan.conditions)}
        for bucket in self.buckets:
            for row in self.database.run("explain.standings", bucket=bucket, **params, **asked, **sizes):
                yield Stood(
                    row["seq"],
                    row["partner_id"],
                    row["active"],
                    dict(zip(asked["metrics"], row["metrics"], strict=True)),
                    dict(zip(asked["conditions"], row["holds"], strict=True)),
                    dict(zip(OWN, row["own"], strict=True)),
                    dict(zip(row["columns"], row["carried"], strict=True)),
                    dict(zip(row["left_columns"], row["left"], strict=True)),
                )

    def qualified(self, award: Award, metrics: Collection[int], conditions: Collection[int]) -> Iterator[Stood]:
        """Those who may be paid by an award: the active who meet its condition."""
        asked = award.rules["qualified"]
        for stood in self.stood(metrics, [*conditions, asked]):
            if asked < 0 or stood.holds[asked]:
                yield stood

    def sold(self, window: int = 0) -> list[Row]:
        """What the company sold in the period, or in a window, as it was sold, by kind, category and marks."""
        if window not in self._sold:
            asked = self.plan.as_sold(window)
            self._sold[window] = self.database.run("explain.sold", run_id=self.run_id, window=asked)
        return self._sold[window]

    def reads(self, own: Sequence[str], rules: Mapping[str, Any], spans: Spans | None) -> list[Row]:
        """Whose lines a bonus reads, run by run."""
        return elsewhere.reads(self.database, self.plan, self.period, self.run_id, own, rules, spans)

    def levels(self, tree: str) -> list[tuple[int, int]]:
        """(first, last) strata of a frozen tree, some at once, deepest first."""
        rows = self.database.run("month.levels", run_id=self.run_id, tree=tree)
        deepest = rows[0]["level"] if rows else -1
        return [(first, max(0, first - LEVELS_AT_ONCE + 1)) for first in range(deepest, -1, -LEVELS_AT_ONCE)]

    def differing(self, run_id: str, tree: str, params: dict[str, Any]) -> int:
        """How many arrivals of a walk up a frozen tree are not what was brought and handed on; run_id: whose walk it is."""
        rows = [
            self.database.run("folds.balance", run_id=run_id, level_from=first, level_to=last, **params)[0]
            for first, last in self.levels(tree)
        ]
        return sum(row["differing"] for row in rows)

    def order_bases(self, run_id: str, tree: str, params: dict[str, Any]) -> list[Row]:
        """What orders make of the bases of a walk up a frozen tree."""
        return [
            row
            for first, last in self.levels(tree)
            for row in self.database.run("explain.order_bases", run_id=run_id, level_from=first, level_to=last, **params)
        ]

    @cached_property
    def funds(self) -> list[Row]:
        """The funds and goals of the run, as it left them."""
        return self.database.run("explain.funds", run_id=self.run_id)

    @cached_property
    def prizes(self) -> list[Row]:
        """The prizes of the run that are not money."""
        return self.database.run("earnings.prizes", run_id=self.run_id)

    def below(self, leader: str, window: int) -> tuple[set[str], int]:
        """A partner and all below it in the tree that standings look down, and the QV of all of them in a window; nobody where
        it has no place there."""
        tree = self.plan.standings_tree
        levels = self.database.run("month.levels", run_id=self.run_id, tree=tree)
        inside, members, qv = set[int](), set[str](), 0
        for level in sorted(row["level"] for row in levels):
            rows = self.database.run("explain.parents", run_id=self.run_id, tree=tree, level=level, window=window)
            parents = {row["seq"]: row["parent"] for row in rows}
            found = {row["seq"]: True for row in rows if row["partner_id"] == leader}
            for seq in parents:
                way, at = [], seq
                while at in parents and at not in found:  # up to where the stratum ends, or to somebody who is known
                    way.append(at)
                    at = parents[at]
                found.update(dict.fromkeys(way, found.get(at, at in inside)))
            inside.update(seq for seq, below in found.items() if below)
            members.update(row["partner_id"] for row in rows if found[row["seq"]])
            qv += sum(row["qv"] for row in rows if found[row["seq"]])
        return members, qv
