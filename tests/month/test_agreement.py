"""The engine against the judge: random companies and plans, imported, published and closed, compared to the minor unit.

A batch imports many small networks at once and closes every plan on all of them; a network under a plan counts for every
mechanic of the plan. Everyday runs try each mechanic a hundred times, deep ones two thousand times, in fewer and larger batches:
what a close costs beside its networks is most of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import neo4j
import pytest

from graphsvc.query.runner import Database
from tests import chance, server
from tests.graphs import draw, text_of
from tests.month import worlds
from tests.month.agreement import NOT_YET, Tally, close_all, reads, still_differs
from tests.month.worlds import Batch, Scheme
from tests.month.worlds.pairs import PAIRS, RARE
from tests.month.worlds.plans import RECIPES
from tests.records import Network, shrunk
from tests.server import Address

NETWORKS = 300 if chance.DEEP else 100
PLANS = 14
TIMES = 1  # how many plans of a batch try each mechanic
TRIES_MAX = 40
TRIPLES = 100
BATCHES = -(-chance.cases(TRIPLES) // NETWORKS)
MEETINGS = 10


TOLD = Tally()


@cache
def batch(number: int) -> Batch:
    return worlds.batch(chance.rng(f"agreement {number}"), NETWORKS, PLANS, times=TIMES, refused=set(NOT_YET))


@pytest.mark.parametrize("number", range(BATCHES))
def test_engine_and_model_agree(number: int, database: Database, driver: neo4j.Driver, endpoint: Address, tmp_path: Path) -> None:
    drawn = batch(number)
    done = close_all(database, drawn.network(), drawn.moves, drawn.rates, drawn.schemes, tmp_path)
    guilty = [scheme for scheme in drawn.schemes if done.said[scheme.name]]
    if guilty:
        said = "\n\n".join(done.said[scheme.name] for scheme in guilty)
        pytest.fail(f"{said}\n\n{smallest(drawn, guilty[0], database, driver, endpoint, tmp_path)}", pytrace=False)
    TOLD.add(drawn, done)
    rare = {name: TOLD.last[name] for name in worlds.MECHANICS if name not in NOT_YET and TOLD.last[name] < NETWORKS}
    assert not rare, f"compared too rarely: {rare}"


def test_every_mechanic_was_compared_often_enough(record_property: Callable[[str, object], None]) -> None:
    """Counted from what was closed and compared, so it follows the comparisons and fails where they did not run."""
    wanted = [name for name in worlds.MECHANICS if name not in NOT_YET]
    told = [f"GRAPHSVC_TEST_SEED={chance.SEED}, {TOLD.batches} batches compared"]
    for name in wanted:
        told.append(f"{TOLD.compared[name]:>6} triples: {name}" + (f", paid in {TOLD.paid[name]}" if name in RECIPES else ""))
    told += [f"{TOLD.pairs[pair]:>6} triples in which met: {pair}" for pair in PAIRS]
    record_property(chance.TOLD, "\n".join(told))
    assert TOLD.batches == BATCHES, "every batch is compared before it is counted: run the whole file"
    rare = {name: TOLD.compared[name] for name in wanted if TOLD.compared[name] < TRIPLES * chance.DEPTH}
    assert not rare, f"compared too rarely: {rare}"
    assert not [name for name in RECIPES if name not in NOT_YET and not TOLD.paid[name]], "never paid anything"
    assert not [pair for pair in PAIRS if TOLD.pairs[pair] < RARE.get(pair, MEETINGS) * chance.DEPTH], "never met, or hardly"


def smallest(drawn: Batch, scheme: Scheme, database: Database, driver: neo4j.Driver, endpoint: Address, folder: Path) -> str:
    """A small drawn network and plan that still differ, for people to look at; seeds are in the header of the run."""
    tries = 0

    def differs(network: Network, plan: Scheme) -> str:
        nonlocal tries
        tries += 1
        if tries > TRIES_MAX or not network.partners:
            return ""
        server.empty(driver, endpoint.database)
        read = [one for one in drawn.schemes if one.name in reads(plan)]
        return close_all(database, network, drawn.moves, drawn.rates, [*read, plan], folder / f"try-{tries}").said[plan.name]

    everything = drawn.network()
    least = still_differs(scheme, lambda plan: differs(everything, plan))
    tries = 0
    halves = [everything]
    while len(drawn.networks) > 1 and halves:  # half of the networks, then half of those
        network = halves.pop()
        heads = sorted({p.id.split("-")[0] for p in network.partners})
        if len(heads) < 2:
            everything = network
            break
        for part in (heads[: len(heads) // 2], heads[len(heads) // 2 :]):
            half = sum((n for n in drawn.networks if n.partners[0].id.split("-")[0] in part), Network())
            if differs(half, least):
                everything, halves = half, [half]
                break
    tries = 0
    small = shrunk(everything, lambda network: bool(differs(network, least)))
    tries = 0
    moves = [move for move in drawn.moves if move.partner in {p.id for p in small.partners}]
    return (
        f"The smallest that differs:\n{differs(small, least)}\n\n{text_of(small)}\n\n{moves}\n{least.documents}\n{least.forced}"
    )


@pytest.mark.parametrize("case", range(chance.cases(2)))
def test_a_drawing_of_any_network_reads_back_as_the_network(case: int) -> None:
    network = worlds.network(Random(case), "2025-03")
    again = draw(text_of(network))
    for name in ("partners", "customers", "orders", "refunds", "events"):
        assert sorted(map(repr, getattr(again, name))) == sorted(map(repr, getattr(network, name)))
