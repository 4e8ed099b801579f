"""Checks of the given files as a whole: keys said twice, references to nobody, currencies and refunds that do not add up.

Each check is one question to the stage. Rows with a fault are marked bad, so that one mistake is not reported as three.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphsvc import money
from graphsvc.imports import values
from graphsvc.imports.columns import LAYOUTS
from graphsvc.imports.faults import Fault, Faults
from graphsvc.imports.staging import Stage

Headers = dict[str, tuple[str, ...]]


class Checker:
    """Runs questions whose rows are faults: each row begins with the line, the rest is what `tell` makes a fault of."""

    def __init__(self, stage: Stage, faults: Faults, headers: Headers) -> None:
        self.stage = stage
        self.faults = faults
        self.headers = headers
        stage.run("CREATE TABLE rejected (noun, n, PRIMARY KEY (noun, n)) WITHOUT ROWID")

    def ask(
        self, check: str, noun: str, sql: str, tell: Callable[..., Fault], params: Sequence[Any] = (), *, mark: bool = True
    ) -> None:
        """Report every row that the question finds, and mark it bad (or leave that to `mark`)."""
        some = False
        for rows in self.stage.batches(sql, 1_000, params):
            some = True
            for row in rows:
                self.faults.add(check, noun, tell(*row))
            self.stage.many("INSERT OR IGNORE INTO rejected VALUES (?, ?)", [(noun, row[0]) for row in rows])
        if some and mark:
            self.mark(noun)

    def mark(self, noun: str) -> None:
        """Mark the rows bad that were reported so far."""
        self.stage.run(f"UPDATE {noun} SET bad = 1 WHERE n IN (SELECT n FROM rejected WHERE noun = ?)", (noun,))


def duplicates(checker: Checker) -> None:
    """A key stands in one row only; a second row is a fault even where it says the same."""
    for noun in checker.headers:
        layout = LAYOUTS[noun]
        key = ", ".join(layout.key)
        same = " AND ".join(f"d.{c} IS f.{c}" for c in layout.names)
        # A missing seen_at is part of an identifier's key, but SQL never finds two NULLs equal: IS does.
        joined = " AND ".join(f"d.{c} IS f.{c}" for c in layout.key)
        filled = " AND ".join(f"{c} IS NOT NULL" for c in layout.key if c != "seen_at")
        first = layout.key[1] if noun == "identifiers" else layout.key[0]

        def tell(line: int, earlier: int, value: str, is_same: int, noun: str = noun, column: str = first) -> Fault:
            if is_same:
                return Fault(line, column, value, f"is the same row as line {earlier}", "keep one of the two rows")
            what = "this order line" if noun == "orders" else f"this {LAYOUTS[noun].one}"
            return Fault(line, column, value, f"is given twice: {what} stands in line {earlier} too", "keep one of the two rows")

        checker.ask(
            "duplicates",
            noun,
            f"""SELECT d.n, t.first, d.{first}, {same} FROM
                (SELECT {key}, min(n) AS first FROM {noun} WHERE {filled} GROUP BY {key} HAVING count(*) > 1) t
                JOIN {noun} f ON f.n = t.first JOIN {noun} d ON {joined} AND d.n > f.n ORDER BY d.n""",
            tell,
        )


# noun, column, noun it refers to, condition of the row.
_REFERENCES = (
    ("partners", "sponsor_id", "partners", "TRUE"),
    ("partners", "placement_id", "partners", "TRUE"),
    ("customers", "partner_id", "partners", "TRUE"),
    ("orders", "partner_id", "partners", "TRUE"),
    ("orders", "customer_id", "customers", "TRUE"),
    ("refunds", "order_id", "orders", "TRUE"),
    ("events", "partner_id", "partners", "TRUE"),
    ("identifiers", "owner_id", "partners", "r.owner_type = 'partner'"),
    ("identifiers", "owner_id", "customers", "r.owner_type = 'customer'"),
    ("identifiers", "owner_id", "orders", "r.owner_type = 'order'"),
)
_WORDS = {"sponsor_id": "sponsor", "placement_id": "partner to stand under"}


def references(checker: Checker) -> None:
    """Every id that a row refers to stands in the files or in the graph."""
    checker.ask(
        "self",
        "partners",
        "SELECT n, partner_id FROM partners WHERE partner_id = sponsor_id AND NOT bad ORDER BY n",
        lambda n, id_: Fault(n, "sponsor_id", id_, "is the partner's own id", "name the sponsor, or nobody for a root"),
    )
    for noun, column, other, condition in _REFERENCES:
        if column not in checker.headers.get(noun, ()):
            continue
        one, key = LAYOUTS[other].one, LAYOUTS[other].key[0]
        word = _WORDS.get(column, one)

        def tell(line: int, value: str, word: str = word, one: str = one, other: str = other, column: str = column) -> Fault:
            fix = f"correct the id, or add this {one} to the {other} file"
            return Fault(line, column, value, f"is an unknown {word}, neither in the files nor stored", fix)

        checker.ask(
            f"reference {column} {other}",
            noun,
            f"""SELECT r.n, r.{column} FROM {noun} r WHERE r.{column} IS NOT NULL AND NOT r.bad AND {condition}
                AND NOT EXISTS (SELECT 1 FROM {other} o WHERE o.{key} = r.{column})
                AND NOT EXISTS (SELECT 1 FROM stored_{other} s WHERE s.{key} = r.{column}) ORDER BY r.n""",
            tell,
        )


def make_order_lines(checker: Checker) -> None:
    """The view `order_lines`: every line of the orders at hand as it will stand, given rows over stored ones."""
    header = checker.headers.get("orders", ())
    paid = "o.paid_at" if "paid_at" in header else "s.paid_at"
    checker.stage.run(
        f"""CREATE VIEW order_lines AS
            SELECT o.n, o.order_id, o.line, coalesce(o.amount, s.amount) AS amount, coalesce(o.currency, s.currency) AS currency,
                   {paid} AS paid_at
            FROM orders o LEFT JOIN stored_orders s ON s.order_id = o.order_id AND s.line = o.line WHERE NOT o.bad
            UNION ALL
            SELECT NULL, s.order_id, s.line, s.amount, s.currency, s.paid_at FROM stored_orders s
            WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.order_id = s.order_id AND o.line = s.line AND NOT o.bad)"""
    )


def one_currency(checker: Checker) -> None:
    """All lines of an order are in one currency, so that a refund over the order has one."""
    if "orders" not in checker.headers:
        return
    # Most orders have one line and need no second look; the index alone tells which have more.
    checker.stage.run(
        """CREATE TABLE several AS SELECT order_id FROM orders GROUP BY order_id HAVING count(*) > 1
           UNION SELECT order_id FROM stored_orders"""
    )
    checker.ask(
        "currency",
        "orders",
        """SELECT a.n, a.currency, a.order_id, b.currency FROM
             (SELECT order_id FROM order_lines WHERE order_id IN (SELECT order_id FROM several)
              GROUP BY order_id HAVING min(currency) <> max(currency)) t
             JOIN order_lines a ON a.order_id = t.order_id
             JOIN order_lines b ON b.order_id = a.order_id AND b.line =
               (SELECT line FROM order_lines c WHERE c.order_id = a.order_id ORDER BY c.n IS NOT NULL, c.n LIMIT 1)
           WHERE a.n IS NOT NULL AND a.currency <> b.currency ORDER BY a.n""",
        lambda n, given, order, other: Fault(
            n, "currency", given, f"differs from {other} in another line of order {order}", "give all its lines one currency"
        ),
    )


def refunds(checker: Checker) -> None:
    """A refund is of a paid order, fits its currency, and all refunds together are at most the order."""
    stage = checker.stage
    if "refunds" in checker.headers:
        _refund_rows(checker)
    if "orders" in checker.headers and stage.value("SELECT count(*) FROM stored_refunds"):
        checker.ask(
            "refunded",
            "orders",
            """SELECT max(l.n), l.order_id, sum(l.amount), count(l.paid_at) < count(*), l.currency,
                 (SELECT sum(r.amount) FROM stored_refunds r WHERE r.order_id = l.order_id) AS given
               FROM order_lines l WHERE l.order_id IN (SELECT order_id FROM stored_refunds)
               GROUP BY l.order_id HAVING max(l.n) IS NOT NULL AND (sum(l.amount) < given OR count(l.paid_at) < count(*))
               ORDER BY 1""",
            _refunded,
        )


def _refunded(line: int, order: str, total: int, is_unpaid: int, currency: str, given: int) -> Fault:
    sums = f"{money.format_minor(given, currency)} {currency}"
    if is_unpaid:
        return Fault(line, "paid_at", "", f"is empty, but order {order} has refunds of {sums}", "give the time of payment")
    return Fault(
        line,
        "amount",
        money.format_minor(total, currency),
        f"is all that order {order} would be worth, less than its refunds of {sums}",
        "correct the amount",
    )


def _refund_rows(checker: Checker) -> None:
    checker.stage.run(
        """CREATE TABLE refunded AS
           SELECT order_id, min(currency) AS currency, sum(amount) AS total, count(*) > count(paid_at) AS unpaid
           FROM order_lines WHERE order_id IN (SELECT order_id FROM refunds)
             AND order_id NOT IN (SELECT order_id FROM orders WHERE bad AND order_id IS NOT NULL) GROUP BY order_id"""
    )
    checker.stage.run("CREATE UNIQUE INDEX refunded_order ON refunded (order_id)")
    checker.ask(
        "unpaid",
        "refunds",
        """SELECT r.n, r.order_id FROM refunds r JOIN refunded o ON o.order_id = r.order_id
           WHERE o.unpaid AND NOT r.bad ORDER BY r.n""",
        lambda n, order: Fault(n, "order_id", order, "is an order that is not paid", "give its paid_at in the orders file"),
    )
    checker.ask(
        "refund money",
        "refunds",
        """SELECT r.n, r.amount, o.currency FROM refunds r JOIN refunded o ON o.order_id = r.order_id
           WHERE NOT r.bad AND r.amount IS NOT NULL AND refund_minor(r.amount, o.currency) IS NULL ORDER BY r.n""",
        _misfit,
    )
    # Given rows stand for stored ones of the same id; an update without the column keeps the stored sum.
    checker.ask(
        "refund sum",
        "refunds",
        """SELECT n, amount, order_id, so_far, total, currency FROM
             (SELECT r.n, r.amount, r.order_id, o.total, o.currency,
                sum(coalesce(refund_minor(r.amount, o.currency), t.amount)) OVER (PARTITION BY r.order_id ORDER BY r.n)
                + coalesce((SELECT sum(s.amount) FROM stored_refunds s WHERE s.order_id = r.order_id
                    AND NOT EXISTS (SELECT 1 FROM refunds g WHERE g.refund_id = s.refund_id AND NOT g.bad)), 0) AS so_far
              FROM refunds r JOIN refunded o ON o.order_id = r.order_id LEFT JOIN stored_refunds t ON t.refund_id = r.refund_id
              WHERE NOT r.bad)
           WHERE so_far > total ORDER BY n""",
        lambda n, given, order, so_far, total, currency: Fault(
            n,
            "amount",
            given or "",
            f"brings the refunds of order {order} to {money.format_minor(so_far, currency)} {currency}, "
            f"more than its {money.format_minor(total, currency)}",
            "correct the amount",
        ),
    )


def _misfit(line: int, given: str, currency: str) -> Fault:
    try:
        values.refund_amount(given, currency)
    except values.Wrong as wrong:
        return Fault(line, "amount", given, wrong.reason, wrong.fix)
    raise AssertionError(given)


def all_of(checker: Checker) -> None:
    """Every check but those of the tree and of what is stored, in order."""
    duplicates(checker)
    references(checker)
    make_order_lines(checker)
    one_currency(checker)
    refunds(checker)
