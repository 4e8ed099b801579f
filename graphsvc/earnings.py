"""The lines of a closed month: read in pages, printed as one canonical CSV, summed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from graphsvc.errors import Code, Refused, nearest
from graphsvc.periods import parse_month
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

COLUMNS = ("partner_id", "bonus", "level", "base_minor", "rate_ppm", "amount_minor", "currency")
PAGE = 20_000


def closed_run(database: Database, month: str, plan_name: str | None = None) -> Row:
    """The closed period of a month: its plan, plan version and run. Without a plan the month must have just one."""
    parse_month(month)
    periods = [p for p in database.run("month.period", month=month, plan=None) if p["status"] in ("closed", "paid")]
    chosen = [p for p in periods if plan_name in (None, p["plan"])]
    if len(chosen) == 1:
        return chosen[0]
    plans = [p["plan"] for p in periods]
    if chosen:
        raise Refused(Code.PLAN_UNKNOWN, f"{month} was closed for several plans; say --plan with one of {', '.join(plans)}.")
    if plans:
        raise Refused(Code.MONTH_NOT_CLOSED, f"{month} is not closed for plan {plan_name}; it is closed for {', '.join(plans)}.")
    known = [p["month"] for p in database.run("month.closed_months")]
    raise Refused(
        Code.MONTH_NOT_CLOSED,
        f"{month} is not closed; of the closed months {nearest(month, known)}. "
        f"Close it with `graphsvc month close {month} --plan NAME`.",
    )


def of_run(database: Database, run_id: str, *, page: int = PAGE) -> Iterator[Row]:
    """All lines of a run by partner, bonus, level, class and source, a page in memory at a time."""
    last: Row = {"partner_id": "", "bonus": "", "level": 0, "class": "", "source_id": ""}
    while True:
        rows = database.run(
            "earnings.lines",
            run_id=run_id,
            after_partner=last["partner_id"],
            after_bonus=last["bonus"],
            after_level=last["level"],
            after_class=last["class"],
            after_source=last["source_id"],
            limit=page,
        )
        yield from rows
        if len(rows) < page:
            return
        last = rows[-1]


def lines(database: Database, month: str, plan_name: str | None = None) -> Iterator[Row]:
    """The lines of a closed month, in canonical order."""
    return of_run(database, closed_run(database, month, plan_name)["run_id"])


def of_partner(database: Database, month: str, partner_id: str, plan_name: str | None = None) -> list[Row]:
    """One partner's lines of a closed month; empty when there are none."""
    run_id = closed_run(database, month, plan_name)["run_id"]
    return database.run("earnings.of_partner", run_id=run_id, partner_id=partner_id)


# What stands beside the lines of a run, with the columns of its CSV.
BESIDE = {
    "prizes": ("partner_id", "bonus", "place", "award_en", "award_ru"),
    "balances": ("partner_id", "balance", "amount_minor", "currency"),
    "held": ("partner_id", "bonus", "level", "class", "source_id", "held_from", "left", "amount_minor", "currency"),
}


def beside(database: Database, month: str, what: str, plan_name: str | None = None) -> list[Row]:
    """What a closed month has beside its lines: `prizes` that are not money, `balances` of a split total, or lines `held`."""
    return database.run(f"earnings.{what}", run_id=closed_run(database, month, plan_name)["run_id"])


def top(database: Database, month: str, plan_name: str | None = None, *, count: int = 10) -> list[Row]:
    """Who earned most in a closed month."""
    return database.run("earnings.top", run_id=closed_run(database, month, plan_name)["run_id"], limit=count)


def csv_row(line: Row) -> tuple[object, ...]:
    """A line as the cells of the published CSV, in the order of `COLUMNS`."""
    return tuple(line[column] for column in COLUMNS)


def digest(lines_: Iterable[Row]) -> tuple[str, int, int]:
    """(SHA-256, lines, sum in minor units) of lines in canonical order; the same bytes for the same month, always."""
    hashed, count, amount_minor = hashlib.sha256(), 0, 0
    for line in lines_:
        cells = (*csv_row(line), line["class"], line["source_id"], line["base"])
        hashed.update(",".join("" if c is None else str(c) for c in cells).encode() + b"\n")
        count += 1
        amount_minor += line["amount_minor"]
    return hashed.hexdigest(), count, amount_minor
