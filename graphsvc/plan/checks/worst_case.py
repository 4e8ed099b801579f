"""The worst case: what an order can pay at most on the worst chain of partners above it, everybody there at their highest rate.

A bonus is either bounded (a share of the order, whoever stands above), unbounded (each further partner above may be paid on the
same order), or a sum that has nothing to do with an order's size. The first must not exceed the order together; the others are
told apart by `plan check`, because only the network says what they come to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphsvc import money
from graphsvc.plan import metrics, quantities
from graphsvc.plan.checks import caps
from graphsvc.plan.checks.bonuses import kinds
from graphsvc.plan.checks.view import KINDS, OTHER, Found, View, leaves
from graphsvc.plan.document import Place

Shares = list[tuple[str, int]]  # what is paid by, and parts per million of the order


@dataclass
class Worst:
    """What one kind of order can pay. shares by bonus and step; unbounded and sums: (bonus, why or what).

    turn: `first` of its customer or a `later` one, where bonuses tell them apart. every: what each bonus can pay of each kind of
    order, of all that were looked at.
    """

    kind: str
    category: str | None = None
    turn: str = ""
    shares: dict[str, Shares] = field(default_factory=dict)
    unbounded: list[tuple[str, str]] = field(default_factory=list)
    apart: list[tuple[str, str]] = field(default_factory=list)
    every: list[dict[str, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Parts per million of the order, of everything that is bounded."""
        return sum(ppm for shares in self.shares.values() for _, ppm in shares)

    @property
    def order(self) -> str:
        """Which orders these are, in words."""
        turn = {"first": " that is its customer's first", "later": " that is not its customer's first"}.get(self.turn, "")
        return f"an order of kind {self.kind}" + ("" if self.category is None else f" and category {self.category!r}") + turn

    def chain(self) -> str:
        """The shares as one short line."""
        rows = [
            f"{name} " + " + ".join(f"{money.format_rate(ppm)} ({step})" for step, ppm in shares)
            for name, shares in self.shares.items()
        ]
        return "; ".join(rows)


def check(view: View) -> Found:
    """An order must not pay more than itself, and a cap must be able to cut something."""
    worst = worst_of(view)
    if worst.total > quantities.PPM_WHOLE:
        fix = f"lower the rates until an order pays at most 100 %; the worst chain: {worst.chain()}"
        yield ("bonuses",), f"can pay {money.format_rate(worst.total)} of the base of {worst.order}", fix
    # what another plan's lines make of a match is known to that plan alone
    elsewhere = {
        view.word(*place, "name")
        for place, _ in view.bonuses()
        if any(isinstance(view.raw(*place, "of", n), dict) for n in range(view.size(*place, "of")))
    }
    yield from caps.check(view, worst.every, {name for name, _ in worst.unbounded} | elsewhere)


def worst_of(view: View) -> Worst:
    """The worst of all kinds of orders and named categories; the first of several that are as bad."""
    named: set[str] = set()
    turns: set[str] = set()
    for place, _ in view.bonuses():
        turns.add(_turn(view, place))
        categories = view.get(*place, "sources", "categories")
        named |= set(categories) if isinstance(categories, list) else set()
        if view.word(*place, "rates_by") == "category":
            named |= {str(key) for tree in view.trees() if tree.bonus == place[1] for key in _source_names(view.get(*tree.place))}
    kinds_of = [(kind, category) for kind in KINDS for category in (None, *sorted(named - {OTHER}))]
    found = [_order(view, *of, turn) for of in kinds_of for turn in (("first", "later") if turns - {""} else ("",))]
    worst = max(found, key=lambda worst: worst.total)
    worst.every = [{name: sum(ppm for _, ppm in shares) for name, shares in one.shares.items()} for one in found]
    for name in ("unbounded", "apart"):  # each once, whichever orders it takes
        setattr(worst, name, list(dict.fromkeys(row for one in found for row in getattr(one, name))))
    return worst


def _turn(view: View, place: Place) -> str:
    """Whether a bonus takes only the first order of each customer, or only later ones."""
    orders = view.get(*place, "sources", "orders")
    return "first" if orders == "first_of_customer" else "later" if isinstance(orders, dict) else ""


def _source_names(value: Any) -> list[str]:
    return list(value["values"]) if isinstance(value, dict) and value.get("by") == "source" else []


def _order(view: View, kind: str, category: str | None, turn: str) -> Worst:
    """What an order of a kind and category can pay."""
    worst = Worst(kind, category, turn)
    instead: set[str] = set()
    for place, bonus in view.bonuses():
        index = int(place[1])
        name = view.word(*place, "name") or f"bonuses[{index}]"
        if _turn(view, place) in ("", turn) and _taken(view, index, bonus, kind, category):
            part = _Part(view, index, kind, category, worst)
            shares = [(step, ppm) for step, ppm in part.shares() if ppm]
            if shares:  # a name that stands twice is told elsewhere, and still adds up
                name = name if name not in worst.shares else f"{name} (bonuses[{index}])"
                worst.shares[name] = shares
            if bonus == "fast_start" and view.get(*place, "others") == "instead":
                instead.add(name)
    others = {name: shares for name, shares in worst.shares.items() if name not in instead}
    alone = {name: shares for name, shares in worst.shares.items() if name in instead}
    if alone and others:  # on an order in its days a fast start stands instead of the others
        worst.shares = max(others, alone, key=lambda shares: sum(ppm for rows in shares.values() for _, ppm in rows))
    return worst


def _taken(view: View, index: int, bonus: str, kind: str, category: str | None) -> bool:
    """Whether a bonus takes the order; one without sources of its own takes what it reads."""
    place = ("bonuses", index)
    if view.raw(*place, "sources") is None:
        return bonus not in ("",)
    taken, categories = kinds(view, *place), view.get(*place, "sources", "categories")
    return taken is not None and categories is not None and kind in taken and (categories == "all" or category in categories)


@dataclass
class _Part:
    """One bonus of the worst case."""

    view: View
    index: int
    kind: str
    category: str | None
    worst: Worst

    def get(self, *place: str | int) -> Any:
        return self.view.get("bonuses", self.index, *place)

    @property
    def name(self) -> str:
        return self.view.word("bonuses", self.index, "name") or f"bonuses[{self.index}]"

    def apart(self, what: str) -> None:
        self.worst.apart.append((self.name, what))

    def unbounded(self, why: str) -> None:
        self.worst.unbounded.append((self.name, why))

    def shares(self) -> Iterator[tuple[str, int]]:
        """What the bonus can pay of the order, by step; says what is unbounded or apart by the way."""
        match self.view.word("bonuses", self.index, "kind"):
            case "unilevel" | "fast_start":
                yield from self.levels("levels", "level")
            case "differential" | "infinity_differential":
                yield from self.differential()
            case "infinity":
                yield from self.infinity()
            case "generation":
                yield from self.generations(self.get("boundary"), "generations")
            case "matching":
                yield from self.matching()
            case "match_down":
                yield from self.matched([("of the sponsor's", self.highest(self.get("rate")))])
            case "milestone":
                yield from self.milestone()
            case "binary":
                if self.get("pay", "percent") is not None or any(self.pairing_rates()):
                    self.unbounded("every partner above may pair the order")
                else:
                    self.apart("sums for paired volume")
            case "pool":
                rate, base = self.get("fund", "rate"), self.view.word("bonuses", self.index, "fund", "base")
                of = base if base == "money" else base.upper()
                self.apart(f"a pool of {money.format_rate(quantities.ppm(rate))} of the company's {of}" if rate else "a pool")
            case "":
                return
            case kind:
                self.apart({"contest": "prizes", "group_goal": "a sum for each"}.get(kind, "sums"))

    def levels(self, key: str, what: str) -> Iterator[tuple[str, int]]:
        for level in range(self.view.size("bonuses", self.index, key)):
            yield f"{what} {level + 1}", self.highest(self.get(key, level, "rate"))

    def highest(self, tree: Any, rank: str | None = None) -> int:
        """The highest percentage of a tree for this order; of a partner of one rank, when it is named ('' is none)."""
        if tree is None:
            return 0
        if isinstance(tree, dict) and tree.get("by") == "source":
            values = tree["values"]
            names = list(values)
            split = self.get("rates_by")
            if split in ("kind", "category"):
                own = self.kind if split == "kind" else self.category
                names = [str(own) if own in values else OTHER]
            return max((self.highest(values.get(name), rank) for name in names), default=0)
        if rank is not None and isinstance(tree, dict):
            return self._of_rank(tree, rank)
        found = (quantities.ppm(str(leaf)) for _, leaf, _ in leaves(tree, ()))
        return max((ppm for ppm in found if ppm <= quantities.PPM_WHOLE), default=0)

    def _of_rank(self, tree: dict[str, Any], rank: str) -> int:
        values = tree["values"]
        if tree["by"] != "rank":
            inner = values.values() if isinstance(values, dict) else (tier["value"] for tier in values)
            return max((self.highest(value, rank) for value in inner), default=0)
        ranks = self.view.ranks()
        below = [name for name in (ranks[: ranks.index(rank) + 1] if rank in ranks else []) if name in values]
        return self.highest(values[below[-1]], rank) if below else 0

    def differential(self) -> Iterator[tuple[str, int]]:
        remaining = self.get("method", "remaining")
        pays, blocks = self.get("pays_from") or 0, self.get("blocks_from") or 0
        highest = self.highest(self.get("rates"))
        for level in range(pays, blocks):  # paid and not yet met: each gets the whole of the own rate
            yield f"level {level}, before meeting starts", highest
        yield ("in all", quantities.ppm(remaining)) if remaining else ("the highest rate", highest)

    def admitted(self) -> list[str]:
        """Ranks that can be qualified, '' for none at all."""
        ranks = ["", *self.view.ranks()]
        least = 0
        for item in self.named(self.get("qualified")):
            if metrics.names_rank(item) and "metric" not in item and item["rank"] in ranks:
                least = max(least, ranks.index(item["rank"]))
        return ranks[least:]

    def named(self, who: Any) -> list[dict[str, Any]]:
        """The tests behind `qualified` or `opens`, a name resolved; those inside `any` are left out."""
        found = self.view.get("conditions", who) if isinstance(who, str) else who
        return [item for item in found if isinstance(item, dict) and "any" not in item] if isinstance(found, list) else []

    def infinity(self) -> Iterator[tuple[str, int]]:
        for rank in self.admitted():  # the next of a rank ends the row of that rank and of those below it
            yield f"rank {rank or 'none'}", self.highest(self.get("rate"), rank)

    def generations(self, boundary: Any, key: str) -> Iterator[tuple[str, int]]:
        if boundary is None:
            return
        rows = self.admitted() if boundary["rank"] == "own" else [boundary["rank"]]
        for level in range(self.view.size("bonuses", self.index, key)):
            ppm = self.highest(self.get(key, level, "rate"))
            if not ppm:
                continue
            who = [*self.named(self.get(key, level, "opens")), *self.named(self.get("qualified"))]
            if boundary["rank"] != "own" and not any(self.leads(item, boundary) for item in who):
                self.unbounded(f"generation {level + 1} is open to partners who are not {boundary['rank']}")
                continue
            yield f"generation {level + 1}" + (f" of {len(rows)} ranks" if len(rows) > 1 else ""), ppm * len(rows)

    def leads(self, item: dict[str, Any], boundary: dict[str, Any]) -> bool:
        """Whether a test lets only those pass who close a generation themselves."""
        ranks = self.view.ranks()
        if not metrics.names_rank(item) or "metric" in item or item.get("as") != boundary["as"]:
            return False
        if item["rank"] not in ranks or boundary["rank"] not in ranks:
            return False
        return ranks.index(item["rank"]) >= ranks.index(boundary["rank"])

    def matching(self) -> Iterator[tuple[str, int]]:
        boundary = self.get("by", "generations")
        steps = list(self.generations(boundary, "levels") if boundary else self.levels("levels", "level"))
        yield from self.matched(steps)

    def matched(self, steps: Shares) -> Iterator[tuple[str, int]]:
        """A percentage of what others pay: of their shares a share, of their sums a sum."""
        for name in self.get("of") or []:
            if not isinstance(name, str):  # what another plan pays on an order is told of that plan
                total = money.format_rate(sum(ppm for _, ppm in steps))
                self.apart(f"{total} of {name['bonus']} in plan {name['plan']}")
                continue
            whole = sum(ppm for _, ppm in self.worst.shares.get(name, []))
            for step, ppm in steps:
                yield f"{step} of {name}", whole * ppm // quantities.PPM_WHOLE
            total = money.format_rate(sum(ppm for _, ppm in steps))
            if any(other == name for other, _ in self.worst.unbounded):
                self.unbounded(f"matches {name}, which is unbounded")
            elif any(other == name for other, _ in self.worst.apart):
                self.apart(f"{total} of {name}")

    def milestone(self) -> Iterator[tuple[str, int]]:
        rates = [self.highest(self.get("steps", n, "rate")) for n in range(self.view.size("bonuses", self.index, "steps"))]
        if any(rates):
            yield "own orders", sum(rates) if self.get("pays") == "every" else max(rates)
        else:
            self.apart("sums at milestones")

    def pairing_rates(self) -> Iterator[bool]:
        for n in range(self.view.size("bonuses", self.index, "pay", "units", "pairings")):
            yield self.get("pay", "units", "pairings", n, "pays", "rate") is not None
