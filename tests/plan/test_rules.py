# ruff: noqa: E501 - a change and what is said of it stay on one line, so that they can be compared
"""What a schema cannot say: names, circles, what can never be reached, lists that climb, order, and the worst case."""

from __future__ import annotations

import pytest

from graphsvc.errors import BadInput
from graphsvc.plan.checks import worst_case
from graphsvc.plan.checks.view import View
from tests.plan.sample import sentences
from tests.plan.whole import WHOLE, whole

# fmt: off
RULES = [
    # the frame
    ("valid_from: 2025-03-03", "valid_from: 2025-03-10", "is not the first day of four weeks counted from 2025-03-03, and"),
    ("{four_weeks: 2025-03-03}", "{week: 2025-03-04}", "is not the first day of week counted from 2025-03-04, and each"),
    ("{four_weeks: 2025-03-03}", "quarter", "is not the first day of a quarter, and a quarter is computed by one version; write 2025-01"),
    ("{four_weeks: 2025-03-03}", "{four_weeks: 2025-02-30}", "calendar.four_weeks: '2025-02-30' is not a day of the calendar"),
    ("standings_tree: transferred", "standings_tree: sponsor", "'sponsor' is not transferred, but after a transfer volumes"),
    ("standings_tree: transferred", "standings_tree: bord", "standings_tree: 'bord' is not the name of a tree; the nearest are board"),
    ("transfer: {who_fails: buyer, judged_on: received}\n", "", "standings_tree: 'transferred' names the tree that a transfer makes"),
    ("    tree: board\n", "    tree: sponsor\n", "trees.board: is a tree that nothing uses; name it in the tree of a bonus"),
    ("  board: {kind", "  sponsor: {kind", "trees.sponsor: is a name that the language itself uses; choose another name"),
    ("    tree: legs\n", "    tree: board\n", "tree: 'board' is not a binary tree; name a tree of kind: binary"),
    ("    tree: legs\n", "    tree: sponsor\n", "tree: 'sponsor' is not a binary tree; add trees with one of kind: binary"),
    ("who_fails: buyer", "who_fails: seller", "stands in the condition of transfer, which comes first and can read only pv of the period"),
    # names
    ("who_fails: buyer", "who_fails: bier", "transfer.who_fails: 'bier' is not the name of a condition; the nearest are buyer"),
    ("condition: buyer", "condition: byer", "condition: 'byer' is not the name of a condition"),
    ("qualified: seller", "qualified: sellr", "qualified: 'sellr' is not the name of a condition; the nearest are seller"),
    ("{rank: silver, as: title}", "{rank: sliver, as: title}", "rank: 'sliver' is not the name of a rank; the nearest are silver"),
    ("values: {silver: 3%, gold: 5%}", "values: {silver: 3%, gould: 5%}", "values.gould: '5%' is not the name of a rank; the nearest"),
    ("sums: {silver: 100, gold: 300}", "sums: {silber: 100}", "sums.silber: '100' is not the name of a rank"),
    ("boundary: {rank: gold", "boundary: {rank: old", "boundary.rank: 'old' is not the name of a rank"),
    ("{none: 50, gold: 100.5}", "{none: 50, golden: 100.5}", "by_title.golden: '100.5' is not the name of a rank"),
    ("name: silver\n", "name: none\n", "ranks.list[0].name: 'none' is a name that the language itself uses"),
    ("name: gold\n", "name: silver\n", "ranks.list[1].name: 'silver' stands here a second time, first in [0]"),
    ("name: fee", "name: team", "deductions[0].name: 'team' is the name of bonuses[0] already"),
    ("board: {kind: matrix, width: 3, placement: left_to_right,", "board: {kind: unilevel, placement: by_enroller,", None),
    ("board: {kind: matrix, width: 3, placement: left_to_right,", "board: {kind: unilevel, width: 3, placement: by_enroller,", "trees.board.width: is not a known key of kind unilevel; there is only kind"),
    ("tree: legs, at_least: 1}", "tree: board2, at_least: 1}", "tree: 'board2' is not the name of a placement tree"),
    ("condition: buyer, at_least: 1}", "condition: bayer, at_least: 1}", "qualified[1].condition: 'bayer' is not the name of a condition; the nearest are buyer"),
    ("order: [{metric: broken_away_legs,", "order: [{metric: frontline_with, condition: none,", "order[0].condition: 'none' is not the name of a condition"),
    ("  seller:\n", "  lonely: [{any: [{type: [a]}, {metric: frontline_with, condition: lonely, at_least: 1}]}]\n  seller:\n", "conditions.lonely: is a condition that nothing uses"),
    ("        - {tag: [shop, salon]}\n", "        - {tag: [shop, salon]}\n        - {metric: frontline_with, condition: seller, at_least: 1}\n", None),
    # other plans, and what was earned
    ("plan: weekly", "plan: whole", "other_plans.week.plan: 'whole' is this plan itself, whose earlier periods need no name"),
    ("until: end}}", "until: end}, month: {plan: monthly, until: start}}", "other_plans.month: is another plan that nothing reads"),
    ("as: title, in_plan: week", "as: title, in_plan: weak", "any[0].in_plan: 'weak' is not the name of another plan here; "),
    ("{plan: week, bonus", "{plan: weeks, bonus", "of[0].plan: 'weeks' is not the name of another plan here; "),
    ("other_plans: {week: {plan: weekly, until: end}}\n", "", "in_plan: 'week' is not the name of another plan here; add it under other_plans"),
    ("of: [team, shared], window: {last: 3}", "of: [team, shared], window: period", "window: 'period' is this period, whose bonuses come after all that reads numbers"),
    ("of: all, window: period", "of: all, window: {last: 1}", "window: counts periods of this plan, and what another plan paid is read in its"),
    ("of: [team, shared], window", "of: [team, sharde], window", "of[1]: 'sharde' is not the name of a bonus; the nearest are shared"),
    ('at_least: "5.50"', "at_least: 5.505", "any[2].at_least: '5.505' has more than 2 decimals"),
    ("rank: gold, as: title, in_plan", "rank: no-such-rank, as: title, in_plan", None),
    # circles
    ("  seller:\n", "  seller:\n    - {metric: frontline_with, condition: seller, at_least: 1}\n", "conditions.seller[0].condition: 'seller' can never hold: whoever meets it must have somebody below who meets it already"),
    ("{metric: pv, window: period, at_least: {by", "{metric: gv, window: period, at_least: {by", "'gv' is a circle: gv depends on who breaks away"),
    ("  conditions:\n    - {metric: pv", "  conditions:\n    - {active: true}\n    - {metric: pv", "active: 'true' is a circle: who is active"),
    ("  conditions:\n    - {metric: pv", "  conditions:\n    - {rank: gold, as: title}\n    - {metric: pv", "is a circle: ranks are given after"),
    ("        - {active: true}\n", "        - {rank: gold, as: title}\n", "is a circle: a rank cannot ask for a rank of the same partner"),
    ("{metric: gv, window: {last: 3}, at_least: 5000}", "{metric: tv, window: period, at_least: {by_title: {none: 3}}}", "depends on the title"),
    ("breakaway:\n  - {rank: gold, as: paid_as}\n", "", "metric: 'gv' needs to know who breaks away, and the plan does not say; add breakaway"),
    # never
    ("        - {metric: legs_with_rank, rank: silver, as: paid_as, at_least: 3}\n", "        - {any: [{metric: tv, window: period, at_least: 900}, {metric: legs_with_rank, rank: gold, as: paid_as, at_least: 2}]}\n", None),
    ("        - {metric: legs_with_rank, rank: silver, as: paid_as, at_least: 3}\n", "        - {any: [{metric: legs_with_rank, rank: gold, as: title, at_least: 3}, {metric: legs_with_rank, rank: gold, as: paid_as, at_least: 2}]}\n", "can never be reached: the rank asks for legs with itself"),
    ("legs_with_rank, rank: silver", "legs_with_rank, rank: gold", "can never be reached: the rank asks for legs with itself"),
    (
        "- {metric: counted_volume, share: 50%, of: requirement, own_pv: with, window: period, at_least: 1000}",
        "- {metric: legs_with_rank, rank: gold, as: title, at_least: 1}",
        "can never be reached: the rank asks for legs with gold, which is above it; ask for a rank below",
    ),
    ("        - {active: true}\n", "        - {type: [a]}\n        - {type: [b, c]}\n", "[1]: can never hold together with type: a; leave"),
    ("        - {active: true}\n", "        - {active: true}\n        - {status: [suspended]}\n", "hold together with status: active (of all who"),
    ("        - {metric: legs_with_rank", "        - any: [{type: [a]}, {type: [b]}]\n        - {type: [c]}\n        - {metric: legs_with_rank", "can never hold together with type"),
    ("of: money, window: running", "of: average, window: running", "is a running total, and an average has none"),
    ("share: 50%", "share: 0%", "share: '0%' is not above 0% and at most 100%; write the share of one leg"),
    ("grace_periods: 1", "grace_periods: 0", None),
    # lists that climb
    ("[{from: 0, value: 3%}, {from: 1000, value: 7%}]", "[{from: 1000, value: 7%}, {from: 0, value: 3%}]", "values[1].from: '0' is below the one"),
    ("{from: 1000, value: 7%}", "{from: 0, value: 7%}", "values[1].from: '0' is not above the one before it, so the one before has nothing left"),
    ("{from: 50, rate", "{from: 5, rate", "steps[1].from: '5' is below the one before it; write them ascending, each once"),
    ("{from: 10, sum: 5}", "{from: 0, sum: 5}", "steps[0].from: '0' is 0, which everybody has reached"),
    ("{from: 10, sum: 5}", "{from: 10.5, sum: 5}", "steps[0].from: '10.5' is not a whole number, and the metric is a count"),
    ("{from: 10, sum: 5}", "{from: 10%, sum: 5}", "steps[0].from: '10%' is a percentage, and the metric is none"),
    ("{periods: 12, sum: 25}", "{periods: 6, sum: 25}", "sums[1].periods: '6' is not above the one before it"),
    ("units:\n        pairings:\n          - {lesser: 300, greater: 600, pays: {rate: 15%}}\n          - {lesser: 300, greater: 300, pays: {sum: {by: rank, as: paid_as, values: {silver: 20, gold: 30}}}}\n        taken: first_whole",
     "percent: 10%", "cap.per: 'units' has no meaning where a percentage of the lesser leg is paid, which is no number of units; write per: money"),
    ("compression: dynamic\n    lines: step\n    levels:\n      - {rate: 10%", "compression: dynamic\n    lines: step\n    levels:\n      - {rate: 0%", "rate: '0%' is nothing, and no step comes after it; leave the last one out"),
    ("others: besides\n    first_level: sponsor\n    compression: dynamic\n    lines: step\n    levels:\n      - {rate: 10%", "others: instead\n    first_level: sponsor\n    compression: dynamic\n    lines: step\n    levels:\n      - {rate: 0%", None),
    ("pays: {rate: 15%}", "pays: {rate: {by: scale, metric: {metric: pv, window: period}, tiers: slices, values: [{from: 0, value: 15%}]}}",
     "pays.rate.tiers: 'slices' cuts the base of a line, and what is paired of two legs is paid as it is paired; write whole"),
    ("tiers: whole", "tiers: slices", "rates.tiers: 'slices' cuts a base into slices, but here each partner has one rate for all"),
    # rates and sums
    ("{from: 1000, value: 7%}", "{from: 1000, value: 107%}", "values[1].value: '107%' is not above 0% and at most 100%"),
    ("sum: 1000}", "sum: 1000.001}", "prizes[0].sum: '1000.001' has more than 2 decimals; write money in USD"),
    ("sums: {silver: 100", "sums: {silver: 0", "sums.silver: '0' is not above 0 and at most"),
    ("to: minor", "to: whole", "is not a whole number of USD, to which lines are rounded; write a whole sum, or round to: minor"),
    ("rates_by: category\n    first", "first", "by: 'source' is where no source can be told apart; say rates_by or sums_by"),
    ("        tea: {by: rank, as: paid_as, values: {silver: 3%", "        tea: {by: rank, as: paid_as, values: {silver: {by: source, values: {a: 1%}}", "is not the outermost"),
    ("rate: {by: source, values: {tea: 1%}}", "rate: 1%", "rate: '1%' is not told apart by the source, but the bonus says category"),
    ("categories: all, orders: {later", "categories: [soap], orders: {later", "values.tea: is not a category that the bonus takes; the nearest"),
    ("places: [50%", "places: [60%", "shares.places: add up to 110 %; share out at most 100 %"),
    # what kinds ask for
    ("order: [{metric: tv, window: period, direction: highest}, partner_id]", "order: [{metric: customers, direction: highest}]", "can leave two"),
    ("[{metric: months_since_joining, direction: lowest}, partner_id]", "[partner_id, {metric: customers, direction: lowest}, partner_id]", "decides everything"),
    ("rounded_at: share\n    rest: company", "rounded_at: point\n    rest: company", "is the worth of a point, and places have no points"),
    ("metric: {metric: tv, window: period}\n    goal", "metric: {metric: pv, window: period}\n    goal", "is not TV of the period, which is what a group"),
    ("unqualified: forfeit\n    reversals: stay\n  - name: welcome", "unqualified: {hold: 1}\n    reversals: stay\n  - name: welcome", "has no meaning here, where what"),
    ("rate: 2%\n    as: paid_as", "rate: 2%\n    unqualified: forfeit\n    as: paid_as", "stands here a second time"),
    ("{lesser: 300, greater: 600", "{lesser: 0, greater: 600", "pairings[0].lesser: '0' is not above 0 and at most"),
    ("goal: 100000", "goal: -1", "goal: '-1' is not above 0 and at most"),
    ("limit: 100000, inactive", "limit: 0.0001, inactive", "carry.limit: '0.0001' has more than 3 decimals"),
    ("limit: 1000}", "limit: 5%}", "limit: '5%' is a percentage, and the metric is none"),
    # several periods together
    ("first: F2025-03-03", "first: F2025-03-10", "spans.first: 'F2025-03-10' is no period of four weeks of the plan's calendar; write F2025-03-03"),
    ("first: F2025-03-03", "first: 2025-03", "spans.first: '2025-03' is no period of four weeks of the plan's calendar; write F2025-02-03"),
    ("first: F2025-03-03", "first: F2025-02-30", "spans.first: 'F2025-02-30' is not a period; write a period of four weeks, such as F2024-12-09"),
    ("first: F2025-03-03", "first: F2024-12-09", None),
    ("    kind: binary\n", "    kind: binary\n    spans: {periods: 2, first: F2025-03-03}\n", "spans: has no meaning here: legs are paired in each period, and what"),
    ("    kind: rank_bonus\n", "    kind: rank_bonus\n    spans: {periods: 2, first: F2025-03-03}\n", "spans: has no meaning here: a rank is paid once"),
    ("    kind: tenure\n", "    kind: tenure\n    spans: {periods: 2, first: F2025-03-03}\n", "spans: has no meaning here: periods are counted one by one"),
    ("    kind: recruit\n", "    kind: recruit\n    spans: {periods: 2, first: F2025-03-03}\n", "spans: has no meaning here: a recruit is paid for in the period"),
    ("    kind: action\n", "    kind: action\n    spans: {periods: 2, first: F2025-03-03}\n", "spans: has no meaning here: an event is paid for in the period"),
    ("    kind: fast_start\n", "    kind: fast_start\n    spans: {periods: 2, first: F2025-03-03}\n", "spans: has no meaning here: a newcomer's orders are paid on as"),
    ("    kind: milestone\n", "    kind: milestone\n    spans: {periods: 2, first: F2025-03-03}\n", None),
    ("how_often: each_period", "how_often: once\n    spans: {periods: 2, first: F2025-03-03}", "spans: has no meaning where each step is paid once ever"),
    ("    kind: group_goal\n", "    kind: group_goal\n    spans: {periods: 2, first: F2025-03-03}\n", "is not TV of the 2 periods, which is what a group reaches; write {metric: tv, window: {last: 2}}"),
    ("  - name: fund\n    kind: pool\n", "  - name: fund\n    kind: pool\n    spans: {periods: 2, first: F2025-03-03}\n", "does not pay in the same periods as this pool, so the rest would be lost"),
    ("    kind: unilevel\n    tree: transferred\n", "    kind: unilevel\n    spans: {periods: 2, first: F2025-03-03}\n    tree: transferred\n", None),
    ("    days: 30\n", "    days: 30\n    months: 1\n", "months: '1' stands beside days, and a fast start has one of days, months, calendar_months; leave one"),
    ("    days: 30\n", "    months: 1\n", None),
    ("    days: 30\n", "    calendar_months: 2\n", None),
    # order of evaluation
    ("of: [team]\n", "of: [matching, shared]\n", "of[1]: 'shared' is this bonus itself, so it would wait for itself"),
    ("of: [team, legs]", "of: [team, shared]", "of[1]: 'shared' stands after this bonus and is not known yet; move it up"),
    ("of: [team, legs]", "of: [team, legz]", "of[1]: 'legz' is not the name of a bonus; the nearest are legs"),
    ("next_fund: second", "next_fund: team", "rest.next_fund: 'team' is not a pool"),
    ("rest: first", "rest: {next_fund: fund}", "does not stand after this pool, so its fund is shared out already"),
    ("bonuses: [team, board], rate: 9.5%", "bonuses: [team, welcome], rate: 9.5%", "is capped by limits[3] only once welcome has run"),
    ("bonuses: [team], sum: 1000", "bonuses: [tem], sum: 1000", "limits[0].bonuses[0]: 'tem' is not the name of a bonus"),
    # caps
    ("rate: 9.5%", "rate: 11%", "limits[3].rate: '11%' can never cut anything: team, board pay at most 11 % of an order"),
    ("bonuses: [team], sum: 1000", "bonuses: [promotion], sum: 1000", "can never cut anything: promotion pay at most 300 there"),
    ("{cap: partner_bonus, bonuses: all, sum: {by", "{cap: partner_bonus, bonuses: [loyalty, promotion], sum: {by", "pay at most 400 there"),
    ("{from: 0, value: 3%}, {from: 1000, value: 7%}", "{from: 0, value: 3%}, {from: 1000, value: 77%}", "can pay 106 % of the base of an order of kind retail that is its customer's first"),
]
# fmt: on


@pytest.mark.parametrize("case", RULES, ids=lambda case: str(case[2])[:50])
def test_a_rule_is_told(case: tuple[str, str, str | None]) -> None:
    old, new, said = case
    try:
        told = sentences(whole((old, new)))
    except BadInput as error:  # a key that stands twice is refused in reading
        told = [finding.sentence() for finding in error.findings]
    if said is None:
        assert told == []
    else:
        assert any(said in sentence for sentence in told), told


def test_bonuses_that_wait_for_each_other_are_told() -> None:
    read = whole(("of: [team, legs]", "of: [team, shared]"), ("of: [team]\n", "of: [matching]\n"))
    assert any("reads this bonus too: they would wait for each other" in sentence for sentence in sentences(read))


def test_a_level_that_no_rank_opens_is_told() -> None:
    told = sentences(whole(("legs_with_rank, rank: silver", "legs_with_rank, rank: gold")))
    assert any("generations[0].opens[0].rank: 'gold' is opened by no rank: neither this one nor any above" in one for one in told)


def test_legs_that_a_tree_does_not_have_are_told() -> None:
    narrow = (
        ("transfer: {who_fails: buyer, judged_on: received}\n", ""),
        ("standings_tree: transferred", "standings_tree: legs"),
        ("tree: transferred", "tree: sponsor"),
    )
    told = sentences(whole(*narrow))
    assert any("can never hold: the tree has 2 legs at most" in sentence and "at_least" not in sentence for sentence in told), (
        told
    )
    three = (*narrow, ("condition: buyer, at_least: 1}", "condition: buyer, at_least: 3}"))
    assert any("qualified[1]: can never hold: the tree has 2 legs at most" in sentence for sentence in sentences(whole(*three)))
    without = (*narrow, ("rank: silver, as: paid_as, at_least: 3", "rank: silver, as: paid_as, at_least: 2"))
    assert sentences(whole(*without)) == []
    tight = (*without, ("share: 50%, of: requirement, own_pv: with", "share: 40%, of: requirement, own_pv: without"))
    assert any("of each 40% is counted" in sentence for sentence in sentences(whole(*tight)))


def test_what_waits_for_a_first_one_below_is_told() -> None:
    """A rank that asks the frontline for itself, activity for the active; another way to either is enough."""
    read = whole()
    read["conditions"] |= {"golden": [{"rank": "gold", "as": "title"}], "busy": [{"active": True}]}
    rank, active = read["ranks"]["list"][1]["conditions"], read["active"]["conditions"]
    rank.append({"metric": "frontline_with", "condition": "golden", "at_least": 1})
    active.append({"any": [{"type": ["a"]}, {"metric": "frontline_with", "condition": "busy", "at_least": 2}]})
    (told,) = sentences(read)
    assert "ranks.list[1].conditions[2].condition: 'golden' can never hold" in told
    rank[-1] = {"any": [{"type": ["a"]}, rank[-1]]}
    assert sentences(read) == []
    active[-1] = active[-1]["any"][1]
    assert any("active.conditions[1].condition: 'busy' can never hold" in one for one in sentences(read))


def test_a_level_whose_rate_names_nobody_it_is_open_to() -> None:
    read = whole(("- {rate: 5%, opens: active}", "- {rate: {by: type, values: {a: 5%}}, opens: [{type: [b]}]}"))
    assert any("leaves nobody to pay: the rate names only a" in sentence for sentence in sentences(read))


def test_a_level_that_contradicts_its_bonus_is_told() -> None:
    """Whoever is qualified is of one type, and the level is open to another; by name and written out."""
    qualified = ("qualified: seller", "qualified: [{type: [a]}]")
    forfeit = ("unqualified: {hold: 2}", "unqualified: forfeit")
    written = whole(qualified, forfeit, ("opens: [{metric: recruits", "opens: [{type: [b]}, {metric: recruits"))
    assert any("levels[1].opens[0]: can never hold together with type: a" in one for one in sentences(written)), sentences(
        written
    )
    named = whole(qualified, forfeit)
    named["conditions"]["other"] = [{"type": ["b"]}]
    named["bonuses"][0]["levels"][1]["opens"] = "other"
    assert any("levels[1].opens: 'other' can never hold together with type: a" in one for one in sentences(named))


def test_the_worst_chain() -> None:
    # `welcome` takes nothing but first orders, `team` the later ones
    dearer = ("values: {silver: 3%, gold: 5%}}\n", "values: {silver: 3%, gold: 20%}}\n")
    worst = worst_case.worst_of(View(whole(dearer), []))
    assert worst.shares["team"] == [("level 1", 200_000), ("level 2", 10_000)]
    assert worst.shares["difference"] == [("the highest rate", 70_000)]
    assert worst.shares["upward"] == [("in all", 30_000)]
    assert worst.shares["deep"] == [("rank silver", 20_000), ("rank gold", 20_000)]
    assert worst.shares["leaders"] == [("generation 1", 40_000)]
    assert worst.shares["matching"] == [("generation 1 of team", 21_000)]
    assert worst.shares["milestones"] == [("own orders", 30_000)]
    assert ("leaders", "generation 2 is open to partners who are not gold") in worst.unbounded
    assert [name for name, _ in worst.unbounded] == ["leaders", "legs", "matching"]
    assert ("fund", "a pool of 2 % of the company's CV") in worst.apart
    assert worst.order == "an order of kind retail and category 'tea' that is not its customer's first"
    assert worst.total == 512_000


def test_the_first_order_of_a_customer_and_the_later_ones_are_not_added_up() -> None:
    """All of a first payment and a third of every later one, as affiliates are offered it."""
    team = WHOLE[WHOLE.index("  - name: team") : WHOLE.index("  - name: board")]
    first = team.replace("name: team", "name: bounty").replace("{later_of_customer: {months: 6}}", "first_of_customer")
    both = whole(("  - name: board", first.replace("other: 2%", "other: 80%") + "  - name: board"))
    worst = worst_case.worst_of(View(both, []))
    assert worst.order.endswith("that is its customer's first")
    assert "team" not in worst.shares
    assert worst.shares["bounty"][0] == ("level 1", 800_000)
    assert ("legs", "every partner above may pair the order") in worst.unbounded


def test_a_generation_that_pays_nothing_is_not_unbounded() -> None:
    read = whole(("      - {rate: 4%, opens: [{rank: gold, as: paid_as}]}", "      - {rate: 0%, opens: active}"),
                 ("      - {rate: 2%, opens: active}", "      - {rate: 2%, opens: [{rank: gold, as: paid_as}]}"))  # fmt: skip
    worst = worst_case.worst_of(View(read, []))
    assert worst.shares["leaders"] == [("generation 2", 20_000)]
    assert "leaders" not in [name for name, _ in worst.unbounded]


def test_paying_before_meeting_starts_pays_more_than_the_highest_rate() -> None:
    """Three partners below the level at which meeting starts each get their whole rate."""
    read = whole(("    pays_from: 1\n    blocks_from: 0\n    qualified: active\n    lines: step\n  - name: upward",
                  "    pays_from: 0\n    blocks_from: 3\n    qualified: active\n    lines: step\n  - name: upward"))  # fmt: skip
    assert sum(ppm for _, ppm in worst_case.worst_of(View(read, [])).shares["difference"]) == 280_000


def test_a_fast_start_instead_of_the_others_is_not_added_to_them() -> None:
    worst = worst_case.worst_of(View(whole(("others: besides", "others: instead")), []))
    assert "welcome" not in worst.shares
    assert worst.total == 332_000
