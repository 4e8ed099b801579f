"""State to start with: what a company's own system knew before the first period that is computed here (mechanics section 9).

It comes as a CSV with a row a partner, beside one of lines that wait (`opening_held`), and stands as an opening run of the period
before the first one, so that the first period reads it as any other reads the one before.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graphsvc import money
from graphsvc.errors import BadInput, Code, Finding, Refused, nearest
from graphsvc.month import elsewhere, opening_held
from graphsvc.periods import Period, parse_month
from graphsvc.plan import store
from graphsvc.plan.compiled import Award, CompiledPlan
from graphsvc.query.runner import Database, Transaction

ROWS_IN_BATCH = 10_000
NUMBER_MAX = 10**15
RECRUITED = ("counted",)  # what `sources.recruits` carries of whom it has counted


@dataclass(frozen=True, slots=True)
class Opening:
    """What was taken in: the period that starts with it, how many partners, and whether it was there already."""

    month: str
    plan: str
    partners: int
    new: bool


@dataclass(slots=True)
class _Part:
    """The columns of one part of the state and, by partner, their numbers."""

    columns: list[str] = field(default_factory=list)
    rows: dict[str, list[int]] = field(default_factory=dict)


def _rank(names: list[str]) -> Callable[[str], int]:
    def read(text: str) -> int:
        if text in ("", "none"):
            return 0
        if text not in names:
            raise ValueError(f"is not a rank of the plan; write none or {', '.join(names)}")
        return names.index(text) + 1

    return read


def _flag(text: str) -> int:
    if text not in ("true", "false", ""):
        raise ValueError("is neither true nor false")
    return int(text == "true")


def _number(decimals: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = money.parse_scaled(text, decimals) if text else 0
        if abs(value) > NUMBER_MAX * 10**decimals:
            raise ValueError(f"is further from 0 than {NUMBER_MAX}")
        return value

    return read


def readers(plan: CompiledPlan) -> dict[str, Callable[[str], int]]:
    """What a file may say of a partner, by column: title, what its rule looks back at, the paid-as rank, running totals, activity
    for grace.

    Beside these, `bonus:column` holds a whole number that a bonus carries: volumes of legs in thousandths, periods, marks.
    """
    known: dict[str, Callable[[str], int]] = {}
    names = [rank.name for rank in plan.ranks]
    for column in plan.carried:
        if column == "below":
            known[column] = _number(0)
        elif column in plan.running:
            unit = next(m.unit for m in plan.metrics if m.kind == "running" and plan.running[m.column] == column)
            decimals = {"money": plan.exponent, "volume": money.VOLUME_DECIMALS}.get(unit, 0)
            known[column] = _number(decimals)
        else:
            known[column] = _rank(names)
    if names:
        known["paid_as"] = _rank(names)  # for plans that read this one's ranks
    if plan.grace_periods:
        known["met"] = _flag
    for bonus in plan.bonuses:
        if bonus.carries:
            columns = bonus.rules["columns"] if isinstance(bonus, Award) else RECRUITED
            known |= {f"{bonus.name}:{column}": _number(0) for column in columns}
    return known


def take(
    database: Database, month: str, plan_name: str, path: Path | None = None, *, held: Path | None = None, actor: str
) -> Opening:
    """Let a plan's first period, `month`, start with the state of a file, the lines that wait in another (`held`), or both; the
    same twice changes nothing, another takes their place. Refused once a period of the plan is closed."""
    first = parse_month(month)
    plan = store.in_force(database, plan_name, first.first_day)
    if path is None and held is None:
        raise Refused(
            Code.BAD_INPUT, f"{month} starts with nothing; name a CSV of state with --state, of lines that wait with --held."
        )
    parts = _read(path, plan) if path else {}
    waiting = _waiting(held, plan, first) if held else []
    said: list[object] = [{name: [part.columns, sorted(part.rows.items())] for name, part in sorted(parts.items())}]
    said += [waiting] if waiting else []
    digest = hashlib.sha256(json.dumps([month, plan.version, *said]).encode()).hexdigest()
    partners = sorted({partner for part in parts.values() for partner in part.rows} | {line["partner_id"] for line in waiting})
    known = {row["partner_id"] for row in database.run("month.known_partners", ids=partners)}
    unknown = [partner for partner in partners if partner not in known]
    if unknown:
        findings = [Finding(f"partner_id {one}", "is not a partner here", "", "import the partner first") for one in unknown]
        named = " and ".join(str(file) for file in (path, held) if file)
        raise BadInput(Code.PARTNER_UNKNOWN, f"Partners are named in {named} that are not here.", findings)

    def work(tx: Transaction) -> bool:
        there = tx.run("month.take_opening", plan=plan_name, month=month)[0]
        if there["digest"] == digest:
            return False
        if there["closed"]:
            raise Refused(
                Code.MONTH_CLOSED,
                f"{there['closed'][0]} of plan {plan_name} is closed or being closed, so the state it started with stands.",
            )
        for reader, read_in in elsewhere.readers(database, plan_name, first.plus(-1)):
            raise Refused(
                Code.MONTH_CLOSED,
                f"{read_in} of plan {reader} is closed and read what plan {plan_name} had before {month}, so that stands.",
            )
        before = str(first.plus(-1))
        opened = tx.run("month.open_state", plan=plan_name, plan_version=plan.version, month=before, actor=actor, digest=digest)
        for name, part in sorted(parts.items()):
            rows = sorted(part.rows.items())
            for start in range(0, len(rows), ROWS_IN_BATCH):
                batch = [{"partner_id": one, "values": values} for one, values in rows[start : start + ROWS_IN_BATCH]]
                tx.run("month.write_state", run_id=opened[0]["run_id"], part=name, columns=part.columns, rows=batch)
        for start in range(0, len(waiting), ROWS_IN_BATCH):
            batch = waiting[start : start + ROWS_IN_BATCH]
            tx.run("month.write_held", run_id=opened[0]["run_id"], currency=plan.currency, rows=batch)
        return True

    return Opening(month, plan_name, len(partners), database.transact(work))


def _waiting(path: Path, plan: CompiledPlan, first: Period) -> list[opening_held.Held]:
    """The lines that wait, from a file; every fault with its line."""
    findings: list[Finding] = []
    found = opening_held.lines(_rows(path), plan, first, findings)
    if findings:
        raise BadInput(Code.BAD_FILE, f"{path} holds no lines that can wait under plan {plan.name}.", findings)
    return found


def _read(path: Path, plan: CompiledPlan) -> dict[str, _Part]:
    """The file's numbers by part; every fault with its line."""
    known, findings = readers(plan), list[Finding]()
    rows = _rows(path)
    header = next(rows, [])
    readers_of: list[tuple[str, Callable[[str], int]] | None] = []
    parts: dict[str, _Part] = {}
    for number, column in enumerate(header):
        name, colon, inner = column.partition(":")
        if column == "partner_id" and header.count(column) == 1:
            readers_of.append(None)
            continue
        part = name if colon else "standing"
        read = known.get(column)
        if read is None or column in header[:number]:
            why = "is not carried by the plan" if read is None else "stands twice"
            findings.append(Finding("line 1", why, column, nearest(column, ["partner_id", *known])))
            continue
        parts.setdefault(part, _Part()).columns.append(inner if colon else column)
        readers_of.append((part, read))
    if "partner_id" not in header or not parts:
        findings.append(
            Finding("line 1", "needs partner_id and a column of state", ",".join(header), f"add one of {', '.join(known)}")
        )
    for line, row in enumerate(rows if not findings else (), start=2):
        if len(row) != len(header):
            findings.append(Finding(f"line {line}", f"has {len(row)} cells", "", f"write {len(header)}, as the header has"))
            continue
        partner = row[header.index("partner_id")]
        if not partner or any(partner in part.rows for part in parts.values()):
            findings.append(Finding(f"line {line}, partner_id", "is empty or stands twice", partner, "write one row a partner"))
            continue
        for part_ in parts.values():
            part_.rows[partner] = []
        for column, cell, reading in zip(header, row, readers_of, strict=True):
            if reading is None:
                continue
            try:
                parts[reading[0]].rows[partner].append(reading[1](cell))
            except ValueError as error:
                findings.append(Finding(f"line {line}, {column}", str(error), cell))
    if findings:
        raise BadInput(Code.BAD_FILE, f"{path} is not a state that plan {plan.name} can start with.", findings)
    return parts


def _rows(path: Path) -> Iterator[list[str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Refused(Code.BAD_FILE, f"{path} cannot be read: {error.strerror or error}; name a CSV file.") from error
    except UnicodeDecodeError as error:
        raise Refused(Code.BAD_FILE, f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error
    yield from (row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row)
