"""How the levels of a tree are laid into strata: the rule, without a database.

Most steps of a month go up or down a tree, a stratum at a time. A wide level is a stratum of its own. Thin levels that lie on
each other share one, so that a line of a hundred thousand partners is a hundred strata and not a hundred thousand. Strata are
numbered from the top, as levels are.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layers:
    """How many partners a level has at most that shares a stratum, and how many levels and partners such a stratum holds.

    Measured: beyond a thousand levels the lists that a query climbs by become slow, and beyond a few thousand partners there is
    nothing left to save.
    """

    thin: int = 512
    levels: int = 1_024
    partners: int = 4_096


def strata(sizes: Sequence[int], layers: Layers) -> list[int]:
    """The stratum of each level, given how many partners stand at each, from the root down."""
    groups: list[list[int]] = []
    for size in reversed(sizes):
        below = groups[-1] if groups else [layers.thin + 1]
        shares = size <= layers.thin and max(below) <= layers.thin
        if shares and len(below) < layers.levels and sum(below) + size <= layers.partners:
            below.append(size)
        else:
            groups.append([size])
    return [stratum for stratum, group in enumerate(reversed(groups)) for _ in group]


def shared(found: Sequence[int]) -> list[int]:
    """The strata that hold several levels."""
    return sorted({below for above, below in itertools.pairwise(found) if above == below})
