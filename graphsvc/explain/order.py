"""From an order to the lines that it fed: up from who sold it, through what each partner did with what arrived.

A bonus whose sources are not kept apart by order is fed by all that the seller brought in that period; its line is named for each
of these orders. What counts an order without walking up from it (a pool, a contest, a pairing) is named beside the lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from graphsvc.errors import Code, Refused
from graphsvc.explain.feed import STATE
from graphsvc.explain.words import MILLION
from graphsvc.month import spanning
from graphsvc.periods import parse_month
from graphsvc.plan import store
from graphsvc.plan.compiled import Award, CompiledPlan, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

LINE = ("partner_id", "bonus", "level", "class", "source_id", "amount_minor", "currency")
Paid = tuple[int, int, int, str]  # seq of the payee, pay code, class, order and line where each makes a line of its own


@dataclass(slots=True)
class Fed:
    """Lines that an order fed, each with plan, month and run, and the bonuses that count it without walking up from it."""

    order_id: str
    lines: list[Row] = field(default_factory=list)
    besides: list[Row] = field(default_factory=list)


def of_order(database: Database, order_id: str) -> Fed:
    """The lines of closed months that an order fed, by plan and month; refuses an unknown order."""
    if database.one("recalculation.order", order_id=order_id) is None:
        raise Refused(Code.ORDER_UNKNOWN, f"There is no order {order_id!r}; orders are named as in the company's own files.")
    found = Fed(order_id)
    counted = database.run("explain.counted", order_id=order_id)
    for plan_name, rows in groupby(counted, key=lambda row: str(row["plan"])):
        sellers: dict[str, set[int]] = {}
        for row in rows:
            # what `reverse` takes back is no volume of its period
            if not row["refund"] or store.get(database, plan_name, row["plan_version"]).refunds == "net":
                sellers.setdefault(row["run_id"], set()).add(row["seq"])
        for closed in database.run("month.closed_runs", plan=plan_name):
            _of_run(database, plan_name, closed, sellers, found)
    return found


def _of_run(database: Database, plan_name: str, closed: Row, sellers: dict[str, set[int]], found: Fed) -> None:
    run_id, month = closed["run_id"], parse_month(closed["month"])
    plan = store.get(database, plan_name, closed["plan_version"])
    named = {"plan": plan_name, "month": closed["month"], "run_id": run_id}
    payees: dict[str, set[int]] = {}
    for bonus in plan.bonuses:
        runs = [run_id, *spanning.earlier(database, plan, bonus.spans, month)]
        sold = {seq for one in runs for seq in sellers.get(one, ())}
        if not spanning.due(bonus, month) or not (sold or payees):
            continue
        if isinstance(bonus, Award):
            if sold or any(name in payees for name in bonus.reads):
                found.besides.append(named | {"bonus": bonus.name, "kind": bonus.kind})
            continue
        orders = bonus.source.query == "sources.orders"
        starting = sold if orders else {seq for name in bonus.reads for seq in payees.get(name, ())}
        paid = {one for seq in starting for one in _climb(database, plan, run_id, bonus, seq, found.order_id if orders else None)}
        payees[bonus.name] = {one[0] for one in paid}
        found.lines += [named | line for line in _lines(database, run_id, bonus, paid)]
    names = [f"{what} {found.order_id}" for what in ("reversal", "late")]
    found.lines += [named | row for row in database.run("explain.adjusted", run_id=run_id, names=names)]


def _climb(database: Database, plan: CompiledPlan, run_id: str, bonus: Walk, seq: int, order_id: str | None) -> Iterator[Paid]:
    """Who is paid for what a partner brought, by which code."""
    tree, whose = bonus.source.tree, seq
    if plan.transfer is not None and tree == "transferred" and order_id is not None and bonus.source.rules["base"] != "money":
        row = database.one("explain.host", run_id=run_id, seq=seq)
        whose = seq if row is None else row["host"]
    place = database.one("explain.place", run_id=run_id, tree=tree, seq=whose) if whose >= 0 else None
    if place is None:
        return
    for entered in database.run("explain.entered", run_id=run_id, source=bonus.source.key, seq=whose, order_id=order_id):
        class_, source_id = entered["class"], entered["source_id"] if bonus.lines == "order" else ""
        at = {whose * STATE + class_ * bonus.states + start for start in bonus.starts}
        seen, lowest, highest = set[int](), place["level"], place["level"]
        while at:
            seen |= at
            asked = {"run_id": run_id, "bonus": bonus.name, "level_from": highest, "level_to": lowest, "at": sorted(at)}
            rows = database.run("explain.onward", **asked)
            at = set()
            for row in rows:
                if row["move"] >= MILLION:
                    yield row["place"] // STATE, row["move"] // MILLION, class_, source_id
                for state in (row["move"] // STATE % STATE, row["move"] % STATE):
                    if state and row["parent"] >= 0:
                        at.add(row["parent"] * STATE + state)
            levels = [row["level"] for row in rows]
            # a parent stands at the same level, or one higher
            lowest, highest = max(levels, default=0), min(levels, default=0) - 1
            at -= seen


def _lines(database: Database, run_id: str, bonus: Walk, paid: set[Paid]) -> Iterator[Row]:
    """The lines that these payments are part of, those that limits cut to nothing left out."""
    names = {row["seq"]: row["partner_id"] for row in database.run("explain.names", seqs=sorted({one[0] for one in paid}))}
    wanted = {
        (names[seq], bonus.pays[code - 1].level, bonus.source.classes[class_], source_id) for seq, code, class_, source_id in paid
    }
    for partner_id in sorted(set(names.values())):
        for row in database.run("earnings.of_partner", run_id=run_id, partner_id=partner_id):
            key = (partner_id, row["level"], row["class"], row["source_id"])
            if row["bonus"] == bonus.name and not row["adjusts"] and key in wanted:
                yield {name: row[name] for name in LINE}
