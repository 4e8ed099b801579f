"""What each kind of bonus asks for beyond its keys: orders that count, ranks, places, prizes."""

from __future__ import annotations

from graphsvc.plan.checks.scales import measured
from graphsvc.plan.checks.tests import bad_volume, unknown_rank
from graphsvc.plan.checks.view import KINDS, Found, View
from graphsvc.plan.document import Place

SHARED = ("pool", "contest", "match_down", "group_goal")  # what one gets depends on who else is qualified


def check(view: View) -> Found:
    """Every bonus by its kind."""
    for place, kind in view.bonuses():
        yield from _sources(view, place)
        yield from _ranks(view, place, kind)
        yield from _volumes(view, place)
        if kind in SHARED and isinstance(view.get(*place, "unqualified"), dict):
            reason = "has no meaning here, where what one gets depends on who else is qualified"
            yield (*place, "unqualified", "hold"), reason, "write unqualified: forfeit"
        if view.size(*place, "order"):
            yield from _order(view, (*place, "order"))
        if kind == "pool":
            yield from _pool(view, place)
        elif kind == "group_goal":
            yield from _goal(view, place)


def _goal(view: View, place: Place) -> Found:
    """A group reaches a TV, of the period or of all the periods that the bonus takes together."""
    metric, periods = view.get(*place, "metric"), view.get(*place, "spans", "periods")
    if metric is None or (periods is None and view.raw(*place, "spans") is not None):
        return
    wanted = "period" if periods is None else {"last": periods}
    if (metric["metric"], metric.get("window")) != ("tv", wanted):
        whole = "TV of the period" if periods is None else f"TV of the {periods} periods"
        said = "period" if periods is None else f"{{last: {periods}}}"
        yield (*place, "metric"), f"is not {whole}, which is what a group reaches", f"write {{metric: tv, window: {said}}}"


def kinds(view: View, *place: str | int) -> tuple[str, ...] | None:
    """Kinds of orders that can be paid on at a place with base and sources; None while that is not known."""
    base, taken = view.get(*place, "base"), view.get(*place, "sources", "kinds")
    counts = {kind: view.get("volumes", kind) for kind in KINDS[1:]}
    if base is None or taken is None or None in counts.values():
        return None
    return tuple(
        kind
        for kind in (KINDS if taken == "all" else taken)
        if kind == "retail" or base == "money" or counts[kind] in (base, "both")
    )


def _sources(view: View, place: Place) -> Found:
    for at in (place, (*place, "fund")):
        if kinds(view, *at) == ():
            fix = "let them count under volumes, or take other kinds or another base"
            yield (*at, "sources", "kinds"), f"are all orders that do not count as {view.get(*at, 'base')}", fix
        if view.get(*at, "sources", "orders") not in (None, "all") and view.get(*at, "sources", "kinds") == ["own_use"]:
            yield (*at, "sources", "orders"), "asks for orders of customers, and own use is never a customer's", "leave it out"


def _volumes(view: View, place: Place) -> Found:
    """Volumes that stand by themselves, each above 0."""
    at = (*place, "pay", "units", "pairings")
    places: list[Place] = [(*at, n, leg) for n in range(view.size(*at)) for leg in ("lesser", "greater")]
    places += [(*place, "pay", "steps", n, "volume") for n in range(view.size(*place, "pay", "steps"))]
    for one in [*places, (*place, "goal"), (*place, "carry", "limit")]:
        value = view.get(*one)
        if value not in (None, "none") and bad_volume(value):
            yield one, bad_volume(value), "write a volume above 0"
    metric, limit = view.get(*place, "shares", "in_proportion"), view.get(*place, "shares", "limit")
    if isinstance(metric, dict) and limit is not None:
        try:
            if measured(metric, limit, view.get("currency")) <= 0:
                yield (*place, "shares", "limit"), "is not above 0, so nobody would have a share", "leave it out"
        except ValueError as error:
            yield (*place, "shares", "limit"), str(error), f"write it in the unit of {metric['metric']}"


def _ranks(view: View, place: Place, kind: str) -> Found:
    """Ranks by name, and kinds that have no meaning without ranks."""
    for at in ((*place, "boundary", "rank"), (*place, "by", "generations", "rank")):
        name = view.word(*at)
        if name and (name != "own" or kind == "matching"):
            yield from unknown_rank(view, at, name)
        elif name == "own" and not view.ranks():
            yield at, "is the payee's own rank, and the plan has no ranks", "add ranks"
    if kind == "infinity" and not view.size("ranks", "list"):
        yield (*place, "kind"), "ends at the next partner of a rank, and the plan has no ranks", "add ranks"
    if kind == "rank_bonus":
        for name in view.keys(*place, "sums"):
            yield from unknown_rank(view, (*place, "sums", name), name)


def _order(view: View, place: Place) -> Found:
    rules = [view.get(*place, index) for index in range(view.size(*place))]
    if None in rules:
        return
    if rules[-1] != "partner_id":
        yield place, "can leave two partners equal", "write partner_id as the last rule"
    for index, rule in enumerate(rules[:-1]):
        if rule == "partner_id":
            yield (*place, index), "decides everything, so what stands after it never counts", "put it last"
        elif rule in rules[:index]:
            yield (*place, index), "asks the same number again", "leave it out"


def _pool(view: View, place: Place) -> Found:
    places, first = view.size(*place, "shares", "places"), view.get(*place, "first")
    if places and isinstance(first, int) and first > places:
        yield (
            (*place, "first"),
            f"takes more partners than there are places, which are {places}",
            "leave first out, or add places",
        )
    if places and view.get(*place, "rounded_at") == "point":
        yield (*place, "rounded_at"), "is the worth of a point, and places have no points", "write rounded_at: share"
