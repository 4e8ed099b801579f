"""What happened to a unit of volume at one partner, in words: by the state in which it came and the move that was made.

The queries of the moves decide what happens; here it is said, with the standing that decided it. One function for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphsvc.explain import rules
from graphsvc.money import format_rate
from graphsvc.periods import parse_month
from graphsvc.plan.compiled import ACTIVE, Award, CompiledPlan, Walk
from graphsvc.query.values import Row

MILLION = 1_000_000
Said = tuple[str, list[int], str]  # outcome, steps, reason

# How a source comes to the partner that it is credited to.
BROUGHT = {"sources.orders": "sold", "sources.lines": "earned", "sources.recruits": "joined", "sources.events": "did"}

COMPRESSIONS = {
    "none": "level = distance in the tree; what the partner at that distance is not open for, nobody gets",
    "standard": "who vanishes is not counted as a level; what a counted partner is not open for, nobody gets",
    "dynamic": "each level goes to the next partner above who is open for it, counting on from there",
    "roll_up": "each level goes to the first partner at its distance or above who is open for it",
}
STOPS = {
    "before_blocker": "to the next partner of that rank or higher",
    "after_blocker": "to the next partner of that rank or higher, whose own is inside",
    "where_theirs_begins": "to where the bonus of the next partner of that rank or higher begins",
}


def rule(bonus: Walk) -> str:
    """The rule of a bonus in one sentence."""
    how = bonus.rules
    match bonus.query:
        case "bonuses.unilevel":
            return f"{how['compression']}: {COMPRESSIONS[how['compression']]}"
        case "bonuses.generation":
            counts = "closes its generation" if how["inclusive"] else "opens the next generation"
            whose = "the payee's own rank" if how["own"] else f"rank {bonus.form[0]}"
            return f"generation: everybody of {whose} or higher on the way down {counts}"
        case "bonuses.infinity":
            return f"infinity: everything from level {how['nearest']} down, {STOPS[how['stop']]}"
        case _:
            met = "everybody" if how["everyone"] else "the qualified"
            return f"{bonus.kind}: own rate less what {met} on the way took before"


def spanned(bonus: Walk | Award, month: str) -> list[str]:
    """Which periods a line takes together, where these are several."""
    if bonus.spans is None:
        return []
    first = bonus.spans.earlier(parse_month(month))[0]
    return [f"spans {bonus.spans.periods} periods: from {first} to {month}"]


def visit(plan: CompiledPlan, bonus: Walk, state: int, move: int, standing: Row) -> Said:
    """Outcome (sold, earned, joined, did, paid, skipped, closed, blocked or passed), the steps it is about, and why."""
    class_, own = divmod(state - 1, bonus.states)
    return _VISITS[bonus.query](plan, bonus, class_, own + 1, move, standing)


def first(picks: Sequence[Sequence[int]], holds: Sequence[bool]) -> int:
    """The first pick that holds; 0 where none does."""
    return next((number for condition, number in picks if condition < 0 or holds[condition]), 0)


def _why(plan: CompiledPlan, condition: int, standing: Row) -> str:
    return "; ".join(failure.text for failure in rules.closed(plan, condition, standing))


def _unilevel(plan: CompiledPlan, bonus: Walk, _class: int, state: int, move: int, standing: Row) -> Said:
    how, steps = bonus.rules, len(bonus.rules["openings"])
    if not how["from_seller"] and state == bonus.states:
        return BROUGHT[bonus.source.query], [], ""
    level = state if state <= steps else state - steps
    if how["compression"] == "standard":
        vanished = _vanished(plan, how, standing)
        if vanished:
            return "skipped", [], f"{vanished}; levels are counted past it"
    if move >= MILLION:
        return "paid", [level], f"level {level}"
    why = _why(plan, how["openings"][level - 1], standing)
    if not why:
        return "closed", [level], f"level {level} pays this partner nothing for it"
    waits = how["compression"] in ("dynamic", "roll_up")
    lost = "it waits for the next" if waits else "nobody gets it"
    return ("skipped" if waits else "closed"), [level], f"level {level} not open: {why}; {lost}"


def _vanished(plan: CompiledPlan, how: Mapping[str, Any], standing: Row) -> str:
    if how["vanish"] == ACTIVE:
        return "" if standing["active"] else "inactive: " + "; ".join(f.text for f in rules.inactive(plan, standing))
    return "" if standing["holds"][how["vanish"]] else f"fails {plan.conditions[how['vanish']].name}"


def _differential(plan: CompiledPlan, bonus: Walk, class_: int, state: int, move: int, standing: Row) -> Said:
    how, (rates, met) = bonus.rules, bonus.form
    level, taken = divmod(state - 1, how["mets"])
    own = first(how["rates"][class_], standing["holds"])
    said = f"own rate {format_rate(rates[own])}, {format_rate(met[taken])} taken before"
    margin_code = how["table"][taken][own][1]
    margin = bonus.pays[margin_code - 1].level if margin_code else 0
    if move >= MILLION:
        return "paid", [margin], f"{said}: margin {format_rate(margin)}"
    if not own:
        return "passed", [], "has no rate of its own"
    if not margin:
        return "blocked", [], f"{said}: no margin is left"
    if level < how["pays_from"]:
        return "passed", [margin], f"{said}, but paying starts at level {how['pays_from']} and this is level {level}"
    lost = "the margin is lost" if how["everyone"] else "passed over"
    why = _why(plan, how["qualified"], standing)
    return "closed" if how["everyone"] else "skipped", [margin], f"not qualified: {why}; {lost}"


def _generation(plan: CompiledPlan, bonus: Walk, _class: int, state: int, move: int, standing: Row) -> Said:
    how, steps = bonus.rules, len(bonus.rules["openings"])
    rank = first(how["ranks"], standing["holds"])
    if state > how["rows"] * steps:
        own = state - how["rows"] * steps
        bounds = "a boundary itself, so it counts in generation 2 above" if own <= rank and not how["inclusive"] else ""
        return BROUGHT[bonus.source.query], [], bounds
    row, generation = divmod(state - 1, steps)
    row, generation = row + 1, generation + 1
    bound = f"; a boundary, so above it this is generation {generation + 1}" if row <= rank else ""
    if move >= MILLION:
        return "paid", [generation], f"generation {generation}{bound}"
    if how["own"] and row != rank:
        return "passed", [generation], f"generation {generation} seen from rank {bonus.form[row - 1]}{bound}"
    why = _why(plan, how["openings"][generation - 1], standing) or "pays this partner nothing for it"
    return "closed", [generation], f"generation {generation} not open: {why}{bound}"


def _infinity(plan: CompiledPlan, bonus: Walk, _class: int, state: int, move: int, standing: Row) -> Said:
    how = bonus.rules
    rank, nearest = first(how["ranks"], standing["holds"]), how["nearest"]
    if state > how["rows"] * nearest:
        return BROUGHT[bonus.source.query], [], ""
    row, level = divmod(state - 1, nearest)
    row, level = row + 1, level + 1
    deep = f"level {level} or deeper" if level == nearest else f"level {level}"
    if move >= MILLION:
        return "paid", [row], f"rank {bonus.form[row - 1]}, {deep}"
    if row != rank:
        return "passed", [row], f"on its way to rank {bonus.form[row - 1]}, {deep}"
    if level < nearest:
        return "passed", [row], f"{deep}, and the bonus starts at level {nearest}"
    return "closed", [row], f"not qualified: {_why(plan, how['qualified'], standing) or 'pays this partner nothing for it'}"


_VISITS: dict[str, Callable[[CompiledPlan, Walk, int, int, int, Row], Said]] = {
    "bonuses.unilevel": _unilevel,
    "bonuses.differential": _differential,
    "bonuses.generation": _generation,
    "bonuses.infinity": _infinity,
}
