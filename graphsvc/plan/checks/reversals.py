"""What a plan may not have beside `refunds: reverse`, because its closed lines cannot be taken back yet."""

from __future__ import annotations

from graphsvc.plan.checks.view import Found, View

_FIX = "choose refunds: net, or leave it out"


def check(view: View) -> Found:
    """Every part of a plan that reverses refunds and whose lines are no plain function of orders."""
    if view.word("volumes", "refunds") != "reverse":
        return
    for key, what in (("limits", "cut by a limit"), ("deductions", "with a deduction"), ("transfer", "made after a transfer")):
        if view.raw(key) is not None:
            yield (key,), f"cannot stand beside refunds: reverse yet, which cannot take back lines {what}", _FIX
    for place, kind in view.bonuses():
        if view.word(*place, "reversals") == "cascade" and kind != "matching":
            reason = "cannot stand beside refunds: reverse yet; what is taken back does not reach this bonus"
            yield (*place, "reversals"), reason, "choose stay, or refunds: net"
        if isinstance(view.raw(*place, "unqualified"), dict):
            yield (
                (*place, "unqualified"),
                "cannot stand beside refunds: reverse yet, which cannot take back lines that wait",
                _FIX,
            )
        if kind == "milestone":
            for step in range(view.size(*place, "steps")):
                if view.raw(*place, "steps", step, "rate") is not None:
                    reason = "cannot stand beside refunds: reverse yet, which cannot take back what a milestone pays on volume"
                    yield (*place, "steps", step, "rate"), reason, "write a sum, or choose refunds: net"
