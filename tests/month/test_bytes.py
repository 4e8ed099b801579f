"""The same month is the same bytes: whatever the order of the files, the size of the batches, and what comes later."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import neo4j
import pytest

from graphsvc import explain, month
from graphsvc.month.context import Batches
from graphsvc.month.layers import Layers
from graphsvc.query.runner import Database
from tests import chance, server
from tests.graphs import IDENTIFIER_KEY, build, draw
from tests.month import small, worlds
from tests.month.agreement import force_ranks, published
from tests.month.conftest import Said
from tests.records import Network
from tests.server import Address

Cli = Callable[..., Said]
PLACED = ("unilevel on a matrix", "binary", "standings on a placement", "recruits per leg")


def close(database: Database, name: str = "2025-03", plan: str = "small", **options: object) -> month.RunReport:
    return month.close(database, name, plan, actor="test", out_of_order=True, **options)  # type: ignore[arg-type]


def shuffled(network: Network, rng: random.Random) -> list[Network]:
    """The same company in another order, and in two or more imports: whoever sponsors first, refunds last."""
    made = Network(
        list(network.partners), list(network.customers), list(network.orders), list(network.refunds), list(network.events)
    )
    for rows in (made.partners, made.customers, made.orders, made.refunds, made.events):
        rng.shuffle(rows)
    sponsor = {p.id: p.sponsor for p in made.partners}

    def depth(partner: str | None) -> int:
        return 0 if partner is None else 1 + depth(sponsor[partner])

    at = rng.randrange(1, 4)
    early = [p for p in made.partners if depth(p.id) <= at]
    orders = sorted({o.id for o in made.orders})
    first = set(rng.sample(orders, len(orders) // 2))
    return [
        Network(early),
        Network([p for p in made.partners if p not in early], made.customers),
        Network(orders=[o for o in made.orders if o.id in first]),
        Network(
            orders=[o for o in made.orders if o.id not in first],
            refunds=made.refunds,
            events=made.events,
        ),
    ]


def test_any_order_of_rows_and_files_gives_the_same_bytes(
    database: Database, driver: neo4j.Driver, endpoint: Address, cli: Cli, tmp_path: Path
) -> None:
    rng = chance.rng("shuffled")
    # Without places: a part of a file cannot name a place under somebody who stands in another.
    placed = {name for name in worlds.MECHANICS if name.startswith(PLACED)}
    batch = worlds.batch(rng, 5, 1, refused=placed | worlds.all_but_one_of_each(rng))
    [scheme] = batch.schemes
    company = batch.network()
    company.partners = [replace(p, placement=None, leg=None) for p in company.partners]
    partners = {partner.id for partner in company.partners}
    found = set[tuple[str, ...]]()
    for attempt in range(1 + chance.cases(1)):
        server.empty(driver, endpoint.database)
        for number, part in enumerate(shuffled(company, rng) if attempt else [company]):
            _import(database, company, part, tmp_path / f"{attempt}-{number}")
        published(database, batch.rates, [scheme])
        said = []
        for name, _ in scheme.documents if chance.DEEP else scheme.documents[:1]:
            force_ranks(database, name, scheme, partners)
            said.append(close(database, name, scheme.name).digest)
            said.append(cli("earnings", name, "--format", "csv").out)
        found.add(tuple(said))
    assert len(found) == 1


def _import(database: Database, whole: Network, part: Network, folder: Path) -> None:
    """Import a part of a network; its refunds find the currency of their orders in the whole."""
    from graphsvc.imports import ImportFiles, import_files

    currency = Network(orders=whole.orders, refunds=part.refunds).write(folder / "whole")
    paths = Network(part.partners, part.customers, part.orders, events=part.events).write(folder)
    if "refunds" in currency:
        paths["refunds"] = currency["refunds"]
    import_files(database, ImportFiles(**paths), update=False, identifier_key=IDENTIFIER_KEY)


def test_any_size_of_batches_gives_the_same_bytes(
    database: Database, driver: neo4j.Driver, endpoint: Address, cli: Cli, tmp_path: Path
) -> None:
    small.import_company(database, tmp_path)
    found = set[tuple[str, str]]()
    for batches in (
        Batches(),
        Batches(1, 1, Layers(thin=0)),
        Batches(16_384, 2, Layers(thin=2, levels=2)),
        Batches(40_000, 5, Layers(partners=3)),
        Batches(100_000, 1000, Layers(thin=4, levels=3, partners=9)),
    ):
        digest = close(database, batches=batches).digest
        found.add((digest, cli("earnings", "2025-03", "--format", "csv").out))
        small.forget(driver, endpoint)
    assert len(found) == 1


@pytest.fixture
def closed(database: Database, tmp_path: Path) -> Database:
    small.import_company(database, tmp_path)
    close(database)
    return database


def test_what_comes_late_changes_nothing_of_a_closed_month(closed: Database, cli: Cli, tmp_path: Path) -> None:
    before = cli("earnings", "2025-03", "--format", "csv").out
    explained = cli("explain", "2025-03", "A", "--format", "ndjson").out
    report = month.runs(closed)[0]
    late = draw("A : own 1000 @2025-03-06 as LATE\n  B : own 500 @2025-03-31 as LATE2\n    K : own 70 @2025-03-01 as LATE3")
    late.partners = [p for p in late.partners if p.id == "K"]
    done = build(closed, late, tmp_path / "late")
    assert sum(file.late for file in done.files) == 3
    # A refund of a counted order, dated into the closed month, comes too late as well.
    refunds = tmp_path / "refunds.csv"
    refunds.write_text("refund_id,order_id,refunded_at,amount\nR-LATE,C-1,2025-03-30,35.00\n", encoding="utf-8")
    assert cli("import", "--refunds", str(refunds)).code == 0
    assert cli("earnings", "2025-03", "--format", "csv").out == before
    assert cli("explain", "2025-03", "A", "--format", "ndjson").out == explained
    assert month.run(closed, report.run_id) == report
    assert cli("month", "verify", "2025-03").code == 0
    assert cli("month", "close", "2025-03", "--plan", "small").code == 2
    said = cli("explain", "2025-03", "K")
    assert (said.code, said.sentence) == (2, "K was not known yet when 2025-03 was closed.")


TAMPERINGS = {
    "changed": "MATCH (e:Earning {partner_id: 'A', bonus: 'team', level: 1}) SET e.amount_minor = e.amount_minor + 1",
    "removed": "MATCH (e:Earning {partner_id: 'A', bonus: 'team', level: 1}) DELETE e",
    "added": "MATCH (e:Earning {partner_id: 'A', bonus: 'team', level: 1}) "
    "CREATE (f:Earning) SET f = e, f.level = 3, f.source_id = 'invented'",
    "moved": "MATCH (e:Earning {partner_id: 'A', bonus: 'team', level: 1}) SET e.partner_id = 'C'",
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_verify_finds_what_was_done_to_the_lines(
    how: str, closed: Database, driver: neo4j.Driver, endpoint: Address, cli: Cli
) -> None:
    said = cli("month", "verify", "2025-03")
    assert said.code == 0
    assert "every one explained and equal, digest holds." in said.out
    driver.execute_query(TAMPERINGS[how], database_=endpoint.database)
    said = cli("month", "verify", "2025-03")
    assert (said.code, said.out) == (2, "")
    assert "are not what their sources give" in said.sentence
    assert "no longer have the digest" in said.sentence
    found = explain.verify(closed, "2025-03")
    assert not found.holds
    assert not found.digest_holds
    if how != "moved":
        assert len(found.differences) == 1
        assert found.differences[0].startswith("A team 3 invented:" if how == "added" else "A team 1:")


def test_verify_finds_a_base_that_was_changed(closed: Database, driver: neo4j.Driver, endpoint: Address) -> None:
    """A base is no amount, but it is part of the posted bytes."""
    driver.execute_query("MATCH (e:Earning {partner_id: 'A', bonus: 'team', level: 1}) SET e.base_minor = 0",
                         database_=endpoint.database)  # fmt: skip
    found = explain.verify(closed, "2025-03")
    assert (found.digest_holds, found.holds) == (False, False)
