"""Lines that waited for a condition when a company came here: part of the state that its first period starts from.

The file has the columns in which `graphsvc earnings MONTH --list held` prints such lines, so what one installation left waiting
another can go on with. A line keeps its step, its source and the period that earned it; it is released, waits on or lapses as
any line of an earlier period does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphsvc.errors import Finding, nearest
from graphsvc.periods import Period, named
from graphsvc.plan.compiled import CompiledPlan

COLUMNS = ("partner_id", "bonus", "level", "class", "source_id", "held_from", "left", "amount_minor", "currency")
AMOUNT_MAX = 10**15
LEVEL_MAX = 1_000_000

Held = dict[str, Any]


def lines(rows: Iterator[list[str]], plan: CompiledPlan, first: Period, findings: list[Finding]) -> list[Held]:
    """The lines of a file that still wait before the first period, in canonical order; every fault goes to findings."""
    header = next(rows, [])
    if sorted(header) != sorted(COLUMNS):
        unknown = [column for column in header if column not in COLUMNS]
        fix = nearest(unknown[0], list(COLUMNS)) if unknown else f"write {','.join(COLUMNS)}"
        findings.append(Finding("line 1", "needs each column of lines that wait, once", ",".join(header), fix))
        return []
    found: list[Held] = []
    seen: set[tuple[Any, ...]] = set()
    for number, cells in enumerate(rows, start=2):
        if len(cells) != len(header):
            findings.append(Finding(f"line {number}", f"has {len(cells)} cells", "", f"write {len(header)}, as the header has"))
            continue
        row: Held = dict(zip(header, cells, strict=True))
        faults = list(_faults(row, plan, first))
        findings += [
            Finding(f"line {number}, {column}", reason, cells[header.index(column)], fix) for column, reason, fix in faults
        ]
        key = tuple(row[column] for column in COLUMNS[:6])
        if key in seen:
            fix = "add the amounts up, or tell the lines apart by source_id"
            findings.append(Finding(f"line {number}", "is a line that stands in the file already", ",".join(map(str, key)), fix))
        seen.add(key)
        if not faults and row["left"]:
            found.append(row)
    return sorted(found, key=lambda row: [row[column] for column in COLUMNS[:6]])


def _faults(row: Held, plan: CompiledPlan, first: Period) -> Iterator[tuple[str, str, str]]:
    """What is wrong with one line, by column; its numbers are read on the way."""
    waiting = {bonus.name: bonus.hold.periods for bonus in plan.bonuses if bonus.hold is not None}
    if not row["partner_id"]:
        yield "partner_id", "is empty", "name the payee"
    if row["bonus"] not in waiting:
        yield (
            "bonus",
            "is no bonus of the plan whose lines wait",
            nearest(row["bonus"], list(waiting)) if waiting else "leave it out",
        )
    bounds = {
        "level": (0, LEVEL_MAX),
        "left": (0, waiting.get(row["bonus"], LEVEL_MAX)),
        "amount_minor": (-AMOUNT_MAX, AMOUNT_MAX),
    }
    for column, (least, most) in bounds.items():
        text = row[column]
        digits = text.removeprefix("-") if least < 0 else text
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 16) or not least <= int(text) <= most:
            row[column] = 0
            yield column, "is no such whole number", f"write one from {least} to {most}"
        else:
            row[column] = int(text)
    if row["currency"] != plan.currency:
        yield "currency", "is not the plan's", f"write {plan.currency}"
    period = named(row["held_from"])
    if period is None or plan.calendar.of(period.first_day) != period or not period < first:
        yield "held_from", f"is no {plan.calendar.noun} before {first}", f"write one such as {first.plus(-1)}"
