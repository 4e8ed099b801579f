"""A closed run as a later one looks back at it, to take parts of its lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphsvc.month import awards, spanning
from graphsvc.periods import parse_month
from graphsvc.plan.compiled import Award, CompiledPlan, Walk
from graphsvc.query.runner import Database

# The windows that what is taken back stands in: one for each window of a closed run, beyond any that a plan has.
WINDOW = 100_000


@dataclass(frozen=True, slots=True)
class Closed:
    """A run of whose lines something is taken: its period and its plan as it was then. windows: of which of its windows orders
    changed (0 its period, or that of a span), and the window that what is taken of them stands in."""

    run_id: str
    month: str
    plan: CompiledPlan
    windows: dict[int, int] = field(default_factory=dict)

    def laid(self, window: int) -> int:
        """The window of the same as what stands in one, by whose volume it was there; another one only where that run had a
        transfer."""
        return window if self.plan.transfer is None else window + WINDOW

    def walk(self, bonus: Walk) -> str:
        """The name under which a bonus walks again."""
        return f"{bonus.name} {self.month}"

    def source(self, bonus: Walk) -> str:
        """The key of what walks; bonuses that take the same orders do not share it, as each gathers its own."""
        return f"{bonus.source.key} {bonus.name} {self.month}"

    def bonuses(self) -> list[Walk | Award]:
        """The bonuses that paid in the period and whose lines are made of orders, and those that match lines or share funds and
        that a reversal cascades into."""

        def is_parted(bonus: Walk | Award) -> bool:
            of_orders = isinstance(bonus, Walk) and bonus.source.query == "sources.orders"
            return of_orders or bonus.name in self.plan.cascading or (isinstance(bonus, Award) and bonus.is_rated)

        period = parse_month(self.month)
        return [bonus for bonus in self.plan.bonuses if is_parted(bonus) and spanning.due(bonus, period)]

    def taken(self, bonus: Walk | Award) -> int | None:
        """The window that what is taken of the orders of a bonus stands in; None where nothing is."""
        return self.windows.get(counted_in(bonus))

    def homes(self, database: Database, bonus: Walk | Award) -> list[str]:
        """The runs whose lines a bonus matched: this one, and those that closed the earlier periods of its span."""
        return [self.run_id, *spanning.earlier(database, self.plan, bonus.spans, parse_month(self.month))]


def counted_in(bonus: Walk | Award) -> int:
    """The window in which a run counts the orders of a bonus."""
    return bonus.source.window if isinstance(bonus, Walk) else awards.taken(bonus)
