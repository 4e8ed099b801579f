"""The engine against the judge: random companies and plans, imported, published and closed, compared to the minor unit.

A batch imports many small networks at once and closes every plan on all of them; each plan has a bonus of each compression,
so a run compares `BATCHES * NETWORKS * PLANS` networks under plans for each of the four.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import neo4j
import pytest

from graphsvc import earnings, explain, month, rates
from graphsvc.errors import Refused
from graphsvc.month.context import Batches
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests import chance, model, server
from tests.graphs import build, draw, text_of
from tests.month import worlds
from tests.month.worlds import Batch, Scheme
from tests.records import Network, Partner, Rate, shrunk
from tests.server import Address

BATCHES = chance.cases(3)
NETWORKS = 18
PLANS = 2
TRIES_MAX = 30
EXPLAINED = 4
BATCH_SIZES = (Batches(), Batches(partners=1, fold_partners=150))

Close = Callable[[Network, Iterable[Rate], Scheme], str]


def published(database: Database, given: Iterable[Rate], schemes: Iterable[Scheme]) -> None:
    """Publish rates and plans."""
    for rate in given:
        rates.publish(database, rate.month, rate.source, rate.target, rate.rate)
    for scheme in schemes:
        for document in scheme.published():
            store.publish(database, document)


def difference(database: Database, network: Network, given: Iterable[Rate], scheme: Scheme) -> str:
    """Close a plan's months on what is imported; where engine and model differ, or nothing."""
    for number, (name, expected) in enumerate(model.months(network, scheme.documents, rates=tuple(given)).items()):
        report = month.close(database, name, scheme.name, actor="test", batches=BATCH_SIZES[number % 2])
        found = [
            *_compared("lines", map(_engine_line, earnings.lines(database, name, scheme.name)), map(_model_line, expected.lines)),
            *_compared(
                "breakage",
                [(b.bonus, b.level, b.base_minor, b.possible_minor, b.paid_minor) for b in report.breakage],
                [(b.bonus, b.level, b.base_minor, b.possible_minor, b.paid_minor) for b in expected.breakage],
            ),
            *_compared("members", [report.partners], [expected.members]),
            *_compared("active", [report.active], [sum(expected.active.values())]),
            *_explained(database, name, scheme, expected),
            *_compared("payout", [report.payout_minor], [sum(line.amount_minor for line in expected.lines)]),
        ]
        if found:
            return "\n".join([f"{scheme.name} {name}:", *found])
    return ""


def _explained(database: Database, name: str, scheme: Scheme, expected: model.Result) -> list[str]:
    """Every line proved, some explained, and for some partners and levels why there is no line."""
    rng, found = Random(f"{scheme.name} {name}"), []
    proof = explain.verify(database, name, scheme.name)
    if not proof.holds or proof.lines != len(expected.lines):
        found.append(f"the proof of the lines fails: {proof}")
    for line in rng.sample(expected.lines, min(EXPLAINED, len(expected.lines))):
        said = explain.line(database, name, line.partner_id, plan_name=scheme.name, bonus=line.bonus, level=line.level)
        if not said.equal:
            found.append(f"the explanation of {line} gives {said.computed_minor}")
    judge = expected.month
    for partner in rng.sample(judge.network.partners, min(EXPLAINED, len(judge.network.partners))):
        bonus = rng.choice(judge.plan["bonuses"])
        level = rng.randint(1, len(bonus["levels"]))
        reason = _reason(judge, bonus, level, partner, expected.lines)
        try:
            told = explain.why_not(database, name, partner.id, level=level, bonus=bonus["name"], plan_name=scheme.name).reason
        except Refused as refused:
            told = str(refused)
        if told != reason:
            found.append(f"why not {partner.id} at level {level} of {bonus['name']}: engine {told}, model {reason}")
    return found


def _reason(judge: model.Month, bonus: dict[str, Any], level: int, partner: Partner, lines: list[model.Line]) -> str:
    if any((line.partner_id, line.bonus, line.level) == (partner.id, bonus["name"], level) for line in lines):
        return "paid"
    if not judge.is_active(partner.id):
        return "inactive"
    if not model.is_open(judge, bonus, level, partner.id):
        return "not_open"
    if bonus["compression"] == "standard" and model.vanishes(judge, bonus["vanish"], partner.id):
        return "vanished"
    return "rounded_to_zero" if model.reached(judge, bonus, level, partner.id) else "nothing_reached"


def _engine_line(row: dict[str, object]) -> tuple[object, ...]:
    return tuple(row.get("class", "") if field == "class_" else row[field] for field in model.Line.__dataclass_fields__)


def _model_line(line: model.Line) -> tuple[object, ...]:
    return tuple(getattr(line, field) for field in model.Line.__dataclass_fields__)


def _compared(what: str, engine: Iterable[object], judge: Iterable[object], shown: int = 6) -> list[str]:
    theirs, ours = list(engine), list(judge)
    if theirs == ours:
        return []
    only = [f"  engine: {row}" for row in theirs if row not in ours][:shown] + [
        f"  model:  {row}" for row in ours if row not in theirs
    ][:shown]
    return [f"{what} differ:", *(only or ["  the same, in another order"])]


@pytest.mark.parametrize("number", range(BATCHES))
def test_engine_and_model_agree(number: int, database: Database, driver: neo4j.Driver, endpoint: Address, tmp_path: Path) -> None:
    batch = worlds.batch(chance.rng(f"agreement {number}"), NETWORKS, PLANS)
    everything = batch.network()
    build(database, everything, tmp_path)
    published(database, batch.rates, batch.schemes)
    for scheme in batch.schemes:
        found = difference(database, everything, batch.rates, scheme)
        if found:
            pytest.fail(f"{found}\n\n{smallest(batch, scheme, database, driver, endpoint, tmp_path)}", pytrace=False)


def smallest(batch: Batch, scheme: Scheme, database: Database, driver: neo4j.Driver, endpoint: Address, folder: Path) -> str:
    """A small drawn network on which one plan still differs, for people to look at; seeds are in the header of the run."""
    tries = 0

    def differs(network: Network) -> str:
        nonlocal tries
        tries += 1
        if tries > TRIES_MAX or not network.partners:
            return ""
        server.empty(driver, endpoint.database)
        build(database, network, folder / f"try-{tries}")
        published(database, batch.rates, [scheme])
        return difference(database, network, batch.rates, scheme)

    guilty = next((n for n in batch.networks if differs(n)), None)
    if guilty is None:
        return "No network of the batch differs by itself; the whole batch does."
    small = shrunk(guilty, lambda network: bool(differs(network)))
    tries = 0
    return f"The smallest that differs:\n{differs(small)}\n\n{text_of(small)}\n\n{scheme.documents}"


@pytest.mark.parametrize("case", range(chance.cases(2)))
def test_a_drawing_of_any_network_reads_back_as_the_network(case: int) -> None:
    network = worlds.network(Random(case), "2025-03")
    again = draw(text_of(network))
    for name in ("partners", "customers", "orders", "refunds"):
        assert sorted(map(repr, getattr(again, name))) == sorted(map(repr, getattr(network, name)))
