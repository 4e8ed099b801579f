"""The worked numbers of the definitions, through the engine: drawn, imported, closed, exported."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from graphsvc import earnings, month
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.graphs import build, draw
from tests.month.plans import document
from tests.month.worked import COMPRESSIONS, PATH, SHARES, TABLE


def bonus(name: str, rates: list[str], **changes: Any) -> dict[str, Any]:
    """A unilevel bonus on everything, whose levels are open to the active."""
    made = {
        "name": name,
        "kind": "unilevel",
        "tree": "sponsor",
        "base": "cv",
        "sources": {"kinds": "all", "categories": "all"},
        "first_level": "sponsor",
        "compression": "none",
        "lines": "step",
        "levels": [{"rate": rate, "opens": "active"} for rate in rates],
    }
    return made | ({"vanish": "inactive"} if changes.get("compression") == "standard" else {}) | changes


def closed(database: Database, text: str, plan: dict[str, Any], folder: Path, *months: str) -> list[list[tuple[Any, ...]]]:
    """Build a drawing, close months on it; each one's lines as (payee, bonus, source, base, amount)."""
    build(database, draw(text), folder)
    store.publish(database, plan)
    found = []
    for name in months:
        month.close(database, name, "worked", actor="test")
        rows = earnings.lines(database, name)
        found.append([(r["partner_id"], r["bonus"], r["source_id"], r["base"], r["amount_minor"]) for r in rows])
    return found


def test_what_happens_to_the_unqualified_from_files_to_csv(
    database: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    def graphsvc(*arguments: object) -> str:
        command = [sys.executable, "-c", "from graphsvc.cli import main; main()", *map(str, arguments)]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    rates = [f"{share // 10_000}%" for share in SHARES]
    leader = [{"type": ["leader"]}]
    bonuses = [
        bonus(
            compression.replace("_", "-"),
            rates,
            compression=compression,
            levels=[{"rate": rate, "opens": leader if k else "active"} for k, rate in enumerate(rates)],
        )
        for compression in COMPRESSIONS
    ]
    plan = tmp_path / "worked.json"
    plan.write_text(json.dumps(document(*bonuses)), encoding="utf-8")
    files = draw(PATH).write(tmp_path / "files")
    graphsvc("import", *(part for noun, path in files.items() for part in (f"--{noun}", path)))
    graphsvc("plan", "publish", plan)
    graphsvc("month", "close", "2025-03", "--plan", "worked")
    rows = list(csv.DictReader(io.StringIO(graphsvc("earnings", "2025-03", "--format", "csv"))))

    assert list(rows[0]) == ["partner_id", "bonus", "level", "base_minor", "rate_ppm", "amount_minor", "currency"]
    assert [(r["partner_id"], r["bonus"], int(r["level"])) for r in rows] == sorted(
        (r["partner_id"], r["bonus"], int(r["level"])) for r in rows
    )
    report = next(r for r in month.runs(database) if r.kind == "official")
    for compression, (paid, breakage_minor) in TABLE.items():
        name = compression.replace("_", "-")
        amounts: dict[str, int] = {}
        for row in rows:
            if row["bonus"] == name:
                amounts[row["partner_id"]] = amounts.get(row["partner_id"], 0) + int(row["amount_minor"])
        assert amounts == paid, compression
        assert sum(level.breakage_minor for level in report.breakage if level.bonus == name) == breakage_minor, compression


def test_a_third_of_an_order_given_back_three_times(database: Database, tmp_path: Path) -> None:
    text = "S : own 30 qv 100 @2025-01-10, refund 10 @2025-02-10, refund 10 @2025-03-10, refund 10 @2025-04-10"
    plan = document(bonus("all", ["100%"], base="qv", first_level="seller"))
    found = closed(database, text, plan, tmp_path, "2025-01", "2025-02", "2025-03", "2025-04")
    assert [lines[0][3:] for lines in found] == [(100_000, 10_000), (-33_333, -3333), (-33_333, -3333), (-33_334, -3333)]


def test_three_orders_of_a_third_at_five_percent(database: Database, tmp_path: Path) -> None:
    text = "U\n  S : own 0.33, own 0.33, own 0.33"
    plan = document(bonus("one-line", ["5%"]), bonus("a-line-each", ["5%"], lines="order"))
    (lines,) = closed(database, text, plan, tmp_path, "2025-03")
    assert [(line[1], line[2], line[4]) for line in lines] == [
        ("a-line-each", "S-1/1", 2),
        ("a-line-each", "S-2/1", 2),
        ("a-line-each", "S-3/1", 2),
        ("one-line", "", 5),
    ]


def test_a_volume_has_a_value(database: Database, tmp_path: Path) -> None:
    plan = document(bonus("all", ["6%"]), value="0.40")
    assert closed(database, "U\n  S : own 500 cv 150", plan, tmp_path, "2025-03") == [[("U", "all", "", 150_000, 360)]]


def test_half_a_cent_below_nothing_is_rounded_away_from_it(database: Database, tmp_path: Path) -> None:
    text = "U\n  S : own 2.50 @2025-02-10, refund 2.50 @2025-03-10"
    february, march = closed(database, text, document(bonus("all", ["5%"])), tmp_path, "2025-02", "2025-03")
    assert (february[0][4], march[0][4]) == (13, -13)


def test_one_leg_is_no_second_leg(database: Database, tmp_path: Path) -> None:
    opens = [{"metric": "leg", "nth": 2, "window": "period", "at_least": 1}]
    plan = document(bonus("all", ["5%"], levels=[{"rate": "5%", "opens": opens}]))
    text = "one-leg\n  A : own 50\ntwo-legs\n  B : own 50\n  C : own 1"
    (lines,) = closed(database, text, plan, tmp_path, "2025-03")
    assert [(line[0], line[4]) for line in lines] == [("two-legs", 255)]


def test_the_largest_order_stays_exact(database: Database, tmp_path: Path) -> None:
    """A trillion yen is a quadrillion thousandths; a part of it is given back, and its customers' share is asked for."""
    opens = [{"metric": "customer_share", "window": "period", "at_least": "66.6666%"}]
    plan = document(bonus("all", ["1%"], base="qv", first_level="seller", levels=[{"rate": "1%", "opens": opens}]))
    text = """
    A : retail 1000000000000 by c1, own 500000000000
    B : retail 999999999999 by c2, refund 333333333334, own 333333333332
    C : retail 999999999999 by c3, refund 333333333334, own 333335000000
    """
    build(database, draw(text, currency="JPY"), tmp_path)
    store.publish(database, plan | {"currency": "JPY"})
    month.close(database, "2025-03", "worked", actor="test")
    assert [(r["partner_id"], r["base"]) for r in earnings.lines(database, "2025-03")] == [
        ("A", 1_500_000_000_000_000),
        ("B", 999_999_999_997_000),
    ]
