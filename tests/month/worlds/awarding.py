"""Random bonuses that walk no tree, each by the name of what it is sure to try."""

from __future__ import annotations

import copy
from typing import Any

from tests.month.worlds.ink import RANKS, Document, Ink
from tests.month.worlds.walking import Recipe, match_down, sources


def award(ink: Ink, kind: str, *, hold: bool = False) -> Document:
    return {"name": f"{kind.replace('_', '-')}-{len(ink.bonuses)}", "kind": kind} | ink.qualified(hold=hold)


def order(ink: Ink) -> list[Any]:
    """Rules that tell partners apart, the last one the id."""
    rules = [ink.number() | {"direction": ink.choice(["highest", "lowest"])} for _ in range(ink.choice([0, 1, 2]))]
    return [*rules, "partner_id"]


def milestone(pays: str, how_often: str, *, hold: bool = False) -> Recipe:
    def recipe(ink: Ink) -> Document:
        made = award(ink, "milestone", hold=hold)
        number = ink.number()
        unit = "%" if str(ink.need(number)).endswith("%") else ""
        found: list[Document] = []
        for bound in [1, 2, 50, 100][: ink.choice([1, 2, 3, 4])]:
            step: Document = {"from": f"{bound}%" if unit else bound}
            if ink.chance(0.3):
                found.append(step | {"rate": ink.tree(ink.percent), "of": ink.choice(["cv", "qv", "money"])})
            else:
                found.append(step | {"sum": ink.tree(ink.money)})
        return made | {"metric": number, "steps": found, "pays": pays, "how_often": how_often}

    return recipe


def rank_bonus(jump: str, *, hold: bool = False) -> Recipe:
    def recipe(ink: Ink) -> Document | None:
        if not ink.ranked:
            return None
        names = [name for name in RANKS if ink.chance(0.8)] or [RANKS[0]]
        made = award(ink, "rank_bonus", hold=hold) | {"as": ink.read_as(), "after_periods": ink.choice([1, 2, 2]), "jump": jump}
        return made | {"sums": {name: ink.tree(ink.money) for name in names}}

    return recipe


def tenure(counted: str) -> Recipe:
    def recipe(ink: Ink) -> Document:
        chosen = [{"periods": n, "sum": ink.tree(ink.money)} for n in ink.choice([(1,), (1, 2), (2,), (1, 2, 3)])]
        return award(ink, "tenure") | {"condition": ink.name(), "counted": counted, "sums": chosen}

    return recipe


def pool(shares: str, rest: str = "company") -> Recipe:
    def recipe(ink: Ink) -> Document | None:
        made = award(ink, "pool")
        chosen: Any = {
            "equal": lambda: "equal",
            "by rank": lambda: {"points": ink.tree(lambda: ink.choice([1, 2, 3]), "rank")},
            "by scale": lambda: {"points": ink.tree(lambda: ink.choice([1, 2, 3]), "scale")},
            "by place": lambda: {"places": ink.choice([["50%", "30%", "20%"], ["33.3333%"] * 2, ["100%"]])},
            "in proportion": lambda: {"in_proportion": ink.number()},
        }
        if shares == "by rank" and not ink.ranked:
            return None
        made |= {
            "fund": {
                "rate": ink.choice(["1%", "2%", "0.5%"]),
                "base": ink.choice(["cv", "qv", "money"]),
                "sources": sources(ink),
            },
            "shares": chosen[shares](),
            "order": order(ink),
            "rounded_at": "share" if shares == "by place" else ink.choice(["point", "share"]),
            "rest": rest,
            "reversals": ink.choice(["cascade", "stay"]),
        }
        return made | ({"first": ink.choice([1, 2, 5])} if shares != "by place" and ink.chance(0.4) else {})

    return recipe


def two_pools(ink: Ink) -> Document | None:
    """A pool that has the rest of the last one that may leave it one, or of one of everything sold, drawn with it. Where parts of
    closed lines are taken, both change with them."""
    made = pool("equal")(ink)
    if made is None:
        return None
    leaving = [b for b in ink.bonuses if b["kind"] == "pool" and b["rest"] == "company" and "spans" not in b]
    if not leaving:
        everything = made["fund"] | {"sources": {"kinds": "all", "categories": "all"}}
        leaving = [copy.deepcopy(made) | {"name": f"{made['name']}-before", "fund": everything}]
        ink.bonuses += leaving
    leaving[-1]["rest"] = {"next_fund": made["name"]}
    if ink.takes_parts:
        leaving[-1]["reversals"] = made["reversals"] = "cascade"
    return made


def contest(ink: Ink) -> Document:
    prizes: list[Document] = [{"sum": ink.tree(ink.money)} for _ in range(ink.choice([1, 2, 3]))]
    if ink.chance(0.3):
        prizes[0] = {"award": {"en": "A car", "ru": "Машина"}}
    return award(ink, "contest") | {"metric": ink.number(), "prizes": prizes, "order": order(ink)}


def group_goal(team: Any) -> Recipe:
    def recipe(ink: Ink) -> Document:
        goal = ink.choice([1, 100, "0.001"]) if isinstance(team, dict) else ink.choice([1, 1000, 10**9])
        return award(ink, "group_goal") | {
            "team": team,
            "metric": {"metric": "tv", "window": "period"},
            "goal": goal,
            "sum": ink.tree(ink.money),
        }

    return recipe


def binary(pay: str, cap: str = "none", expires: bool = False, *, hold: bool = False) -> Recipe:
    """A binary bonus; `cap` is per and above, such as `money lost`."""

    def recipe(ink: Ink) -> Document | None:
        tree = next((name for name, kept in ink.frame.get("trees", {}).items() if kept["kind"] == "binary"), None)
        if tree is None:
            return None

        def pairing() -> Document:
            pays = (
                {"rate": ink.tree(lambda: ink.choice(["10%", "5%", "7.5%"]))} if ink.chance(0.5) else {"sum": ink.tree(ink.money)}
            )
            return {"lesser": ink.choice([1, 10, "33.333"]), "greater": ink.choice([1, 20, "33.333"]), "pays": pays}

        ways: dict[str, Any] = {
            "first_whole": lambda: {"units": {"pairings": [pairing(), pairing()], "taken": "first_whole"}},
            "in_turn": lambda: {"units": {"pairings": [pairing(), pairing()], "taken": "in_turn"}},
            "steps": lambda: {"steps": [{"volume": v, "sum": ink.tree(ink.money)} for v in ("0.5", 10, 100)]},
            "percent": lambda: {"percent": ink.tree(lambda: ink.choice(["10%", "5%"]))},
        }
        limit: Any = "none"
        if cap != "none":
            per, above = cap.split()
            values = ink.tree(ink.money if per == "money" else lambda: ink.choice([1, 2, 5]))
            limit = {"per": per, "values": values, "above": above}
        return award(ink, "binary", hold=hold) | {
            "tree": tree,
            "volume": ink.choice(["qv", "cv"]),
            "own_pv": ink.choice(["neither", "lesser", "left", "right"]),
            "pay": ways[pay](),
            "carry": {
                "expires": {"periods": ink.choice([1, 2])} if expires else "never",
                "limit": ink.choice(["none", "none", 5, 100]),
                "inactive": ink.choice(["lost", "kept"]),
            },
            "cap": limit,
        }

    return recipe


def spanning_fund(ink: Ink) -> Document | None:
    """A pool of two periods."""
    made = pool(ink.choice(["equal", "by scale", "by place", "in proportion"]), ink.choice(["company", "first"]))(ink)
    return None if made is None else made | ink.spans()


def spanning_numbers(ink: Ink) -> Document:
    """A milestone, a contest or a goal at the end of two periods."""
    kinds = (milestone("every", "each_period"), milestone("highest", "each_period"), contest, group_goal("everybody"))
    made = ink.choice([*kinds, group_goal({"partner": "n1-P0"})])(ink)
    assert made is not None
    return made | ink.spans() | ({"metric": {"metric": "tv", "window": {"last": 2}}} if made["kind"] == "group_goal" else {})


AWARDING: dict[str, Recipe] = {
    "match down": match_down,
    **{f"milestone {p} {h}": milestone(p, h) for p in ("highest", "every") for h in ("each_period", "once")},
    "milestone that holds": milestone("every", "once", hold=True),
    "rank bonus highest": rank_bonus("highest"),
    "rank bonus all": rank_bonus("all"),
    "rank bonus that holds": rank_bonus("all", hold=True),
    "tenure in a row": tenure("in_row"),
    "tenure in all": tenure("in_all"),
    **{f"pool {shares}": pool(shares) for shares in ("equal", "by rank", "by scale", "by place", "in proportion")},
    "pool rest to the first": pool("equal", "first"),
    "pool rest to the next": two_pools,
    "spans fund": spanning_fund,
    "spans numbers": spanning_numbers,
    "contest": contest,
    "group goal of everybody": group_goal("everybody"),
    "group goal of a team": group_goal({"partner": "n1-P0"}),
    "binary first whole": binary("first_whole"),
    "binary in turn": binary("in_turn"),
    "binary steps": binary("steps"),
    "binary percent": binary("percent"),
    **{f"binary cap {cap}": binary("in_turn", cap) for cap in ("money lost", "money kept", "units lost", "units kept")},
    "binary carry expires": binary("percent", expires=True),
}
