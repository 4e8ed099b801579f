"""What is refused: every kind of wrong cell, row, header and reference, with the sentence that a person reads."""

# ruff: noqa: E501 - the tables say each sentence whole
from __future__ import annotations

from pathlib import Path

import neo4j
import pytest

from graphsvc.errors import BadInput
from graphsvc.query.runner import Database
from tests.imports.intake import ALL, graph, take

BOM16 = "partner_id,joined_at\n".encode("utf-16")

P = "partner_id,sponsor_id,name,type,status,joined_at,country\n"
C = "customer_id,partner_id,name,joined_at\n"
O = "order_id,line,partner_id,customer_id,placed_at,paid_at,amount,currency,qv,kind,category\n"  # noqa: E741 - a header
R = "refund_id,order_id,refunded_at,amount\n"
I = "owner_type,owner_id,kind,value,seen_at\n"  # noqa: E741 - a header

ID_RULES = [
    (",,,,,2024-01-01,", "partner_id: is empty; fill it in"),
    ('" X",,,,,2024-01-01,', "partner_id: ' X' has spaces around it; write 'X'"),
    ("a\u200bb,,,,,2024-01-01,", r"partner_id: 'a\u200bb' contains the invisible character U+200B; remove it"),
    ("a\x00b,,,,,2024-01-01,", r"partner_id: 'a\x00b' contains the invisible character U+0000; remove it"),
    ("x" * 129 + ",,,,,2024-01-01,", "partner_id: '" + "x" * 59 + "…' has 129 characters; use at most 128"),
    (
        "e\u0301,,,,,2024-01-01,",
        "partner_id: 'e\u0301' is not in Unicode normal form C, so it would differ from an id that looks the same; normalise it to NFC",
    ),
    ("A,,,,,2024-01-01,", "partner_id: 'A' is the same row as line 2; keep one of the two rows"),
]
PARTNER_CELLS = [
    ("X,,a\x07,,,2024-01-01,", r"name: 'a\x07' contains the invisible character U+0007; remove it"),
    ("X,," + "n" * 257 + ",,,2024-01-01,", "name: '" + "n" * 59 + "…' has 257 characters; use at most 256"),
    ("X,,,,gone,2024-01-01,", "status: 'gone' is not one of the choices; write active, suspended or terminated"),
    ("X,,,,,,", "joined_at: is empty; fill it in"),
    ("X,,,,,2024-01-01T10:00:00,", "joined_at: '2024-01-01T10:00:00' has no time zone; add Z or an offset such as +03:00"),
    ("X,,,,,01.02.2024,", "joined_at: '01.02.2024' is not a date or time; write it as 2025-03-01 or 2025-03-01T12:00:00Z"),
    ("X,,,,,2024-02-30,", "joined_at: '2024-02-30' is not a day or time that exists; correct it"),
    ("X,,,,,2024-02-28T25:00Z,", "joined_at: '2024-02-28T25:00Z' is not a day or time that exists; correct it"),
    (
        "X,,,,,２０２４-01-01,",
        "joined_at: '２０２４-01-01' is not a date or time; write it as 2025-03-01 or 2025-03-01T12:00:00Z",
    ),
    ("X,,,,,2024-01-01,de", "country: 'de' is not a country code; write two capital letters, such as DE"),
    ("X,,,,,2024-01-01", ": has 6 cells where the header has 7; put a cell that contains a comma in quotes"),
    (
        "X,Y,,,,2024-01-01,",
        "sponsor_id: 'Y' is an unknown sponsor, neither in the files nor stored; correct the id, or add this partner to the partners file",
    ),
    ("X,X,,,,2024-01-01,", "sponsor_id: 'X' is the partner's own id; name the sponsor, or nobody for a root"),
    ("A,,other,,,2024-01-01,", "partner_id: 'A' is given twice: this partner stands in line 2 too; keep one of the two rows"),
]
ORDER_CELLS = [
    ("X,1,A,,,2024-01-01,1e3,USD,,,", "amount: '1e3' is not a plain decimal number, such as 11.77; write it as 11.77"),
    ("X,1,A,,,2024-01-01,１２,USD,,,", "amount: '１２' is not a plain decimal number, such as 11.77; write it as 11.77"),
    ("X,1,A,,,2024-01-01,1.005,USD,,,", "amount: '1.005' has more than 2 decimals in USD; write it as 11.77"),
    ("X,1,A,,,2024-01-01,1.5,JPY,,,", "amount: '1.5' must be whole, without decimals in JPY; write it as 1177"),
    ("X,1,A,,,2024-01-01,-1,USD,,,", "amount: '-1' is below 0; give money back with a row in the refunds file"),
    ("X,1,A,,,2024-01-01,NaN,USD,,,", "amount: 'NaN' is not a plain decimal number, such as 11.77; write it as 11.77"),
    (
        "X,1,A,,,2024-01-01,10000000000.01,USD,,,",
        "amount: '10000000000.01' is more than the largest amount, 10000000000.00; correct it or split the order",
    ),
    ("X,1,A,,,2024-01-01,,USD,,,", "amount: is empty; fill it in"),
    ("X,1,A,,,2024-01-01,1,usd,,,", "currency: 'usd' is not an ISO 4217 currency code; write USD"),
    ("X,1,A,,,2024-01-01,1,XQQ,,,", "currency: 'XQQ' is not an ISO 4217 currency code; write a code such as USD, EUR or RUB"),
    ("X,1,A,,,2024-01-01,1,USD,1.2345,,", "qv: '1.2345' has more than 3 decimals; write it as 12.5"),
    ("X,1,A,,,2024-01-01,1,USD,-1,,", "qv: '-1' is below 0; give volume back with a row in the refunds file"),
    ("X,1,A,,,2024-01-01,1,USD,,gift,", "kind: 'gift' is not one of the choices; write retail, own_use or joining_pack"),
    ("X,1,A,,,,1,USD,,,", "paid_at or placed_at: is empty; fill in one of them"),
    ("X,1,,,,2024-01-01,1,USD,,,", "partner_id or customer_id: is empty; fill in one of them"),
    (
        "X,1,Q,,,2024-01-01,1,USD,,,",
        "partner_id: 'Q' is an unknown partner, neither in the files nor stored; correct the id, or add this partner to the partners file",
    ),
    (
        "X,1,,q,,2024-01-01,1,USD,,,",
        "customer_id: 'q' is an unknown customer, neither in the files nor stored; correct the id, or add this customer to the customers file",
    ),
    (
        "O1,2,A,,,2024-01-01,1,EUR,,,",
        "currency: 'EUR' differs from USD in another line of order O1; give all its lines one currency",
    ),
]
REFUND_CELLS = [
    ("X,O1,2024-02-01,0", "amount: '0' is not above 0; give the money that went back as a positive number"),
    ("X,O1,2024-02-01,1.001", "amount: '1.001' has more than 2 decimals in USD; write it as 11.77"),
    ("X,O1,2024-02-01,ten", "amount: 'ten' is not a plain decimal number, such as 11.77; write it as 11.77"),
    (
        "X,O1,2024-02-01,10.01",
        "amount: '10.01' brings the refunds of order O1 to 10.01 USD, more than its 10.00; correct the amount",
    ),
    (
        "X,O9,2024-02-01,1",
        "order_id: 'O9' is an unknown order, neither in the files nor stored; correct the id, or add this order to the orders file",
    ),
    ("X,O2,2024-02-01,1", "order_id: 'O2' is an order that is not paid; give its paid_at in the orders file"),
]
IDENTIFIER_CELLS = [
    ("firm,A,email,a@b.de,", "owner_type: 'firm' is not one of the choices; write partner, customer or order"),
    (
        "partner,A,fax,123456,",
        "kind: 'fax' is not one of the choices; write card, bank_account, device, address, phone, email or ip",
    ),
    ("partner,A,email,somebody,", "value: '***dy' is not an e-mail address; write it as name@example.com"),
    ("partner,A,phone,12-34-ab,", "value: '***ab' is not a phone number; write it with its country code, such as +49 30 1234567"),
    ("partner,A,card,12,", "value: '***' has fewer than 4 letters and digits; give the whole number or its token"),
    (
        "customer,A,ip,192.0.2.7,",
        "owner_id: 'A' is an unknown customer, neither in the files nor stored; correct the id, or add this customer to the customers file",
    ),
]
SOUND = {
    "partners": P + "A,,,,,2024-01-01,\n",
    "orders": O + "O1,1,A,,,2024-01-01,10,USD,,,\nO2,1,A,,2024-01-01,,10,USD,,,\n",
}
TABLE = [
    *(("partners", row, said) for row, said in (*ID_RULES, *PARTNER_CELLS)),
    *(("orders", row, said) for row, said in ORDER_CELLS),
    *(("refunds", row, said) for row, said in REFUND_CELLS),
    *(("identifiers", row, said) for row, said in IDENTIFIER_CELLS),
]


def refused(database: Database, folder: Path, **texts: str | bytes) -> list[str]:
    with pytest.raises(BadInput) as caught:
        take(database, folder, **texts)
    assert caught.value.count >= len(caught.value.findings)
    return [f.sentence().removeprefix(f"{folder}/") for f in caught.value.findings]


@pytest.mark.parametrize("is_stored", [False, True], ids=["one import", "onto stored rows"])
def test_every_kind_of_wrong_row_has_its_sentence(
    database: Database, driver: neo4j.Driver, tmp_path: Path, is_stored: bool
) -> None:
    if is_stored:
        take(database, tmp_path, **SOUND)
    before = graph(driver, hidden=())
    for noun, row, said in TABLE:
        texts = {**SOUND, "refunds": R, "identifiers": I}
        line = texts[noun].count("\n") + 1
        texts[noun] += row + "\n"
        found = refused(database, tmp_path, **texts)
        separator = "" if said.startswith(":") else ", "
        assert found == [f"{noun}.csv line {line}{separator}{said}"], row
    assert graph(driver, hidden=()) == before


HEADERS = [
    (
        "partner_id,sponser_id,joined_at\n",
        ["line 1: 'sponser_id' is not a column of this file; the nearest column is sponsor_id"],
    ),
    (
        "partner_id,shoe,joined_at\n",
        [
            "line 1: 'shoe' is not a column of this file; the columns are partner_id, sponsor_id, name, type, status, "
            "joined_at, country, tags, placement_id, leg"
        ],
    ),
    ("partner_id,partner_id,joined_at\n", ["line 1: 'partner_id' stands twice in the header; keep one of the two columns"]),
    ("partner_id\n", ["line 1: 'joined_at' is missing from the header; add this column"]),
    ("partner_id;joined_at\n", ["line 1: 'partner_id;joined_at' is separated by ';'; separate the columns by commas"]),
    (
        "",
        [
            "line 1: is empty; name the columns in the first line: partner_id, sponsor_id, name, type, status, joined_at, country, "
            "tags, placement_id, leg"
        ],
    ),
    (BOM16, ["line 1: is UTF-16 text; save it as CSV in UTF-8, plain or gzipped"]),
    (b"PK\x03\x04", ["line 1: is a spreadsheet or a zip archive; save it as CSV in UTF-8, plain or gzipped"]),
]


@pytest.mark.parametrize(("text", "said"), HEADERS)
def test_a_wrong_header_is_named(database: Database, tmp_path: Path, text: str | bytes, said: list[str]) -> None:
    assert refused(database, tmp_path, partners=text) == [f"partners.csv {s}" for s in said]


def test_lines_are_counted_through_line_breaks_in_cells(database: Database, tmp_path: Path) -> None:
    text = 'partner_id,name,joined_at\nA,"a\nb\r\nc",2024-01-01\n\nB,"d\re",never\nC,,never\n'
    assert [f.split(":")[0] for f in refused(database, tmp_path, partners=text)] == [
        "partners.csv line 6, joined_at",
        "partners.csv line 8, joined_at",
    ]


def test_bytes_that_are_no_utf_8_are_named_with_their_cell(database: Database, tmp_path: Path) -> None:
    text = b"partner_id,name,joined_at\nA,Ren\xe9,2024-01-01\n"
    assert refused(database, tmp_path, partners=text) == [
        r"partners.csv line 2, name: 'Ren\udce9' is not valid UTF-8 (byte 0xE9); save the file as UTF-8"
    ]


def test_a_misplaced_quote_is_named_with_its_line(database: Database, tmp_path: Path) -> None:
    text = 'partner_id,name,joined_at\nA,"Ann"a,2024-01-01\n'
    assert refused(database, tmp_path, partners=text)[0].startswith("partners.csv line 2: has a misplaced quote;")


def test_a_cycle_is_reported_with_all_its_rows_and_nobody_else(database: Database, tmp_path: Path) -> None:
    rows = "R,,2024-01-01\nA,C,2024-01-01\nB,A,2024-01-01\nC,B,2024-01-01\nD,C,2024-01-01\nE,R,2024-01-01\n"
    told = "closes a cycle of sponsors: A (line 3) under C (line 5) under B (line 4) under A; correct one of these sponsors"
    assert refused(database, tmp_path, partners="partner_id,sponsor_id,joined_at\n" + rows) == [
        f"partners.csv line 3, sponsor_id: 'C' {told}",
        f"partners.csv line 4, sponsor_id: 'A' {told}",
        f"partners.csv line 5, sponsor_id: 'B' {told}",
    ]


def test_a_cycle_through_stored_partners_is_found(database: Database, driver: neo4j.Driver, tmp_path: Path) -> None:
    head = "partner_id,sponsor_id,joined_at\n"
    take(database, tmp_path, partners=head + "A,,2024-01-01\nB,A,2024-01-01\nC,B,2024-01-01\n")
    before = graph(driver)
    with pytest.raises(BadInput) as caught:
        take(database, tmp_path, partners=head + "A,N,2024-01-01\nN,C,2024-01-01\n", update=True)
    assert [f.value for f in caught.value.findings] == ["N", "C"]
    assert caught.value.findings[0].reason == (
        "closes a cycle of sponsors: A (line 2) under N (line 3) under C (stored) under B (stored) under A"
    )
    assert graph(driver) == before


def test_all_faults_are_counted_and_the_first_hundred_told_in_order(database: Database, tmp_path: Path) -> None:
    rows = "".join(f"X{i},{'' if i % 2 else 'nobody'},{'never' if i % 2 else '2024-01-01'}\n" for i in range(300))
    with pytest.raises(BadInput) as caught:
        take(database, tmp_path, partners="partner_id,sponsor_id,joined_at\n" + rows)
    assert caught.value.count == 300
    lines = [int(f.where.rpartition(" line ")[2].partition(",")[0]) for f in caught.value.findings]
    assert lines == list(range(2, 102))
    assert caught.value.sentence == f"Nothing was imported: 300 faults in {tmp_path}/partners.csv (300)."


def test_faults_of_all_files_are_told_together_and_nothing_is_written(
    database: Database, driver: neo4j.Driver, tmp_path: Path
) -> None:
    texts = {**ALL, "orders": ALL["orders"].replace("8.23", "x"), "partners": ALL["partners"].replace("2024-01-03", "x")}
    assert [f.split(":")[0] for f in refused(database, tmp_path, **texts)] == [
        "partners.csv line 4, joined_at",
        "orders.csv line 3, amount",
    ]
    assert graph(driver) == ([], [])


def test_an_order_stays_worth_its_refunds(database: Database, tmp_path: Path) -> None:
    take(database, tmp_path, **ALL)
    with pytest.raises(BadInput) as caught:
        take(database, tmp_path, orders="order_id,line,amount,currency\nO1,1,3,USD\n", update=True)
    assert (
        caught.value.findings[0]
        .sentence()
        .endswith(
            "line 2, amount: '11.23' is all that order O1 would be worth, less than its refunds of 12.00 USD; correct the amount"
        )
    )
    assert refused(database, tmp_path, refunds=R + "R2,O1,2024-03-06,8.01\n") == [
        "refunds.csv line 2, amount: '8.01' brings the refunds of order O1 to 20.01 USD, more than its 20.00; correct the amount"
    ]
