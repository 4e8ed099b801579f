"""The difference that a correction posts: a closed period computed again, less what earlier corrections of it posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from graphsvc.corrections.rows import facts
from graphsvc.errors import Code, Refused
from graphsvc.ledger.accounts import payable
from graphsvc.month.context import Context
from graphsvc.people import Who
from graphsvc.plan import store
from graphsvc.progress import Progress
from graphsvc.query.runner import Database
from graphsvc.query.values import Row
from graphsvc.recalculation import compare, computable, looking

PARTNERS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Computed:
    """Lines that differ, numbered from 1 in canonical order, and what that moves on accounts of partners, by block."""

    context: Context
    lines: list[Row]
    moved: dict[int, dict[str, int]]

    @property
    def amount_minor(self) -> int:
        """What the partners have more, all together; below zero where it is taken from them."""
        return sum(row["difference_minor"] for row in self.lines)


@contextmanager
def computed(database: Database, head: Row, *, who: Who, progress: Progress, run_id: str | None = None) -> Iterator[Computed]:
    """Compute what a correction has to post as things are now, by a run that is there for the block.

    head: plan, month, plan_version, closed_run, closed_version and partners of the correction.
    """
    closed = {"run_id": head["closed_run"], "plan": head["plan"], "plan_version": head["closed_version"], "month": head["month"]}
    chosen, plan = computable(database, closed, head["plan_version"])
    before = store.get(database, head["plan"], head["closed_version"])
    if (plan.currency, plan.splits) != (before.currency, before.splits):
        raise Refused(
            Code.CORRECTION_UNFIT,
            f"Version {plan.version} of plan {plan.name} pays in another currency or on other balances than version "
            f"{before.version}, which closed {chosen}; what differs between the two cannot be posted.",
        )
    sold_until = database.run("month.known_at", run_id=head["closed_run"])[0]["known_at"]
    with looking(database, plan, chosen, who=who, progress=progress, sold_until=sold_until, run_id=run_id) as look:
        posted = database.run("corrections.posted", plan=head["plan"], month=head["month"])
        found = compare(look.context, closed, posted)
        chosen_partners = set(head["partners"])
        told = [line for line in found.lines if not chosen_partners or line.partner_id in chosen_partners]
        lines = [{"number": number} | line.row() for number, line in enumerate(told, 1)]
        yield Computed(look.context, lines, _moved(look.context, head, lines, split=bool(plan.splits)))


def _moved(context: Context, head: Row, lines: list[Row], *, split: bool) -> dict[int, dict[str, int]]:
    """What each account of the partners of some lines has to get, by block: what it is owed now, less what it was and got."""
    database = context.database
    due: Counter[str] = Counter()
    for line in lines:
        due[line["partner_id"]] += line["difference_minor"]
    got = {
        row["account"]: row["amount_minor"] for row in database.run("corrections.moved", plan=head["plan"], month=head["month"])
    }
    partners, moved, blocks = sorted(due), dict[int, Counter[str]](), dict[str, int]()
    for first in range(0, len(partners), PARTNERS_AT_ONCE):
        some = partners[first : first + PARTNERS_AT_ONCE]
        for run_id, sign in ((context.run_id, 1), (head["closed_run"], -1)):
            for row in database.run("corrections.owed", run_id=run_id, partner_ids=some, split=split):
                blocks[row["partner_id"]] = row["block"]
                accounts = moved.setdefault(row["block"], Counter())
                accounts[payable(row["partner_id"], row["balance"])] += sign * row["amount_minor"]
    for account, amount in got.items():
        partner_id = account.split(":", 1)[1]
        if partner_id in blocks:
            moved[blocks[partner_id]][account] -= amount
    found = Counter[str]()
    for accounts in moved.values():
        for account, amount in accounts.items():
            found[account.split(":", 1)[1]] += amount
    differing = [partner for partner in partners if found[partner] != due[partner]]
    if differing:
        raise Refused(
            Code.RUN_UNPROVED,
            f"The lines of {differing[0]} differ by {due[differing[0]]}, but what it is owed differs by {found[differing[0]]} "
            "(minor units); nothing was kept, please report this plan and month.",
        )
    kept = {block: {account: amount for account, amount in accounts.items() if amount} for block, accounts in moved.items()}
    return {block: accounts for block, accounts in sorted(kept.items()) if accounts}


def same(kept: list[Row], now: list[Row]) -> bool:
    """Whether two computations of a correction come to the same lines and amounts."""
    return [facts(row) for row in kept] == [facts(row) for row in now]
