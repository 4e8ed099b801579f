"""A company's own state taken in through the command line, and what the first periods make of it: engine beside model."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import explain
from graphsvc.query.runner import Database
from tests import model
from tests.graphs import draw
from tests.month.agreement import difference, load, published
from tests.month.conftest import Said
from tests.month.plans import award, by_rank, document, levels, pv, ranks
from tests.month.test_drawn import BINARY, PV, binary
from tests.month.worlds import Scheme

Cli = Callable[..., Said]
PERIODS = ("2025-03", "2025-04", "2025-05")

# A has sold too little for a rank; B and C stand on its legs; D sells what its rank asks for, E nothing at all.
COMPANY = """
A : own 1 @2025-03-05, own 6 @2025-04-05, own 6 @2025-05-05
  B left of A : own 40 @2025-03-05, own 10 @2025-04-06
    D left of B : own 200 @2025-03-06, own 200 @2025-04-06, own 5 @2025-05-06
    F right of B : own 7.5 @2025-03-08, own 60 @2025-04-08, own 9 @2025-05-08
  C right of A : own 90 @2025-03-07, own 20 @2025-05-07
    E left of C
"""


def recruit() -> dict[str, Any]:
    """Something for each recruit, in the period in which it first buys."""
    made = {"name": "recruit", "kind": "recruit", "tree": "sponsor", "counts_when": [pv(5)], "compression": "none"}
    return made | {"levels": levels(3, 1, key="sum")}


def plan(title: Any) -> dict[str, Any]:
    """Everything that carries: titles, grace, running totals, both legs, ranks held and paid, steps and tenure counted."""
    steps = [{"from": 100, "sum": 5}, {"from": 300, "sum": 20}]
    listed = ranks("one", "two", title=title, one=[pv(50)], two=[pv(150)])
    bonuses = [
        binary(carry={"expires": {"periods": 2}, "limit": "none", "inactive": "lost"}),
        award("rank_bonus", **{"as": "title"}, sums={"one": 10, "two": 30}, after_periods=3, jump="all"),
        award("milestone", metric=PV | {"window": "running"}, steps=steps, pays="every", how_often="once"),
        award("tenure", condition="buys", counted="in_row", sums=[{"periods": 4, "sum": 7}]),
        recruit(),
        award("milestone", metric=PV, steps=[{"from": 1, "sum": by_rank({"one": 1, "two": 2}, "title")}], pays="highest")
        | {"name": "by-title", "how_often": "each_period"},
    ]
    frame = {"trees": BINARY, "standings_tree": "sponsor", "ranks": listed, "conditions": {"buys": [pv(5)]}}
    return document(*bonuses, active={"conditions": [pv(5)], "grace_periods": 1}, **frame)


LEGS = "binary:left_1,binary:left_2,binary:right_1,binary:right_2"
REST = "running_pv,met,rank-bonus:held_one,rank-bonus:held_two,rank-bonus:paid_one,rank-bonus:paid_two"
HEAD = f"partner_id,{LEGS},{REST},milestone:paid_100000,milestone:paid_300000,tenure:periods,recruit:counted"
STATE = {  # what stands in the file beside the columns of the title
    "A": "10000,5500,0,3000,99.999,true,2,2,1,0,0,0,3,1",
    "B": "0,1000,500,0,250.5,false,1,0,0,0,1,0,3,1",
    "C": "0,0,0,0,0,true,2,0,0,0,0,0,0,0",
    "D": "7,0,0,7,0,,0,0,1,1,0,0,1,0",
}
TITLES: dict[str, tuple[Any, str, dict[str, tuple[str, ...]]]] = {
    "kept": ("kept", "title", {"A": ("two",), "B": ("one",), "C": ("one",), "D": ("",)}),
    "step_down": ({"step_down": 2}, "title,below", {"A": ("two", "1"), "B": ("one", "0"), "C": ("one", "1"), "D": ("none", "0")}),
    "window": (
        {"window": 3},
        "title,paid_1,paid_2",
        {"A": ("two", "none", "two"), "B": ("one", "one", ""), "C": ("one", "", "one"), "D": ("", "", "")},
    ),
}


def state(title: str) -> tuple[str, model.Carried]:
    """The file, and the same as the model carries it: lots of the two periods before, histories newest first."""
    _, columns, said = TITLES[title]
    rank = {"": 0, "none": 0, "one": 1, "two": 2}
    rows = {partner: f"{partner},{','.join(said[partner])},{rest}" for partner, rest in STATE.items()}
    cells = {partner: rest.split(",") for partner, rest in STATE.items()}
    at = {name: place for place, name in enumerate(HEAD.split(",")[1:])}

    def number(partner: str, name: str) -> int:
        return int(cells[partner][at[name]])

    carried = model.Carried(
        number=2,
        met=[{p: cells[p][at["met"]] == "true" for p in STATE}],
        titles={p: rank[said[p][0]] for p in STATE},
        running={("pv", ""): {p: round(float(cells[p][at["running_pv"]]) * 1000) for p in STATE}},
        bonuses={
            "binary": {
                p: tuple({2: number(p, f"binary:{leg}_1"), 1: number(p, f"binary:{leg}_2")} for leg in ("left", "right"))
                for p in STATE
            },
            "rank-bonus": {
                p: (
                    {rank[r]: number(p, f"rank-bonus:held_{r}") for r in ("one", "two")},
                    frozenset(rank[r] for r in ("one", "two") if number(p, f"rank-bonus:paid_{r}")),
                )
                for p in STATE
            },
            "milestone": {(p, n) for p in STATE for n, step in ((1, 100), (2, 300)) if number(p, f"milestone:paid_{step}000")},
            "recruit": {p for p in STATE if number(p, "recruit:counted")},
            "tenure": {p: number(p, "tenure:periods") for p in STATE},
        },
    )
    if title == "step_down":
        carried.below = {p: int(said[p][1]) for p in STATE}
    if title == "window":
        carried.paid_as = [{p: rank[said[p][back]] for p in STATE} for back in (1, 2)]
    return "\n".join([HEAD.replace("partner_id,", f"partner_id,{columns},"), *rows.values(), ""]), carried


@pytest.mark.parametrize("title", TITLES)
def test_the_first_periods_go_on_from_the_state_of_a_file(database: Database, cli: Cli, tmp_path: Path, title: str) -> None:
    document_, network = plan(TITLES[title][0]), draw(COMPANY)
    load(database, network, tmp_path / "files")
    scheme = Scheme("worked", tuple((period, document_) for period in PERIODS))
    published(database, (), [scheme])
    text, carried = state(title)
    file = tmp_path / "state.csv"
    file.write_text(text, encoding="utf-8")
    said = cli("month", "open-state", PERIODS[0], "--plan", "worked", "--state", str(file))
    assert said.out == "2025-03 of plan worked starts with the state of 4 partners.\n", said.err
    found = []
    for number, period in enumerate(PERIODS):
        result = model.Month(network, document_, period, before=carried).result()
        carried = result.carried
        found.append({(line.bonus, line.partner_id, line.level): line.amount_minor for line in result.lines})
        assert not difference(database, period, scheme, result, number)
    first, second, third = found
    assert first["binary", "A", 1] == 930  # the right leg: 90.00 and 3.00 of two periods ago
    assert first["binary", "B", 1] == 80
    assert first["milestone", "A", 1] == 500  # 99.999 and 1.00 so far
    assert ("tenure", "B", 4) in first
    assert ("tenure", "A", 4) not in first
    assert first["rank-bonus", "A", 2] == 3000
    assert ("rank-bonus", "A", 1) not in first  # one was paid before
    held = [lines.get(("by-title", "A", 1), 0) for lines in (first, second, third)]
    assert held == {"kept": [200, 200, 200], "step_down": [200, 100, 100], "window": [200, 0, 0]}[title]


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("milestone:paid_100", "the nearest are milestone:paid_100000"),
        ("binary:left_3", "the nearest are binary:left_"),
        ("recruit:paid", "is not carried by the plan"),
        ("by-title:paid_1000", "is not carried by the plan"),
    ],
)
def test_a_column_that_a_bonus_does_not_carry_is_refused(
    database: Database, cli: Cli, tmp_path: Path, column: str, said: str
) -> None:
    """Else what was paid once would be paid again."""
    load(database, draw("A"), tmp_path / "files")
    published(database, (), [Scheme("worked", (("2025-03", plan("kept")),))])
    file = tmp_path / "state.csv"
    file.write_text(f"partner_id,{column}\nA,1\n", encoding="utf-8")
    answer = cli("month", "open-state", "2025-03", "--plan", "worked", "--state", str(file))
    assert answer.code == 2
    assert said in answer.sentence


HELD = """partner_id,bonus,level,class,source_id,held_from,left,amount_minor,currency
A,waits,1,,,2025-02,2,700,USD
A,waits,1,,O-1/1,2025-01,1,300,USD
B,waits,2,,,2025-01,1,400,USD
C,waits,1,,,2025-02,2,500,USD
B,waits,1,,,2024-12,0,999,USD
"""
WAITING = """
A : own 10 @2025-03-05, own 60 @2025-04-05, own 60 @2025-05-05
  B : own 60 @2025-03-05
  C : own 1 @2025-03-05, own 60 @2025-05-05
"""


def waiting() -> dict[str, Any]:
    """A bonus whose lines wait, cut by a limit, and the plan's deduction of it."""
    steps = [{"from": 1, "sum": 5}, {"from": 50, "sum": 8}]
    waits = award("milestone", name="waits", metric=PV, steps=steps, pays="highest", how_often="each_period")
    waits |= {"qualified": [pv(50)], "unqualified": {"hold": 2}}
    return document(waits, limits=[{"cap": "line", "bonuses": ["waits"], "sum": 6}])


def test_lines_that_waited_before_the_first_period_are_released_or_lapse(database: Database, cli: Cli, tmp_path: Path) -> None:
    network = draw(WAITING)
    load(database, network, tmp_path / "files")
    scheme = Scheme("worked", tuple((period, waiting()) for period in PERIODS))
    published(database, (), [scheme])
    file = tmp_path / "held.csv"
    file.write_text(HELD, encoding="utf-8")
    asked = ("month", "open-state", PERIODS[0], "--plan", "worked", "--held", str(file))
    assert cli(*asked).out == "2025-03 of plan worked starts with the state of 3 partners.\n"
    assert cli(*asked).out == "2025-03 of plan worked starts with the state of 3 partners already; nothing changed.\n"
    rows = [row for row in csv.DictReader(HELD.splitlines()) if row["left"] != "0"]
    carried = model.Carried(number=2)
    for row in rows:
        amount, level = int(row["amount_minor"]), int(row["level"])
        line = model.Line(row["partner_id"], "waits", level, "", row["source_id"], 0, 0, None, amount, "USD")
        carried.held.append(model.Held(line, 2, row["held_from"], int(row["left"])))
    found = []
    for number, period in enumerate(PERIODS):
        result = model.Month(network, waiting(), period, before=carried).result()
        carried = result.carried
        found.append({(line.partner_id, line.level, line.source_id): line.amount_minor for line in result.lines})
        assert not difference(database, period, scheme, result, number)
        for partner in {line.partner_id for line in result.lines}:
            assert all(told.equal for told in explain.lines(database, period, partner))
    assert found == [
        {("B", 2, ""): 600, ("B", 2, "held 2025-01"): 400},
        {("A", 2, ""): 600, ("A", 1, "held 2025-02"): 600, ("A", 1, "held 2025-03"): 500},
        {("A", 2, ""): 600, ("C", 2, ""): 600, ("C", 1, "held 2025-03"): 500},
    ]
    file.write_text(HELD.rpartition("C,waits")[0], encoding="utf-8")
    assert cli(*asked).code == 2  # the state that a closed month started with stands


def test_lines_that_cannot_wait_are_refused(database: Database, cli: Cli, tmp_path: Path) -> None:
    load(database, draw("A"), tmp_path / "files")
    published(database, (), [Scheme("worked", (("2025-03", waiting()),))])
    file = tmp_path / "held.csv"

    def refused(text: str) -> str:
        file.write_text(text, encoding="utf-8")
        answer = cli("month", "open-state", "2025-03", "--plan", "worked", "--held", str(file))
        assert answer.code == 2
        return answer.sentence

    head = HELD.splitlines()[0]
    assert "write partner_id,bonus,level,class,source_id" in refused("partner_id,bonus\n")
    said = refused(f"{head}\nA,wait,-1,,,2025-03,3,1.5,EUR\nA,waits,1,,,2025-W1,3,5,USD\nA,waits,1,,,2025-02,1,5,USD\n" * 2)
    for part in (
        "line 2, bonus: 'wait' is no bonus of the plan whose lines wait",
        "there is only waits",
        "line 2, level: '-1' is no such whole number",
        "line 2, amount_minor: '1.5' is no such whole number",
        "line 2, currency: 'EUR' is not the plan's",
        "line 2, held_from: '2025-03' is no month before 2025-03; write one such as 2025-02",
        "line 3, left: '3' is no such whole number",
        "write one from 0 to 2",
        "line 3, held_from: '2025-W1' is no month",
        "line 8: 'A,waits,1,,,2025-02' is a line that stands in the file already",
    ):
        assert part in said, said
    assert "partner_id Z: is not a partner here" in refused(f"{head}\nZ,waits,1,,,2025-02,1,5,USD\n")
    assert cli("month", "open-state", "2025-03", "--plan", "worked").code == 2
