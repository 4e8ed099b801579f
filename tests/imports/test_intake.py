"""Intake from end to end: round trips, the same file twice, changes, interruptions."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import neo4j
import pytest

from graphsvc.errors import BadInput, Refused
from graphsvc.imports import ImportFiles, import_files, writing
from graphsvc.progress import Advance
from graphsvc.query.runner import Database
from tests import chance
from tests.imports.intake import ALL, KEY, ORDERS, PARTNERS, counts, files, graph, one, take


def test_everything_that_was_given_is_stored(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    report = take(database, tmp_path, **ALL)
    assert counts(report) == {
        "partners": (3, 0, 0, 0),
        "customers": (1, 0, 0, 0),
        "orders": (3, 0, 0, 0),
        "refunds": (1, 0, 0, 0),
        "identifiers": (3, 0, 0, 0),
    }
    rows, _, _ = driver.execute_query(
        """MATCH (p:Partner) OPTIONAL MATCH (p)-[e:SPONSORED_BY]->(s)
        RETURN p.id, p.name, p.type, p.status, toString(p.joined_at), p.level, p.seq, s.id, e.partner_id, toString(e.from)
        ORDER BY p.id"""
    )
    assert [r.values() for r in rows] == [
        ["A", "Anna", "partner", "active", "2024-01-01", 0, 0, None, None, None],
        ["B", "Boris", "partner", "active", "2024-01-02T07:00:00Z", 1, 1, "A", "B", "2024-01-02T07:00:00Z"],
        ["C", None, "partner", "active", "2024-01-03", 2, 2, "B", "C", "2024-01-03"],
    ]
    rows, _, _ = driver.execute_query(
        """MATCH (o:Order)-[:CREDITED_TO]->(p), (o)-[:PLACED_BY]->(b) OPTIONAL MATCH (r:Refund)-[:REFUNDS]->(o)
        RETURN o.id, o.line, o.amount_minor, o.currency, o.qv, o.cv, o.kind, toString(o.placed_at), toString(o.paid_at), p.id,
        b.id, r.amount_minor ORDER BY o.id, o.line"""
    )
    noon = "2024-03-01T12:00:00Z"
    assert [r.values() for r in rows] == [
        ["O1", "1", 1177, "USD", None, None, "own_use", noon, noon, "A", "A", 1200],
        ["O1", "2", 823, "USD", 2500, None, "own_use", noon, noon, "A", "A", 1200],
        ["O2", "1", 10000, "USD", None, None, "retail", "2024-03-02", "2024-03-02", "B", "c1", None],
    ]
    assert one(driver, "MATCH (c:Counter {name: 'partner'}) RETURN c.value") == 3
    assert one(driver, "MATCH (n:Partner|Customer|Order|Refund) WHERE n.recorded_at IS NULL RETURN count(n)") == 0


def test_the_same_files_again_change_nothing(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    take(database, tmp_path, **ALL)
    before = graph(driver, hidden=())
    for update in (False, True):
        report = take(database, tmp_path, update=update, **ALL)
        assert {(f.new, f.updated, f.unchanged == f.rows) for f in report.files} == {(0, 0, True)}
        assert graph(driver, hidden=()) == before


def test_gzip_a_byte_order_mark_and_any_order_of_columns_and_rows_make_no_difference(
    database: Database, driver: neo4j.Driver, tmp_path: Path
) -> None:
    take(database, tmp_path, partners=PARTNERS)
    before = graph(driver)
    turned = "joined_at,name,partner_id,sponsor_id\n2024-01-03,,C,B\n2024-01-02T07:00:00Z,Boris,B,A\n2024-01-01,Anna,A,\n"
    driver.execute_query("MATCH (p:Partner) DETACH DELETE p")
    import_files(database, files(tmp_path, zipped=True, partners=b"\xef\xbb\xbf" + turned.encode()))
    assert graph(driver) == before
    assert counts(take(database, tmp_path, partners=turned.replace("\n", "\r\n") + "\r\n"))["partners"] == (0, 3, 0, 0)


def test_a_cell_may_hold_commas_quotes_and_line_breaks(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    take(database, tmp_path, partners='partner_id,name,joined_at\nA,"Ann, ""the\nbest""",2024-01-01\n')
    assert one(driver, "MATCH (p:Partner) RETURN p.name") == 'Ann, "the\nbest"'


def test_ids_that_look_like_cypher_are_only_ids(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    ids = ["' OR 1=1 //", "'}) DETACH DELETE n //", "`", "\\u0027", "CALL db.labels()", "$rows", "ё🙂", "1e3", "007"]
    take(database, tmp_path, partners="partner_id,joined_at\n" + "".join(f"{i},2024-01-01\n" for i in ids))
    rows, _, _ = driver.execute_query("MATCH (p:Partner) RETURN p.id")
    assert sorted(r[0] for r in rows) == sorted(ids)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("Anna", "Ann", "partners.csv line 2, name: 'Ann' differs from the stored Anna"),
        ("C,B", "C,A", "partners.csv line 4, sponsor_id: 'A' differs from the stored B"),
        (
            "2024-01-02T10:00:00+03:00",
            "2024-01-02",
            "partners.csv line 3, joined_at: '2024-01-02' differs from the stored 2024-01-02T07:00:00Z",
        ),
    ],
)
def test_a_changed_partner_is_refused_and_taken_with_update(
    database: Database, driver: neo4j.Driver, tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    take(database, tmp_path, **ALL)
    changed = PARTNERS.replace(old, new)
    with pytest.raises(BadInput) as caught:
        take(database, tmp_path, partners=changed)
    assert [f.sentence() for f in caught.value.findings] == [
        f"{tmp_path}/{sentence}; correct the row, or add --update to change what is stored"
    ]
    assert counts(take(database, tmp_path, partners=changed, update=True))["partners"] == (0, 2, 1, 0)
    assert counts(take(database, tmp_path, partners=changed))["partners"] == (0, 3, 0, 0)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("11.77", "20", [("amount", "20.00", "differs from the stored 11.77")]),
        ("11.77,USD,", "11.77,USD,3", [("qv", "3", "differs from the stored empty cell")]),
        (
            "O2,1,,c1",
            "O2,1,C,",
            [("partner_id", "C", "differs from the stored B"), ("customer_id", "", "differs from the stored c1")],
        ),
        ("2024-03-02,100", ",100", None),
        ("2024-03-02,100,USD", "2024-03-03,90,EUR", [("paid_at", "2024-03-03", "differs from the stored 2024-03-02")]),
    ],
)
def test_a_changed_order_is_refused_and_taken_with_update(
    database: Database, tmp_path: Path, old: str, new: str, shown: list[tuple[str, str, str]] | None
) -> None:
    take(database, tmp_path, **ALL)
    changed = ORDERS.replace(old, new)
    with pytest.raises(BadInput) as caught:
        take(database, tmp_path, orders=changed)
    if shown is None:  # a row that is never right
        assert "paid_at or placed_at: is empty; fill in one of them" in caught.value.findings[0].sentence()
        return
    for column, value, reason in shown:
        assert any(f.where.endswith(column) and f.value == value and f.reason == reason for f in caught.value.findings)
    assert counts(take(database, tmp_path, orders=changed, update=True))["orders"] == (0, 2, 1, 0)
    assert counts(take(database, tmp_path, orders=changed))["orders"] == (0, 3, 0, 0)


def test_an_update_leaves_columns_alone_that_the_file_has_not_and_clears_empty_cells(
    database: Database, driver: neo4j.Driver, tmp_path: Path
) -> None:
    take(database, tmp_path, **ALL)
    take(database, tmp_path, partners="partner_id,country\nA,DE\n", update=True)
    take(database, tmp_path, partners="partner_id,name,type\nA,,reseller\n", update=True)
    take(database, tmp_path, orders="order_id,line,qv\nO1,2,\n", update=True)
    rows, _, _ = driver.execute_query("MATCH (p:Partner {id: 'A'}) RETURN p.country, p.name, p.type, toString(p.joined_at)")
    assert rows[0].values() == ["DE", None, "reseller", "2024-01-01"]
    rows, _, _ = driver.execute_query("MATCH (o:Order {id: 'O1', line: '2'}) RETURN o.qv, o.amount_minor, toString(o.paid_at)")
    assert rows[0].values() == [None, 823, "2024-03-01T12:00:00Z"]


def test_an_update_needs_all_columns_of_a_new_row(database: Database, tmp_path: Path) -> None:
    take(database, tmp_path, **ALL)
    with pytest.raises(BadInput) as caught:
        take(database, tmp_path, partners="partner_id,name\nZ,Zoe\n", update=True)
    assert (
        caught.value.findings[0]
        .sentence()
        .endswith("line 2, partner_id: 'Z' is not stored yet, and a new partner needs joined_at; add the missing column")
    )


def levels_are_true(driver: neo4j.Driver) -> bool:
    wrong = """MATCH (p:Partner) OPTIONAL MATCH (p)-[:SPONSORED_BY]->(s)
        WITH p, s WHERE p.level <> coalesce(s.level + 1, 0) RETURN count(p)"""
    return one(driver, wrong) == 0


def test_an_update_rehangs_and_makes_the_levels_true(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    head = "partner_id,sponsor_id,joined_at\n"
    line = "".join(f"P{i},{f'P{i - 1}' if i else ''},2024-01-01\n" for i in range(12))
    take(database, tmp_path, partners=head + line)
    # The lower half turned upside down around a new partner: for a moment of a careless order this would be a cycle.
    moved = "P6,N,2024-01-01\nN,P11,2024-01-01\nP11,,2024-01-01\nP1,P8,2024-01-01\n"
    report = take(database, tmp_path, partners=head + moved, update=True)
    assert counts(report)["partners"] == (1, 0, 3, 0)
    assert levels_are_true(driver)
    rows, _, _ = driver.execute_query("MATCH (p:Partner) RETURN p.id, p.level")
    assert {r[0]: r[1] for r in rows} == {
        "P0": 0, "P11": 0, "N": 1, "P6": 2, "P7": 3, "P8": 4, "P9": 5, "P10": 6, "P1": 5, "P2": 6, "P3": 7, "P4": 8, "P5": 9,
    }  # fmt: skip


def test_random_rehangings_end_as_drawn(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    draw = random.Random(f"rehang {chance.SEED}")
    head = "partner_id,sponsor_id,joined_at\n"
    for _ in range(chance.cases(6)):
        driver.execute_query("MATCH (p:Partner) DETACH DELETE p")
        count = draw.randint(2, 14)
        trees = []
        for _ in range(2):
            order = draw.sample(range(count), count)
            trees.append({p: (draw.choice(order[:i]) if i and draw.random() < 0.9 else None) for i, p in enumerate(order)})
        for tree, update in zip(trees, (False, True), strict=True):
            rows = [f"P{p},{'' if s is None else f'P{s}'},2024-01-01\n" for p, s in tree.items()]
            draw.shuffle(rows)
            take(database, tmp_path, partners=head + "".join(rows), update=update)
            found, _, _ = driver.execute_query("MATCH (p:Partner) OPTIONAL MATCH (p)-[:SPONSORED_BY]->(s) RETURN p.id, s.id")
            assert {r[0]: r[1] for r in found} == {f"P{p}": None if s is None else f"P{s}" for p, s in tree.items()}
            assert levels_are_true(driver)


class StopAfter:
    """Progress that raises once a step of that label has come so far; as Ctrl-C does between two batches."""

    def __init__(self, label: str, advances: int) -> None:
        self.label, self.left = label, advances

    @contextmanager
    def step(self, label: str, total: int | None = None) -> Iterator[Advance]:
        def advance(_: int) -> None:
            if label == self.label:
                self.left -= 1
                if self.left == 0:
                    raise KeyboardInterrupt

        yield advance


@pytest.mark.parametrize(("label", "advances"), [("Writing partners", 2), ("Writing orders", 1), ("Writing identifiers", 1)])
def test_an_interrupted_import_goes_on(
    database: Database, driver: neo4j.Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, label: str, advances: int
) -> None:
    monkeypatch.setattr(writing, "BATCH_ROWS", 1)
    with pytest.raises(KeyboardInterrupt):
        take(database, tmp_path, progress=StopAfter(label, advances), **ALL)
    if label == "Writing partners":
        assert one(driver, "MATCH (p:Partner) RETURN count(p)") == 2
    report = take(database, tmp_path, **ALL)
    assert report.files[0].unchanged == (2 if label == "Writing partners" else 3)
    whole = graph(driver)
    driver.execute_query("MATCH (n) WHERE n:Partner OR n:Customer OR n:Order OR n:Refund OR n:Identifier DETACH DELETE n")
    driver.execute_query("MATCH (c:Counter) SET c.value = 0")
    take(database, tmp_path, **ALL)
    assert graph(driver) == whole
    assert one(driver, "MATCH (p:Partner) RETURN max(p.seq) + 1") == 3


def test_a_dry_run_writes_nothing(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    report = import_files(database, files(tmp_path, **ALL), identifier_key=KEY, dry_run=True)
    assert report.dry_run
    assert counts(report)["orders"] == (3, 0, 0, 0)
    assert graph(driver) == ([], [])


def test_identifiers_meet_in_one_node_and_never_stand_in_clear(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    take(database, tmp_path, **ALL)
    assert one(driver, "MATCH (i:Identifier {kind: 'email'}) RETURN count(i)") == 1
    assert one(driver, "MATCH (o:Order)-[:USES]->(i:Identifier {kind: 'card'}) RETURN count(o)") == 2
    everything = str(graph(driver, hidden=())).lower()
    for value in ("anna@", "example.com", "4111", "1234"):
        assert value not in everything
    more = "owner_type,owner_id,kind,value,seen_at\npartner,A,email,ANNA@example.com,2024-04-01\n"
    assert counts(take(database, tmp_path, identifiers=more))["identifiers"] == (0, 0, 1, 0)
    rows, _, _ = driver.execute_query(
        "MATCH (:Partner {id: 'A'})-[u:USES]->() RETURN toString(u.first_seen), toString(u.last_seen)"
    )
    assert [r.values() for r in rows] == [["2024-03-01", "2024-04-01"]]
    with pytest.raises(BadInput) as caught:
        take(database, tmp_path, identifiers="owner_type,owner_id,kind,value\npartner,A,ip,299.168.44.99\n")
    assert caught.value.findings[0].sentence() == (
        f"{tmp_path}/identifiers.csv line 2, value: '***99' is not an IP address; write it as 192.0.2.7 or 2001:db8::7"
    )


def test_a_new_line_of_a_refunded_order_is_under_the_refund(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    take(database, tmp_path, **ALL)
    take(database, tmp_path, orders="order_id,line,partner_id,paid_at,amount,currency\nO1,3,A,2024-03-01,5,USD\n")
    assert one(driver, "MATCH (:Refund)-[:REFUNDS]->(o:Order) RETURN count(o)") == 3


CLOSED = """CREATE (:Period {plan: 'p', month: '2024-03', status: $status, run_id: 'r', counted_by: 'paid_at',
      starts_at: datetime('2024-02-29T21:00:00Z'), ends_at: datetime('2024-03-31T21:00:00Z'),
      starts_on: date('2024-03-01'), ends_on: date('2024-04-01')}),
    (:Run {id: 'r', known_at: datetime.realtime()})"""


def test_rows_that_a_closed_month_counted_stay(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    take(database, tmp_path, **ALL)
    driver.execute_query(CLOSED, status="closed")
    for texts, column, value in (
        ({"orders": ORDERS.replace("11.77", "12")}, "order_id", "O1"),
        ({"refunds": "refund_id,order_id,amount\nR1,O1,11\n"}, "refund_id", "R1"),
        ({"partners": PARTNERS.replace("C,B", "C,A")}, "partner_id", "C"),
        ({"customers": "customer_id,partner_id\nc1,A\n"}, "customer_id", "c1"),
    ):
        with pytest.raises(BadInput) as caught:
            take(database, tmp_path, update=True, **texts)
        assert [(f.value, f.reason) for f in caught.value.findings] == [
            (value, "was counted by the closed month 2024-03 of plan p")
        ]
        assert caught.value.findings[0].where.endswith(column)
    assert counts(take(database, tmp_path, partners=PARTNERS.replace("Anna", "Ann"), update=True))["partners"] == (0, 2, 1, 0)


def test_late_rows_are_taken_and_counted_apart(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    take(database, tmp_path, **ALL)
    driver.execute_query(CLOSED, status="closed")
    head = "order_id,partner_id,paid_at,amount,currency\n"
    late = (
        head + "L1,A,2024-03-31,5,USD\nL2,A,2024-03-31T20:59:59Z,5,USD\nL3,A,2024-03-31T21:00:00Z,5,USD\nL4,A,2024-04-01,5,USD\n"
    )
    assert counts(take(database, tmp_path, orders=late))["orders"] == (4, 0, 0, 2)
    # What came after the close was not counted by it, and may be corrected.
    assert counts(take(database, tmp_path, orders=late.replace(",5,", ",6,"), update=True))["orders"] == (0, 0, 4, 0)


def test_nothing_stored_changes_while_a_month_is_being_closed(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    take(database, tmp_path, **ALL)
    driver.execute_query("CREATE (:Period {plan: 'p', month: '2024-03', status: 'closing', run_id: 'r'})")
    with pytest.raises(Refused) as caught:
        take(database, tmp_path, partners=PARTNERS.replace("Anna", "Ann"), update=True)
    assert caught.value.sentence == (
        "Month 2024-03 of plan p is being closed, so stored rows cannot be changed now; "
        "finish `graphsvc month close 2024-03 --plan p` and run the same command again."
    )


def test_no_file_and_no_such_file(database: Database, tmp_path: Path) -> None:
    with pytest.raises(
        Refused, match="No file was given; give at least one of partners, customers, orders, refunds, events, identifiers"
    ):
        import_files(database, ImportFiles())
    with pytest.raises(Refused, match=r"none\.csv cannot be read: No such file or directory; give another path\."):
        import_files(database, ImportFiles(partners=tmp_path / "none.csv"))


def test_a_broken_archive_is_named_with_its_line(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    rows = "".join(f"P{i},2024-01-01\n" for i in range(30_000))
    broken = gzip.compress(("partner_id,joined_at\n" + rows).encode())[:-2000]
    with pytest.raises(BadInput) as caught:
        take(database, tmp_path, partners=broken)
    assert "cannot be read on: Compressed file ended before the end-of-stream marker" in caught.value.findings[0].sentence()
    assert graph(driver) == ([], [])


def test_cdnow_loads(database: Database, driver: neo4j.Driver) -> None:
    cdnow = Path(__file__).resolve().parents[3] / "shared" / "data" / "cdnow"
    if not cdnow.is_dir():
        pytest.skip(f"the CDNOW data is not at {cdnow}")
    report = import_files(database, ImportFiles(partners=cdnow / "partners.csv", orders=cdnow / "orders.csv"))
    assert counts(report) == {"partners": (23_570, 0, 0, 0), "orders": (69_659, 0, 0, 0)}
    assert one(driver, "MATCH (o:Order)-[:CREDITED_TO]->(:Partner) RETURN sum(o.amount_minor)") == sum_of(cdnow / "orders.csv")
    assert levels_are_true(driver)


def sum_of(path: Path) -> int:
    amounts = (line.split(",")[3] for line in path.read_text().splitlines()[1:])
    return sum(int(whole) * 100 + int((cents or "0").ljust(2, "0")) for whole, _, cents in (a.partition(".") for a in amounts))
