"""Random bonuses that walk a tree, each by the name of what it is sure to try."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.month.worlds.ink import KINDS, RANKS, Document, Ink

Recipe = Callable[[Ink], Document | None]
COMPRESSIONS = ("none", "standard", "dynamic", "roll_up")


def sources(ink: Ink, orders: Any = None) -> Document:
    kinds = ink.choice(["all", "all", "all", sorted(ink.rng.sample(KINDS, 2))])
    categories = ink.choice(["all", "all", "all", ["tea"], ["", "soap"]])
    chosen = {"kinds": kinds, "categories": categories}
    if orders is None and ink.chance(0.1):
        orders = ink.choice(["all", "first_of_customer", {"later_of_customer": "ever"}])
    return chosen | ({"orders": orders} if orders else {})


def tree_of(ink: Ink) -> str:
    """Most often the sponsor tree."""
    others = [*ink.frame.get("trees", {}), *(["transferred"] if "transfer" in ink.frame else [])]
    return ink.choice(others) if others and ink.chance(0.4) else "sponsor"


def walk(ink: Ink, kind: str, tree: str | None = None, orders: Any = None, lines: str | None = None) -> Document:
    return {
        "name": f"{kind.replace('_', '-')}-{len(ink.bonuses)}",
        "kind": kind,
        "tree": tree or tree_of(ink),
        "base": ink.choice(["cv", "cv", "qv", "money"]),
        "sources": sources(ink, orders),
        "lines": lines or ink.choice(["step", "step", "step", "order"]),
    }


def compressed(ink: Ink, compression: str | None = None) -> Document:
    compression = compression or ink.choice(COMPRESSIONS)
    vanish = {"vanish": "inactive" if ink.chance(0.7) else ink.name()} if compression == "standard" else {}
    return {"compression": compression, **vanish}


def rate(ink: Ink, base: str, by: str | None = None, source: str | None = None) -> Any:
    """A rate; with `source`, one for each class of the sources."""
    if source is None:
        return ink.tree(ink.percent, by, base)
    named = {"category": ["tea", "soap"], "kind": list(KINDS), "source_type": ["partner", "leader", "reseller"]}[source]
    chosen = ink.rng.sample(named, ink.choice([1, 2])) + (["other"] if ink.chance(0.6) else [])
    return {"by": "source", "values": {name: ink.tree(ink.percent, by, base) for name in chosen}}


def steps(ink: Ink, base: str, by: str | None = None, source: str | None = None, count: int = 0) -> list[Document]:
    return [{"rate": rate(ink, base, by, source), "opens": ink.opens()} for _ in range(count or ink.choice([1, 2, 3, 4]))]


def unilevel(
    compression: str | None = None,
    *,
    tree: str | None = None,
    by: str | None = None,
    source: str | None = None,
    orders: Any = None,
    hold: bool = False,
) -> Recipe:
    """A unilevel bonus that is sure to have what is named."""

    def recipe(ink: Ink) -> Document | None:
        if (tree == "placed" and "trees" not in ink.frame) or (tree == "transferred" and "transfer" not in ink.frame):
            return None
        if by == "rank" and not ink.ranked:
            return None
        chosen = next(iter(ink.frame["trees"])) if tree == "placed" else tree
        made = walk(ink, "unilevel", chosen, orders, "step" if by == "slices" else None)
        first = ["seller", "sponsor", "sponsor"]
        if tree == "transferred":  # money is not given up, and who took it is often paid for it
            made["base"], first = ink.choice(["cv", "cv", "qv"]), ["seller", "seller", "sponsor"]
        made |= {"first_level": ink.choice(first)} | compressed(ink, compression)
        return (
            made
            | ({"rates_by": source} if source else {})
            | {"levels": steps(ink, made["base"], by, source)}
            | ink.qualified(hold=hold, always=hold)
        )

    return recipe


def fast_start(others: str | None = None, length: str = "days") -> Recipe:
    def recipe(ink: Ink) -> Document | None:
        chosen = others or ink.choice(["besides", "instead"])
        if chosen == "instead" and any(b.get("others") == "instead" for b in ink.bonuses):
            return None
        lengths = {"days": [1, 30, 60, 3000], "months": [1, 2, 3, 60], "calendar_months": [1, 2, 3, 60]}
        made = walk(ink, "fast_start", "sponsor") | {length: ink.choice(lengths[length]), "others": chosen}
        made |= {"first_level": ink.choice(["seller", "sponsor"])} | compressed(ink)
        return made | {"levels": steps(ink, made["base"])}

    return recipe


def differential(kind: str, *, met: str | None = None, method: Any = None, hold: bool = False) -> Recipe:
    """A differential, by rank or by a scale."""

    def recipe(ink: Ink) -> Document | None:
        if kind == "infinity_differential" and not ink.ranked:
            return None
        source = ink.choice([None, None, None, "category"])
        by = "rank" if (ink.ranked and ink.chance(0.7)) or kind == "infinity_differential" else ink.choice(["scale", "type"])
        made = walk(ink, kind)
        found = made | {"rates": rate(ink, made["base"], by, source)} | ({"rates_by": source} if source else {})
        found |= {"pays_from": ink.choice([0, 0, 1, 2]), "blocks_from": ink.choice([0, 0, 1, 2])}
        found |= ({"met": met} if met else {}) | ({"method": method} if method else {})
        if isinstance(method, dict):
            found |= {"method": {"remaining": ink.choice(["1.5%", "2%", "2.5%"])}, "blocks_from": found["pays_from"]}
        return found | ink.qualified(hold=hold)

    return recipe


def infinity(stop: str) -> Recipe:
    def recipe(ink: Ink) -> Document | None:
        if not ink.ranked:
            return None
        made = walk(ink, "infinity")
        made |= {"rate": rate(ink, made["base"]), "as": ink.read_as(), "from_level": ink.choice([1, 2, 3]), "stop": stop}
        return made | ink.qualified()

    return recipe


def boundary(ink: Ink, counts: str, rank: str) -> Document:
    return {"rank": "own" if rank == "own" else ink.choice(RANKS), "as": ink.read_as(), "counts": counts}


def generation(counts: str, rank: str) -> Recipe:
    def recipe(ink: Ink) -> Document | None:
        if not ink.ranked:
            return None
        made = walk(ink, "generation")
        found = made | {
            "boundary": boundary(ink, counts, rank),
            "generations": steps(ink, made["base"], count=ink.choice([1, 2, 3])),
        }
        return found | ink.qualified()

    return recipe


def money_bonuses(ink: Ink) -> list[str]:
    """The bonuses that stand before and pay money."""
    return [b["name"] for b in ink.bonuses if not any("award" in prize for prize in b.get("prizes", []))]


def matching(by: str, rank: str = "") -> Recipe:
    """A match of lines of earlier bonuses, by level or by generation."""

    def recipe(ink: Ink) -> Document | None:
        names = money_bonuses(ink)
        if rank:  # what a compression paid
            names = [b["name"] for b in ink.bonuses if b.get("compression", "none") != "none"]
        if not names or (rank and not ink.ranked):
            return None
        how: Document = {"generations": boundary(ink, by, rank)} if rank else {"levels": by}
        if by == "standard":
            how |= {"vanish": "inactive" if ink.chance(0.7) else ink.name()}
        made = {
            "name": f"matching-{len(ink.bonuses)}",
            "kind": "matching",
            "of": ink.rng.sample(names, min(len(names), ink.choice([1, 2]))),
            "by": how,
            "levels": [
                {"rate": ink.tree(lambda: ink.choice(["5%", "10%", "3.3333%"])), "opens": ink.opens()}
                for _ in range(ink.choice([1, 2, 3]))
            ],
            "lines": "step",
            "reversals": ink.choice(["cascade", "stay"]),
        }
        return made | ink.qualified(always=False)

    return recipe


def spanning_orders(ink: Ink) -> Document | None:
    """Any bonus on orders that takes two periods together."""
    kinds = [unilevel(), unilevel(), differential("differential", met="qualified"), unilevel(hold=True)]
    if ink.ranked:
        kinds += [infinity("after_blocker"), generation("exclusive", "fixed"), differential("infinity_differential", method={})]
    if "transfer" in ink.frame:
        kinds.append(unilevel(tree="transferred"))
    made = ink.choice(kinds)(ink)
    return None if made is None else made | ink.spans()


def spanning_lines(ink: Ink) -> Document | None:
    """A match of the lines of two periods."""
    made = ink.choice([matching("dynamic"), matching("none"), matching("exclusive", "fixed"), match_down])(ink)
    return None if made is None else made | ink.spans()


def taking_parts(*recipes: Recipe) -> Recipe:
    """One of these, in a plan whose periods take parts of closed lines."""

    def recipe(ink: Ink) -> Document | None:
        return ink.choice(recipes)(ink) if ink.takes_parts else None

    return recipe


def match_down(ink: Ink) -> Document | None:
    names = money_bonuses(ink)
    if not names:
        return None
    made = {"name": f"match-down-{len(ink.bonuses)}", "kind": "match_down"} | ink.qualified()
    made |= {"rate": ink.choice(["10%", "5%", "33.3333%"]), "reversals": ink.choice(["cascade", "stay"])}
    return made | {"of": ink.rng.sample(names, min(len(names), ink.choice([1, 2])))}


def sum_steps(ink: Ink, source: bool = False) -> list[Document]:
    def given() -> Any:
        if not source:
            return ink.tree(ink.money)
        names = ink.rng.sample(["partner", "leader", "reseller"], 2) + (["other"] if ink.chance(0.5) else [])
        return {"by": "source", "values": {name: ink.tree(ink.money) for name in names}}

    return [{"sum": given(), "opens": ink.opens()} for _ in range(ink.choice([1, 2, 3]))]


def recruit(source: bool) -> Recipe:
    def recipe(ink: Ink) -> Document:
        made = {
            "name": f"recruit-{len(ink.bonuses)}",
            "kind": "recruit",
            "tree": tree_of(ink),
            "counts_when": ink.items(),
            **compressed(ink),
            "levels": sum_steps(ink, source),
        }
        return made | ({"sums_by": "source_type"} if source else {}) | ink.qualified(always=False)

    return recipe


def action(ink: Ink) -> Document:
    made = {
        "name": f"action-{len(ink.bonuses)}",
        "kind": "action",
        "event": ink.choice(["lead", "task"]),
        "tree": tree_of(ink),
        "first_level": ink.choice(["seller", "sponsor"]),
        **compressed(ink),
        "levels": sum_steps(ink),
    }
    return made | ink.qualified(always=False)


WALKING: dict[str, Recipe] = {
    **{f"unilevel {compression}": unilevel(compression) for compression in COMPRESSIONS},
    "unilevel on a matrix": unilevel(tree="placed"),
    "unilevel after a transfer": unilevel(tree="transferred"),
    **{f"rates by {by}": unilevel(by=by) for by in ("rank", "type", "scale", "slices")},
    **{f"rates by {source} of the source": unilevel(source=source) for source in ("category", "kind", "source_type")},
    "first orders": unilevel(orders="first_of_customer"),
    "later orders": unilevel(orders={"later_of_customer": "ever"}),
    "later orders for months": unilevel(orders={"later_of_customer": {"months": 1}}),
    "later orders by number": unilevel(orders={"later_of_customer": {"orders": 1}}),
    "unilevel that holds": unilevel(hold=True),
    "differential qualified": differential("differential", met="qualified"),
    "differential everyone": differential("differential", met="everyone"),
    "differential that holds": differential("differential", met="qualified", hold=True),
    "infinity differential highest": differential("infinity_differential", method="highest", met="qualified"),
    "infinity differential remaining": differential("infinity_differential", method={}),
    **{f"infinity {stop}": infinity(stop) for stop in ("before_blocker", "after_blocker", "where_theirs_begins")},
    **{f"generation {c} {r}": generation(c, r) for c in ("inclusive", "exclusive") for r in ("fixed", "own")},
    **{f"matching {compression}": matching(compression) for compression in COMPRESSIONS},
    **{f"matching by generation {c}": matching(c, "fixed") for c in ("inclusive", "exclusive")},
    "fast start besides": fast_start("besides"),
    "fast start instead": fast_start("instead"),
    "fast start months": fast_start(length="months"),
    "fast start calendar months": fast_start(length="calendar_months"),
    "spans orders": spanning_orders,
    "spans lines": spanning_lines,
    "parts of spans": taking_parts(spanning_orders),
    "parts of lines that wait": taking_parts(unilevel(hold=True), differential("differential", met="qualified", hold=True)),
    "recruit": recruit(source=False),
    "recruit by type": recruit(source=True),
    "action": action,
}
