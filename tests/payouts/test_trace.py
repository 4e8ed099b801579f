"""From every payout to its lines: the parts sum to it, whatever was held, failed or came back in between."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import earnings, explain, month, payouts
from graphsvc.errors import Code, Refused
from graphsvc.payouts import holds, paid, trace
from graphsvc.query.runner import Database
from tests.month import small
from tests.month.conftest import Said
from tests.payouts.conftest import ANNA, PARTNERS, close, give_destinations, pay
from tests.payouts.test_holds import line_of, place

Ask = Callable[..., list[dict[str, Any]]]
Cli = Callable[..., Said]


def test_the_parts_of_a_payout_sum_to_it_and_its_lines_are_those_of_its_months(owed: Database) -> None:
    pay(owed, "march")
    assert trace.verify(owed, "march") == payouts.batch(owed, "march")["payouts"]
    found = trace.of_payout(owed, "march/A")
    lines = [(row["month"], row["bonus"], row["amount_minor"]) for row in found.rows if row["part"] == "line"]
    wanted = [
        (name, row["bonus"], row["amount_minor"])
        for name in ("2025-01", "2025-03")
        for row in earnings.of_partner(owed, name, "A")
    ]
    assert sorted(lines) == sorted(wanted)
    assert sum(amount for *_, amount in lines) == found.amount_minor


def test_what_was_held_is_carried_and_what_failed_is_paid_again(owed: Database) -> None:
    line, amount = line_of(owed, "A")
    place(owed, "h1", line, amount)
    pay(owed, "march")
    parts = {row["part"]: row["amount_minor"] for row in trace.of_payout(owed, "march/A").rows if row["part"] == "held"}
    assert parts == {"held": -amount}
    payouts.fail(owed, "march/A", reason="account closed", who=ANNA)
    payouts.settle(owed, "march", who=ANNA)
    month.close(owed, "2025-04", "small", actor="anna", out_of_order=True)
    pay(owed, "april")
    found = trace.of_payout(owed, "april/A")
    assert next(row["kind"] for row in found.rows if row["part"] == "posting") == "payout-failed"
    assert {row["part"] for row in found.rows} >= {"carried", "posting", "held"}
    total = sum(row["amount_minor"] for row in found.rows if row["part"] in ("carried", "posting", "held"))
    assert total == found.amount_minor
    assert trace.verify(owed, "april") >= 1


def test_a_changed_line_is_noticed(owed: Database, ask: Ask) -> None:
    pay(owed, "march")
    ask("MATCH (e:Earning {partner_id: 'A'}) WITH e LIMIT 1 SET e.amount_minor = e.amount_minor + 1")
    with pytest.raises(Refused) as refused:
        trace.of_payout(owed, "march/A")
    assert refused.value.code is Code.LEDGER_BROKEN


def test_the_command_shows_the_parts(owed: Database, cli: Cli) -> None:
    pay(owed, "march")
    said = cli("payout", "explain", "march/A", "--format", "csv")
    assert said.code == 0
    rows = [row.split(",") for row in said.out.splitlines()]
    assert rows[0][0] == "part"
    assert {row[0] for row in rows[1:]} == {"posting", "line"}
    assert "adds up" in cli("payout", "explain", "march/A").out


MONTHS = ("2025-01", "2025-03", "2025-04")
EVERYBODY = (*PARTNERS, "D", "E", "G", "I", "J", "T")
Key = tuple[Any, ...]


def parts_of(database: Database) -> dict[Key, list[dict[str, Any]]]:
    """The parts of every line of every closed month, which sum to it."""
    found: dict[Key, list[dict[str, Any]]] = {}
    for name in MONTHS:
        if not [run for run in database.run("month.closed_runs", plan="small") if run["month"] == name]:
            continue
        for line in earnings.lines(database, name):
            found[name, line["partner_id"], *(line[key] for key in paid.KEY)] = []
        for partner in EVERYBODY:
            for part in paid.of_lines(database, partner, name):
                found[name, partner, *(part[key] for key in paid.KEY)].append(part)
        for line in earnings.lines(database, name):
            parts = found[name, line["partner_id"], *(line[key] for key in paid.KEY)]
            assert sum(part["amount_minor"] for part in parts) == line["amount_minor"]
            assert {part["line_minor"] for part in parts} == {line["amount_minor"]}
    return found


def traced(database: Database, batches: tuple[str, ...]) -> dict[Key, str]:
    """The payout that has each line, as payouts tell it."""
    found: dict[Key, str] = {}
    for batch_id in batches:
        for payout in payouts.payouts(database, batch_id, limit=20_000):
            for row in trace.of_payout(database, payout["id"]).rows:
                if row["part"] == "line":
                    key = (row["month"], payout["partner_id"], *(row[name] for name in paid.KEY))
                    assert key not in found, "a line is in one payout"
                    found[key] = payout["id"]
    return found


def agree(database: Database, *batches: str) -> dict[Key, list[dict[str, Any]]]:
    """Every line names the payout that names it, and no other does."""
    parts, there = parts_of(database), traced(database, batches)
    for key, found in parts.items():
        # What failed is paid again, and what was held later than the rest: the line stands in the first of these.
        named = {one["before"][0] if one["before"] else one["payout_id"] for one in found if one["hold_id"] is None} - {None}
        assert named <= {there.get(key)}, key
        assert bool(named) or key not in there or any(one["hold_id"] for one in found), key
    return parts


def test_every_line_leads_to_its_payout_and_back(database: Database, tmp_path: Path) -> None:
    close(database, tmp_path, "2025-01", "2025-03")
    give_destinations(database, *PARTNERS)
    states = {part["state"] for found in agree(database).values() for part in found}
    assert states == {"owed"}
    line, amount = line_of(database, "A")
    place(database, "h1", line, amount - 1)
    pay(database, "march")
    parts = agree(database, "march")
    with_account = {key for key, found in parts.items() if any(part["state"] == "paid" for part in found)}
    assert {key[1] for key in with_account} == set(PARTNERS) & {key[1] for key in parts}
    [held] = [part for found in parts.values() for part in found if part["state"] == "held"]
    assert (held["hold_id"], held["amount_minor"]) == ("h1", amount - 1)
    payouts.fail(database, "march/B", reason="account closed", who=ANNA)
    parts = agree(database, "march")
    assert all(
        (part["state"], part["before"]) == ("owed", ["march/B"])
        for key, found in parts.items()
        if key[1] == "B"
        for part in found
    )
    payouts.settle(database, "march", who=ANNA)
    holds.release(database, "h1", actor="cli:anna")
    month.close(database, "2025-04", "small", actor="anna", out_of_order=True)
    pay(database, "april")
    payouts.settle(database, "april", who=ANNA)
    parts = agree(database, "march", "april")
    again = [part for key, found in parts.items() if key[:2] == ("2025-03", "B") for part in found]
    assert {(part["payout_id"], part["payout_state"], *part["before"]) for part in again} == {("april/B", "settled", "march/B")}
    [late] = [part for found in parts.values() for part in found if part["hold_id"] == "h1"]
    assert (late["state"], late["payout_id"], late["amount_minor"]) == ("paid", "april/A", amount - 1)
    everything = sum(part["amount_minor"] for found in parts.values() for part in found if part["state"] == "paid")
    sent = [row for batch in ("march", "april") for row in payouts.payouts(database, batch, limit=20_000)]
    assert everything == sum(row["amount_minor"] for row in sent if row["state"] == "settled")


def test_what_waits_and_what_a_negative_balance_keeps_says_so(database: Database, tmp_path: Path) -> None:
    rules = small.plan(payouts={"hold_days": 366, "minimum": "none"}, valid_from="2025-01-01")
    close(database, tmp_path, "2025-01", document=rules)
    found = {part["state"] for partner in EVERYBODY for part in paid.of_lines(database, partner, "2025-01")}
    assert found <= {"waiting", "owed"}
    assert paid.of_lines(database, "T", "2025-01") == []
    with pytest.raises(Refused) as refused:
        paid.of_lines(database, "nobody", "2025-01")
    assert refused.value.code is Code.PARTNER_UNKNOWN


def test_every_order_leads_to_the_lines_that_name_it(owed: Database, ask: Ask) -> None:
    """The judge are the explanations: who sold what a line was paid for, and which order, where each makes a line."""
    sold = {
        row["id"]: row["partner"]
        for row in ask("MATCH (o:Order)-[:CREDITED_TO]->(p) WHERE o.paid_at IS NOT NULL RETURN o.id AS id, p.id AS partner")
    }
    fed: dict[Key, set[str]] = {}
    for order in sold:
        for line in explain.of_order(owed, order).lines:
            key = (line["month"], line["partner_id"], *(line[name] for name in paid.KEY))
            fed.setdefault(key, set()).add(order)
    everything = 0
    for name in ("2025-01", "2025-03"):
        for line in earnings.lines(owed, name):
            everything += 1
            key = (name, line["partner_id"], *(line[one] for one in paid.KEY))
            if line["source_id"]:
                assert fed[key] == {line["source_id"].split("/")[0]}
                continue
            [told] = explain.lines(owed, name, line["partner_id"], bonus=line["bonus"], level=line["level"], shown=100)
            assert told.source_count == len(told.sources), "all sources are shown"
            assert {sold[order] for order in fed.pop(key)} == {source.partner_id for source in told.sources}
    assert everything > 30
    pay(owed, "march")
    [order, *_] = [one for one, partner in sold.items() if partner == "H"]
    rows = paid.of_some(owed, explain.of_order(owed, order).lines)
    assert rows
    assert all(row["payout_id"] == f"march/{row['partner_id']}" for row in rows if row["partner_id"] in PARTNERS)
    with pytest.raises(Refused) as refused:
        explain.of_order(owed, "none")
    assert refused.value.code is Code.ORDER_UNKNOWN


def test_the_commands_tell_both_ways(owed: Database, cli: Cli) -> None:
    pay(owed, "march")
    assert "paid with payout march/A, which is sent" in cli("explain", "2025-03", "A").out
    said = cli("order", "trace", "H-1")
    assert said.code == 0, said.err
    assert "H-1 fed" in said.out
    rows = [row.split(",", 10) for row in cli("order", "trace", "H-1", "--format", "csv").out.splitlines()]
    assert rows[0][-2:] == ["payout_id", "where"]
    assert {row[9] for row in rows[1:]} <= {"", *(f"march/{partner}" for partner in PARTNERS)}
    assert cli("order", "trace", "nothing").code == 2
