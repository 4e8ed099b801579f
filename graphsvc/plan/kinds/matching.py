"""Matching: a percentage of the named lines of those below, after caps, on the enroller tree (mechanics section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import rates_of, spanning
from graphsvc.plan.compiled import Walk
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.kinds import generation, unilevel, walking
from graphsvc.plan.rates_of import Pays

# Lines run up the enrollers even where the matched bonus ran on a placement tree.
TREE = "sponsor"


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Walk:
    """The bonus as a walk of lines, by level (1 is the earner's own enroller) or by generation; its base is money.

    What tells the lines apart is the type of whoever earned them.
    """
    by, pays = bonus["by"], Pays("money", frame)
    classes = rates_of.classes([level["rate"] for level in bonus["levels"]])
    types, other = walking.types(bonus, classes, conditions) if "rates_by" in bonus else ([], 0)
    # The lines are those that stand when the bonus runs, so no two bonuses share them.
    own, elsewhere = walking.named(bonus["of"])
    rules = {"bonuses": own, "types": types, "other": other, "cascades": bonus["reversals"] == "cascade", **elsewhere}
    source = walking.source_set(TREE, "sources.lines", rules, classes, of=bonus["name"], spans=spanning.of(bonus))
    reads = tuple(own)
    if "generations" in by:
        return generation.walk(bonus, by["generations"], source, pays, conditions, named, frame, reads=reads)
    counted = {
        **bonus,
        "compression": by["levels"],
        "first_level": "sponsor",
        **({"vanish": by["vanish"]} if "vanish" in by else {}),
    }
    return unilevel.walk(counted, source, pays, conditions, named, reads=reads)
