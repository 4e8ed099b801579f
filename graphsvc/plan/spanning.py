"""Bonuses that take several periods together: what a plan says of them under `spans` (mechanics section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphsvc.periods import Period, parse_month

# Frozen volumes of a span of n periods stand in window SPANNING + n, beside the windows of metrics, which count from 0.
SPANNING = 1_000


@dataclass(frozen=True, slots=True)
class Spans:
    """When a bonus pays that takes `periods` periods together: in the last one of each span; one of them begins with `first`,
    and they are counted from there both ways (mechanics section 9)."""

    periods: int
    first: Period

    def last(self, period: Period) -> Period:
        """The period that ends the span which holds a period."""
        return period.plus(self.periods - 1 - (period.index - self.first.index) % self.periods)

    def due(self, period: Period) -> bool:
        """Whether the bonus pays in a period."""
        return self.last(period) == period

    def earlier(self, period: Period) -> list[Period]:
        """The periods of the span before its last one, the earliest first."""
        return [period.plus(n) for n in range(1 - self.periods, 0)]

    @property
    def cycle(self) -> tuple[int, int]:
        """How long the spans are and where they begin; those with the same cycle end with the same periods."""
        return self.periods, self.first.index % self.periods

    @property
    def window(self) -> int:
        """The window of frozen volumes that holds the orders of the span that ends."""
        return SPANNING + self.periods


def of(bonus: Mapping[str, Any]) -> Spans | None:
    """The spans of a bonus; None where it pays in each period for itself."""
    given = bonus.get("spans")
    return None if given is None else Spans(given["periods"], parse_month(given["first"]))
