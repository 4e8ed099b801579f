"""Who stands above whom in a period (mechanics, sections 1, 3 and 6): the sponsor tree, placement trees, the transferred tree."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.model.exact import thousandths
from tests.model.volumes import Source, Volumes


class Trees(Volumes):
    """The trees of a period, and where volume stands in them."""

    @cached_property
    def standings_tree(self) -> str:
        """The tree that volumes, activity and ranks look down."""
        return str(self.plan.get("standings_tree", "sponsor"))

    @cached_property
    def _parents(self) -> dict[str, dict[str, str | None]]:
        return {"sponsor": {p.id: p.sponsor for p in self.network.partners}}

    def parents(self, tree: str) -> dict[str, str | None]:
        """Each partner's parent in a tree; partners without a place in it are left out."""
        if tree not in self._parents:
            if tree == "transferred":
                self._parents[tree] = {p: self.nearest_that_passes(p) for p in self.partners}
            else:
                placed = [p for p in self.network.partners if p.leg is not None]
                named = {p.id for p in placed} | {p.placement for p in placed}
                # Decided: who waits in the holding tank has no place, and what it sells brings nothing to a bonus of that tree
                # ("counts on the sponsor tree only"); where the standings look down that tree, it stands by itself.
                self._parents[tree] = {p.id: p.placement for p in self.network.partners if p.id in named}
        return self._parents[tree]

    @cached_property
    def _children(self) -> dict[str, dict[str, list[str]]]:
        return {}

    def children(self, partner: str, tree: str) -> list[str]:
        """Who stands right below a partner."""
        if tree not in self._children:
            found: dict[str, list[str]] = {p: [] for p in self.partners}
            for child, parent in self.parents(tree).items():
                if parent is not None:
                    found[parent].append(child)
            self._children[tree] = found
        return self._children[tree][partner]

    def path(self, partner: str, tree: str = "sponsor") -> list[str]:
        """The partner and everybody above, nearest first; nobody where the partner has no place in the tree."""
        if tree != "sponsor" and partner not in self.parents(tree):
            return []
        found, at = [], partner
        parents = self.parents(tree)
        while at is not None:
            found.append(at)
            at = parents.get(at)  # type: ignore[assignment]
        return found

    def below(self, partner: str, depth: int, tree: str) -> list[str]:
        """Everybody below to a depth (-1: all of them)."""
        found: list[str] = []
        row = self.children(partner, tree)
        while row and depth:
            found += row
            row, depth = [c for p in row for c in self.children(p, tree)], depth - 1
        return found

    def legs(self, partner: str, tree: str) -> dict[int, str]:
        """Who stands on each leg of a partner in a placement tree."""
        return {self.partners[c].leg or 0: c for c in self.children(partner, tree)}

    def legs_max(self, tree: str) -> int:
        """How many legs a partner has in a placement tree."""
        kept = self.plan["trees"][tree]
        return 2 if kept["kind"] == "binary" else int(kept["width"])

    # Volume transfer.

    def _passes(self, pv: int) -> bool:
        """Whether a PV meets the condition of the transfer, which reads nothing else."""

        def holds(test: dict[str, Any]) -> bool:
            return any(map(holds, test["any"])) if "any" in test else pv >= thousandths(test["at_least"])

        return all(map(holds, self.plan["conditions"][self.plan["transfer"]["who_fails"]]))

    @cached_property
    def passing(self) -> set[str]:
        """Who keeps own volume: judged on it alone, or with what came up from below."""
        own = self.columns("period")["qv"]
        if self.plan["transfer"]["judged_on"] == "raw":
            return {p for p in self.partners if self._passes(own[p])}
        found, waiting = set(), dict(own)
        for partner in sorted(self.partners, key=lambda p: -len(self.path(p))):
            above = self.partners[partner].sponsor
            if self._passes(waiting[partner]):
                found.add(partner)
            elif above is not None:
                waiting[above] += waiting[partner]
        return found

    def nearest_that_passes(self, partner: str) -> str | None:
        """The nearest partner above who keeps own volume."""
        return next((p for p in self.path(partner)[1:] if p in self.passing), None)

    def has_place(self, partner: str, tree: str) -> bool:
        """Whether a partner stands in a tree."""
        return partner in self.parents(tree)

    @cached_property
    def hosts(self) -> dict[str, str | None]:
        """Whose the volume of each seller is in the standings: the seller's, or after a transfer the host's; None: nobody's.

        Decided: the period's judgement moves QV and CV of every window, PV from customers with them. Money, orders, customers and
        events stay with whoever has them, and bonuses of another tree than `transferred` see volumes as they were sold.
        """
        if "transfer" not in self.plan:
            return {p: p for p in self.partners}
        return {p: p if p in self.passing else self.nearest_that_passes(p) for p in self.partners}

    def whose(self, source: Source, base: str) -> str | None:
        """Who has a source's money, which stays with the seller, or its volume; None: nobody, or somebody who is not known."""
        seller = source.order.partner
        return seller if base == "money" else self.hosts.get(seller)

    def enters_at(self, source: Source, tree: str, base: str) -> str | None:
        """At whom a source enters a tree; None: nowhere in it."""
        partner = self.whose(source, base) if tree == "transferred" else source.order.partner
        return partner if partner is not None and self.has_place(partner, tree) else None

    def own_volume(self, partner: str, name: str, window: Any) -> int:
        """QV, CV or PV from customers of a partner, after a transfer."""
        key = (name, repr(window))
        if key not in self._own_volumes:
            sums = dict.fromkeys(self.partners, 0)
            for seller, volume in self.columns(window)[name].items():
                host = self.hosts[seller]
                if host is not None:
                    sums[host] += volume
            self._own_volumes[key] = sums
        return self._own_volumes[key][partner]

    @cached_property
    def _own_volumes(self) -> dict[tuple[str, str], dict[str, int]]:
        return {}

    def sold(self, base: str, sources: list[Source]) -> int:
        """What sources come to. Decided: the company's CV is what the company sold, volume that nobody took included, which is
        breakage of what partners get, not of what it sold; so funds and limits have it."""
        return sum(s.base(base) for s in sources)
