"""What limits of a closed run leave of a line that changes later, once more (mechanics section 8): room and scale are frozen.

Room is what a cap left beside the partner's other lines of that run as they stood when caps ran; the two sums of a limit of the
company are read as they were then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from graphsvc.explain.capped import Capped, Step
from graphsvc.explain.proving import Proving
from graphsvc.month import limits
from graphsvc.plan.compiled import Limit
from graphsvc.query.runner import Database
from graphsvc.query.values import Row


class Rooms:
    """The limits of a closed run."""

    def __init__(self, proving: Proving) -> None:
        self.database: Database = proving.database
        self._proving, self.run_id, self.plan = proving, proving.run_id, proving.plan
        self._capped = Capped(proving)
        self._names = [bonus.name for bonus in self.plan.bonuses]
        self._runs = limits.of_company(self.plan)
        self._lines: dict[tuple[str, str], list[Row]] = {}
        self._held: dict[str, Mapping[int, bool]] = {}

    def look(self, partner_ids: Collection[str]) -> None:
        """Read at once what stands of some partners, and forget others; any other is read when it is asked for."""
        asked = {condition for limit in self.plan.limits for condition, _ in limit.picks if condition >= 0}
        names = {bonus for limit in self.plan.limits if limit.cap in ("partner", "partner_bonus") for bonus in limit.bonuses}
        self._lines = {(partner_id, name): [] for partner_id in partner_ids for name in names}
        if names:
            for row in self.database.run("explain.lines_of", run_id=self.run_id, partner_ids=sorted(partner_ids)):
                if row["bonus"] in names:
                    self._lines[row["partner_id"], row["bonus"]].append(row)
        if asked and not self._held:
            for stood in self._proving.stood(conditions=asked, everybody=True):
                self._held[stood.partner_id] = stood.holds

    def stands(self, partner_id: str, bonus: str, step: Step, earned_minor: int) -> int:
        """What a line of this amount stands at."""
        amount = earned_minor
        bound = [limit for limit in self.plan.limits if bonus in limit.bonuses and limit.cap != "company"] if amount > 0 else []
        for limit in bound:
            cap = self._cap(partner_id, limit)
            if cap is not None:
                amount = max(0, min(amount, self._room(partner_id, bonus, step, limit, cap)))
        for number in self._capped.runs:
            if bonus in self.plan.limits[number].bonuses:
                amount = self._capped.scaled(number, amount)
        return amount

    def _room(self, partner_id: str, bonus: str, step: Step, limit: Limit, cap: int) -> int:
        """What one cap leaves this line beside the others, however much it earns."""
        if limit.cap == "line":
            return cap
        at = self._names.index(bonus)
        standing: dict[str, int] = defaultdict(int)
        for name in limit.bonuses if limit.cap == "partner" else (bonus,):
            place = self._names.index(name)
            for row in self._of(partner_id, name):
                other = (place, row["level"], row["class"], row["source_id"])
                when = "itself" if other == (at, *step) else "before" if other < (at, *step) else "after"
                standing[when] += self._stood(row, at)
        left = cap - standing["before"]
        return min(left, max(standing["itself"], left - standing["after"]))

    def _of(self, partner_id: str, bonus: str) -> list[Row]:
        """A partner's lines of a bonus in the closed run, those cut to nothing too."""
        key = partner_id, bonus
        if key not in self._lines:
            rows = self.database.run("explain.fates", run_id=self.run_id, partner_id=partner_id, bonus=bonus)
            self._lines[key] = [row for row in rows if row["fate"] in ("paid", "capped")]
        return self._lines[key]

    def _stood(self, row: Row, at: int) -> int:
        """What a line was when the caps of a bonus ran: no limit of the company that ran only after that bonus had cut it."""
        marks = row["cuts"] or []
        later = [number for after, number in self._runs if after >= at]
        for number, before in zip(marks[::2], marks[1::2], strict=True):
            if number in later:
                return int(before)
        return int(row["amount_minor"])

    def _cap(self, partner_id: str, limit: Limit) -> int | None:
        """How much a cap leaves a partner; None where it says nothing of it."""
        held = self._holds(partner_id) if any(condition >= 0 for condition, _ in limit.picks) else {}
        cap = next((cap for condition, cap in limit.picks if condition < 0 or held.get(condition)), -1)
        return None if cap < 0 else cap

    def _holds(self, partner_id: str) -> Mapping[int, bool]:
        if partner_id not in self._held:
            sizes = {"numbers": len(self.plan.metrics), "rules": len(self.plan.conditions)}
            row = self.database.one("explain.standing", run_id=self.run_id, partner_id=partner_id, **sizes)
            self._held[partner_id] = dict(enumerate(row["holds"])) if row else {}
        return self._held[partner_id]
