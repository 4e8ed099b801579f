"""Writes the checked rows of the stage in batches, each one managed transaction.

A batch first touches the counter, whose lock intake and freezes take turns on, and only then asks the time: so a run that
fixes what it knows either waits for the batch or comes before all of it. New rows are created under the uniqueness
constraints and counted; a batch that finds the graph changed since the check is rolled back whole. What is written stays
written: the same command skips it and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any

from graphsvc.errors import Code, Refused
from graphsvc.imports.changes import Periods
from graphsvc.imports.checks import Headers
from graphsvc.imports.staging import KEYS, Stage
from graphsvc.progress import Progress
from graphsvc.query.runner import Database, Transaction

BATCH_ROWS = 5_000
ROW = "\x1e"
CELL = "char(31)"


def _packed(*cells: str) -> str:
    """SQL for one row as text, cells joined; SQLite does in one call what would be a dozen in Python."""
    return f" || {CELL} || ".join(f"coalesce({cell}, '')" for cell in cells)


_PARTNER = _packed("p.partner_id", "p.sponsor_id", "p.name", "p.type", "p.status", "p.joined_at", "p.country", "p.tags")
_PARTNER_CHANGED = _packed("f.partner_id", "f.sponsor_id", "f.name", "f.type", "f.status", "f.joined_at", "f.country", "f.tags")
_CUSTOMER = _packed("f.customer_id", "f.partner_id", "f.name", "f.joined_at")
_CREDITED = "f.partner_id, c.partner_id, sc.partner_id"
_ORDER_TAIL = ("f.customer_id", "f.placed_at", "f.paid_at", "f.currency")
_ORDER_NUMBERS = "f.amount, f.qv, f.cv"
_ORDER = _packed("f.order_id", "f.line", f"coalesce({_CREDITED})", *_ORDER_TAIL, "coalesce(f.kind, 'own_use')", "f.category")
_ORDER_CHANGED = _packed("f.order_id", "f.line", "f.partner_id", *_ORDER_TAIL, "f.kind", "f.category")
_REFUND = _packed("f.refund_id", "f.order_id", "f.refunded_at")
_REFUND_NUMBERS = "refund_minor(f.amount, o.currency)"
_EVENT = _packed("f.event_id", "f.partner_id", "f.kind", "f.happened_at", "f.accepted")
_SIGHTING = _packed("f.owner_type", "f.owner_id", "f.kind", "f.value", "min(f.seen_at)", "max(f.seen_at)")

_CUSTOMER_OF_ORDER = """LEFT JOIN customers c ON c.customer_id = f.customer_id
    LEFT JOIN stored_customers sc ON sc.customer_id = f.customer_id"""


def is_new(noun: str) -> str:
    """SQL condition: the graph has no row of this key."""
    key = " AND ".join(f"s.{c} = f.{c}" for c in KEYS[noun])
    return f"NOT EXISTS (SELECT 1 FROM stored_{noun} s WHERE {key})"


def _is_changed(noun: str) -> str:
    return f"EXISTS (SELECT 1 FROM changed x WHERE x.noun = '{noun}' AND x.n = f.n)"


# An identifier is written where some node of its owner does not use it yet, or was not seen with it so early or so late.
IS_NEW_USE = """NOT EXISTS (SELECT 1 FROM stored_identifiers s WHERE s.n = f.n AND s.owners > 0 AND s.uses = s.owners)"""
IS_WIDER_USE = """EXISTS (SELECT 1 FROM stored_identifiers s WHERE s.n = f.n AND s.uses = s.owners AND f.seen_at IS NOT NULL
    AND (s.first_seen IS NULL OR f.seen_at < s.first_seen OR f.seen_at > s.last_seen))"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows on their way: their cells as one text, and their numbers column by column, because reading a number out of a text
    costs the server more than everything else in the row."""

    rows: str
    numbers: list[list[int | None]]
    count: int

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]]) -> Batch:
        """Rows as the stage gives them: the text, then the numbers."""
        text, *numbers = zip(*rows, strict=True)
        return cls(ROW.join(text), [list(column) for column in numbers], len(rows))


@dataclass(slots=True)
class Turn:
    """One transaction that has the lock."""

    tx: Transaction
    first_seq: int
    recorded_at: Any

    def expect(self, batch: Batch, query: str, **params: Any) -> None:
        """Run a query that must write just the rows of the batch; anything else means the graph is not what was checked."""
        if batch.numbers:
            params["numbers"] = batch.numbers
        row = self.tx.one(query, rows=batch.rows, **params)
        if row is None or row["written"] != batch.count:
            raise changed_meanwhile()


def changed_meanwhile() -> Refused:
    """The graph is no longer what the files were checked against."""
    return Refused(
        Code.BUSY,
        "The network was changed by somebody else while the files were imported; run the same command again: "
        "rows that are already stored are skipped.",
    )


class Writer:
    """Writes the stage into the graph, noun by noun."""

    def __init__(
        self, database: Database, stage: Stage, headers: Headers, periods: Periods, progress: Progress, placement_tree: str
    ) -> None:
        self.database = database
        self.stage = stage
        self.headers = headers
        self.periods = periods
        self.progress = progress
        self.placement_tree = placement_tree

    def write(self) -> None:
        """Everything that is new or changed; partners first, because all else refers to them."""
        self._write_partners()
        self._write_places()
        self._create("customers", "imports.create_customers", f"SELECT {_CUSTOMER} FROM customers f WHERE {is_new('customers')}")
        self._update("customers", "imports.update_customers", _CUSTOMER)
        self._write_orders()
        refund = f"{_REFUND}, {_REFUND_NUMBERS}"
        priced = "LEFT JOIN refunded o ON o.order_id = f.order_id"
        self._create("refunds", "imports.create_refunds", f"SELECT {refund} FROM refunds f {priced} WHERE {is_new('refunds')}")
        self._update("refunds", "imports.update_refunds", refund, join=priced, is_dated=True)
        self._create("events", "imports.create_events", f"SELECT {_EVENT} FROM events f WHERE {is_new('events')}")
        self._update("events", "imports.update_events", _EVENT, is_dated=True)
        self._write_identifiers()

    def _turn(self, count: int, work: Callable[[Turn], None], *, is_update: bool = False) -> None:
        def transaction(tx: Transaction) -> None:
            row = tx.one("imports.take_turn", count=count) or {}
            if is_update and row["periods"] != self.periods.seen:
                raise changed_meanwhile()
            work(Turn(tx, row["first_seq"], row["recorded_at"]))

        try:
            self.database.transact(transaction)
        except Refused as error:
            if error.code is not Code.DUPLICATE:
                raise
            raise changed_meanwhile() from error

    def _batches(
        self, label: str, sql: str, work: Callable[[Turn, Batch], None], *, numbered: bool = False, is_update: bool = False
    ) -> None:
        total = self.stage.value(f"SELECT count(*) FROM ({sql})")
        if not total:
            return
        with self.progress.step(label, total) as advance:
            for rows in self.stage.batches(sql, BATCH_ROWS):
                batch = Batch.of(rows)
                self._turn(batch.count if numbered else 0, partial(_with, work, batch), is_update=is_update)
                advance(batch.count)

    def _create(self, noun: str, query: str, sql: str) -> None:
        if noun in self.headers:

            def work(turn: Turn, batch: Batch) -> None:
                turn.expect(batch, query, recorded_at=turn.recorded_at)

            self._batches(f"Writing {noun}", sql, work)

    def _update(self, noun: str, query: str, cells: str, *, join: str = "", is_dated: bool = False) -> None:
        if noun not in self.headers:
            return
        columns = list(self.headers[noun])

        def work(turn: Turn, batch: Batch) -> None:
            dated = {"recorded_at": turn.recorded_at} if is_dated else {}
            turn.expect(batch, query, columns=columns, **dated)
            if noun == "orders":
                turn.expect(replace(batch, numbers=[]), "imports.retie_orders", columns=columns)

        sql = f"SELECT {cells} FROM {noun} f {join} WHERE {_is_changed(noun)}"
        self._batches(f"Changing {noun}", sql, work, is_update=True)

    def _write_partners(self) -> None:
        if "partners" not in self.headers:
            return
        columns = list(self.headers["partners"])

        def update(turn: Turn, batch: Batch) -> None:
            turn.expect(batch, "imports.update_partners", columns=columns)

        new = """FROM depth d JOIN partners p ON p.partner_id = d.partner_id
            WHERE NOT d.moved AND NOT EXISTS (SELECT 1 FROM stored_partners s WHERE s.partner_id = p.partner_id)"""
        if self.stage.value("SELECT EXISTS (SELECT 1 FROM moved)"):
            self._write_moves(new)
        else:
            sql = f"SELECT {_PARTNER}, d.level {new} ORDER BY d.level, p.n"
            self._batches("Writing partners", sql, _create_partners, numbered=True)
        sql = f"SELECT {_PARTNER_CHANGED} FROM partners f WHERE {_is_changed('partners')}"
        self._batches("Changing partners", sql, update, is_update=True)

    def _write_moves(self, new: str) -> None:
        """New and re-hung partners by the level they will have, so that nobody hangs below somebody who still has to move."""
        sql = f"""SELECT d.level, 1, p.partner_id, p.sponsor_id, NULL FROM depth d
                  JOIN partners p ON p.partner_id = d.partner_id WHERE d.moved
                  UNION ALL SELECT d.level, 0, p.partner_id, {_PARTNER}, d.level {new} ORDER BY 1, 2, 3"""
        total = self.stage.value(f"SELECT count(*) FROM ({sql})")
        with self.progress.step("Writing partners", total) as advance:
            for rows in self.stage.batches(sql, BATCH_ROWS):
                for is_move, group in groupby(rows, key=lambda row: bool(row[1])):
                    some = list(group)
                    if is_move:
                        self._turn(0, partial(_move, [(row[2], row[3]) for row in some]), is_update=True)
                    else:
                        batch = Batch.of([row[3:] for row in some])
                        self._turn(batch.count, partial(_with, _create_partners, batch))
                    advance(len(some))

    def _write_places(self) -> None:
        """Places in the placement tree, roots first. Who moves gives up the old place before anybody takes a new one, so that two
        may change places; the levels below a moved partner are set anew from its own."""
        tree, had = {"tree": self.placement_tree}, "SELECT partner_id FROM places WHERE had"

        def unplace(turn: Turn, batch: Batch) -> None:
            turn.expect(batch, "imports.unplace", **tree)

        def root(turn: Turn, batch: Batch) -> None:
            turn.expect(batch, "imports.place_roots", recorded_at=turn.recorded_at, **tree)

        def place(turn: Turn, batch: Batch) -> None:
            turn.expect(batch, "imports.place_partners", recorded_at=turn.recorded_at, **tree)
            if not late:
                turn.expect(Batch(batch.rows, [], batch.count), "imports.check_places", **tree)

        def level(turn: Turn, batch: Batch) -> None:
            turn.expect(batch, "imports.level_places", **tree)
            turn.expect(batch, "imports.check_places", **tree)

        rows = "FROM places p JOIN place_depth d ON d.partner_id = p.partner_id"
        stored = "WHERE EXISTS (SELECT 1 FROM stored_partners s WHERE s.partner_id = p.partner_id)"
        late = bool(self.stage.value(f"SELECT EXISTS (SELECT 1 FROM places p {stored})"))
        order = "ORDER BY d.level, p.partner_id"
        self._batches("Giving up places", had, unplace, is_update=True)
        self._batches("Placing roots", "SELECT partner_id FROM new_roots ORDER BY 1", root)
        packed = _packed("p.partner_id", "p.parent_id")
        self._batches("Placing partners", f"SELECT {packed}, d.level, p.leg {rows} {order}", place)
        if late:
            self._batches("Levelling places", f"SELECT {packed} {rows} {stored} {order}", level, is_update=True)

    def _write_orders(self) -> None:
        base = f"SELECT {_ORDER}, {_ORDER_NUMBERS} FROM orders f {_CUSTOMER_OF_ORDER} WHERE {is_new('orders')} AND f.customer_id"
        if "orders" in self.headers:
            self._create("orders", "imports.create_orders_own", f"{base} IS NULL")
            self._create("orders", "imports.create_orders_bought", f"{base} IS NOT NULL")
            self._tie_refunds_to_new_lines()
            self._update("orders", "imports.update_orders", f"{_ORDER_CHANGED}, {_ORDER_NUMBERS}", is_dated=True)

    def _tie_refunds_to_new_lines(self) -> None:
        ids = "SELECT DISTINCT f.order_id FROM orders f JOIN stored_refunds r ON r.order_id = f.order_id"
        for rows in self.stage.batches(ids, BATCH_ROWS):
            self._turn(0, partial(_tie, [id_ for (id_,) in rows]))

    def _write_identifiers(self) -> None:
        if "identifiers" in self.headers:
            key = "f.owner_type, f.owner_id, f.kind, f.value"
            sql = f"SELECT {_SIGHTING} FROM identifiers f WHERE {IS_NEW_USE} OR {IS_WIDER_USE} GROUP BY {key}"

            def work(turn: Turn, batch: Batch) -> None:
                turn.expect(batch, "imports.use_identifiers")

            self._batches("Writing identifiers", sql, work)


def _with(work: Callable[[Turn, Batch], None], batch: Batch, turn: Turn) -> None:
    work(turn, batch)


def _create_partners(turn: Turn, batch: Batch) -> None:
    turn.expect(batch, "imports.create_partners", first_seq=turn.first_seq, recorded_at=turn.recorded_at)
    levels = batch.numbers[0]
    hung = [row for row, level in zip(batch.rows.split(ROW), levels, strict=True) if level]
    if hung:
        turn.expect(Batch(ROW.join(hung), [], len(hung)), "imports.hang_partners", recorded_at=turn.recorded_at)


def _tie(order_ids: list[str], turn: Turn) -> None:
    turn.tx.run("imports.extend_refunds", order_ids=order_ids)


def _move(pairs: list[tuple[str, str | None]], turn: Turn) -> None:
    for partner_id, sponsor_id in pairs:
        row = turn.tx.one("imports.rehang_partner", partner_id=partner_id, sponsor_id=sponsor_id, recorded_at=turn.recorded_at)
        if row is None:
            raise changed_meanwhile()
        if row["change"]:
            turn.tx.run("imports.shift_levels", partner_id=partner_id, change=row["change"])
