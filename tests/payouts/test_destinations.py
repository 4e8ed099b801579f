"""Where money goes is kept as a digest and a token, and never shown whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from graphsvc import payouts
from graphsvc.errors import BadInput
from graphsvc.payouts import destinations
from graphsvc.query.runner import Database
from tests.month.conftest import Said
from tests.payouts.conftest import ANNA, KEY

Ask = Callable[..., list[dict[str, Any]]]
Cli = Callable[..., Said]


def test_the_account_itself_is_nowhere_in_the_graph(owed: Database, ask: Ask) -> None:
    account = "DE89370400440532013000"
    done = destinations.set_destination(owed, "A", "bank_account", account, "tok_1", key=KEY, actor="cli:anna")
    assert (done["destination"], done["number"], done["changed"]) == ("•••3000", 2, True)
    values = ask("MATCH (n) UNWIND keys(n) AS k RETURN DISTINCT toStringOrNull(n[k]) AS v")
    assert not [row["v"] for row in values if row["v"] and account[:12] in row["v"]]
    again = destinations.set_destination(
        owed, "A", "bank_account", "de89 3704 0044 0532 0130 00", "tok_1", key=KEY, actor="cli:b"
    )
    assert (again["number"], again["changed"]) == (2, False)
    rows = destinations.destinations(owed, "A")
    assert [(row["number"], row["current"]) for row in rows] == [(2, True), (1, False)]
    assert {"token", "digest"} & set(rows[0]) == set()


def test_two_partners_with_one_account_meet_in_the_graph(owed: Database, ask: Ask) -> None:
    for partner in ("A", "B"):
        destinations.set_destination(owed, partner, "bank_account", "DE8937040044", "tok", key=KEY, actor="cli:anna")
    shared = ask(
        "MATCH (a:Partner {id: 'A'})-[:USES]->(i:Identifier {kind: 'bank_account'})<-[:USES]-(b:Partner {id: 'B'})"
        " RETURN i.digest AS d"
    )
    assert len(shared) == 1


def test_a_payout_goes_where_it_was_drawn_for(owed: Database) -> None:
    payouts.make(owed, "march", "USD", who=ANNA)
    destinations.set_destination(owed, "A", "bank_account", "DE8937040044", "tok_new", key=KEY, actor="cli:anna")
    rows = {row["partner_id"]: row["destination_token"] for row in payouts.payouts(owed, "march")}
    assert rows["A"] == "tok_A"


@pytest.mark.parametrize(
    ("kind", "value", "token", "where"),
    [("cheque", "1234", "t", "kind"), ("bank_account", "12", "t", "value"), ("bank_account", "12345", "a b", "token")],
)
def test_bad_destinations_are_refused_by_field(owed: Database, kind: str, value: str, token: str, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        destinations.set_destination(owed, "A", kind, value, token, key=KEY, actor="cli:anna")
    assert [finding.where for finding in refused.value.findings] == [where]


def test_the_command_sets_and_lists(owed: Database, cli: Cli) -> None:
    said = cli("destination", "set", "A", "--kind", "card", "--token", "tok_9", "--value", "4111 1111 1111 1111")
    assert (said.code, "•••1111" in said.out, "4111" in said.out) == (0, True, False)
    rows = cli("destination", "list", "A", "--format", "csv").out.splitlines()
    assert rows[1].startswith("2,card,•••1111")
