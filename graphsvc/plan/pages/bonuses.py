"""Each kind of bonus in words: what it takes, what it pays, and to whom. A kind is one function, found by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from graphsvc.plan import spanning
from graphsvc.plan.checks.extras import JOINING
from graphsvc.plan.diff import shown
from graphsvc.plan.pages.frame import tree_name
from graphsvc.plan.pages.writer import Writer, table

Bonus = Mapping[str, Any]
Lines = Iterator[str]


def of(writer: Writer, bonus: Bonus) -> Lines:
    """One bonus: its heading, its own words, and who is paid. A kind without words is shown as the plan writes it."""
    yield f"\n## {writer.say('bonus', name=bonus['name'])}\n"
    told = KINDS.get(bonus["kind"])
    if told is None:
        yield f"{writer.say('other_kind', kind=bonus['kind'])}\n\n    {shown(dict(bonus))}"
        return
    if "sources" in bonus:
        yield from _sources(writer, bonus["tree"], bonus["base"], bonus["sources"])
    yield from told(writer, bonus)
    yield from _spans(writer, bonus)
    yield from _qualified(writer, bonus)


def _spans(writer: Writer, bonus: Bonus) -> Lines:
    """Which periods are taken together."""
    spans = spanning.of(bonus)
    if spans is None:
        return
    measured = bonus["kind"] in ("milestone", "contest", "group_goal")
    said = {"n": spans.periods, "first": spans.first, "last": spans.last(spans.first)}
    yield "\n" + writer.say("spans_measured" if measured else "spans", **said)
    if any("rate" in step for step in bonus.get("steps", ())):
        yield writer.say("spans_own")


def _sources(writer: Writer, tree: str, base: str, sources: Mapping[str, Any]) -> Lines:
    key = "takes" if tree == "sponsor" else "takes_tree"
    yield writer.say(key, base=writer.say(f"base_{base}"), tree=tree_name(writer, tree))
    yield from orders(writer, sources)


def orders(writer: Writer, sources: Mapping[str, Any]) -> Lines:
    """Which orders are taken."""
    if sources["kinds"] == "all":
        yield writer.say("kinds_all")
    else:
        yield writer.say("kinds_some", list=", ".join(writer.say(kind) for kind in sources["kinds"]))
    if sources["categories"] != "all":
        yield writer.say("categories_some", list=", ".join(c or writer.say("no_category") for c in sources["categories"]))
    taken = sources.get("orders", "all")
    if isinstance(taken, dict):
        later = taken["later_of_customer"]
        span, n = (later, 0) if isinstance(later, str) else next(iter(later.items()))
        yield writer.say(f"later_{span}", n=n)
    elif taken != "all":
        yield writer.say(taken)


def _qualified(writer: Writer, bonus: Bonus) -> Lines:
    who = bonus.get("qualified")
    if who is None:
        return
    if who == "active":
        yield "\n" + writer.say("qualified_active")
        return
    said = (
        writer.say("qualified_named", name=who)
        if isinstance(who, str)
        else writer.say("qualified_tests", tests=writer.tests(who))
    )
    failing = bonus["unqualified"]
    yield f"\n{said} {writer.say('forfeit') if failing == 'forfeit' else writer.say('hold', n=failing['hold'])}"


def _levels(writer: Writer, bonus: Bonus, key: str = "levels", word: str = "level") -> Lines:
    money = "sum" if any("sum" in level for level in bonus[key]) else "rate"
    told = writer.sums if money == "sum" else writer.rates
    rows = [[str(n), told(level[money]), writer.opens(level["opens"])] for n, level in enumerate(bonus[key], 1)]
    yield table([writer.say(word), writer.say(money), writer.say("opens")], rows)


def _compression(writer: Writer, compression: str, vanish: str | None) -> str:
    if compression == "standard":
        return writer.say("standard_inactive" if vanish == "inactive" else "standard_named", name=vanish)
    return writer.say(compression)


def _walk(writer: Writer, bonus: Bonus) -> Lines:
    what = "event" if bonus["kind"] == "action" else "first"
    if "first_level" in bonus:
        yield "\n" + writer.say(f"{what}_{bonus['first_level']}")
    else:
        yield ""
    yield _compression(writer, bonus["compression"], bonus.get("vanish"))


def _unilevel(writer: Writer, bonus: Bonus) -> Lines:
    yield from _levels(writer, bonus)
    yield from _walk(writer, bonus)


def _fast_start(writer: Writer, bonus: Bonus) -> Lines:
    span = next(key for key in JOINING if key in bonus)
    yield writer.say(f"fast_start_{span}", n=bonus[span])
    yield writer.say(bonus["others"])
    yield from _unilevel(writer, bonus)


def _differential(writer: Writer, bonus: Bonus) -> Lines:
    method, rates = bonus.get("method"), writer.rates(bonus["rates"])
    if isinstance(method, dict):
        yield writer.say("remaining", rates=rates, total=writer.percent(method["remaining"]))
    else:
        yield writer.say("differential", rates=rates)
        yield writer.say(f"met_{bonus['met']}")
    yield writer.say("levels_from", pays=bonus["pays_from"], blocks=bonus["blocks_from"])


def _infinity(writer: Writer, bonus: Bonus) -> Lines:
    yield writer.say("infinity", rate=writer.rates(bonus["rate"]), n=bonus["from_level"])
    yield writer.say(bonus["stop"])


def _boundary(writer: Writer, boundary: Mapping[str, Any]) -> Lines:
    rank, as_ = boundary["rank"], boundary["as"]
    own = writer.say("boundary_own")
    yield own if rank == "own" else writer.say("boundary_rank", rank=writer.say(f"rank_{as_}", rank=writer.rank(rank)))
    yield writer.say(boundary["counts"])


def _generation(writer: Writer, bonus: Bonus) -> Lines:
    yield from _boundary(writer, bonus["boundary"])
    yield from _levels(writer, bonus, "generations", "generation")


def _matching(writer: Writer, bonus: Bonus) -> Lines:
    yield writer.say("matching", list=writer.named(bonus["of"]))
    by = bonus["by"]
    if "generations" in by:
        yield from _boundary(writer, by["generations"])
        yield from _levels(writer, bonus, "levels", "generation")
        yield ""
    else:
        yield from _levels(writer, bonus)
        yield "\n" + _compression(writer, by["levels"], by.get("vanish"))
    yield writer.say(bonus["reversals"])


def _match_down(writer: Writer, bonus: Bonus) -> Lines:
    yield writer.say("match_down", rate=writer.percent(bonus["rate"]), list=writer.named(bonus["of"]))
    yield writer.say(bonus["reversals"])


def _recruit(writer: Writer, bonus: Bonus) -> Lines:
    yield writer.say("recruit", tree=tree_name(writer, bonus["tree"]), tests=writer.tests(bonus["counts_when"]))
    yield from _levels(writer, bonus)
    yield from _walk(writer, bonus)


def _action(writer: Writer, bonus: Bonus) -> Lines:
    yield writer.say("action", tree=tree_name(writer, bonus["tree"]), event=bonus["event"])
    yield from _levels(writer, bonus)
    yield from _walk(writer, bonus)


def _step_pays(writer: Writer, step: Mapping[str, Any]) -> str:
    """What a step of a milestone pays."""
    if "sum" in step:
        return writer.sums(step["sum"])
    return writer.say("pays_of", rate=writer.rates(step["rate"]), base=writer.say(f"base_{step['of']}"))


def _milestone(writer: Writer, bonus: Bonus) -> Lines:
    yield writer.say("milestone", metric=writer.metric(bonus["metric"]))
    rows = [[writer.bound(bonus["metric"], step["from"]), _step_pays(writer, step)] for step in bonus["steps"]]
    yield table([writer.say("reached"), writer.say("gets")], rows)
    yield f"\n{writer.say(bonus['pays'])} {writer.say('each_span' if 'spans' in bonus else bonus['how_often'])}"


def _rank_bonus(writer: Writer, bonus: Bonus) -> Lines:
    yield writer.say("rank_bonus", n=bonus["after_periods"])
    named = [rank["name"] for rank in writer.ranks if rank["name"] in bonus["sums"]]
    yield table(
        [writer.say("rank"), writer.say("sum")], [[writer.rank(name), writer.sums(bonus["sums"][name])] for name in named]
    )
    each = [writer.largest(bonus["sums"][name]) for name in named]
    total = sum(each) if bonus["jump"] == "all" else each[-1]
    yield "\n" + writer.say(f"jump_{bonus['jump']}", sum=writer.minor(total))


def _tenure(writer: Writer, bonus: Bonus) -> Lines:
    yield writer.say("tenure", name=bonus["condition"])
    rows = [[writer.figure(step["periods"]), writer.sums(step["sum"])] for step in bonus["sums"]]
    yield table([writer.say("periods"), writer.say("sum")], rows)
    yield "\n" + writer.say(bonus["counted"])


def _order(writer: Writer, rules: list[Any]) -> str:
    said = [
        writer.say("order_id") if rule == "partner_id" else writer.say(f"order_{rule['direction']}", metric=writer.metric(rule))
        for rule in rules
    ]
    return writer.say("order_by", list=writer.joined(said))


def _pool(writer: Writer, bonus: Bonus) -> Lines:
    fund, shares, rest = bonus["fund"], bonus["shares"], bonus["rest"]
    key = "pool_of_span" if "spans" in bonus else "pool"
    yield writer.say(key, rate=writer.percent(fund["rate"]), base=writer.say(f"base_{fund['base']}"))
    yield from orders(writer, fund["sources"])
    if shares == "equal":
        yield writer.say("equal")
    elif "points" in shares:
        yield writer.say("points", points=writer.counts(shares["points"]))
    elif "places" in shares:
        places = [writer.say("place_entry", n=n, value=writer.percent(rate)) for n, rate in enumerate(shares["places"], 1)]
        yield writer.say("by_place", list=", ".join(places))
    elif "limit" in shares:
        metric = shares["in_proportion"]
        yield writer.say("in_proportion_to", metric=writer.metric(metric), limit=writer.bound(metric, shares["limit"]))
    else:
        yield writer.say("in_proportion", metric=writer.metric(shares["in_proportion"]))
    if "first" in bonus:
        yield writer.say("first_n", n=bonus["first"])
    yield _order(writer, bonus["order"])
    yield writer.say(f"rounded_{bonus['rounded_at']}")
    yield writer.say("rest_next", name=rest["next_fund"]) if isinstance(rest, dict) else writer.say(f"rest_{rest}")
    yield writer.say("fund_below")
    yield writer.say(bonus["reversals"])
    following = [b["name"] for b in writer.document["bonuses"] if b.get("reversals") == "cascade"]
    if isinstance(rest, dict) and bonus["name"] in following and rest["next_fund"] in following:
        yield writer.say("rest_follows", name=rest["next_fund"])


def _contest(writer: Writer, bonus: Bonus) -> Lines:
    yield writer.say("contest", metric=writer.metric(bonus["metric"]))
    rows = [
        [str(n), writer.sums(prize["sum"]) if "sum" in prize else prize["award"][writer.language]]
        for n, prize in enumerate(bonus["prizes"], 1)
    ]
    yield table([writer.say("place"), writer.say("prize")], rows)
    yield "\n" + _order(writer, bonus["order"])


def _group_goal(writer: Writer, bonus: Bonus) -> Lines:
    said = {"goal": writer.figure(bonus["goal"]), "metric": writer.metric(bonus["metric"]), "sum": writer.sums(bonus["sum"])}
    team = bonus["team"]
    yield (
        writer.say("group_everybody", **said)
        if team == "everybody"
        else writer.say("group_partner", partner=team["partner"], **said)
    )


def _binary(writer: Writer, bonus: Bonus) -> Lines:
    pay, carry, cap = bonus["pay"], bonus["carry"], bonus["cap"]
    yield writer.say("binary", tree=bonus["tree"], base=writer.say(f"base_{bonus['volume']}"))
    yield writer.say(f"own_{bonus['own_pv']}")
    if "units" in pay:
        for pairing in pay["units"]["pairings"]:
            paid = pairing["pays"]
            value = writer.sums(paid["sum"]) if "sum" in paid else writer.say("rate_of_unit", rate=writer.rates(paid["rate"]))
            yield "- " + writer.say(
                "unit", lesser=writer.figure(pairing["lesser"]), greater=writer.figure(pairing["greater"]), value=value
            )
        yield "\n" + writer.say(pay["units"]["taken"])
    elif "steps" in pay:
        yield from (
            f"- {writer.say('leg_step', volume=writer.figure(s['volume']), sum=writer.sums(s['sum']))}" for s in pay["steps"]
        )
        yield "\n" + writer.say("highest_step")
    else:
        yield writer.say("percent", rate=writer.rates(pay["percent"]))
    expires = carry["expires"]
    yield writer.say("carry_never") if expires == "never" else writer.say("carry_periods", n=expires["periods"])
    if carry["limit"] != "none":
        yield writer.say("carry_limit", limit=writer.figure(carry["limit"]))
    yield writer.say(f"inactive_{carry['inactive']}")
    if cap != "none":
        told = writer.sums if cap["per"] == "money" else writer.counts
        yield writer.say(f"cap_{cap['per']}", cap=told(cap["values"]))
        yield writer.say(f"cap_{cap['above']}")


KINDS: Mapping[str, Callable[[Writer, Bonus], Lines]] = {
    "unilevel": _unilevel,
    "fast_start": _fast_start,
    "differential": _differential,
    "infinity_differential": _differential,
    "infinity": _infinity,
    "generation": _generation,
    "matching": _matching,
    "match_down": _match_down,
    "recruit": _recruit,
    "action": _action,
    "milestone": _milestone,
    "rank_bonus": _rank_bonus,
    "tenure": _tenure,
    "pool": _pool,
    "contest": _contest,
    "group_goal": _group_goal,
    "binary": _binary,
}
