"""Faults of the given files: the first hundred in the order of the files, and how many there are.

Checks run one after another over all rows, so each keeps its own first hundred of a file; the first hundred of all are
among them. Memory stays flat however broken a file is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from graphsvc.errors import BadInput, Code, Finding
from graphsvc.imports.columns import LAYOUTS

SHOWN_CHARACTERS_MAX = 60
_ORDER = {noun: i for i, noun in enumerate(LAYOUTS)}


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong cell (or row, where column is empty)."""

    line: int
    column: str
    value: str
    reason: str
    fix: str


class Faults:
    """Collects faults and raises them together."""

    def __init__(self, paths: Mapping[str, str]) -> None:
        self._paths = paths
        self._kept: dict[tuple[str, str], list[Fault]] = {}
        self._counts: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._counts.total()

    def add(self, check: str, noun: str, fault: Fault) -> None:
        """Count a fault; keep it if it is among the first of its check and file. Faults come in the order of lines."""
        self._counts[noun] += 1
        kept = self._kept.setdefault((check, noun), [])
        if len(kept) < BadInput.shown_max:
            kept.append(fault)

    def raise_any(self) -> None:
        """Raise `BadInput` with all faults, if there is any."""
        if not self._counts:
            return
        ordered = sorted(
            (
                (_ORDER[noun], fault.line, place, fault)
                for (_, noun), kept in self._kept.items()
                for place, fault in enumerate(kept)
            ),
            key=lambda x: x[:3],
        )
        nouns = list(LAYOUTS)
        findings = [self._finding(nouns[file], fault) for file, _, _, fault in ordered[: BadInput.shown_max]]
        count = len(self)
        files = ", ".join(f"{self._paths[n]} ({self._counts[n]})" for n in LAYOUTS if self._counts[n])
        noun = "fault" if count == 1 else "faults"
        raise BadInput(Code.BAD_FILE, f"Nothing was imported: {count} {noun} in {files}.", findings, count=count)

    def _finding(self, noun: str, fault: Fault) -> Finding:
        where = f"{self._paths[noun]} line {fault.line}" + (f", {fault.column}" if fault.column else "")
        shown = fault.value
        if len(shown) > SHOWN_CHARACTERS_MAX:
            shown = shown[: SHOWN_CHARACTERS_MAX - 1] + "…"
        return Finding(where, fault.reason, shown, fault.fix)
