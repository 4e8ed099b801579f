"""Lines that wait for a condition, once more: which must wait, which an earlier period's are released, which wait on or lapse
(mechanics section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from graphsvc.explain.proving import Proving
from graphsvc.query.values import Row

RELEASED = "held "

Key = tuple[str, str, int, str, str]  # partner, bonus, step, class, source
HeldKey = tuple[str, str, int, str, str, str]  # and the period that the line comes from


class Waiting:
    """What waits after a run, beside what waited before it and who meets the conditions now."""

    def __init__(self, proving: Proving) -> None:
        self.proving = proving
        self._asked = {bonus.name: bonus.hold for bonus in proving.plan.bonuses if bonus.hold is not None}

    def released(self) -> dict[Key, int]:
        """The lines of earlier periods that the run must have paid, with what they earned then."""
        found: dict[Key, int] = {}
        for row in self._before:
            if row["left"] > 0 and row["partner_id"] in self.met[row["bonus"]]:
                source_id = f"{RELEASED}{row['held_from']} {row['source_id']}".rstrip(" ")
                found[row["partner_id"], row["bonus"], row["level"], row["class"], source_id] = row["amount_minor"]
        return found

    def line(self, row: Row) -> None:
        """A line of the run, paid or cut to nothing, that no earlier period made: its payee must meet the condition."""
        met = self.met.get(row["bonus"])
        if met is not None and row["partner_id"] not in met:
            self._say(row, "does not wait, and its condition is not met")

    def whole(self, changed: Mapping[HeldKey, tuple[int, int]]) -> None:
        """What waits must wait: for as long as is left of its periods, and only for who does not meet the condition. changed: by
        line, the periods that are left and what the line is, where the run took or added a part of it."""
        if not self._asked:
            return
        wanted = {
            self._key(row): (row["left"] - 1, row["amount_minor"])
            for row in self._before
            if row["left"] > 0 and row["partner_id"] not in self.met[row["bonus"]]
        }
        wanted = {key: said for key, said in {**wanted, **changed}.items() if said[1]}
        for row in self.proving.database.run("earnings.held", run_id=self.proving.run_id):
            key = self._key(row)
            if row["held_from"] != self.proving.month or key in wanted:
                left, amount = wanted.pop(key, (-1, 0))
                if (row["left"], row["amount_minor"]) != (left, amount):
                    self._say(row, f"waits on for {self._much(row['amount_minor'], row['left'])}, not {self._much(amount, left)}")
            elif row["bonus"] not in self._asked or row["partner_id"] in self.met[row["bonus"]]:
                self._say(row, "waits, and nothing is to be waited for")
            elif row["left"] != self._asked[row["bonus"]].periods:
                self._say(row, f"waits for {row['left']} periods")
        for partner_id, bonus, level, _, _, since in wanted:
            self.proving.differences.append(f"{partner_id} {bonus} {level}: waits no longer, though held since {since}")

    @staticmethod
    def _key(row: Row) -> HeldKey:
        return row["partner_id"], row["bonus"], row["level"], row["class"], row["source_id"], row["held_from"]

    def _much(self, amount_minor: int, left: int) -> str:
        return f"{self.proving.money(amount_minor)} with {left} periods left" if left >= 0 else "nothing"

    def _say(self, row: Row, what: str) -> None:
        source = f" {row['source_id']}" if row["source_id"] else ""
        self.proving.differences.append(f"{row['partner_id']} {row['bonus']} {row['level']}{source}: {what}")

    @cached_property
    def _before(self) -> list[Row]:
        """The lines that waited when the run began."""
        if not self._asked or not self.proving.earlier:
            return []
        rows = self.proving.database.run("earnings.held", run_id=self.proving.earlier)
        return [row for row in rows if row["bonus"] in self._asked]

    @cached_property
    def met(self) -> dict[str, set[str]]:
        """By bonus, who is active and meets the condition that its lines wait for."""
        found: dict[str, set[str]] = {name: set() for name in self._asked}
        for stood in self.proving.stood((), [hold.condition for hold in self._asked.values()]) if self._asked else ():
            for name, hold in self._asked.items():
                if hold.condition < 0 or stood.holds[hold.condition]:
                    found[name].add(stood.partner_id)
        return found
