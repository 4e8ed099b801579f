"""State that a period starts from: what the run that closed the period before left (mechanics section 9)."""

from __future__ import annotations

from graphsvc.month.context import Context
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row


def origin(context: Context) -> Row | None:
    """run_id and plan_version of the run whose state this period starts with: that of the last closed period before it, or of an
    imported opening."""
    return before(context.database, context.plan.name, str(context.month))


def before(reader: Database | Transaction, plan: str, month: str) -> Row | None:
    """The same for a period of a plan that is not being run."""
    return reader.one("month.carried_from", plan=plan, month=month)


def previous(context: Context) -> str | None:
    """That run alone."""
    row = origin(context)
    return None if row is None else str(row["run_id"])
