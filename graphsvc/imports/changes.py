"""Given rows beside stored ones: which are new, which say the same, which would change something, and whether they may.

Only columns that the file has are compared. A row that a closed month counted stays as it is, whatever is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphsvc import money
from graphsvc.errors import Code, Refused
from graphsvc.imports.checks import Checker
from graphsvc.imports.columns import LAYOUTS
from graphsvc.imports.faults import Fault
from graphsvc.imports.staging import KEYS, STORED
from graphsvc.query.runner import Database

COMPARED = ("partners", "customers", "orders", "refunds", "events")
# An empty cell of these says nothing about a stored row: it stands for what the customer, the buyer or the payment say.
# Of a place: whoever has none in the file keeps the one that is stored.
_SILENT = {("orders", "partner_id"), ("orders", "kind"), ("orders", "placed_at")}
_SILENT |= {("partners", "placement_id"), ("partners", "leg")}


@dataclass(frozen=True, slots=True)
class Period:
    """A closed month of a plan: half-open bounds as comparable text, by which date it counted, and until when it knew."""

    plan: str
    month: str
    counted_by: str
    starts_at: str
    ends_at: str
    starts_on: str
    ends_on: str
    known_at: str

    def holds(self, instant: str | None) -> bool:
        """Whether an instant falls into it; a bare date is compared with its days."""
        if not instant:
            return False
        if len(instant) == 10:
            return self.starts_on <= instant < self.ends_on
        return self.starts_at <= instant < self.ends_at

    def began_before_end(self, instant: str) -> bool:
        """Whether the instant lies before its end."""
        return instant < (self.ends_on if len(instant) == 10 else self.ends_at)

    def knew(self, recorded_at: str) -> bool:
        """Whether what was recorded then could be counted."""
        return recorded_at <= self.known_at


class Periods:
    """The closed months, and whether one is being closed right now."""

    def __init__(self, database: Database) -> None:
        rows = database.run("imports.periods")
        self.seen = len(rows)
        self.closing = [r for r in rows if r["status"] == "closing"]
        texts = ("starts_at", "ends_at", "starts_on", "ends_on", "known_at")
        self.closed = [
            Period(r["plan"], r["month"], r["counted_by"], *((r[t] or "9999").removesuffix("Z") for t in texts))
            for r in rows
            if r["status"] != "closing"
        ]

    def refuse_while_closing(self) -> None:
        """A month that is being closed reads the rows that an update would change."""
        if self.closing:
            month, plan = self.closing[0]["month"], self.closing[0]["plan"]
            raise Refused(
                Code.MONTH_BUSY,
                f"Month {month} of plan {plan} is being closed, so stored rows cannot be changed now; "
                f"finish `graphsvc month close {month} --plan {plan}` and run the same command again.",
            )

    def counted(self, noun: str, row: dict[str, Any]) -> Period | None:
        """The closed month that counted a stored row, if one did. A partner counts in every month from joining on."""
        for period in self.closed:
            if not period.knew(row["recorded_at"]):
                continue
            if noun in ("partners", "customers"):
                is_counted = period.began_before_end(row["joined_at"])
            elif noun == "events":
                is_counted = period.holds(row["happened_at"])
            else:
                # a refund has the dates of all lines of its order, and is known to the period of each
                paid, dates = ((row[key] or "").split() for key in ("paid_at", period.counted_by))
                is_counted = bool(paid) and any(self._counts(period, instant) for instant in dates)
            if is_counted or (noun == "refunds" and self._counts(period, row["refunded_at"])):
                return period
        return None

    def _counts(self, period: Period, instant: str) -> bool:
        """Whether a period that knew of something of this date counted it: as its own, or late, after that was closed."""
        return period.holds(instant) or any(
            other.holds(instant) for other in self.closed if other.plan == period.plan and other.month < period.month
        )


def compare(checker: Checker, periods: Periods, *, update: bool) -> None:
    """Fill `changed` (noun, line) with rows to update; report those that may not change."""
    stage = checker.stage
    stage.run("CREATE TABLE changed (noun, n, PRIMARY KEY (noun, n)) WITHOUT ROWID")
    for noun in COMPARED:
        if noun not in checker.headers:
            continue
        if update:
            _require_columns_of_new(checker, noun)
        if not stage.value(f"SELECT EXISTS (SELECT 1 FROM stored_{noun})"):
            continue
        columns = [c for c in checker.headers[noun] if c not in KEYS[noun]]
        if noun == "refunds" and "order_id" in columns:
            _refuse_moved_refunds(checker)
            columns.remove("order_id")
        if not columns:
            continue
        differing = " OR ".join(_differs(noun, c) for c in columns)
        base = f"FROM {noun} f JOIN stored_{noun} s ON {_same_key(noun)}{_ORDER_OF_REFUND * (noun == 'refunds')}"
        if not update:
            for column in columns:
                _report(checker, noun, column, base)
            checker.mark(noun)
            continue
        stage.run(f"INSERT INTO changed SELECT '{noun}', f.n {base} WHERE NOT f.bad AND ({differing})")
        if stage.value("SELECT count(*) FROM changed WHERE noun = ?", (noun,)):
            periods.refuse_while_closing()
            _refuse_counted(checker, periods, noun, base, columns)


_ORDER_OF_REFUND = " LEFT JOIN refunded o ON o.order_id = s.order_id"


def _same_key(noun: str) -> str:
    return " AND ".join(f"s.{c} = f.{c}" for c in KEYS[noun])


def _differs(noun: str, column: str) -> str:
    if noun == "refunds" and column == "amount":
        return "refund_minor(f.amount, o.currency) IS NOT s.amount"
    if (noun, column) in _SILENT:
        return f"(f.{column} IS NOT NULL AND f.{column} IS NOT s.{column})"
    return f"f.{column} IS NOT s.{column}"


def _report(checker: Checker, noun: str, column: str, base: str) -> None:
    currency = {"orders": ("f.currency", "s.currency"), "refunds": ("o.currency", "o.currency")}.get(noun, ("''", "''"))
    kind = LAYOUTS[noun].column(column).kind

    def tell(line: int, given: Any, known: Any, given_in: str, known_in: str) -> Fault:
        shown = _shown(given, kind if noun == "orders" else "", given_in)
        stored = _shown(known, kind, known_in) or "empty cell"
        return Fault(
            line, column, shown, f"differs from the stored {stored}", "correct the row, or add --update to change what is stored"
        )

    checker.ask(
        f"changed {column}",
        noun,
        f"""SELECT f.n, f.{column}, s.{column}, {currency[0]}, {currency[1]} {base}
            WHERE {_differs(noun, column)} AND NOT f.bad ORDER BY f.n""",
        tell,
        mark=False,  # a row that differs in two columns is told twice
    )


def _shown(value: Any, kind: str, currency: str) -> str:
    if value is None:
        return ""
    if kind in ("money", "refund") and isinstance(value, int):
        return money.format_minor(value, currency)
    if kind == "volume":
        return money.format_volume(value)
    if kind == "instant" and len(value) > 10:
        return f"{value}Z"
    return str(value)


def _refuse_moved_refunds(checker: Checker) -> None:
    checker.ask(
        "moved refund",
        "refunds",
        """SELECT f.n, f.order_id, s.order_id FROM refunds f JOIN stored_refunds s ON s.refund_id = f.refund_id
           WHERE NOT f.bad AND f.order_id <> s.order_id ORDER BY f.n""",
        lambda n, given, known: Fault(
            n, "order_id", given, f"differs from the stored {known}", "give the refund an id of its own"
        ),
    )


def _require_columns_of_new(checker: Checker, noun: str) -> None:
    layout, header = LAYOUTS[noun], checker.headers[noun]
    missing = [c.name for c in layout.columns if c.required and c.name not in header]
    missing += [" or ".join(group) for group in layout.one_of if not set(group) & set(header)]
    if not missing:
        return
    checker.ask(
        "new",
        noun,
        f"""SELECT f.n, f.{layout.key[0]} FROM {noun} f WHERE NOT f.bad
            AND NOT EXISTS (SELECT 1 FROM stored_{noun} s WHERE {_same_key(noun)}) ORDER BY f.n""",
        lambda n, id_: Fault(
            n,
            layout.key[0],
            id_,
            f"is not stored yet, and a new {layout.one} needs {', '.join(missing)}",
            "add the missing column",
        ),
    )


def _refuse_counted(checker: Checker, periods: Periods, noun: str, base: str, columns: list[str]) -> None:
    """Faults for changed rows that a closed month counted; a new name of a partner or customer changes no number."""
    if not periods.closed:
        return
    # The first place of a partner changes nothing that was counted: a run does not know what was recorded after it.
    first = {"placement_id": " AND s.place_level IS NOT NULL", "leg": " AND s.place_level IS NOT NULL"}
    numbers = [f"({_differs(noun, c)}{first.get(c, '')})" for c in columns if c != "name"]
    if not numbers:
        return
    stage = checker.stage
    stage.run("CREATE TABLE IF NOT EXISTS counted (noun, n, plan, month)")
    names = STORED[noun]
    wanted = ", ".join(f"s.{c}" for c in names)
    if noun == "refunds":
        names = (*names, "paid_at", "placed_at")
        wanted += ", (SELECT group_concat(paid_at, ' ') FROM stored_orders p WHERE p.order_id = s.order_id)"
        wanted += ", (SELECT group_concat(placed_at, ' ') FROM stored_orders p WHERE p.order_id = s.order_id)"
    found: Iterable[tuple[Any, ...]] = stage.run(
        f"SELECT f.n, {wanted} {base} WHERE NOT f.bad AND ({' OR '.join(numbers)}) ORDER BY f.n"
    )
    rows = []
    for n, *cells in found:
        period = periods.counted(noun, dict(zip(names, cells, strict=True)))
        if period:
            rows.append((noun, n, period.plan, period.month))
    stage.many("INSERT INTO counted VALUES (?, ?, ?, ?)", rows)
    key = LAYOUTS[noun].key[0]
    checker.ask(
        "counted",
        noun,
        f"SELECT f.n, f.{key}, c.plan, c.month FROM counted c JOIN {noun} f ON f.n = c.n WHERE c.noun = '{noun}' ORDER BY f.n",
        lambda n, id_, plan, month: Fault(
            n, key, id_, f"was counted by the closed month {month} of plan {plan}", "leave the row as it is stored"
        ),
    )
