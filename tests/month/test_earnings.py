"""The lines of a closed month in their three shapes, for one partner and for all, by the plan that closed it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from graphsvc import earnings, month
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.month import small
from tests.month.conftest import Said

Cli = Callable[..., Said]
COLUMNS = "partner_id,bonus,level,base_minor,rate_ppm,amount_minor,currency"


@pytest.fixture(scope="module")
def closed(kept: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    small.import_company(kept, tmp_path_factory.mktemp("company"))
    month.close(kept, "2025-03", "small", actor="test", out_of_order=True)
    store.publish(kept, small.plan("second", bonuses=small.PLAN["bonuses"][:1]))
    month.close(kept, "2025-03", "second", actor="test", out_of_order=True)
    month.close(kept, "2025-01", "small", actor="test")
    return kept


def test_csv_has_exactly_its_columns_sorted_and_sums_up(closed: Database, cli: Cli) -> None:
    text = cli("earnings", "2025-03", "--plan", "small", "--format", "csv").out
    assert text.splitlines()[0] == COLUMNS
    assert "\r" not in text
    assert text.endswith("\n")
    rows = list(csv.DictReader(io.StringIO(text)))
    keys = [(row["partner_id"], row["bonus"], int(row["level"])) for row in rows]
    assert keys == sorted(keys)
    report = next(r for r in month.runs(closed) if (r.plan, r.month) == ("small", "2025-03"))
    assert sum(int(row["amount_minor"]) for row in rows) == report.payout_minor
    assert len(rows) == report.lines
    assert {row["currency"] for row in rows} == {"USD"}
    assert [row for row in rows if row["partner_id"] == "A" and row["bonus"] == "team"] == _team_of_a()


def _team_of_a() -> list[dict[str, str]]:
    """What A is owed, by hand.

    Level 1: B 47.66, C 35 and T 50 (who had not joined yet). Level 2: D 25, E 5, F 70.01, G 55.55, H 245.50, I 11.11, J 10.98;
    D and E are passed over, B has no active recruit. Nobody has three, so level 3 is breakage.
    """
    common = {"partner_id": "A", "bonus": "team", "currency": "USD"}
    return [
        {**common, "level": "1", "base_minor": "13266", "rate_ppm": "50000", "amount_minor": "663"},
        {**common, "level": "2", "base_minor": "42315", "rate_ppm": "30000", "amount_minor": "1269"},
    ]


def test_ndjson_gives_the_same_lines_with_their_orders(closed: Database, cli: Cli) -> None:
    rows = [json.loads(line) for line in cli("earnings", "2025-03", "--plan", "small", "--format", "ndjson").out.splitlines()]
    assert all(list(row) == [*COLUMNS.split(","), "class", "source_id"] for row in rows)
    stored = list(earnings.lines(closed, "2025-03", "small"))
    assert rows == [{key: line[key] for key in (*COLUMNS.split(","), "class", "source_id")} for line in stored]
    assert {bool(row["source_id"]) for row in rows if row["bonus"] == "orders"} == {True}
    assert {row["source_id"] for row in rows if row["bonus"] == "team"} == {""}


def test_pages_of_any_size_are_the_same_lines(closed: Database) -> None:
    run_id = earnings.closed_run(closed, "2025-03", "small")["run_id"]
    whole = list(earnings.of_run(closed, run_id))
    for page in (1, 2, 7, len(whole), len(whole) + 1):
        assert list(earnings.of_run(closed, run_id, page=page)) == whole


def test_the_table_is_for_people(closed: Database, cli: Cli) -> None:
    said = cli("earnings", "2025-03", "--plan", "second")
    assert said.code == 0
    lines = [line.split() for line in said.out.splitlines() if line.strip()]
    assert lines[0] == ["Earnings", "of", "2025-03"]
    assert lines[1] == ["partner", "bonus", "level", "order", "base", "rate", "amount"]
    assert ["A", "team", "1", "132.66", "5", "%", "6.63", "USD"] in lines


def test_one_partners_lines(closed: Database, cli: Cli) -> None:
    for shape in ("csv", "ndjson", "table"):
        said = cli("earnings", "2025-03", "--plan", "small", "--partner", "B", "--format", shape)
        assert said.code == 0
        assert "B" in said.out
        assert '"A"' not in said.out
        assert "\nA," not in said.out
    nothing = cli("earnings", "2025-03", "--plan", "second", "--partner", "D", "--format", "csv")
    assert (nothing.code, nothing.out) == (0, COLUMNS + "\n")


def test_where_several_plans_closed_a_month_one_must_be_named(closed: Database, cli: Cli) -> None:
    for command in (
        ("earnings", "2025-03"),
        ("month", "verify", "2025-03"),
        ("explain", "2025-03", "A"),
        ("why-not", "2025-03", "A", "--level", "1"),
    ):
        said = cli(*command)
        assert (said.code, said.out) == (2, "")
        assert said.sentence == "2025-03 was closed for several plans; say --plan with one of second, small."
        assert cli(*command, "--plan", "second").code == 0
    assert cli("earnings", "2025-01").code == 0


def test_who_earned_most(closed: Database) -> None:
    top = earnings.top(closed, "2025-03", "small", count=3)
    sums: dict[str, int] = {}
    for line in earnings.lines(closed, "2025-03", "small"):
        sums[line["partner_id"]] = sums.get(line["partner_id"], 0) + line["amount_minor"]
    best = sorted(sums.items(), key=lambda item: (-item[1], item[0]))[:3]
    assert [(row["partner_id"], row["amount_minor"]) for row in top] == best
