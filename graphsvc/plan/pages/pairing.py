"""How many units two legs make, for a page's example (mechanics section 6); months are paired by the queries."""

from __future__ import annotations

from collections.abc import Sequence

Ratio = tuple[int, int]  # volume of the lesser and of the greater leg in one unit


def paired(greater: int, lesser: int, ratios: Sequence[Ratio], taken: str) -> list[int]:
    """Units of each pairing: of the first that uses up all whole units of the lesser leg, or of each in turn."""
    if taken == "in_turn":
        found: list[int] = []
        for small, large in ratios:
            units = max(0, min(lesser // small, greater // large))
            lesser, greater = lesser - units * small, greater - units * large
            found.append(units)
        return found
    whole = [max(0, min(lesser // small, greater // large)) for small, large in ratios]
    chosen = next((n for n, (small, _) in enumerate(ratios) if whole[n] == lesser // small), len(ratios) - 1)
    return [units if n == chosen else 0 for n, units in enumerate(whole)]
