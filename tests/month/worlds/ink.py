"""What a plan is drawn with: chance, the frame drawn so far, and small things that every kind of bonus asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from graphsvc import money
from tests.model import calendar
from tests.month.worlds.networks import TAGS, TYPES

Document = dict[str, Any]
Some = TypeVar("Some")
RANKS = ("bronze", "silver", "gold")
KINDS = ("retail", "own_use", "joining_pack")


@dataclass
class Ink:
    """A plan that is being drawn: its frame, its named conditions, and the bonuses that stand already."""

    rng: Random
    frame: Document
    named: dict[str, list[Document]] = field(default_factory=dict)
    bonuses: list[Document] = field(default_factory=list)
    period: str = ""  # the first that is closed

    def choice(self, some: Sequence[Some]) -> Some:
        return self.rng.choice(some)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    @property
    def ranked(self) -> bool:
        return "ranks" in self.frame

    @property
    def breaks_away(self) -> bool:
        return "breakaway" in self.frame

    @property
    def takes_parts(self) -> bool:
        """Whether orders take parts of closed lines back, or post them."""
        return self.frame["volumes"]["refunds"] == "reverse" or self.frame["volumes"]["late_orders"] == "then"

    @property
    def whole(self) -> bool:
        """Whether sums of money are whole units."""
        return self.frame["rounding"]["to"] == "whole" or not money.exponent(self.frame["currency"])

    def read_as(self) -> str:
        return self.choice(["paid_as", "title"])

    def money(self) -> int | str:
        """A small sum."""
        return self.choice([1, 2, 5, 10, 50] if self.whole else [1, "0.33", "2.50", 5, "10.10"])

    def percent(self) -> str:
        """A small rate."""
        return self.choice(["1%", "5%", "2%", "0.0333%", "1.25%", "3%"])

    # Tests.

    def window(self, *, running: bool = False) -> Any:
        return self.choice(["period", "period", "since_joining", {"last": self.choice([1, 2, 3])}] + ["running"] * (2 * running))

    def number(self, *, active: bool = False) -> Document:
        """A metric without a need."""
        if self.chance(0.15):
            return {"metric": "frontline_with", "condition": self.name()}
        metrics: list[Document] = [
            {"metric": "pv", "window": self.window(running=True)},
            {"metric": "pv", "window": self.window(running=True)},
            {"metric": "customer_pv", "window": self.window()},
            {"metric": "customer_share", "window": self.window()},
            {"metric": "personal_sales", "of": self.choice(["money", "average", "count"]), "window": self.window(running=True)},
            {"metric": "customers"},
            {"metric": "paying_customers", "window": self.window()},
            {"metric": "orders", "window": self.window()},
            {"metric": "tv", "window": self.window(running=True)},
            {"metric": "leg", "nth": self.choice([1, 2]), "window": self.window()},
            {"metric": "outside_legs", "largest": self.choice([1, 2]), "window": self.window()},
            {"metric": "legs_with", "volume": self.choice(["0.001", 10, 100]), "window": self.window()},
            {"metric": "months_since_joining"},
            {"metric": "events", "kind": self.choice(["lead", "task"]), "window": self.window()},
        ]
        if not active:
            metrics += [{"metric": "active_frontline"}, {"metric": "active_downline", "depth": self.choice([1, 2, "unlimited"])}]
            if "trees" in self.frame:
                metrics.append({"metric": "recruits_per_leg", "tree": next(iter(self.frame["trees"]))})
        if self.breaks_away and not active:
            metrics += [{"metric": "gv", "window": self.window(running=True)}] * 2 + [{"metric": "broken_away_legs"}]
        return self.choice(metrics)

    def need(self, number: Document) -> Any:
        """A low need of a metric, so that both outcomes are common."""
        metric = number["metric"]
        if metric == "customer_share":
            return self.choice(["0.0001%", "33.3333%", "50%", "100%"])
        if metric == "personal_sales" and number["of"] != "count":
            return (
                self.choice([1, 10, 99]) if not money.exponent(self.frame["currency"]) else self.choice([1, "0.33", "10.50", 99])
            )
        if metric == "months_since_joining":
            return self.choice([1, 1, 12, 100])
        if metric in ("pv", "customer_pv", "tv", "gv", "leg", "outside_legs", "counted_volume"):
            return self.choice(["0.001", "0.001", 1, 1, "33.333", 100, 1000, 200_000])
        return self.choice([1, 1, 2])

    def test(self, *, active: bool = False, rank: bool = True) -> Document:
        """One test; activity does not ask for the active, nor for ranks."""
        chance = self.rng.random()
        if chance < 0.12:
            return self.choice(
                [{"type": self.rng.sample(TYPES, 2)}, {"country": ["RU", "DE"]}, {"tag": self.rng.sample(TAGS, 1)}]
            )
        if chance < 0.16 and active:
            return {"type": self.rng.sample(TYPES, 2)}
        if chance < 0.2 and not active:
            return {"active": True}
        if chance < 0.4 and self.ranked and rank and not active:
            return {"rank": self.choice(RANKS), "as": self.read_as()}
        if chance < 0.5 and self.ranked and not active:
            return {
                "metric": "legs_with_rank",
                "rank": self.choice(RANKS),
                "as": self.read_as(),
                "at_least": self.choice([1, 1, 2]),
            }
        if chance < 0.56:
            return self.counted_volume() | {"at_least": self.choice([1, 1, 100, 5000])}
        made = self.number(active=active)
        return made | {"at_least": self.need(made)}

    def counted_volume(self) -> Document:
        return {
            "metric": "counted_volume",
            "share": self.choice(["50%", "33.3333%", "60%"]),
            "of": self.choice(["requirement", "total"]),
            "own_pv": self.choice(["with", "without"]),
            "window": self.window(),
        }

    def item(self, **more: bool) -> Document:
        if self.chance(0.2):
            return {"any": [self.test(**more) for _ in range(self.choice([2, 3]))]}
        return self.test(**more)

    def items(self, **more: bool) -> list[Document]:
        return [self.item(**more) for _ in range(self.choice([1, 1, 1, 2]))]

    def spans(self) -> Document:
        """Two periods together, from the first or from the one before it on, so that either period may be the one that pays."""
        return {"spans": {"periods": 2, "first": calendar.later(self.period, self.choice([0, -1]))}}

    def opens(self) -> Any:
        """Who a level is open to, or who qualifies."""
        chance = self.rng.random()
        return "active" if chance < 0.5 else self.name() if chance < 0.65 else self.items()

    def name(self) -> str:
        """A condition with a name, which the plan then has."""
        if self.named and self.chance(0.6):
            return self.choice(sorted(self.named))
        name = f"condition-{len(self.named)}"
        self.named[name] = []  # taken, because its tests may name conditions too
        self.named[name] = self.items()
        return name

    def qualified(self, *, hold: bool = False, always: bool = True) -> Document:
        """The keys of who qualifies and what becomes of the others; sometimes none where a bonus need not say."""
        if not hold and not always and self.chance(0.6):
            return {}
        asked = self.opens() if not hold else self.items()
        if asked == "active":
            return {"qualified": asked}
        return {"qualified": asked, "unqualified": {"hold": self.choice([1, 2])} if hold else "forfeit"}

    # Rates and sums.

    def tree(self, leaf: Any, by: str | None = None, base: str | None = None) -> Any:
        """A rate, sum or number of `leaf()`s; `by` says what it varies by at least."""
        by = by or self.choice(["", "", "", "", "rank" if self.ranked else "", "type", "scale"])
        if by == "rank":
            names = [name for name in RANKS if self.chance(0.7)] or [RANKS[0]]
            return {"by": "rank", "as": self.read_as(), "values": {name: leaf() for name in names}}
        if by == "type":
            inner = "scale" if self.chance(0.3) else None
            return {
                "by": "type",
                "values": {n: self.tree(leaf, inner, base) if inner else leaf() for n in self.rng.sample(TYPES, 2)},
            }
        if by in ("scale", "slices"):
            return self.scale(leaf, slices=by == "slices", base=base)
        return leaf()

    def scale(self, leaf: Any, *, slices: bool = False, base: str | None = None) -> Document:
        if slices:
            fits = {"metric": "personal_sales", "of": "money", "window": "period"} if base == "money" else None
            number: Document = fits or {"metric": self.choice(["pv", "tv"]), "window": self.choice(["period", "running"])}
        else:
            number = self.number()
        first = self.need(number)
        unit = "%" if isinstance(first, str) and first.endswith("%") else ""
        steps = [0, self.choice([1, 2]), self.choice([3, 50]), self.choice([60, 100])][: self.choice([2, 3, 4])]
        if self.chance(0.3) and not slices:
            steps = steps[1:]
        return {
            "by": "scale",
            "metric": number,
            "tiers": "slices" if slices else "whole",
            "values": [{"from": f"{step}{unit}" if unit else step, "value": leaf()} for step in steps],
        }
