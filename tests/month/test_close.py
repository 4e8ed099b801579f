"""Closing a month once, and only once: what is said, what is refused, and what is never done twice."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import neo4j
import pytest

from graphsvc import month
from graphsvc.errors import Code, Refused
from graphsvc.periods import midnight, parse_month
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests import chance
from tests.month import small
from tests.month.conftest import Said
from tests.server import Address

Cli = Callable[..., Said]


@pytest.fixture
def company(database: Database, tmp_path: Path) -> Database:
    small.import_company(database, tmp_path)
    return database


def test_a_month_closes_and_a_second_close_names_the_first_run(company: Database, cli: Cli) -> None:
    done = cli("month", "close", "2025-01", "--plan", "small")
    assert done.code == 0
    said = done.out.splitlines()
    report = month.runs(company)[0]
    assert said[0] == f"2025-01 closed by plan small version 1, run {report.run_id}"
    assert said[1] == "11 partners, 5 active"
    assert said[-1] == f"digest {report.digest}"
    assert report.state == "done"
    assert report.kind == "official"
    assert report.finished_at >= report.started_at > ""

    again = cli("month", "close", "2025-01", "--plan", "small")
    assert (again.code, again.out) == (2, "")
    assert report.run_id in again.sentence
    assert "2025-01" in again.sentence
    assert month.runs(company) == [report]
    with pytest.raises(Refused) as refused:
        month.close(company, "2025-01", "small", actor="test")
    assert refused.value.code is Code.MONTH_CLOSED
    assert refused.value.detail["run_id"] == report.run_id


@pytest.mark.parametrize(
    "name", ["2025-13", "2025-1", "25-01", "2025-00", "0000-01", "9999-12", "2025-01 ", "٢٠٢٥-٠١", "", "next"]
)
def test_what_is_not_a_month_is_refused(database: Database, cli: Cli, name: str) -> None:
    for command in ("close", "preview"):
        said = cli("month", command, name, "--plan", "small")
        assert (said.code, said.out) == (2, "")
        assert said.sentence.endswith("is not a month; write it as 2025-03.")
    assert cli("earnings", name).code == 2


def test_a_month_that_is_not_over_is_refused_and_may_be_previewed(company: Database, cli: Cli) -> None:
    now = f"{dt.datetime.now(dt.UTC):%Y-%m}"
    said = cli("month", "close", now, "--plan", "small", "--out-of-order")
    assert said.code == 2
    assert said.sentence.startswith(f"{now} ends at ")
    assert f"`graphsvc month preview {now} --plan small` shows it so far." in said.sentence
    assert cli("month", "preview", now, "--plan", "small").code == 0
    assert month.months(company, "small") == []


def test_a_month_whose_late_order_days_are_not_over_is_refused_and_may_be_previewed(company: Database, cli: Cli) -> None:
    """The month before this one ended at most 31 days ago, in the plan's own zone."""
    over = parse_month(f"{dt.datetime.now(ZoneInfo('Asia/Tokyo')):%Y-%m}").plus(-1)
    volumes = small.PLAN["volumes"] | {"late_order_days": 60}
    store.publish(company, small.plan(plan="slow", time_zone="Asia/Tokyo", volumes=volumes))
    said = cli("month", "close", str(over), "--plan", "slow", "--out-of-order")
    ends, closes = (midnight(over.plus(1).first_day + dt.timedelta(days), "Asia/Tokyo") for days in (0, 60))
    assert (said.code, said.out) == (2, "")
    assert said.sentence == (
        f"{over} ends at {ends:%Y-%m-%d} 15:00 UTC and cannot be closed before {closes:%Y-%m-%d} 15:00 UTC, when its 60 "
        f"late-order days are over; `graphsvc month preview {over} --plan slow` shows it so far."
    )
    assert cli("month", "preview", str(over), "--plan", "slow").code == 0
    assert month.months(company, "slow") == []
    long_over = str(over.plus(-3))
    assert cli("month", "close", long_over, "--plan", "slow", "--out-of-order").code == 0


def test_plans_that_are_unknown_or_not_in_force_are_named(company: Database, cli: Cli) -> None:
    said = cli("month", "close", "2025-01", "--plan", "smal")
    assert (said.code, said.sentence) == (2, "There is no plan 'smal'; there is only small.")
    said = cli("month", "close", "2024-12", "--plan", "small")
    assert (said.code, said.out) == (2, "")
    assert "2025-01-01" in said.sentence
    assert "in force" in said.sentence
    assert cli("month", "list", "--plan", "smal").code == 2
    assert month.runs(company) == []


def test_names_that_are_not_there_are_answered_with_the_nearest(company: Database, cli: Cli) -> None:
    assert "there are none yet" in cli("earnings", "2025-01").sentence
    cli("month", "close", "2025-01", "--plan", "small")
    said = cli("earnings", "2025-02")
    assert said.code == 2
    assert "2025-01" in said.sentence
    said = cli("earnings", "2025-01", "--plan", "other")
    assert said.code == 2
    assert "small" in said.sentence
    for command in (
        ("earnings", "2025-01", "--partner", "AA"),
        ("explain", "2025-01", "AA"),
        ("why-not", "2025-01", "AA", "--level", "1", "--bonus", "team"),
    ):
        said = cli(*command)
        assert (said.code, said.out) == (2, ""), command
        assert "AA" in said.sentence
        assert "nearest" in said.sentence
    with pytest.raises(Refused, match="There is no run run-0"):
        month.run(company, "run-0")


def test_a_month_without_orders_closes_with_nothing(company: Database, cli: Cli) -> None:
    assert cli("month", "close", "2024-12", "--plan", "small").code == 2
    month.close(company, "2025-01", "small", actor="test")
    report = month.close(company, "2025-05", "small", actor="test", out_of_order=True)
    assert (report.orders, report.lines, report.payout_minor, report.sold_minor, report.active) == (0, 0, 0, 0, 0)
    assert report.partners == 12
    assert cli("earnings", "2025-05", "--format", "csv").out == (
        "partner_id,bonus,level,base_minor,rate_ppm,amount_minor,currency\n"
    )
    assert "0 lines" in cli("month", "verify", "2025-05").out


def test_a_network_without_anybody_closes_with_nothing(database: Database, tmp_path: Path) -> None:
    store.publish(database, small.plan())
    report = month.close(database, "2025-01", "small", actor="test")
    assert (report.partners, report.orders, report.lines, report.payout_minor) == (0, 0, 0, 0)
    assert all(b.possible_minor == 0 for b in report.breakage)


def test_a_month_with_only_refunds_has_negative_lines(company: Database, cli: Cli) -> None:
    document = small.plan("gentle", active={"conditions": [], "grace_periods": 0})
    store.publish(company, document)
    month.close(company, "2025-01", "gentle", actor="test")
    report = month.close(company, "2025-02", "gentle", actor="test")
    # F's order of 100.00 is smaller by 33.33: 5 % to B (D is suspended), then nobody has two active recruits but A.
    assert report.sold_minor == -3333
    assert report.payout_minor < 0
    assert {line[4] < 0 for line in small.lines(company, "2025-02", "gentle")} == {True}
    assert ("B", "team", 1, "", -167) in small.lines(company, "2025-02", "gentle")
    assert ("F", "orders", 1, "F-1/1", -67) in small.lines(company, "2025-02", "gentle")
    assert cli("month", "verify", "2025-02", "--plan", "gentle").code == 0
    assert cli("month", "close", "2025-02", "--plan", "gentle").code == 2


def test_unpaid_orders_are_listed_and_not_counted(company: Database, cli: Cli) -> None:
    said = cli("month", "close", "2025-03", "--plan", "small", "--out-of-order")
    assert said.code == 0
    assert "Placed in 2025-03 and not paid, so not counted: LATER" in said.out
    report = month.runs(company)[0]
    assert (report.unpaid_count, report.unpaid) == (1, ["LATER"])
    assert not any("LATER" in line[3] for line in small.lines(company, "2025-03"))


@pytest.mark.parametrize("attempt", range(chance.cases(2)))
def test_of_closes_at_once_exactly_one_posts(attempt: int, company: Database, driver: neo4j.Driver, endpoint: Address) -> None:
    undisturbed = month.close(company, "2025-01", "small", actor="test").digest
    small.forget(driver, endpoint)
    gate, outcomes = threading.Barrier(4, timeout=60), list[object]()

    def close() -> None:
        with Database(endpoint.uri, endpoint.user, endpoint.password, database=endpoint.database) as own:
            own.verify()
            gate.wait()
            try:
                outcomes.append(month.close(own, "2025-01", "small", actor="test"))
            except Refused as refused:
                outcomes.append(refused)

    threads = [threading.Thread(target=close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    runs = month.runs(company)
    assert len(runs) == 1
    posted = [outcome for outcome in outcomes if isinstance(outcome, month.RunReport)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert [report.run_id for report in posted] == [runs[0].run_id], outcomes
    assert len(refused) == 3, outcomes
    for refusal in refused:  # lost is one that starved for longer than its lease, and another went on with its run
        assert refusal.code in (Code.MONTH_CLOSED, Code.MONTH_BUSY, Code.RUN_LOST)
        assert runs[0].run_id in refusal.sentence
    assert posted[0].digest == undisturbed
    rows, _, _ = driver.execute_query("MATCH (e:Earning) RETURN count(*) AS n, count(DISTINCT e.run_id) AS runs")
    assert dict(rows[0]) == {"n": posted[0].lines, "runs": 1}


def test_of_processes_at_once_exactly_one_posts(company: Database, environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", "from graphsvc.cli import main; main()", "month", "close", "2025-01", "--plan", "small"]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    ended = [(one.communicate(timeout=200), one.returncode) for one in running]
    assert sorted(code for _, code in ended) == [0, 2, 2], ended
    runs = month.runs(company)
    assert len(runs) == 1
    for (_, said), code in ended:
        if code:
            assert runs[0].run_id in " ".join(said.split())
            assert "Traceback" not in said
