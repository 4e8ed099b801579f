"""What walks up a tree besides all orders of a period (mechanics section 7): chosen orders, lines, recruits, events; a matrix.

One company, two months, so that what counts only once can show it.
"""

from __future__ import annotations

from typing import Any

import pytest

from graphsvc import earnings, explain, month
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.graphs import build, draw
from tests.month.test_worked_walks import ALL, PLAN, frame, unilevel

# N joins in March: its order of the 31st is dated 30 days after. c2 first buys in February. H2 is of another type than H1.
COMPANY = """
R type top
  N joined 2025-03-01 : own 100 @2025-03-30, own 200 @2025-03-31
A type shop : retail 100 by c1 @2025-03-02, retail 50 by c1 @2025-03-05, retail 30 by c1 @2025-03-20, own 7
  A2 : retail 10 by c2 @2025-02-10, retail 20 by c2 @2025-03-09, retail 40 by c2 @2025-03-10
H type head
  H1 : own 50 @2025-02-10, own 50 @2025-03-10
  H2 type gold : own 50 @2025-03-10
    H3 : own 50 @2025-03-11
L type lead : event lead, event lead, event lead rejected, event task
P type star
  Q type leader
    X : own 1000
      Y type leader
        Z : own 100
"""
SHOP = [{"type": ["shop"]}]
MATCHED = {"by": "rank", "as": "paid_as", "values": {"star": "50%"}}


def chosen(name: str, orders: Any, levels: int = 2) -> dict[str, Any]:
    """1 % to the shop on some orders of its own and of those below."""
    steps = [{"rate": "1%", "opens": SHOP} for _ in range(levels)]
    return unilevel(name, *steps) | {"sources": {**ALL, "orders": orders}}


def matrix_places() -> str:
    """A full matrix, three wide and three deep, of everybody's 20; all enrolled by the one on top."""
    lines, above = ["M type matrix"], ["M"]
    for _ in range(3):
        here = [f"{parent}{leg}" for parent in above for leg in (1, 2, 3)]
        lines += [f"  {name} leg {name[-1]} of {name[:-1]} : own 20" for name in here]
        above = here
    return "\n".join(lines)


BONUSES: list[dict[str, Any]] = [
    unilevel("team", {"rate": "5%", "opens": "active"}, first_level="sponsor"),
    frame(
        "fast_start",
        "fast",
        days=30,
        others="instead",
        first_level="sponsor",
        compression="none",
        levels=[{"rate": "10%", "opens": "active"}],
    ),
    chosen("first", "first_of_customer"),
    chosen("later", {"later_of_customer": "ever"}),
    chosen("one-more", {"later_of_customer": {"orders": 1}}),
    chosen("a-month", {"later_of_customer": {"months": 1}}),
    {
        "name": "recruits",
        "kind": "recruit",
        "tree": "sponsor",
        "counts_when": [{"metric": "pv", "window": "period", "at_least": 50}],
        "sums_by": "source_type",
        "compression": "none",
        "levels": [
            {"sum": {"by": "source", "values": {"gold": 20, "other": 10}}, "opens": [{"type": ["head", "gold"]}]},
            {"sum": {"by": "source", "values": {"other": {"by": "type", "values": {"head": 3}}}}, "opens": "active"},
        ],
    },
    {
        "name": "leads",
        "kind": "action",
        "event": "lead",
        "tree": "sponsor",
        "first_level": "seller",
        "compression": "none",
        "levels": [{"sum": "5.00", "opens": [{"type": ["lead"]}]}],
    },
    {
        "name": "matching",
        "kind": "matching",
        "of": ["team"],
        "lines": "step",
        "by": {"levels": "none"},
        "levels": [{"rate": MATCHED, "opens": "active"}, {"rate": MATCHED, "opens": "active"}],
        "reversals": "cascade",
    },
    {
        "name": "match-generations",
        "kind": "matching",
        "of": ["team"],
        "lines": "step",
        "by": {"generations": {"rank": "leader", "as": "paid_as", "counts": "exclusive"}},
        "levels": [{"rate": "10%", "opens": [{"type": ["star"]}]}, {"rate": "20%", "opens": [{"type": ["star"]}]}],
        "reversals": "cascade",
    },
    unilevel(
        "matrix",
        *({"rate": rate, "opens": [{"type": ["matrix"]}]} for rate in ("5%", "5%", "10%")),
        first_level="sponsor",
    )
    | {"tree": "placement"},
]
DOCUMENT = PLAN | {
    "plan": "worked",
    "trees": {"placement": {"kind": "matrix", "width": 3, "placement": "left_to_right", "holding_days": 0}},
    "bonuses": BONUSES,
}

Lines = dict[tuple[str, str], list[tuple[str, int, str, int]]]


@pytest.fixture(scope="module")
def lines(kept: Database, tmp_path_factory: pytest.TempPathFactory) -> Lines:
    """By month and bonus: (payee, step, class, amount)."""
    build(kept, draw(COMPANY + matrix_places()), tmp_path_factory.mktemp("company"))
    store.publish(kept, DOCUMENT)
    found: Lines = {}
    for name in ("2025-02", "2025-03"):
        month.close(kept, name, "worked", actor="test")
        for row in earnings.lines(kept, name):
            line = (row["partner_id"], row["level"], row["class"], row["amount_minor"])
            found.setdefault((name, row["bonus"]), []).append(line)
    return found


def test_a_fast_start_takes_a_newcomers_first_orders_from_the_others(lines: Lines) -> None:
    assert lines["2025-03", "fast"] == [("R", 1, "", 1000)]
    assert [line for line in lines["2025-03", "team"] if line[0] == "R"] == [("R", 1, "", 1000)]  # 5 % of the 200


def test_a_customers_orders_are_told_apart_by_which_they_are(lines: Lines) -> None:
    march = {name: [line[1:] for line in lines.get(("2025-03", name), [])] for name in ("first", "later", "one-more", "a-month")}
    assert march == {
        "first": [(1, "", 100)],
        "later": [(1, "", 80), (2, "", 60)],
        "one-more": [(1, "", 50), (2, "", 20)],
        "a-month": [(1, "", 80), (2, "", 20)],
    }
    assert lines["2025-02", "first"] == [("A", 2, "", 10)]


def test_a_recruit_counts_once_and_by_its_type(lines: Lines) -> None:
    assert lines["2025-02", "recruits"] == [("H", 1, "other", 1000)]
    march = [line for line in lines["2025-03", "recruits"] if line[0] in ("H", "H2")]
    assert march == [("H", 1, "gold", 2000), ("H", 2, "other", 300), ("H2", 1, "other", 1000)]


def test_accepted_events_of_a_kind_are_paid(lines: Lines) -> None:
    assert lines["2025-03", "leads"] == [("L", 1, "", 1000)]


def test_lines_are_matched_by_level_and_by_generation(lines: Lines) -> None:
    team = {line[0]: line[3] for line in lines["2025-03", "team"]}
    assert (team["Q"], team["Y"]) == (5000, 500)
    assert lines["2025-03", "matching"] == [("P", 1, "", 2500), ("Q", 2, "", 250)]  # a leader is above a star
    assert lines["2025-03", "match-generations"] == [("P", 2, "", 1000)]


def test_a_full_matrix_pays_66(lines: Lines) -> None:
    assert lines["2025-03", "matrix"] == [("M", 1, "", 300), ("M", 2, "", 900), ("M", 3, "", 5400)]


@pytest.mark.parametrize("name", ["2025-02", "2025-03"])
def test_every_line_is_proved_and_explained(name: str, lines: Lines, kept: Database) -> None:
    verified = explain.verify(kept, name)
    assert verified.holds, verified
    for partner in sorted({line[0] for (at, _), found in lines.items() if at == name for line in found}):
        for explanation in explain.lines(kept, name, partner):
            assert explanation.equal, explanation
            last = explanation.sources[0].hops[-1]
            assert (last.partner_id, last.outcome) == (partner, "paid"), explanation
