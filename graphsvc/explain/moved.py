"""Volume that was given up in a closed run, of the orders of which parts are taken there (mechanics sections 3 and 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphsvc.month.closed import Closed
from graphsvc.plan.compiled import Award, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

VOLUMES = ("qv", "cv")


@dataclass(frozen=True, slots=True)
class GivenUp:
    """To whom sellers gave their volume up in a closed run, nobody where it has no transfer; None: to nobody at all."""

    hosts: dict[str, str | None]

    def whose(self, sold: Iterable[Row]) -> list[Row]:
        """What was sold, by whose it was: QV and CV are the host's, money stays with the seller."""
        found: list[Row] = []
        for row in sold:
            if row["partner_id"] not in self.hosts:
                found.append(row)
                continue
            found.append(row | dict.fromkeys(VOLUMES, 0))
            host = self.hosts[row["partner_id"]]
            if host is not None:
                found.append(row | {"partner_id": host, "money": 0})
        return found

    def facts(self, month: str) -> Iterator[str]:
        """A sentence for each of those whose volume somebody took."""
        for seller, host in sorted(self.hosts.items()):
            if host is not None:
                yield f"{seller} gave its volume up in {month}, and {host} took it"


def given_up(database: Database, run_id: str, run: Closed, window: int, name: str | None = None) -> GivenUp:
    """Of all whose orders a run takes something of, as it stands in a window, or of the seller of one of them, named as its part
    is."""
    if run.plan.transfer is None:
        return GivenUp({})
    rows = database.run("explain.given_up", run_id=run_id, frozen=run.run_id, window=window, name=name)
    return GivenUp({row["partner_id"]: row["host_id"] for row in rows})


def reads_volume(bonus: Walk | Award, pay: int) -> bool:
    """Whether what a bonus pays by this code is volume by whose it was, not as it was sold."""
    if isinstance(bonus, Walk):
        rules = bonus.source.rules
        return bonus.source.query == "sources.orders" and bonus.source.tree == "transferred" and rules["base"] != "money"
    if bonus.kind != "milestone":
        return False
    return [step["base"] for step in bonus.rules["steps"] for _ in step["pays"]][pay - 1] in VOLUMES


def differs(database: Database, run_id: str, run: Closed, window: int, whose: Iterable[Row]) -> Iterator[str]:
    """Where what the run has by whose volume it was is not what was sold, with that of those who gave it up at their hosts."""
    if run.laid(window) == window:
        return
    rest: Counter[tuple[str, str, str]] = Counter()
    for rows, sign in ((whose, 1), (database.run("explain.returned", run_id=run_id, window=run.laid(window)), -1)):
        for row in rows:
            for number in (*VOLUMES, "money"):
                rest[row["partner_id"], row["name"], number] += sign * row[number]
    yield from (
        f"{run.month}: {name} of {partner} is not its {number} after the transfer"
        for (partner, name, number), left in rest.items()
        if left
    )
