"""What a plan may not have beside `refunds: reverse` or `late_orders: then`: closed lines of which no part can be told yet."""

from __future__ import annotations

from graphsvc.plan.checks.view import Found, View

_CHOICES = {"refunds": "reverse", "late_orders": "then"}
_FIX = "choose refunds: net and late_orders: now"


def check(view: View) -> Found:
    """Every part of a plan that takes parts of closed lines and whose lines are no plain function of orders."""
    chosen = [f"{key}: {word}" for key, word in _CHOICES.items() if view.word("volumes", key) == word]
    if not chosen:
        return
    cannot = f"cannot stand beside {chosen[0]} yet"
    for place, _ in view.bonuses():
        if view.word(*place, "reversals") == "cascade" and view.raw(*place, "rest", "next_fund") is not None:
            reason = f"{cannot}: no part of a fund whose rest another one has can be told"
            yield (*place, "reversals"), reason, f"choose stay, another rest, or {_FIX.removeprefix('choose ')}"
