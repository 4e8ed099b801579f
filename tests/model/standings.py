"""What conditions read (mechanics, sections 1, 2, 5): metrics, activity, ranks, titles, breakaway; all look down one tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache, cached_property
from math import floor
from typing import Any

from tests.model import elsewhere
from tests.model.exact import MILLION, minor, percent, ppm, rounded, thousandths
from tests.model.state import Carried, Result
from tests.model.trees import Trees
from tests.records import Network, Rate

Test = dict[str, Any]
LISTS = ("type", "status", "country", "tag")
RUNNING = ("pv", "gv", "tv", "personal_sales")
COUNTED = {"customers", "paying_customers", "orders", "legs_with", "legs_with_rank", "broken_away_legs", "active_frontline"}
COUNTED |= {"active_downline", "months_since_joining", "recruits_per_leg", "events", "frontline_with"}


def tests_in(part: Any) -> Iterable[Test]:
    """Every mapping in a document that names a metric."""
    if isinstance(part, dict):
        if isinstance(part.get("metric"), str):
            yield part
        for inner in part.values():
            yield from tests_in(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from tests_in(inner)


class Standings(Trees):
    """Where everybody stands in a period. Each number is worked out where it is asked for, from what stands below."""

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
        super().__init__(network, plan, period, rates)
        self.others = others or {}  # what other plans have closed, by name
        self.before = before or Carried()
        self.closed, self.history = self.before.closed, self.before.history
        self.forced = forced or {}
        self.ranks = [rank["name"] for rank in plan.get("ranks", {}).get("list", [])]
        for name in ("value", "paid_as", "broke_away", "meets_activity", "is_active", "gv", "tv", "best_rank"):
            setattr(self, name, cache(getattr(self, name)))

    @cached_property
    def lowest_first(self) -> list[str]:
        """Everybody, those below before those above."""
        return sorted(self.partners, key=lambda p: -len(self.path(p, self.standings_tree)))

    def is_member(self, partner: str) -> bool:
        """Whether the partner has joined by the end of the period."""
        return self.instant(self.partners[partner].joined_at) < self.end

    def is_able(self, partner: str) -> bool:
        """Whether the partner has joined and is neither suspended nor terminated."""
        return self.is_member(partner) and self.partners[partner].status == "active"

    # Volumes of a team.

    def heads(self, partner: str) -> list[str]:
        """The legs of a partner: who stands right below."""
        return self.children(partner, self.standings_tree)

    def window_key(self, window: Any) -> Any:
        return window if isinstance(window, str) else ("last", window["last"])

    def tv(self, partner: str, window: Any) -> int:
        """PV plus the PV of the whole downline."""
        unpacked = {"last": window[1]} if isinstance(window, tuple) else window
        return self.own_volume(partner, "qv", unpacked) + sum(self.tv(c, window) for c in self.heads(partner))

    def gv(self, partner: str, window: Any) -> int:
        """PV plus the GV of the legs that did not break away; who broke away is this period's."""
        unpacked = {"last": window[1]} if isinstance(window, tuple) else window
        stayed = [c for c in self.heads(partner) if not self.broke_away(c)]
        return self.own_volume(partner, "qv", unpacked) + sum(self.gv(c, window) for c in stayed)

    def broke_away(self, partner: str) -> bool:
        """Whether a partner leaves the GV of all above."""
        return self.holds(self.plan["breakaway"], partner)

    # Metrics.

    def measured(self, test: Test, partner: str, need: int = 0) -> int:
        """A metric of a partner as an integer of its unit; `need` only matters where a cap is a share of the requirement."""
        if test.get("window") == "running":
            now = {**test, "window": "period"}
            if test.get("of") == "average":
                # Decided: the average of a running total is the money of all of it by the orders of all of it.
                money, orders = (self.measured({**test, "of": of}, partner) for of in ("money", "count"))
                return rounded(Fraction(money, orders), "down") if orders else 0
            carried = self.before.running.get((test["metric"], test.get("of", "")), {})
            return carried.get(partner, 0) + self.measured(now, partner)
        return self.value(freeze(test), partner, need)

    def value(self, frozen: Any, partner: str, need: int) -> int:
        """A metric over a window of whole periods, or without one."""
        test = thaw(frozen)
        if test["metric"] == "earned":
            return elsewhere.earned(self, test, partner)  # type: ignore[arg-type]
        metric, window = test["metric"], test.get("window", "period")
        if metric == "pv":
            return self.own_volume(partner, "qv", window)
        if metric in ("tv", "gv"):
            return int(getattr(self, metric)(partner, self.window_key(window)))
        if metric in ("leg", "outside_legs", "legs_with", "counted_volume"):
            return self._of_legs(test, partner, need)
        if metric == "legs_with_rank":
            wanted = self.rank_number(test["rank"])
            return sum(self.best_rank(c, test["as"]) >= wanted for c in self.heads(partner))
        if metric == "broken_away_legs":
            return sum(map(self.broke_away, self.heads(partner)))
        if metric in ("active_frontline", "active_downline"):
            depth = {"unlimited": -1}.get(test["depth"], test["depth"]) if metric == "active_downline" else 1
            return sum(map(self.is_active, self.below(partner, depth, self.standings_tree)))
        if metric == "recruits_per_leg":
            return self._recruits_per_leg(test["tree"], partner)
        if metric == "frontline_with":
            return sum(self.conditions_hold(test["condition"], c) for c in self.heads(partner))
        if metric == "events":
            start, end = self.span(window)
            mine = [e for e in self.network.events if e.partner == partner and e.kind == test["kind"] and e.accepted]
            return sum(
                (start is None or self.instant(e.happened_at) >= start) and self.instant(e.happened_at) < end for e in mine
            )
        if metric == "customers":
            return sum(c.partner == partner and self.instant(c.joined_at) < self.end for c in self.network.customers)
        if metric == "months_since_joining":
            joined = self.instant(self.partners[partner].joined_at).astimezone(self.zone).date()
            last = self.last_day
            return max(0, (last.year - joined.year) * 12 + last.month - joined.month - (last.day < joined.day))
        return self._of_own_orders(test, partner)

    def _of_own_orders(self, test: Test, partner: str) -> int:
        metric, sums = test["metric"], {name: by[partner] for name, by in self.columns(test["window"]).items()}
        if metric == "personal_sales" and test["of"] == "average":
            return rounded(Fraction(sums["money"], sums["orders"]), "down") if sums["orders"] else 0
        if metric == "customer_share":
            pv = self.own_volume(partner, "qv", test["window"])
            from_customers = self.own_volume(partner, "customer_qv", test["window"])
            return rounded(Fraction(from_customers * MILLION, pv), "down") if pv > 0 else 0
        if metric == "personal_sales":
            return sums["money" if test["of"] == "money" else "orders"]
        return self.own_volume(partner, "customer_qv", test["window"]) if metric == "customer_pv" else sums[metric]

    def _of_legs(self, test: Test, partner: str, need: int) -> int:
        window, metric = self.window_key(test["window"]), test["metric"]
        legs = sorted((self.tv(c, window) for c in self.heads(partner)), reverse=True)
        if metric == "leg":
            return legs[test["nth"] - 1] if test["nth"] <= len(legs) else 0
        if metric == "outside_legs":
            return sum(legs[test["largest"] :])
        if metric == "legs_with":
            return sum(leg >= thousandths(test["volume"]) for leg in legs)
        cap = floor(percent(test["share"]) * (need if test["of"] == "requirement" else sum(legs)))
        own = self.own_volume(partner, "qv", test["window"]) if test["own_pv"] == "with" else 0
        return own + sum(min(leg, cap) for leg in legs)

    def _recruits_per_leg(self, tree: str, partner: str) -> int:
        """The smallest number of active personal recruits over the legs of a placement tree, empty legs too."""
        recruits = {r for r in self.children(partner, "sponsor") if self.is_active(r)}
        heads = self.legs(partner, tree)
        teams = [
            {heads[leg], *self.below(heads[leg], -1, tree)} if leg in heads else set()
            for leg in range(1, self.legs_max(tree) + 1)
        ]
        return min(len(recruits & team) for team in teams)

    def unit(self, test: Test) -> str:
        """What a metric is measured in: count, share, money or volume."""
        metric = test["metric"]
        if metric == "earned":
            return "money"
        if metric == "personal_sales":
            return "count" if test["of"] == "count" else "money"
        return "share" if metric == "customer_share" else "count" if metric in COUNTED else "volume"

    def as_unit(self, test: Test, value: Any) -> int:
        """A number of the document in the unit of a metric."""
        unit = self.unit(test)
        if unit == "share":
            return ppm(percent(value))
        return int(value) if unit == "count" else minor(value, self.currency) if unit == "money" else thousandths(value)

    # Conditions.

    def holds(self, items: list[Test], partner: str) -> bool:
        """Whether every test of a list holds."""
        return all(self.test_holds(item, partner) for item in items)

    def test_holds(self, test: Test, partner: str) -> bool:
        """One test: a membership, a rank, activity, or a metric that is at least so large."""
        if "any" in test:
            return any(self.test_holds(inner, partner) for inner in test["any"])
        if "metric" in test:
            need = self.need(test, partner)
            return self.measured(test, partner, need) >= need
        if "rank" in test and "in_plan" in test:
            return elsewhere.has_rank(self, test, partner)  # type: ignore[arg-type]
        if "rank" in test:
            return self.rank(partner, test["as"]) >= self.rank_number(test["rank"])
        if "active" in test:
            return self.is_active(partner)
        return self.is_listed(test, partner)

    def is_listed(self, test: Test, partner: str) -> bool:
        ((what, values),) = test.items()
        record = self.partners[partner]
        return any(tag in values for tag in record.tags) if what == "tag" else getattr(record, what) in values

    def need(self, test: Test, partner: str) -> int:
        """What a test needs of this partner; by title: that of the title at the period's start or the nearest named below it."""
        given = test["at_least"]
        if isinstance(given, dict):
            by_title = {0 if name == "none" else self.rank_number(name): value for name, value in given["by_title"].items()}
            title = self.before.titles.get(partner, 0)
            given = by_title[max(rank for rank in by_title if rank <= title)]
        return self.as_unit(test, given)

    def meets(self, condition: Any, partner: str) -> bool:
        """Whether one of the active meets `active`, a named condition, or a list of tests of their own."""
        return self.is_active(partner) and self.conditions_hold(condition, partner)

    def conditions_hold(self, condition: Any, partner: str) -> bool:
        if condition == "active":
            return True
        return self.holds(self.plan["conditions"][condition] if isinstance(condition, str) else condition, partner)

    # Activity.

    def meets_activity(self, partner: str) -> bool:
        """Whether a partner who can be active meets the conditions of activity in this very period."""
        return self.is_able(partner) and self.holds(self.plan["active"]["conditions"], partner)

    def is_active(self, partner: str) -> bool:
        """Met now, or as grace in one of the periods before."""
        earlier = self.before.met[: self.plan["active"]["grace_periods"]]
        return self.meets_activity(partner) or (self.is_able(partner) and any(met.get(partner, False) for met in earlier))

    # Ranks.

    def rank_number(self, name: str) -> int:
        """A rank by its place in the list, from 1."""
        return self.ranks.index(name) + 1

    def best_rank(self, partner: str, read_as: str) -> int:
        """The highest rank of a leg: its head's own, or of anybody below."""
        return max([self.rank(partner, read_as), *(self.best_rank(c, read_as) for c in self.heads(partner))])

    def paid_as(self, partner: str) -> int:
        """The highest rank whose conditions all hold, or the one set by hand; 0 for none.

        Decided: conditions alone give a rank; who is inactive or suspended has one too unless they ask for activity, and who has
        not joined yet has none.
        """
        if not self.is_member(partner):
            return 0
        if (partner, self.period) in self.forced:
            return self.rank_number(self.forced[partner, self.period])
        for number in range(len(self.ranks), 0, -1):
            if self.holds(self.plan["ranks"]["list"][number - 1]["conditions"], partner):
                return number
        return 0

    def title(self, partner: str) -> int:
        """The rank held after this period."""
        rule, start, now = self.plan["ranks"]["title"], self.before.titles.get(partner, 0), self.paid_as(partner)
        if isinstance(rule, dict) and "window" in rule:
            return max([now, *(ranks.get(partner, 0) for ranks in self.before.paid_as[: int(rule["window"]) - 1])])
        return max(start, now)

    def title_left(self, partner: str) -> tuple[int, int]:
        """The title that the next period starts with, and for how many periods in a row paid-as was below it."""
        rule, title = self.plan["ranks"]["title"], self.title(partner)
        if not (isinstance(rule, dict) and "step_down" in rule):
            return title, 0
        below = self.before.below.get(partner, 0) + 1 if self.paid_as(partner) < title else 0
        return (title - 1, 0) if below >= int(rule["step_down"]) else (title, below)

    def rank(self, partner: str, read_as: str) -> int:
        """Paid-as or title, as the plan chose where it reads a rank."""
        return self.paid_as(partner) if read_as == "paid_as" else self.title(partner)


def freeze(part: Any) -> Any:
    """A mapping of a document as something that can be a key."""
    if isinstance(part, dict):
        return (
            "{}",
            *((key, freeze(inner)) for key, inner in sorted(part.items()) if key not in ("at_least", "direction", "limit")),
        )
    return ("[]", *map(freeze, part)) if isinstance(part, list) else part


def thaw(part: Any) -> Any:
    """What was frozen, back."""
    if isinstance(part, tuple) and part and part[0] == "{}":
        return {key: thaw(inner) for key, inner in part[1:]}
    return [thaw(inner) for inner in part[1:]] if isinstance(part, tuple) and part and part[0] == "[]" else part
