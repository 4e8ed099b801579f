"""What limits leave of each line, once more, from what the line earned (mechanics section 8).

Limits of lines and partners run over a partner's lines bonus by bonus; a limit of the company scales the lines of all. How much
they came to when it ran is read first, and must in the end be what the replayed lines came to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from graphsvc.explain.proving import Proving
from graphsvc.money import round_ratio
from graphsvc.month import limits
from graphsvc.plan.compiled import Limit
from graphsvc.query.values import Row

Step = tuple[int, str, str]  # level, class, source


class Capped:
    """The limits of a plan on the lines of a run, a partner at a time."""

    def __init__(self, proving: Proving) -> None:
        self.proving, self.plan = proving, proving.plan
        company = limits.of_company(self.plan)
        self.runs = [number for _, number in company]  # limits of the company in the order in which they run
        self._after: dict[str, list[int]] = defaultdict(list)
        for place, number in company:
            self._after[self.plan.bonuses[place].name].append(number)
        self._came_to: Counter[int] = Counter()

    @cached_property
    def _nothing(self) -> dict[str, list[Row]]:
        """Lines cut to nothing, by partner."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.proving.database.run("explain.capped", run_id=self.proving.run_id) if self.plan.limits else ():
            found[row["partner_id"]].append(row)
        return found

    def partner(self, partner_id: str, lines: Iterable[Row]) -> Iterator[str]:
        """Which lines of one partner are not what limits leave of them."""
        if not self.plan.limits:
            return
        stored: dict[tuple[str, Step], Row] = {}
        for row in (*lines, *(row | {"amount_minor": 0, "cut": True} for row in self._nothing.pop(partner_id, []))):
            stored[row["bonus"], (row["level"], row["class"], row["source_id"])] = row
        stands = self._stands(partner_id, {key: row["earned_minor"] for key, row in stored.items()})
        for (bonus, step), amount in stands.items():
            row = stored[bonus, step]
            if amount != row["amount_minor"] and (row["cut"] or amount != row["earned_minor"]):
                who = " ".join(str(part) for part in (partner_id, bonus, *step) if part != "")
                kept, left = self.proving.money(row["amount_minor"]), self.proving.money(amount)
                yield f"{who}: {kept} are stored, and limits leave {left} of {self.proving.money(row['earned_minor'])}"

    def whole(self) -> Iterator[str]:
        """What is left to say once every partner was looked at: who has only lines that were cut to nothing, and the company."""
        for partner_id in list(self._nothing):
            yield from self.partner(partner_id, ())
        for number, (paid, _) in self.company.items():
            if self._came_to[number] != paid:
                found, said = self.proving.money(self._came_to[number]), self.proving.money(paid)
                yield f"limit {number + 1} ran over lines of {said}, and the lines that it cuts come to {found}"

    def _stands(self, partner_id: str, earned: dict[tuple[str, Step], int]) -> dict[tuple[str, Step], int]:
        """What stands of each line of the bonuses after all limits."""
        steps: dict[str, list[Step]] = defaultdict(list)
        for bonus, step in sorted(earned):
            steps[bonus].append(step)
        stands: dict[tuple[str, Step], int] = {}
        totals: Counter[str] = Counter()
        for bonus in (bonus.name for bonus in self.plan.bonuses):
            self._cut(partner_id, bonus, steps[bonus], earned, stands, totals)
            for number in self._after[bonus]:
                self._scale(number, stands, totals)
        return stands

    def _cut(
        self,
        partner_id: str,
        bonus: str,
        steps: list[Step],
        earned: dict[tuple[str, Step], int],
        stands: dict[tuple[str, Step], int],
        totals: Counter[str],
    ) -> None:
        """The caps of lines and partners on one bonus: each line no more than the tightest leaves."""
        caps = [(limit, cap) for limit in self.plan.limits if (cap := self._cap(partner_id, bonus, limit)) is not None]
        earlier = {id(limit): sum(totals[name] for name in limit.bonuses) for limit, _ in caps if limit.cap == "partner"}
        for step in steps:
            amount = earned[bonus, step]
            for limit, cap in caps if amount > 0 else ():
                used = 0 if limit.cap == "line" else totals[bonus]
                if limit.cap == "partner":
                    used += earlier[id(limit)]
                amount = max(0, min(amount, cap - used))
            stands[bonus, step] = amount
            totals[bonus] += amount

    def _scale(self, number: int, stands: dict[tuple[str, Step], int], totals: Counter[str]) -> None:
        """A limit of the company on one partner's lines."""
        for (bonus, step), before in list(stands.items()):
            if bonus in self.plan.limits[number].bonuses:
                self._came_to[number] += before
                stands[bonus, step] = self.scaled(number, before)
                totals[bonus] += stands[bonus, step] - before

    def scaled(self, number: int, amount_minor: int) -> int:
        """What a limit of the company leaves of a line: its part of what all come to, rounded down, where that is too much."""
        (paid, most), unit = self.company[number], self.plan.unit_minor
        part = abs(amount_minor) * most // (paid * unit) * unit if paid > most else abs(amount_minor)
        return part if amount_minor > 0 else -part

    def _cap(self, partner_id: str, bonus: str, limit: Limit) -> int | None:
        """How much a cap leaves a partner; None where it says nothing of it."""
        if limit.cap == "company" or bonus not in limit.bonuses:
            return None
        held = self._holds.get(partner_id, 0)
        cap = next((cap for condition, cap in limit.picks if condition < 0 or held >> condition & 1), -1)
        return None if cap < 0 else cap

    @cached_property
    def _holds(self) -> dict[str, int]:
        """Which conditions hold of those that caps look at, as bits by partner."""
        asked = {condition for limit in self.plan.limits for condition, _ in limit.picks if condition >= 0}
        rows = self.proving.stood((), asked, everybody=True) if asked else ()
        return {row.partner_id: sum(1 << condition for condition, held in row.holds.items() if held) for row in rows}

    @cached_property
    def company(self) -> dict[int, tuple[int, int]]:
        """By limit of the company, what its lines came to when it ran, and what it leaves of that."""
        found: dict[int, tuple[int, int]] = {}
        for place, number in enumerate(self.runs):
            limit, database = self.plan.limits[number], self.proving.database
            paid = limits.came_to(database, self.proving.run_id, self.plan, number, self.runs[place:])["paid_minor"]
            most = limit.sum_minor
            if most is None:
                cv = sum(row["cv"] for row in self.proving.sold())
                most = round_ratio(cv, limit.numerator, limit.denominator, self.plan.rounding) * self.plan.unit_minor
            found[number] = (paid, max(0, most))
        return found
