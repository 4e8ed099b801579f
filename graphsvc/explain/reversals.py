"""Parts of closed lines, taken back or posted: proved from what walked once more, and told with the line they are of."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from graphsvc.explain import amounts, behind, moved, together
from graphsvc.explain.awards import Told
from graphsvc.explain.proving import Proving
from graphsvc.explain.rooms import Rooms
from graphsvc.explain.waiting import RELEASED, HeldKey, Key, Waiting
from graphsvc.month import parameters, parted, reversing, settling
from graphsvc.month.closed import Closed, counted_in
from graphsvc.periods import parse_month
from graphsvc.plan.compiled import Award, CompiledPlan, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

RULE = "the part of orders in a line"
PARTNERS_AT_ONCE = 2000
Part = tuple[Row, int, str, int, int]  # as it is stored; the step and class of the line; what this earns before and after


def source_of(row: Row) -> str:
    """What stands as the source of the line that an adjustment makes."""
    kind, _, order_id = row["name"].partition(" ")
    return " ".join(filter(None, (kind, row["source_id"] or order_id, row["month"])))


@dataclass(frozen=True, slots=True)
class Expected:
    """What parts make: lines, and of lines that wait for how many more periods, and what they are."""

    lines: dict[Key, int] = field(default_factory=dict)
    waiting: dict[HeldKey, tuple[int, int]] = field(default_factory=dict)


def expected(database: Database, run_id: str, month: str, plan: CompiledPlan, differences: list[str]) -> Expected:
    """What each of these lines must be: closed bases less what was taken of them before, order after order, rounded each time."""
    found = Expected()
    stand = standing(database, run_id, month, plan)
    taken = database.run("reversals.adjustments", run_id=run_id, partner_id=None)
    before = [row for run in stand.before for row in database.run("reversals.adjustments", run_id=run, partner_id=None)]
    for run in stand.closed:
        proving = Proving(database, run.run_id, run.month, run.plan, differences)
        here, earlier = ([row for row in some if row["frozen"] == run.run_id] for some in (taken, before))
        returned, whose = dict[int, list[Row]](), dict[int, list[Row]]()
        for counted, window in run.windows.items():
            returned[counted] = database.run("explain.returned", run_id=run_id, window=window)
            whose[counted] = moved.given_up(database, run_id, run, window).whose(returned[counted])
            differences += moved.differs(database, run_id, run, window, whose[counted])
        looked = _Looked(run_id, run, proving, here, earlier, taken, returned, whose)
        parts = ((bonus, part) for bonus in run.bonuses() for part in looked.parts(bonus))
        for some in stand.together(parts):
            for bonus, (row, step, class_, *earned) in some:
                partner_id, said = row["partner_id"], f"{row['partner_id']} {bonus.name} {step} {class_}".rstrip()
                home, left = stand.home(run, bonus, partner_id)
                if home != row["home"]:
                    differences.append(f"{said}: a part is taken of the line in {row['home']}, and it stands in {home}")
                    continue
                stood, stands = (stand.stands(home, row, bonus.name, step, class_, each) for each in earned)
                if (stood, stands) != (row["before_minor"], row["after_minor"]):
                    differences.append(f"{said}: what {row['name']} leaves of the line is not what limits leave of it")
                if home == settling.WAITS:
                    found.waiting[partner_id, bonus.name, step, class_, row["source_id"], run.month] = left, stands
                elif stood != stands:
                    found.lines[partner_id, bonus.name, step, class_, source_of(row)] = stands - stood
                    found.lines.update(_deducted(stand.runs[home].plan, row, bonus.name, step, class_, (stood, stands)))
    return found


def _deducted(
    plan: CompiledPlan, row: Row, bonus: str, step: int, class_: str, amounts_minor: tuple[int, int]
) -> Iterator[tuple[Key, int]]:
    """What the deductions of the run in which a line stands take less of it, or more."""
    stood, stands = amounts_minor
    for deduction in plan.deductions:
        less = amounts.deducted(plan, deduction, stands) - amounts.deducted(plan, deduction, stood)
        if less and bonus in deduction.bonuses:
            yield (row["partner_id"], deduction.name, step, f"{bonus} {class_}".rstrip(" "), source_of(row)), less


class Standing:
    """Where lines stand of which parts are taken, and what the limits there leave of them."""

    def __init__(self, database: Database, closed: list[Closed], month: str) -> None:
        self.runs = {run.run_id: run for run in closed}
        self.closed, self._until = closed, parse_month(month)
        self.before = reversing.earlier(database, closed[0].plan.name, month) if closed else []  # who took some earlier
        self._proving = {run.run_id: Proving(database, run.run_id, run.month, run.plan) for run in closed}
        self._rooms = {run_id: Rooms(proving) for run_id, proving in self._proving.items()}
        self._waiting = {run_id: Waiting(proving) for run_id, proving in self._proving.items()}

    def home(self, run: Closed, bonus: Walk | Award, partner_id: str) -> tuple[str, int]:
        """The run in which a payee's lines of a closed one stand, or that they wait, or lapsed; and for how many more periods."""
        if bonus.hold is None:
            return run.run_id, 0
        runs, otherwise = settling.chain(run, bonus, self.closed, self._until)
        met = (there.run_id for there, _ in runs if partner_id in self._waiting[there.run_id].met[bonus.name])
        return next(met, otherwise), bonus.hold.periods + 1 - len(runs)

    def together(self, parts: Iterable[tuple[Walk | Award, Part]]) -> Iterator[list[tuple[Walk | Award, Part]]]:
        """Parts by some partners at a time, of whom what stands in the runs of their lines is read at once."""
        ordered = sorted(parts, key=lambda one: str(one[1][0]["partner_id"]))  # of one partner they stay as they were
        by_partner = (list(mine) for _, mine in itertools.groupby(ordered, key=lambda one: one[1][0]["partner_id"]))
        while some := list(itertools.islice(by_partner, PARTNERS_AT_ONCE)):
            for run_id, rooms in self._rooms.items():
                rooms.look([mine[0][1][0]["partner_id"] for mine in some if any(one[1][0]["home"] == run_id for one in mine)])
            yield [one for mine in some for one in mine]

    def stands(self, home: str, row: Row, bonus: str, step: int, class_: str, earned_minor: int) -> int:
        """What a line of this amount stands at; nothing where it lapsed, and all of it while it waits."""
        if home not in self.runs:
            return earned_minor if home == settling.WAITS else 0
        source_id = row["source_id"]
        if home != row["frozen"]:
            source_id = f"{RELEASED}{row['month']} {source_id}".rstrip(" ")
        return self._rooms[home].stands(row["partner_id"], bonus, (step, class_, source_id), earned_minor)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a run takes of the lines of one closed run, what earlier runs took of them, what it takes of all lines, and what
    it takes of orders, by the closed run's window, as these were sold (`returned`) and by whose volume that was there."""

    run_id: str
    run: Closed
    proving: Proving
    taken: list[Row]
    before: list[Row]
    everywhere: list[Row]
    returned: dict[int, list[Row]]
    whose: dict[int, list[Row]]

    def parts(self, bonus: Walk | Award) -> Iterator[Part]:
        """The parts of one bonus's lines."""
        return self.shares(bonus) if isinstance(bonus, Award) and bonus.kind == "pool" else self.based(bonus)

    def based(self, bonus: Walk | Award) -> Iterator[Part]:
        """The parts of lines that have a base of their own, and whether each stands on what is behind it."""
        database, run, differences = self.proving.database, self.run, self.proving.differences
        mine = [row for row in self.taken if row["bonus"] == bonus.name]
        bases: Counter[tuple[str, int, int, str]] = Counter()
        if isinstance(bonus, Award):
            homes = run.homes(database, bonus)
            lost = [row for row in self.everywhere if row["home"] in homes]
            whose = self.whose.get(counted_in(bonus), [])
            differences += behind.behind(self.proving, bonus, whose, lost).differs(bonus.name, mine)
        else:
            differences += _unwalked(self.proving, self.run_id, run, bonus, mine)
        if isinstance(bonus, Walk) and bonus.lines == "step":
            params = {"bonus": bonus.name, "tree": bonus.source.tree, "states": bonus.states}
            for row in database.run("explain.bases", run_id=run.run_id, **params):
                bases[row["partner_id"], row["class"], row["pay"], ""] += row["base"]
        for row in mine:
            bases[_place(row)] += row["was"]
        for row in self.before:
            if row["bonus"] == bonus.name:
                bases[_place(row)] += row["delta"]
        for row in mine:
            base = bases[_place(row)]
            bases[_place(row)] += row["delta"]
            yield _priced(run.plan, bonus, row, base, base + row["delta"])

    def shares(self, award: Award) -> Iterator[Part]:
        """The parts of the shares of a pool, each of those that the parts of its fund change."""
        differences, name = self.proving.differences, parted.fund_of(award.name)
        pool = behind.funds(self.proving, award)
        chain = {parted.fund_of(one.award.name): one.award for one in pool.chain()}
        moved = {one.name: behind.of_fund(self.proving, one, self._returned(one)).total() for one in chain.values()}
        since = Counter[str]()
        for row in self.before:
            if row["bonus"] in chain:
                since[chain[row["bonus"]].name] += row["delta"]
        stored = {(row["partner_id"], row["level"]): row for row in self.taken if row["bonus"] == award.name}
        funds = pool.fund_minor(since), pool.fund_minor({one: since[one] + more for one, more in moved.items()})
        said = [(row["before_minor"], row["after_minor"], row["delta"]) for row in self.taken if row["bonus"] == name]
        if said != ([(*funds, moved[award.name])] if funds[0] != funds[1] or moved[award.name] else []):
            differences.append(f"{name}: what its orders leave of it is not what it would be")
        shared = [pool.sharing.of(fund) for fund in funds] if funds[0] != funds[1] else [{}, {}]
        for partner, step in sorted(shared[0].keys() | shared[1].keys()):
            both = shared[0].get((partner, step), 0), shared[1].get((partner, step), 0)
            part = stored.pop((partner, step), None) if both[0] != both[1] else None
            if part is not None:
                yield part, step, "", *both
            elif both[0] != both[1]:
                differences.append(f"{partner} {award.name} {step}: its part of what changes of the fund is not stored")
        differences += [f"{' '.join(map(str, key))} {award.name}: a part that its fund does not make" for key in stored]

    def _returned(self, bonus: Walk | Award) -> list[Row]:
        return self.returned.get(counted_in(bonus), [])


def _priced(plan: CompiledPlan, bonus: Walk | Award, row: Row, *bases: int) -> Part:
    """A part with what the line earns on two bases."""
    pay, _ = parted.pays(bonus)[row["pay"] - 1]
    pay = replace(pay, denominator=pay.denominator * row["shared_by"])
    stood, stands = (amounts.owed(plan, pay, base) for base in bases)
    return row, pay.level, parted.classes(bonus)[row["class"]], stood, stands


def _place(row: Row) -> tuple[str, int, int, str]:
    return row["partner_id"], row["class"], row["pay"], row["source_id"]


def _unwalked(proving: Proving, run_id: str, run: Closed, bonus: Walk, mine: list[Row]) -> Iterator[str]:
    """Whether what was taken of the lines is what walked to them, up the closed run's tree, and that balances."""
    params = parameters.walk(bonus) | {"bonus": run.walk(bonus), "source": run.source(bonus)}
    if proving.differing(run_id, bonus.source.tree, params):
        yield f"{run.walk(bonus)}: what is taken back does not balance"
    rest: Counter[tuple[str, int, int]] = Counter()
    for row in proving.order_bases(run_id, bonus.source.tree, params):
        rest[row["partner_id"], row["class"], row["pay"]] += row["base"]
    for row in mine:
        rest[row["partner_id"], row["class"], row["pay"]] -= row["delta"]
    yield from (f"{run.walk(bonus)}: what is taken of {key[0]} is not what its orders take" for key, left in rest.items() if left)


def standing(database: Database, run_id: str, month: str, plan: CompiledPlan) -> Standing:
    """Where the lines stand of which a run takes parts."""
    return Standing(database, reversing.closed_runs(database, run_id, plan, month), month)


def told(database: Database, run_id: str, stand: Standing, row: Row) -> Told:
    """A line that takes a part of a closed line back, with that line as it stood and as it stands."""
    home = stand.runs[row["adjusts"]]
    run = next(run for run in stand.closed if row["source_id"].endswith(f" {run.month}"))
    deduction = next((d for d in home.plan.deductions if d.name == row["bonus"]), None)
    name, _, class_ = row["class"].partition(" ") if deduction else (row["bonus"], "", row["class"])
    bonus = next(b for b in run.bonuses() if b.name == name)
    proving, pool = Proving(database, run.run_id, run.month, run.plan), None
    if isinstance(bonus, Award) and bonus.kind == "pool":
        pool = behind.funds(proving, bonus)
    facts, computed = list[str](), 0
    for part in database.run("reversals.adjustments", run_id=run_id, partner_id=row["partner_id"]):
        same = (part["bonus"], part["level"], source_of(part)) == (name, row["level"], row["source_id"])
        if same and parted.classes(bonus)[part["class"]] == class_:
            bases = part["base_before"], part["base_after"]
            moved_by = behind.around(run_id, stand.before, pool, part) if pool is not None else ()
            if pool is None:
                earned = list(_priced(run.plan, bonus, part, *bases)[3:])
            else:
                earned = [pool.shares(sold).get((row["partner_id"], row["level"]), 0) for sold in moved_by]
            stood, stands = (stand.stands(home.run_id, part, name, part["level"], class_, each) for each in earned)
            kept = [amounts.deducted(home.plan, deduction, each) if deduction else each for each in (stood, stands)]
            computed += kept[1] - kept[0]
            with_it, without = (_limited(proving, *each) for each in zip((stood, stands), earned, strict=True))
            where = "" if home is run else f", which waited and was paid in {home.month},"
            facts.append(f"the line of {run.month}{where} stood at {with_it} on a base of {bases[0]}")
            found = together.names(database, run_id, run, bonus, part, pool)
            how = together.how(found)
            facts += [f"{how} it is {without} on a base of {bases[1]}", *together.listed(found)]
            taken = run.taken(bonus)
            if taken is not None and moved.reads_volume(bonus, part["pay"]):
                facts += moved.given_up(database, run_id, run, taken, part["name"]).facts(run.month)
            if pool is not None:
                funds = " and ".join(proving.money(pool.fund_minor(sold)) for sold in moved_by)
                facts.append(f"the base is what the company sold; the fund is {funds}")
                facts += _left(pool, how, moved_by)
    return Told(f"{row['source_id'].partition(' ')[0]}: {RULE} of {run.month}", computed, facts, None)


def _left(pool: behind.Funds, how: str, moved_by: Sequence[Counter[str]]) -> Iterator[str]:
    """What orders change of what other funds left for that of a pool, as they changed theirs; how: by what they do so."""
    for other in pool.feeding:
        stood, stands = (other.rest_minor(sold) for sold in moved_by)
        if stood != stands:
            left, leaves = (pool.proving.money(rest) for rest in (stood, stands))
            yield f"the fund {other.award.name} left {left} for {pool.award.name}; {how} it leaves {leaves}"
        yield from _left(other, how, moved_by)


def _limited(proving: Proving, stands: int, earned: int) -> str:
    """An amount, with what it is of where limits cut it."""
    return proving.money(stands) + (f", what limits leave of {proving.money(earned)}," if stands != earned else "")
