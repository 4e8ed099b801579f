"""Parts of funds that leave their rest to another fund: what orders change of the one changes the shares of the other.

Every drawing has three partners who share each fund in equal parts of whole cents, so that the rest is 0.00, 0.01 or 0.02.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphsvc import explain
from graphsvc.query.runner import Database
from tests.graphs import draw
from tests.month.test_awards import Ask, pool
from tests.month.test_reverse import closed, document
from tests.month.test_reverse_awards import THEN

SPANS = {"spans": {"periods": 2, "first": "2025-01"}}
TEA = "A : own 1.01 category tea @2025-01-10, refund 0.01 @2025-02-10, refund 0.02 @2025-03-10, refund 0.98 @2025-04-10"
GIN = "B : own 1 category gin @2025-01-10"


def fund(name: str, categories: Any, leaves_to: str = "", **changes: Any) -> dict[str, Any]:
    """All that was sold of some categories, in equal parts."""
    sources = {"kinds": "all", "categories": categories}
    rest = {"rest": {"next_fund": leaves_to}} if leaves_to else {}
    made = pool(name=name, fund={"rate": "100%", "base": "cv", "sources": sources}, order=["partner_id"], reversals="cascade")
    return made | rest | changes


def parts(lines: list[Any]) -> list[tuple[str, str, int]]:
    """What is taken or posted, without the lines of the period itself."""
    return [(line[1], line[0], line[4]) for line in sorted(lines, key=lambda line: line[1]) if line[3]]


def each(name: str, amount_minor: int) -> list[tuple[str, str, int]]:
    return [(name, payee, amount_minor) for payee in "ABC"]


@pytest.mark.parametrize(("cap", "of_one"), [({}, each("one", -1)), ({"cap": "partner_bonus", "sum": "0.30"}, [])])
def test_a_rest_moves_with_its_fund_period_after_period(
    cap: dict[str, Any], of_one: list[Any], database: Database, tmp_path: Path
) -> None:
    """1.01 of tea are 0.33 each and 0.02 for the next fund, which has 1.02 with 1.00 of gin: 0.34 each.

    February: 1.00 of tea, still 0.33 each, but 0.01 for the next fund: of 1.01 there are 0.33 each.
    March: 0.98 of tea, 0.32 each and again 0.02 for the next fund: 0.34 each.
    April: no tea, so nothing for the next fund: of 1.00 there are 0.33 each.
    What a cap leaves of the first fund's shares changes nothing of what it leaves to the other.
    """
    limits: dict[str, Any] = {"limits": [cap | {"bonuses": ["one"]}]} if cap else {}
    plan = document(fund("one", ["tea"], "two"), fund("two", ["gin"]), **limits)
    months = ("2025-01", "2025-02", "2025-03", "2025-04")
    lines = closed(database, draw(f"{TEA}\n{GIN}\nC"), tmp_path, plan, *months)
    assert [line[4] for line in lines[0]] == [30 if cap else 33, 34] * 3
    assert [parts(taken) for taken in lines[1:]] == [
        each("two", -1),
        of_one + each("two", 1),
        (each("one", -30) if cap else each("one", -32)) + each("two", -1),
    ]
    (said,) = explain.lines(database, "2025-02", "B", bonus="two")
    assert "the fund one left 0.02 USD for two; without what was refunded of order A-1 it leaves 0.01 USD" in said.facts
    assert "the base is what the company sold; the fund is 1.02 USD and 1.01 USD" in said.facts
    (said,) = explain.lines(database, "2025-03", "B", bonus="two")
    assert "the fund one left 0.01 USD for two; without what was refunded of order A-1 it leaves 0.02 USD" in said.facts


def test_an_order_of_both_funds_makes_one_part(database: Database, ask: Ask, tmp_path: Path) -> None:
    """0.99 of tea leave nothing where 1.01 left 0.02; so the other fund has 1.99 and 0.00, not 2.01 and 0.02: 0.66 each, not
    0.67. Of 1.99 and 0.02, or of 2.01 alone, it would be 0.67."""
    text = f"A : own 1.01 category tea @2025-01-10, refund 0.02 @2025-02-10\n{GIN}\nC"
    plan = document(fund("one", ["tea"], "two"), fund("two", "all"))
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02")
    assert [line[4] for line in lines[0]] == [33, 67] * 3
    assert parts(lines[1]) == each("two", -1)
    ask("MATCH (a:Adjustment {bonus: 'two fund'}) SET a.after_minor = a.after_minor + 1")
    assert not explain.verify(database, "2025-02", "small").holds


def test_orders_of_either_fund_are_taken_together(database: Database, tmp_path: Path) -> None:
    """1.02 shared by three. Without 0.02 of the rest and 0.02 of gin 0.98, 0.32 each, whatever each order alone would leave."""
    text = """
    A : own 0.51 category tea @2025-01-10, refund 0.01 @2025-02-10, own 0.50 category tea @2025-01-12, refund 0.01 @2025-02-10
    B
    C : own 1 category gin @2025-01-11, refund 0.02 @2025-02-09
    """
    plan = document(fund("one", ["tea"], "two"), fund("two", ["gin"]))
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02")
    assert [(x[1], x[3], x[4]) for x in lines[1]] == [("two", "changes 2025-01", -2)] * 3
    (said,) = explain.lines(database, "2025-02", "B", bonus="two")
    assert "behind it: reversal A-1, reversal A-2, reversal C-1" in said.facts
    assert "the fund one left 0.02 USD for two; with all that refunds and late orders changed it leaves 0.00 USD" in said.facts


def test_a_fund_that_a_late_order_lifts_above_nothing_leaves_a_rest(database: Database, tmp_path: Path) -> None:
    """February's tea is 0.50 less 1.00 refunded of January: nothing is left. With 0.52 that come late it is 0.02, too little to
    share, for the other fund: 1.02 instead of 1.00."""
    text = """
    A : own 1 category tea @2025-01-10, refund 1 @2025-02-10, own 0.50 category tea @2025-02-11
    B : own 1 category gin @2025-02-10
    C : own 0.52 category tea @2025-02-12 after 2
    """
    volumes = THEN | {"refunds": "net"}
    plan = document(fund("one", ["tea"], "two"), fund("two", ["gin"]), volumes=volumes)
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02", "2025-03")
    assert [(x[1], x[4]) for x in lines[1]] == [("two", 33)] * 3
    assert [(x[1], x[3], x[4]) for x in lines[2]] == [("two", "changes 2025-02", 1)] * 3
    (said,) = explain.lines(database, "2025-03", "B", bonus="two")
    assert "the fund one left 0.00 USD for two; with the late order C-1 it leaves 0.02 USD" in said.facts


@pytest.mark.parametrize(
    ("one", "two", "taken"),
    [
        ({}, {"reversals": "stay"}, []),  # what then is too much of the rest is the company's
        ({"reversals": "stay"}, {}, each("two", -1)),  # 0.99 of gin and still 0.02: 1.01
        ({"rest": "company"}, {}, []),  # 1.00 of gin, or 0.99: 0.33 each
        ({"rest": "first"}, {}, [("one", "A", -1)]),
    ],
)
def test_pools_that_stay_and_other_rests_pass_nothing_on(
    one: dict[str, Any], two: dict[str, Any], taken: list[Any], database: Database, tmp_path: Path
) -> None:
    text = """
    A : own 1.01 category tea @2025-01-10, refund 0.01 @2025-02-10
    B : own 1 category gin @2025-01-10, refund 0.01 @2025-02-10
    C
    """
    plan = document(fund("one", ["tea"], "two", **one), fund("two", ["gin"], **two))
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02")
    assert parts(lines[1]) == taken


@pytest.mark.parametrize("spans", [{}, SPANS])
def test_a_rest_moves_through_several_funds(spans: dict[str, Any], database: Database, tmp_path: Path) -> None:
    """Tea and oil leave 0.02 each to 1.00 of gin: 0.34 each, and 0.02 for 1.00 of rum: 0.34 each. With 0.01 less of tea there
    are 0.01 and 0.02: gin still pays 0.34 each and leaves 0.01; of 1.01 there are 0.33 each, and the first has the rest."""
    last = "2025-02" if spans else "2025-01"
    text = f"""
    A : own 1.01 category tea @2025-01-10, refund 0.01 @2025-03-10
    B : own 1 category gin @{last}-10, own 1 category rum @{last}-10
    C : own 1.01 category oil @{last}-10
    """
    plan = document(
        fund("one", ["tea"], "mid", **spans),
        fund("also", ["oil"], "mid", **spans),
        fund("mid", ["gin"], "top", **spans),
        fund("top", ["rum"], rest="first", **spans),
    )
    *_, lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02", "2025-03")
    assert parts(lines) == [("top", "A", 1), ("top", "B", -1), ("top", "C", -1)]
    assert {line[3] for line in lines} == {f"changes {last}"}
    (said,) = explain.lines(database, "2025-03", "C", bonus="top")
    without = "without what was refunded of order A-1 it leaves"
    assert f"the fund mid left 0.02 USD for top; {without} 0.01 USD" in said.facts
    assert f"the fund one left 0.02 USD for mid; {without} 0.01 USD" in said.facts
