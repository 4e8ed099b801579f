"""Every line is explained and equal; every line that is not there has its reason, with have and need."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import earnings, explain, month
from graphsvc.errors import Code, Refused
from graphsvc.explain.aside import RELEASED
from graphsvc.query.runner import Database
from tests import chance
from tests.model.walks import WALKING
from tests.month import small, worlds
from tests.month.agreement import force_ranks, load, published
from tests.month.conftest import Said

Cli = Callable[..., Said]
NETWORKS = 2
EXPLAINED = 3  # partners of each month, every line of theirs; all lines of all partners are proved


@pytest.mark.parametrize("number", range(chance.cases(1)))
def test_lines_of_a_random_company_are_proved_and_explained(number: int, database: Database, tmp_path: Path) -> None:
    rng = chance.rng(f"explain {number}")
    batch = worlds.batch(rng, NETWORKS, 1)
    [scheme] = batch.schemes
    network = batch.network()
    load(database, network, tmp_path)
    published(database, batch.rates, [scheme])
    for name, document in scheme.documents[:2]:
        force_ranks(database, name, scheme, {partner.id for partner in network.partners})
        month.close(database, name, scheme.name, actor="test")
        verified = explain.verify(database, name)
        assert verified.holds, verified
        walking = {bonus["name"]: bonus for bonus in document["bonuses"] if bonus["kind"] in WALKING}
        stored: dict[str, list[dict[str, Any]]] = {}
        for line in earnings.lines(database, name):
            if line["bonus"] in walking and not line["source_id"].startswith(RELEASED):
                stored.setdefault(line["partner_id"], []).append(line)
        for partner_id in rng.sample(sorted(stored), min(EXPLAINED, len(stored))):
            _explained(database, walking, name, partner_id, stored[partner_id])


def _explained(
    database: Database, walking: dict[str, dict[str, Any]], name: str, partner_id: str, lines: list[dict[str, Any]]
) -> None:
    found = [e for e in explain.lines(database, name, partner_id) if e.bonus in walking]
    whole: dict[tuple[str, int, str], int] = {}
    for line in lines:
        key = (line["bonus"], line["level"], line["class"])
        whole[key] = whole.get(key, 0) + line["amount_minor"]
    assert {(e.bonus, e.level, e.source_class): e.amount_minor for e in found} == whole
    for explanation in found:
        where = f"{partner_id} {explanation.bonus} level {explanation.level}"
        assert explanation.equal, (where, explanation.earned_minor, explanation.computed_minor)
        assert explanation.sources, where
        if explanation.source_count == len(explanation.sources):
            assert sum(source.base for source in explanation.sources) == explanation.base
        for source in explanation.sources:
            assert source.hops[0].partner_id == source.partner_id
            assert [hop.distance for hop in source.hops] == list(range(len(source.hops)))
            last = source.hops[-1]
            assert (last.partner_id, last.outcome) == (partner_id, "paid"), (where, source)
            assert explanation.level in last.levels, (where, source)
            if walking[explanation.bonus]["kind"] == "unilevel":  # of the others two may be paid at one step
                assert not any(hop.outcome == "paid" and explanation.level in hop.levels for hop in source.hops[:-1])
                if walking[explanation.bonus]["first_level"] == "sponsor":
                    assert source.hops[0].outcome == "sold"
                    assert len(source.hops) > 1


# One company whose answers can be worked out by hand: active with 10.00, level 2 opens with two active recruits.
BY_HAND = """
A : own 20
  B : own 10
    D suspended : own 30
      F : own 100, retail 50 by f1
    Q : own 2
  C : own 4.01
  E : own 12
    K : own 0.10
  T joined 2025-04-01 : own 15
"""


@pytest.fixture(scope="module")
def closed(kept: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    small.import_company(kept, tmp_path_factory.mktemp("company"), BY_HAND)
    month.close(kept, "2025-03", "small", actor="test")
    return kept


def answer(database: Database, partner_id: str, level: int, bonus: str = "team") -> explain.WhyNot:
    return explain.why_not(database, "2025-03", partner_id, level=level, bonus=bonus)


def test_why_not_knows_that_it_was_paid(closed: Database) -> None:
    found = answer(closed, "A", 1)
    assert (found.reason, found.failures) == ("paid", [])
    assert found.amount_minor == sum(line[4] for line in small.lines(closed, "2025-03") if line[:3] == ("A", "team", 1))
    assert found.sentence == "A was paid at level 1 of team in 2025-03."


def test_why_not_says_what_activity_lacks(closed: Database) -> None:
    found = answer(closed, "C", 1)
    assert (found.reason, found.sentence) == ("inactive", "C was not active in 2025-03.")
    [failure] = found.failures
    assert (failure.unit, failure.have, failure.need) == ("volume", 4_010, 10_000)
    assert failure.text == "PV this month: have 4.01, need 10, 5.99 missing"


@pytest.mark.parametrize(
    ("partner_id", "text"),
    [("D", "is suspended or terminated, and so never active"), ("T", "had not joined by the end of the month")],
)
def test_why_not_knows_who_can_never_be_active(closed: Database, partner_id: str, text: str) -> None:
    found = answer(closed, partner_id, 1)
    assert found.reason == "inactive"
    assert [failure.text for failure in found.failures] == [text]


def test_why_not_says_what_a_level_lacks(closed: Database) -> None:
    found = answer(closed, "B", 3)
    assert found.reason == "not_open"
    assert found.sentence == "Level 3 of team was not open to B in 2025-03."
    assert [(f.have, f.need) for f in found.failures] == [(0, 3), (192_000, 200_000)]
    assert found.failures[0].text.endswith("have 0, need 3, 3 missing")
    assert found.failures[1].text.endswith("have 192, need 200, 8 missing")


def test_why_not_knows_that_nothing_reached(closed: Database) -> None:
    found = answer(closed, "F", 1)
    assert (found.reason, found.failures, found.amount_minor) == ("nothing_reached", [], 0)


def test_why_not_knows_what_rounds_to_nothing(closed: Database) -> None:
    found = answer(closed, "E", 2, "orders")
    assert (found.reason, found.sentence) == ("rounded_to_zero", "What reached E at level 2 in 2025-03 rounds to 0.")


def test_what_cannot_be_explained_is_refused(closed: Database, cli: Cli) -> None:
    for arguments, code, said in (
        (("A", "--bonus", "teem"), 2, "Plan small has no bonus 'teem'; the nearest are team."),
        (("A", "--level", "9"), 2, "A has no line at level 9 in 2025-03"),
        (("F", "--bonus", "team"), 2, "F has no line of bonus team in 2025-03"),
        (("AAA",), 2, "AAA"),
    ):
        found = cli("explain", "2025-03", *arguments)
        assert (found.code, found.out) == (code, "")
        assert said.split(";")[0] in found.sentence, found.sentence
    found = cli("why-not", "2025-03", "A", "--level", "4", "--bonus", "team")
    assert (found.code, found.sentence) == (2, "Bonus team has levels 1 to 3, not 4.")
    found = cli("why-not", "2025-03", "A", "--level", "1")
    assert (found.code, found.sentence) == (2, "Plan small has several bonuses; say one of team, orders.")
    assert cli("why-not", "2025-03", "A", "--level", "0", "--bonus", "team").code == 2
    assert cli("why-not", "2025-03", "A").code == 2
    with pytest.raises(Refused) as refused:
        explain.why_not(closed, "2025-03", "nobody", level=1, bonus="team")
    assert refused.value.code is Code.PARTNER_UNKNOWN


EXPLANATION = """\
2025-03  B  bonus team  level 1
  182.00 (CV 182) × 5 % = 9.10 USD, rounded half up
  rule dynamic: each level goes to the next partner above who is open for it, counting on from there
  computed again from 3 sources: 9.10, equal to the stored amount
  F sold 150.00:
      0  F  sold
      1  D  skipped: level 1 not open: is suspended or terminated, and so never active; it waits for the next
      2  B  paid: level 1
  D sold 30.00:
      0  D  sold
      1  B  paid: level 1
  Q sold 2.00:
      0  Q  sold
      1  B  paid: level 1
"""


def test_an_explanation_as_people_read_it(closed: Database, cli: Cli) -> None:
    assert cli("explain", "2025-03", "B", "--bonus", "team").out == EXPLANATION


def test_a_why_not_as_people_read_it(closed: Database, cli: Cli) -> None:
    assert cli("why-not", "2025-03", "C", "--level", "1", "--bonus", "team").out == (
        "C was not active in 2025-03.\n  PV this month: have 4.01, need 10, 5.99 missing\n"
    )


def test_machines_get_whole_objects(closed: Database, cli: Cli) -> None:
    found = [json.loads(line) for line in cli("explain", "2025-03", "B", "--format", "ndjson").out.splitlines()]
    assert {(row["bonus"], row["level"]) for row in found} == {
        line[1:3] for line in small.lines(closed, "2025-03") if line[0] == "B"
    }
    assert all(row["equal"] and row["sources"][0]["hops"] for row in found)
    [row] = cli("why-not", "2025-03", "C", "--level", "1", "--bonus", "team", "--format", "ndjson").out.splitlines()
    assert json.loads(row)["failures"][0]["need"] == 10_000
