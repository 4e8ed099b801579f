"""Every mechanic can be written; every choice of it is told when it is left open; nothing of it breaks the checks."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.plan import canonical, checks, document, shape
from tests.plan.sample import sentences
from tests.plan.test_checks import JUNK, required
from tests.plan.whole import WHOLE, whole

PLACES = list(required(whole()))
VALUES = ("values", "by_title", "sums")


def test_the_whole_plan_has_no_fault() -> None:
    assert sentences(whole()) == []
    jsonschema.validate(dict(whole()), shape.schema(), cls=jsonschema.Draft202012Validator)


def test_the_whole_plan_names_every_kind_of_bonus() -> None:
    kinds = {bonus["kind"] for bonus in whole()["bonuses"]}
    assert kinds == set(shape.schema()["$defs"]["bonus"]["properties"]["kind"]["enum"])


def test_the_export_is_the_same_plan() -> None:
    assert canonical.digest(document.load(canonical.to_yaml(whole()))) == canonical.digest(whole())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at_least: {by_title: {none: 50, gold: 100.5}}", "at_least: {by_title: {gold: '100.500', none: 50.0}}"),
        ("{from: 0, value: 3%}", "{from: '0.00', value: 3.0 %}"),
        ('sum: "1.50"', "sum: 1.5"),
        ("share: 50%", "share: 50.0%"),
        ("limit: 100000, inactive", "limit: '100000.0', inactive"),
        ("{lesser: 300, greater: 600", "{greater: 600.0, lesser: '300'"),
        ("places: [50%", "places: [50.00%"),
        ("silver: 100, gold: 300", "gold: 300.00, silver: '100'"),
        ("goal: 100000", "goal: 100000.000"),
    ],
)
def test_a_number_has_one_form_wherever_it_stands(old: str, new: str) -> None:
    assert sentences(whole((old, new))) == []
    assert canonical.digest(whole((old, new))) == canonical.digest(whole())


def _without(place: tuple[str | int, ...]) -> dict[str, Any]:
    broken: Any = copy.deepcopy(dict(whole()))
    inside = broken
    for step in place[:-1]:
        inside = inside[step]
    del inside[place[-1]]
    return dict(broken)


def test_nothing_has_a_default_but_what_is_marked_so() -> None:
    """Whatever key is taken away, the plan is refused; but for the few that may be left out, and values of a table."""
    kinds: dict[tuple[str | int, ...], tuple[str | int, ...]] = {}  # one place of each shape is enough
    for place in PLACES:
        head = place[:2] if place[0] == "bonuses" and len(place) == 3 else ()
        kinds.setdefault((*head, *(step if isinstance(step, str) else "*" for step in place[len(head) :])), place)
    changed = {place: _without(place) for place in kinds.values()}
    valid = jsonschema.Draft202012Validator(shape.schema())  # stops at the first fault, which most of them have
    dropped = [place for place, left in changed.items() if valid.is_valid(left) and not checks.check(left)]
    free = [document.dotted(place) for place in dropped if len(place) < 2 or place[-2] not in VALUES]
    assert free == [
        "conditions.seller[1].any[0].in_plan",  # without it, the rank is one of the plan itself
        "bonuses[0].sources.orders",
        "bonuses[7].qualified",
        *(f"bonuses[{n}].qualified" for n in (9, 10, 11)),
        "bonuses[16].shares.limit",
        "bonuses[16].first",
        "bonuses[17].spans",
        "limits",
        "deductions",
        "splits",
        "payouts",
    ]


OPEN: list[tuple[str, ...]] = [
    ("calendar: {four_weeks: 2025-03-03}\n", "calendar: is left open; choose month, quarter, {week: first day} or {four_weeks"),
    (
        "standings_tree: transferred\n",
        "standings_tree: is left open, and a plan with trees needs it; choose sponsor, transferred",
    ),
    (", placement: left_to_right", "trees.board.placement: is left open; choose left_to_right, even or by_enroller"),
    (", placement: weak_leg", "trees.legs.placement: is left open; choose left, right, weak_leg, alternate or chosen"),
    ("kind: matrix, ", "trees.board.kind: is left open; choose matrix, binary or unilevel"),
    (", judged_on: received", "transfer.judged_on: is left open; choose raw or received"),
    ("  title: {step_down: 2}\n", "ranks.title: is left open; choose kept, {window: n} or {step_down: n}"),
    (", own_pv: with", "conditions[1].own_pv: is left open; choose with or without"),
    ("share: 50%, of: requirement", "share: 50%", "[1].of: is left open; choose requirement or total"),
    ("rank: silver, as: paid_as, at_least: 3", "rank: silver, at_least: 3", "[0].as: is left open; choose paid_as or title"),
    ("{rank: gold, as: paid_as}", "{rank: gold}", "breakaway[0].as: is left open; choose paid_as or title"),
    ("none: 50, ", "active.conditions[0].at_least.by_title.none: is missing"),
    ("    vanish: buyer\n", "bonuses[0].vanish: is left open; choose inactive, or the name of a condition"),
    ("    unqualified: {hold: 2}\n", "bonuses[0].unqualified: is left open; choose forfeit or {hold: n}"),
    ("      metric: {metric: tv, window: running}\n", "bonuses[2].rates.metric: is missing; add metric: a metric"),
    ("      tiers: whole\n", "bonuses[2].rates.tiers: is left open; choose whole or slices"),
    ("    met: everyone\n", "bonuses[2].met: is left open; choose qualified or everyone"),
    ("    method: {remaining: 3%}\n", "bonuses[3].method: is left open; choose highest or {remaining: total}"),
    ("method: {remaining: 3%}", "method: highest", "bonuses[3].met: is left open; choose qualified or everyone"),
    ("    stop: after_blocker\n", "stop: is left open; choose before_blocker, after_blocker or where_theirs_begins"),
    (", counts: exclusive", "boundary.counts: is left open; choose inclusive or exclusive"),
    ("    own_pv: lesser\n", "own_pv: is left open; choose neither, lesser, left or right"),
    ("        taken: first_whole\n", "pay.units.taken: is left open; choose first_whole or in_turn"),
    (", until: end", "other_plans.week.until: is left open; choose start or end"),
    (", pays: {rate: 15%}", "pairings[0].pays: is left open; choose {rate: …} or {sum: …}"),
    ("expires: {periods: 12}, ", "carry.expires: is left open; choose never or {periods: n}"),
    ("limit: 100000, inactive: lost", "limit: 100000", "carry.inactive: is left open; choose lost or kept"),
    ("per: units, ", "cap.per: is left open; choose money or units"),
    (", above: kept", "cap.above: is left open; choose lost or kept"),
    (
        "    by: {generations: {rank: gold, as: paid_as, counts: inclusive}}\n",
        "bonuses[7].by: is left open; choose {levels: comp",
    ),
    ("    reversals: cascade\n", "bonuses[7].reversals: is left open; choose cascade or stay"),
    ("    days: 30\n", "bonuses[9].days: is left open; choose days: n, months: n or calendar_months: n"),
    (
        "    spans: {periods: 3, first: F2025-03-03}",
        "    spans: {periods: 3}",
        "bonuses[17].spans.first: is missing; add first: the name of a",
    ),
    ("    others: besides\n", "bonuses[9].others: is left open; choose instead or besides"),
    (", of: money}\n", "}\n", "steps[1].of: is left open; choose cv, qv or money"),
    ("    how_often: each_period\n", "how_often: is left open; choose each_period or once"),
    ("    jump: all\n", "jump: is left open; choose highest or all"),
    ("    counted: in_row\n", "counted: is left open; choose in_row or in_all"),
    ("    rounded_at: point\n", "rounded_at: is left open; choose point or share"),
    ("    rest: first\n", "bonuses[16].rest: is left open; choose company, first or {next_fund: a later pool}"),
    (", direction: lowest", "order[0].direction: is left open; choose highest or lowest"),
    ("    team: {partner: P1}\n", "team: is left open; choose everybody or {partner: id}"),
    ("cap: line, ", "limits[0].cap: is left open; choose line, partner_bonus, partner or company"),
    ("bonuses: all, sum: 25000", "sum: 25000", "limits[2].bonuses: is left open; choose all, or a list of names of bonuses"),
    ("    kind: recruit\n", "kind: is left open; choose unilevel, differential, infinity_differential, infinity, generation"),
    ("rate: {by: source, values: {tea: 1%}}", "rate: {values: {tea: 1%}}", "rate.by: is left open; choose rank, type, scale or"),
]


@pytest.mark.parametrize("case", OPEN, ids=lambda case: str(case[0]).strip())
def test_an_open_choice_is_told_with_its_list(case: tuple[str, ...]) -> None:
    told = sentences(whole((case[0], "" if len(case) == 2 else case[1])))
    assert any(case[-1] in sentence for sentence in told), told


UNKNOWN = [
    ("width: 3", "width: 3, depth: 4", "trees.board.depth: is not a known key of kind matrix; the nearest are"),
    ("pays_from: 1", "pay_from: 1", "bonuses[2].pay_from: is not a known key of kind differential; the nearest are pays_from"),
    ("others: besides", "others: besides\n    tier: 1", "bonuses[9].tier: is not a known key of kind fast_start"),
    (
        "{by: rank, as: paid_as, values: {silver: 3%",
        "{by: rank, of: x, as: paid_as, values: {silver: 3%",
        "of: is not a known key",
    ),
    ("cap: line, ", "cap: line, rate: 5%, ", "limits[0].rate: is not a known key of cap line"),
    ("share: 50%, of", "share: 50%, direction: highest, of", "direction: 'highest' has no meaning in a test; leave it out"),
    ("metric: tv, window: running}", "metric: tv, window: running, at_least: 3}", "at_least: '3' has no meaning here"),
    ("kind: infinity\n", "kind: infinite\n", "'infinite' is not known here; the nearest are infinity"),
    ("tiers: whole", "tiers: parts", "tiers: 'parts' is not a choice here; choose whole or slices"),
    ("{from: 1000, value: 7%}", "{from: 1000, value: 7}", "value: '7' must be a percentage with its sign"),
    (
        "window: running, at_least: 500",
        "window: runing, at_least: 500",
        "choose period, since_joining, or {last: n} for the last n",
    ),
    ("window: {last: 3}, at_least: 5000", "window: {last: 0}, at_least: 5000", "window.last: '0' must be a whole number from 1"),
    ("sums: {silver: 100", "sums: {silver: -1", "sums.silver: '-1' is not above 0"),
    ("values: {silver: 10, gold: 50}}, above", "values: {silver: 1.5, gold: 50}}, above", "silver: '1.5' must be a whole number"),
    ("bonus: fast}", "bonuses: [fast]}", "of[0].bonuses: is not a known key"),
    ("until: end", "until: now", "other_plans.week.until: 'now' is not a choice here; choose start or end"),
    ("of: all, window: period", "of: all, window: running", "choose {last: n} for the n periods before this one, or period in"),
    ("periods: 3, first", "periods: 1, first", "bonuses[17].spans.periods: '1' must be a whole number from 2 to 60"),
    (
        "first: F2025-03-03}",
        "first: 2025-13}",
        "spans.first: '2025-13' must be the name of a period, such as 2025-01, 2025-Q1, W2025",
    ),
    ("rest: company", "rest: {next: places}", "rest.next: is not a known key; there is only next_fund"),
]


@pytest.mark.parametrize(("old", "new", "said"), UNKNOWN)
def test_what_is_wrong_deep_inside_is_told(old: str, new: str, said: str) -> None:
    told = sentences(whole((old, new)))
    assert any(said in sentence for sentence in told), told


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=3))
def test_no_junk_breaks_the_checks(changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    broken: Any = copy.deepcopy(dict(whole()))
    for place, junk in changes:
        inside = broken
        try:
            for step in place[:-1]:
                inside = inside[step]
            inside[place[-1]] = copy.deepcopy(junk)
        except (KeyError, IndexError, TypeError):
            continue
    findings = checks.check(broken)
    assert all(finding.where and finding.reason for finding in findings)
    if not findings:
        assert canonical.digest(broken)


def test_the_text_is_the_plan() -> None:
    assert document.load(WHOLE) == whole()
