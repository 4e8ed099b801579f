"""A plan in which every mechanic of the language stands once, to be broken and read in tests."""

from __future__ import annotations

import copy
from functools import cache

from graphsvc.plan import document

WHOLE = """\
plan: whole
version: 1
valid_from: 2025-03-03
title: {en: Everything, ru: Всё}
currency: USD
time_zone: UTC
calendar: {four_weeks: 2025-03-03}
standings_tree: transferred
trees:
  board: {kind: matrix, width: 3, placement: left_to_right, holding_days: 0}
  legs: {kind: binary, placement: weak_leg, holding_days: 7}
other_plans: {week: {plan: weekly, until: end}}
transfer: {who_fails: buyer, judged_on: received}
volumes:
  {counted_by: placed_at, own_use: both, joining_pack: qv, volume_value: "0.50", refunds: net,
   refunds_belong_to: own_period, late_orders: now, late_order_days: 10}
ranks:
  title: {step_down: 2}
  list:
    - name: silver
      title: {en: Silver, ru: Серебро}
      conditions:
        - {active: true}
        - {metric: counted_volume, share: 50%, of: requirement, own_pv: with, window: period, at_least: 1000}
    - name: gold
      title: {en: Gold, ru: Золото}
      conditions:
        - {metric: legs_with_rank, rank: silver, as: paid_as, at_least: 3}
        - {metric: gv, window: {last: 3}, at_least: 5000}
breakaway:
  - {rank: gold, as: paid_as}
conditions:
  buyer:
    - {metric: pv, window: period, at_least: 50}
  seller:
    - any:
        - {metric: personal_sales, of: money, window: running, at_least: 500}
        - {tag: [shop, salon]}
        - {rank: silver, as: title}
    - any:
        - {rank: gold, as: title, in_plan: week}
        - {metric: earned, of: [team, shared], window: {last: 3}, at_least: 10}
        - {metric: earned, of: all, window: period, in_plan: week, at_least: "5.50"}
active:
  conditions:
    - {metric: pv, window: period, at_least: {by_title: {none: 50, gold: 100.5}}}
  grace_periods: 1
bonuses:
  - name: team
    kind: unilevel
    tree: transferred
    base: cv
    sources: {kinds: [retail], categories: all, orders: {later_of_customer: {months: 6}}}
    rates_by: category
    first_level: sponsor
    compression: standard
    vanish: buyer
    lines: order
    levels:
      - rate:
          by: source
          values:
            tea: {by: rank, as: paid_as, values: {silver: 3%, gold: 5%}}
            other: 2%
        opens: active
      - rate: {by: source, values: {tea: 1%}}
        opens: [{metric: recruits_per_leg, tree: legs, at_least: 1}, {active: true}]
    qualified: seller
    unqualified: {hold: 2}
  - name: board
    kind: unilevel
    tree: board
    base: cv
    sources: {kinds: all, categories: all}
    first_level: sponsor
    compression: roll_up
    lines: step
    levels:
      - {rate: 5%, opens: active}
  - name: difference
    kind: differential
    tree: sponsor
    base: cv
    sources: {kinds: all, categories: all}
    rates:
      by: scale
      metric: {metric: tv, window: running}
      tiers: whole
      values: [{from: 0, value: 3%}, {from: 1000, value: 7%}]
    met: everyone
    pays_from: 1
    blocks_from: 0
    qualified: active
    lines: step
  - name: upward
    kind: infinity_differential
    tree: sponsor
    base: cv
    sources: {kinds: all, categories: all}
    rates: {by: rank, as: title, values: {silver: 1%, gold: 2%}}
    method: {remaining: 3%}
    pays_from: 1
    blocks_from: 0
    qualified: active
    lines: step
  - name: deep
    kind: infinity
    tree: sponsor
    base: cv
    sources: {kinds: all, categories: all}
    rate: 2%
    as: paid_as
    from_level: 2
    stop: after_blocker
    qualified: [{rank: silver, as: paid_as}]
    unqualified: forfeit
    lines: step
  - name: leaders
    kind: generation
    tree: sponsor
    base: cv
    sources: {kinds: all, categories: all}
    boundary: {rank: gold, as: paid_as, counts: exclusive}
    generations:
      - {rate: 4%, opens: [{rank: gold, as: paid_as}]}
      - {rate: 2%, opens: active}
    qualified: active
    lines: step
  - name: legs
    kind: binary
    tree: legs
    volume: qv
    own_pv: lesser
    pay:
      units:
        pairings:
          - {lesser: 300, greater: 600, pays: {rate: 15%}}
          - {lesser: 300, greater: 300, pays: {sum: {by: rank, as: paid_as, values: {silver: 20, gold: 30}}}}
        taken: first_whole
    carry: {expires: {periods: 12}, limit: 100000, inactive: lost}
    cap: {per: units, values: {by: rank, as: paid_as, values: {silver: 10, gold: 50}}, above: kept}
    qualified: active
  - name: matching
    kind: matching
    of: [team, legs]
    by: {generations: {rank: gold, as: paid_as, counts: inclusive}}
    levels:
      - {rate: 10%, opens: [{rank: gold, as: paid_as}]}
    lines: step
    qualified: active
    reversals: cascade
  - name: shared
    kind: match_down
    of: [team]
    rate: 10%
    qualified: [{metric: active_frontline, at_least: 1}, {metric: frontline_with, condition: buyer, at_least: 1}]
    unqualified: forfeit
    reversals: stay
  - name: welcome
    kind: fast_start
    tree: sponsor
    base: money
    sources: {kinds: all, categories: all, orders: first_of_customer}
    days: 30
    others: besides
    first_level: sponsor
    compression: dynamic
    lines: step
    levels:
      - {rate: 10%, opens: active}
    qualified: active
  - name: recruiting
    kind: recruit
    tree: sponsor
    counts_when: [{metric: orders, window: period, at_least: 1}]
    sums_by: source_type
    compression: none
    levels:
      - {sum: {by: source, values: {shop: 50, other: 20}}, opens: active}
    qualified: active
  - name: leads
    kind: action
    event: lead
    tree: sponsor
    first_level: seller
    compression: none
    levels:
      - {sum: "1.50", opens: active}
    qualified: active
  - name: milestones
    kind: milestone
    metric: {metric: events, kind: task, window: period}
    steps:
      - {from: 10, sum: 5}
      - {from: 50, rate: {by: type, values: {shop: 3%}}, of: money}
    pays: highest
    how_often: each_period
    qualified: active
  - name: promotion
    kind: rank_bonus
    as: paid_as
    sums: {silver: 100, gold: 300}
    after_periods: 2
    jump: all
    qualified: active
  - name: loyalty
    kind: tenure
    condition: buyer
    counted: in_row
    sums: [{periods: 6, sum: 10}, {periods: 12, sum: 25}]
    qualified: active
  - name: fund
    kind: pool
    fund: {rate: 2%, base: cv, sources: {kinds: all, categories: all}}
    shares: {points: {by: rank, as: paid_as, values: {silver: 1, gold: 3}}}
    order: [{metric: tv, window: period, direction: highest}, partner_id]
    rounded_at: point
    rest: {next_fund: second}
    qualified: [{rank: silver, as: paid_as}]
    unqualified: forfeit
    reversals: stay
  - name: second
    kind: pool
    fund: {rate: 1%, base: qv, sources: {kinds: [retail], categories: [tea, ""]}}
    shares: {in_proportion: {metric: pv, window: period}, limit: 1000}
    first: 10
    order: [{metric: months_since_joining, direction: lowest}, partner_id]
    rounded_at: share
    rest: first
    qualified: active
    reversals: cascade
  - name: places
    kind: pool
    spans: {periods: 3, first: F2025-03-03}
    fund: {rate: 1%, base: cv, sources: {kinds: all, categories: all}}
    shares: {places: [50%, 30%, 20%]}
    order: [{metric: pv, window: period, direction: highest}, partner_id]
    rounded_at: share
    rest: company
    qualified: active
    reversals: stay
  - name: race
    kind: contest
    metric: {metric: leg, nth: 2, window: period}
    prizes: [{sum: 1000}, {award: {en: A trip, ru: Поездка}}]
    order: [{metric: broken_away_legs, direction: highest}, partner_id]
    qualified: active
  - name: together
    kind: group_goal
    team: {partner: P1}
    metric: {metric: tv, window: period}
    goal: 100000
    sum: 50
    qualified: active
  - name: across
    kind: matching
    of: [{plan: week, bonus: fast}]
    by: {levels: none}
    levels:
      - {rate: 5%, opens: active}
    lines: step
    reversals: stay
limits:
  - {cap: line, bonuses: [team], sum: 1000}
  - {cap: partner_bonus, bonuses: all, sum: {by: rank, as: title, values: {silver: 2000, gold: 9000}}}
  - {cap: partner, bonuses: all, sum: 25000}
  - {cap: company, bonuses: [team, board], rate: 9.5%}
deductions:
  - {name: fee, bonuses: [team], rate: 2%}
splits:
  - {balance: travel, rate: 10%}
payouts: {hold_days: 14, minimum: 25.00}
rounding: {rule: half_even, to: minor}
"""


def text(*changes: tuple[str, str]) -> str:
    """The whole plan with pieces replaced, each of which must be there."""
    changed = WHOLE
    for old, new in changes:
        assert changed.count(old) >= 1, old
        changed = changed.replace(old, new, 1)
    return changed


def whole(*changes: tuple[str, str]) -> document.Document:
    """The whole plan with pieces replaced, read; a copy of what was read once."""
    return copy.deepcopy(_read(text(*changes)))


@cache
def _read(said: str) -> document.Document:
    return document.load(said)
