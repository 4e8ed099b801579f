"""A small sound plan to break in tests, and the sentences that its checks say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graphsvc.plan import checks, document

EXAMPLES = Path(__file__).parents[2] / "examples" / "plans"

SOUND = """\
plan: sample
version: 1
valid_from: 2025-01-01
title: {en: Sample, ru: Образец}
currency: RUB
time_zone: Europe/Moscow
calendar: month
volumes:
  counted_by: paid_at
  own_use: both
  joining_pack: neither
  volume_value: 1
  refunds: net
  refunds_belong_to: own_period
  late_orders: now
  late_order_days: 0
active:
  conditions:
    - {metric: pv, window: period, at_least: 100}
  grace_periods: 0
conditions:
  leader:
    - {metric: active_frontline, at_least: 5}
bonuses:
  - name: team
    kind: unilevel
    tree: sponsor
    base: cv
    sources: {kinds: all, categories: all}
    first_level: sponsor
    compression: dynamic
    lines: step
    levels:
      - {rate: 5%, opens: active}
      - {rate: 3%, opens: leader}
rounding: {rule: half_up, to: minor}
"""


def text(*changes: tuple[str, str]) -> str:
    """The sound plan with pieces replaced, each of which must be there."""
    changed = SOUND
    for old, new in changes:
        assert changed.count(old) >= 1, old
        changed = changed.replace(old, new, 1)
    return changed


def plan(*changes: tuple[str, str]) -> document.Document:
    """The sound plan with pieces replaced, read."""
    return document.load(text(*changes))


def sentences(read: dict[str, Any]) -> list[str]:
    """Everything the checks say."""
    return [finding.sentence() for finding in checks.check(read)]


def with_test(test: str) -> document.Document:
    """The sound plan with another test for level 2."""
    return plan(("- {metric: active_frontline, at_least: 5}", f"- {test}"))
