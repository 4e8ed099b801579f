"""Why a qualified partner has no line at a step of a bonus that does not walk a tree: what it has, and what was needed."""

from __future__ import annotations

from collections.abc import Callable

from graphsvc import money
from graphsvc.explain import awards, binary, rules
from graphsvc.explain.awards import Asked
from graphsvc.explain.words import first

Reason = tuple[str, str, list[rules.Failure]]


def reason(asked: Asked) -> Reason:
    """The condition that failed, or what else kept an active partner from being paid."""
    who, bonus = asked.standing["partner_id"], asked.award.name
    condition = asked.award.hold.condition if asked.award.hold else asked.award.rules.get("qualified", -1)
    failed = rules.closed(asked.plan, condition, asked.standing)
    if failed:
        return "not_open", f"{who} was not qualified for {bonus} in {asked.month}.", failed
    known = _KINDS.get(asked.award.kind)
    return (
        known(asked)
        if known
        else ("nothing_reached", f"{who} was qualified for {bonus} in {asked.month}, but earned nothing.", [])
    )


def _short(asked: Asked, metric: int, need: int, sentence: str) -> Reason:
    """A number that is too small."""
    found, have = asked.plan.metrics[metric], asked.standing["metrics"][metric]
    had, needed, missing = asked.number(metric), asked.number(metric, need), asked.number(metric, need - have)
    text = f"{found.label}: have {had}, need {needed}, {missing} missing"
    return "not_reached", sentence, [rules.Failure(asked.award.name, found.label, found.unit, have, need, text)]


def _nothing_for(asked: Asked) -> Reason:
    return "no_sum", f"{asked.standing['partner_id']} is of no rank or type that {asked.award.name} pays anything.", []


def _zero(asked: Asked) -> Reason:
    return "rounded_to_zero", f"What {asked.award.name} owed {asked.standing['partner_id']} in {asked.month} rounds to 0.", []


def _milestone(asked: Asked) -> Reason:
    how, who = asked.award.rules, asked.standing["partner_id"]
    if not 1 <= asked.level <= len(how["steps"]):
        return "no_step", f"{asked.award.name} has steps 1 to {len(how['steps'])}, not {asked.level}.", []
    step, have = how["steps"][asked.level - 1], asked.standing["metrics"][how["metric"]]
    if have < step["from"]:
        return _short(asked, how["metric"], step["from"], f"{who} did not reach step {asked.level} in {asked.month}.")
    if how["once"] and asked.carried(how["columns"][asked.level - 1]):
        return "paid_before", f"{who} was paid for step {asked.level} of {asked.award.name}, or for one above it, before.", []
    if not how["every"] and any(have >= above["from"] for above in how["steps"][asked.level :]):
        return "higher_step", f"{who} reached a higher step of {asked.award.name}, and only the highest pays.", []
    if all(condition >= 0 and not asked.standing["holds"][condition] for condition, *_ in step["picks"]):
        return _nothing_for(asked)
    return _zero(asked)


def _rank_bonus(asked: Asked) -> Reason:
    how, who = asked.award.rules, asked.standing["partner_id"]
    if all(rank["rank"] != asked.level for rank in how["ranks"]):
        names = ", ".join(f"{rank['rank']} ({asked.plan.ranks[rank['rank'] - 1].name})" for rank in how["ranks"])
        return "no_step", f"{asked.award.name} pays for the ranks {names}.", []
    name = asked.plan.ranks[asked.level - 1].name
    if asked.standing["metrics"][how["metric"]] < asked.level:
        label = asked.plan.metrics[how["metric"]].label
        return "not_reached", f"{who} did not have {label} {name} or higher in {asked.month}.", []
    held, needed = asked.carried(f"held_{name}"), how["after_periods"]
    if held < needed:
        return "too_short", f"{who} had {name} or higher for {held} of the {needed} periods in a row that are needed.", []
    if asked.carried(f"paid_{name}"):
        return "paid_before", f"{who} was paid for {name} before, or for a rank above it that was due with it.", []
    return _nothing_for(asked)


def _tenure(asked: Asked) -> Reason:
    how, who = asked.award.rules, asked.standing["partner_id"]
    periods = asked.carried("periods")
    said = f"{who} has {periods} periods {'in a row' if how['in_row'] else 'in all'}, this one included"
    if how["condition"] >= 0 and not asked.standing["holds"][how["condition"]]:
        failed = rules.failures(asked.plan, how["condition"], asked.standing["metrics"], asked.standing["held"])
        return "not_counted", f"{asked.month} does not count for {who}; the condition was not met.", failed
    if all(step["periods"] != asked.level for step in how["steps"]):
        known = ", ".join(str(step["periods"]) for step in how["steps"])
        return "no_step", f"{asked.award.name} pays after {known} periods, not after {asked.level}.", []
    if periods < asked.level:
        return "too_short", f"{said}; {asked.level} are needed.", []
    if periods > asked.level:
        return "passed", f"{said}; the sum is paid in the period that makes it {asked.level}.", []
    return _nothing_for(asked)


def _pool(asked: Asked) -> Reason:
    how, who, fund = asked.award.rules, asked.standing["partner_id"], asked.fund()
    if fund["fund_minor"] <= 0:
        return "nothing_reached", f"The fund of {asked.award.name} was {asked.money(fund['fund_minor'])} in {asked.month}.", []
    weight = asked.standing["metrics"][how["metric"]] if how["metric"] >= 0 else first(how["picks"], asked.standing["holds"])
    if weight <= 0:
        return "no_points", f"{who} had no part in {asked.award.name} in {asked.month}: its share weighs nothing.", []
    if how["first"] and fund["place"] < 0:
        return "not_first", f"{who} was not among the first {how['first']} by the order of {asked.award.name}.", []
    return _zero(asked)


def _contest(asked: Asked) -> Reason:
    how, who = asked.award.rules, asked.standing["partner_id"]
    if any(
        (prize["partner_id"], prize["bonus"], prize["place"]) == (who, asked.award.name, asked.level)
        for prize in asked.database.run("earnings.prizes", run_id=asked.run_id)
    ):
        award = how["prizes"][asked.level - 1]["award_en"]
        return (
            "prize",
            f"{who} took place {asked.level} of {asked.award.name} in {asked.month} and won no money, but: {award}.",
            [],
        )
    had = f"{asked.plan.metrics[how['metric']].label} {asked.number(how['metric'])}"
    return "not_first", f"{who} did not take place {asked.level} of {asked.award.name} with {had}.", []


def _group_goal(asked: Asked) -> Reason:
    how, who, fund = asked.award.rules, asked.standing["partner_id"], asked.fund()
    if fund["base"] < how["goal"]:
        had, needed = money.format_volume(fund["base"]), money.format_volume(how["goal"])
        missing = money.format_volume(how["goal"] - fund["base"])
        text = f"TV of the group: have {had}, need {needed}, {missing} missing"
        failure = rules.Failure(asked.award.name, "TV of the group", "volume", fund["base"], how["goal"], text)
        return "not_reached", f"The goal of {asked.award.name} was not reached in {asked.month}.", [failure]
    if not first(how["picks"], asked.standing["holds"]):
        return _nothing_for(asked)
    return "not_in_team", f"{who} is not in the team of {how['leader']}.", []


def _match_down(asked: Asked) -> Reason:
    who, found = asked.standing["partner_id"], awards.matched(asked)
    if found is None:
        return "nothing_reached", f"{who} has no enroller whose lines could be matched.", []
    if not found["amount_minor"]:
        names = awards.named(asked.plan, asked.award.rules["of"], asked.award.rules)
        return "nothing_reached", f"{found['partner_id']}, who enrolled {who}, earned nothing by {names} in {asked.month}.", []
    return _zero(asked)


def _binary(asked: Asked) -> Reason:
    who, found = asked.standing["partner_id"], binary.replay(asked)
    told = "; ".join(found.facts)
    if min(found.totals) <= 0:
        return "nothing_reached", f"The lesser leg of {who} had nothing to pair in {asked.month}: {told}.", []
    return "nothing_paired", f"Pairing {asked.level} of {asked.award.name} paid {who} nothing in {asked.month}: {told}.", []


_KINDS: dict[str, Callable[[Asked], Reason]] = {
    "binary": _binary,
    "milestone": _milestone,
    "rank_bonus": _rank_bonus,
    "tenure": _tenure,
    "pool": _pool,
    "contest": _contest,
    "group_goal": _group_goal,
    "match_down": _match_down,
}
