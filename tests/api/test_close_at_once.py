"""R5: many ask at once, over HTTP, to close one period: one run posts, and everybody else is told which."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graphsvc import keys, ledger, month
from graphsvc.query.runner import Database
from tests import chance
from tests.api.test_serve import Served, started
from tests.month import small
from tests.month.lives import SMALL
from tests.server import Address

MONTH = "2025-03"
PATH = f"/v1/plans/small/months/{MONTH}/close"
ASKED_SECONDS_MAX = 300
ROUNDS = chance.either(1, 100)


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[Served]:
    """gunicorn with two processes, as `graphsvc serve` starts it."""
    running = started(environment)
    yield running
    if running.process.poll() is None:
        running.process.kill()
    running.process.wait()


def sent(url: str, key: str, name: str) -> tuple[int, dict[str, Any]]:
    """Ask for the close under a name of its own, again and again while the answer is to ask again; what it ends with."""
    headers = {"Content-Type": "application/json", "X-API-Key": key, "Idempotency-Key": name}
    deadline = time.monotonic() + ASKED_SECONDS_MAX
    while True:
        asked = urllib.request.Request(f"{url}{PATH}", data=b'{"out_of_order": true}', headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=ASKED_SECONDS_MAX) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            said = json.loads(error.read())
            if error.code != 503 and said["code"] != "idempotency-key-running":
                return error.code, said
        assert time.monotonic() < deadline, f"{name} is still told to ask again: {said}"
        time.sleep(1)


def at_once(served: Served, key: str, names: list[str]) -> list[tuple[int, dict[str, Any]]]:
    """What each of so many closes is answered that are sent at one moment."""
    gate, answers = threading.Barrier(len(names), timeout=60), list[tuple[int, dict[str, Any]]]()

    def send(name: str) -> None:
        gate.wait()
        answers.append(sent(served.url, key, name))

    threads = [threading.Thread(target=send, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(names), "a request was not answered"
    return answers


def test_of_closes_at_once_one_posts_and_the_others_are_told_its_run(
    database: Database,
    driver: neo4j.Driver,
    endpoint: Address,
    served: Served,
    tmp_path: Path,
    record_property: Callable[..., None],
) -> None:
    small.import_company(database, tmp_path, document=SMALL)
    digest = month.close(database, MONTH, "small", actor="test", out_of_order=True).digest
    small.forget(driver, endpoint)
    key = keys.create(database, "owner", person_name="anna").text
    for number in range(ROUNDS):
        for count in (2, 20):
            answers = at_once(served, key, [f"{number} {count} {one}" for one in range(count)])
            assert [status for status, _ in answers].count(202) == 1, answers
            [won] = [said["run_id"] for status, said in answers if status == 202]
            refused = [said for status, said in answers if status == 409]
            assert len(refused) == count - 1, (number, answers)
            assert {said["code"] for said in refused} <= {"month-busy", "month-closed"}, refused
            assert [said["about"] for said in refused] == [{"run_id": won}] * (count - 1)
            deadline = time.monotonic() + 120
            while month.run(database, won).state == "running":
                assert time.monotonic() < deadline, "the run did not end"
                time.sleep(0.1)
            [run] = month.runs(database)
            assert (run.run_id, run.state, run.digest) == (won, "done", digest)
            proved = ledger.verify(database)
            assert proved.holds
            posted = driver.execute_query(
                "MATCH (e:LedgerEntry) RETURN count(e) AS n, collect(DISTINCT e.run_id) AS runs", database_=endpoint.database
            ).records[0]
            assert (posted["n"], posted["runs"]) == (proved.entries, [won])
            small.forget(driver, endpoint)
    record_property(chance.TOLD, f"R5: {ROUNDS} times 2 and 20 closes at once over HTTP, each posted once")
