"""From a line to its payout: which one took it, or why none did yet. The way back of `graphsvc.payouts.trace`.

A line went into the first payout whose cut and day hold the posting that it is part of; what compliance held of it then went into
the first one after its release. What failed or came back is owed again, by an entry that the next payout takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from graphsvc import earnings, network
from graphsvc.ledger import accounts
from graphsvc.payouts import standing
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

KEY = ("bonus", "level", "class", "source_id")
_ALL = 1_000_000  # payouts of one partner that are looked through
# Where part of a line is: paid with a payout, held by compliance, waiting for its hold days, owed until the next batch, owed by a
# partner whose balance is below zero, or set off against lines of the same month that come to as much below zero.
PAID, HELD, WAITING, OWED, NEGATIVE, OFFSET = "paid", "held", "waiting", "owed", "negative", "offset"


def of_lines(database: Database, partner_id: str, month: str, plan_name: str | None = None) -> list[Row]:
    """The lines of a partner in a closed month, a row for each part that is somewhere else; parts of a line sum to it.

    state as above. payout_id and payout_state: of what is paid. before: payouts that failed or came back, with which it was paid
    first. hold_id, available_on: of what is held or waits. shared_minor: what stands of the month on other balances.
    """
    if network.visible(database, partner_id) is None:
        raise network.unknown(database, partner_id)
    closed = earnings.closed_run(database, month, plan_name)
    lines = database.run("earnings.of_partner", run_id=closed["run_id"], partner_id=partner_id)
    if not lines:
        return []
    way = _Way.of(database, partner_id, closed["run_id"], lines[0]["currency"])
    named = {"plan": closed["plan"], "month": closed["month"], "partner_id": partner_id, "shared_minor": way.shared_minor}
    return [
        named | {name: line[name] for name in (*KEY, "currency")} | {"line_minor": line["amount_minor"]} | part
        for line in lines
        for part in way.parts(line)
    ]


def of_some(database: Database, lines: list[Row]) -> list[Row]:
    """The same of lines of several partners, months and plans, each once."""
    wanted: dict[tuple[str, str, str], set[tuple[object, ...]]] = {}
    for line in lines:
        whose = (line["partner_id"], line["month"], line["plan"])
        wanted.setdefault(whose, set()).add(tuple(line[name] for name in KEY))
    return [
        part for whose, keys in wanted.items() for part in of_lines(database, *whose) if tuple(part[name] for name in KEY) in keys
    ]


@dataclass(frozen=True, slots=True)
class _Way:
    """What stands between the lines of one partner and run and its payouts, the oldest payout first."""

    posting: Row | None
    shared_minor: int
    payouts: list[Row]
    holds: list[Row]
    entries: dict[str, int]  # sequence of each entry of the partner by id
    rest: str  # what becomes of what no payout took
    today: dt.date

    @classmethod
    def of(cls, database: Database, partner_id: str, run_id: str, currency: str) -> _Way:
        def own(row: Row) -> bool:
            return bool((row["currency"], row["balance"]) == (currency, accounts.MAIN))

        main, today = accounts.payable(partner_id), dt.datetime.now(dt.UTC).date()
        statement = list(accounts.statement(database, partner_id))
        mine = [row for row in statement if row["run_id"] == run_id]
        payouts = [row for row in database.run("payouts.of_partner", partner_id=partner_id, limit=_ALL) if own(row)]
        holds = [row for row in database.run("payouts.holds", partner_id=partner_id) if row["run_id"] == run_id]
        balance = [row for row in standing.balance(database, partner_id, day=today) if own(row)]
        negative = bool(balance) and balance[0]["owed_minor"] - balance[0]["waiting_minor"] < 0
        return cls(
            posting=next((row for row in mine if row["account"] == main), None),
            shared_minor=sum(row["amount_minor"] for row in mine if row["account"] != main),
            payouts=payouts[::-1],
            holds=holds,
            entries={row["id"]: row["sequence"] for row in statement},
            rest=NEGATIVE if negative else OWED,
            today=today,
        )

    def parts(self, line: Row) -> Iterator[Row]:
        """Where a line is."""
        if self.posting is None:
            yield _part(OFFSET, line["amount_minor"])
            return
        first = self._after(self.posting["sequence"], None if self.posting["amount_minor"] < 0 else self.posting["available_on"])
        held = [hold for hold in self.holds if all(hold[name] == line[name] for name in KEY) and self._held(hold, first)]
        left = line["amount_minor"] - sum(hold["amount_minor"] for hold in held)
        if left:
            yield self._paid(first, left)
        for hold in held:
            if hold["state"] == "placed":
                yield _part(HELD, hold["amount_minor"], hold_id=hold["id"])
            else:
                since = self.payouts.index(first) + 1 if first else 0
                later = (payout for payout in self.payouts[since:] if hold["released_at"] < payout["made_at"])
                yield self._paid(next(later, None), hold["amount_minor"]) | {"hold_id": hold["id"]}

    def _after(self, sequence: int, available_on: dt.date | None) -> Row | None:
        """The first payout that has an entry."""
        taking = (p for p in self.payouts if p["cut"] >= sequence and (available_on is None or available_on <= p["day"]))
        return next(taking, None)

    def _held(self, hold: Row, first: Row | None) -> bool:
        """Whether part of a line was held back from the payout that took the line, or is held of one that no payout took yet."""
        if first is None:
            return bool(hold["state"] == "placed")
        at = first["made_at"]
        return bool(hold["placed_at"] < at and (hold["released_at"] is None or hold["released_at"] > at))

    def _paid(self, payout: Row | None, amount_minor: int) -> Row:
        """Paid with a payout, or the one that paid it again; or how it stands that none did."""
        before: list[str] = []
        while payout is not None and payout["state"] in ("failed", "returned"):
            before.append(payout["id"])
            payout = self._after(self.entries[payout["entry_id"]], None)
        if payout is not None:
            return _part(PAID, amount_minor, payout_id=payout["id"], payout_state=payout["state"], before=before)
        posting = self.posting
        assert posting is not None
        waits = not before and posting["amount_minor"] > 0 and (posting["available_on"] or self.today) > self.today
        if waits:
            return _part(WAITING, amount_minor, available_on=posting["available_on"])
        return _part(self.rest, amount_minor, before=before)


def _part(state: str, amount_minor: int, **more: object) -> Row:
    empty: Row = {"payout_id": None, "payout_state": None, "before": [], "hold_id": None, "available_on": None}
    return {"state": state, "amount_minor": amount_minor} | empty | more


def told(part: Row) -> str:
    """Where part of a line is, in words."""
    after = f", after {', '.join(part['before'])} failed or came back" if part["before"] else ""
    match part["state"]:
        case "paid":
            return f"paid with payout {part['payout_id']}, which is {part['payout_state']}{after}"
        case "held":
            return f"held by {part['hold_id']}"
        case "waiting":
            return f"waits until {part['available_on']}"
        case "offset":
            return "set off against other lines of the month"
        case "negative":
            return f"not paid: the balance is below zero{after}"
        case _:
            return f"owed, and goes into the next batch{after}"
