"""Refunds that take parts of closed lines back (mechanics sections 1 and 8), by the choice `refunds: reverse`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from graphsvc import earnings, explain, month
from graphsvc.plan import store
from graphsvc.progress import Advance
from graphsvc.query.runner import Database
from tests import model
from tests.graphs import build, draw
from tests.month import small
from tests.month.test_late import send
from tests.records import Network

EVERYBODY = {"conditions": [], "grace_periods": 0}
VOLUMES = small.PLAN["volumes"] | {"refunds": "reverse"}


def unilevel(rate: str, **changes: Any) -> dict[str, Any]:
    bonus = small.PLAN["bonuses"][0] | {"compression": "none", "levels": [{"rate": rate, "opens": "active"}]}
    return bonus | changes


def document(*bonuses: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return small.plan(**{"active": EVERYBODY, "volumes": VOLUMES, "bonuses": list(bonuses), **changes})


def closed(database: Database, network: Network, folder: Path, plan: dict[str, Any], *months: str) -> list[list[Any]]:
    """Close periods one after another: the lines of each as (payee, bonus, level, source, amount); proved, explained, judged."""
    build(database, network.known(0), folder)
    store.publish(database, plan)
    judged = model.months([network.known(n) for n in range(len(months))], [(name, plan) for name in months])
    found = []
    for number, name in enumerate(months):
        if number:
            send(database, network, number, folder)
        month.close(database, name, "small", actor="test")
        rows = list(earnings.lines(database, name, "small"))
        kept = [tuple(r["class" if f == "class_" else f] for f in model.Line.__dataclass_fields__) for r in rows]
        assert kept == [tuple(getattr(line, f) for f in model.Line.__dataclass_fields__) for line in judged[name].lines]
        found.append(small.lines(database, name))
    for name, lines in zip(months, found, strict=True):
        proof = explain.verify(database, name, "small")
        assert proof.holds, proof
        for payee in {line[0] for line in lines}:
            assert all(said.equal for said in explain.lines(database, name, payee))
    return found


def test_parts_taken_one_after_another_add_up(database: Database, tmp_path: Path) -> None:
    """Base 0.99 at 5 % is 0.05; its orders of 0.33 make 0.02, 0.01, 0.02."""
    text = """
    A
      B : own 0.33 @2025-01-10, refund 0.33 @2025-02-20, own 0.33 @2025-01-11, refund 0.33 @2025-02-10, own 0.33 @2025-01-12
      C
        D : own 5
    """
    text = text.replace("own 0.33 @2025-01-12", "own 0.33 @2025-01-12, refund 0.33 @2025-02-11").replace(": own 5", "")
    lines = closed(database, draw(text), tmp_path, document(unilevel("5%")), "2025-01", "2025-02")
    assert lines[0] == [("A", "team", 1, "", 5)]
    assert [line[3:] for line in lines[1]] == [
        ("reversal B-1 2025-01", -2),
        ("reversal B-2 2025-01", -1),
        ("reversal B-3 2025-01", -2),
    ]


def test_bonuses_that_take_the_same_orders_lose_their_parts_once_each(database: Database, tmp_path: Path) -> None:
    network = draw("A\n  B : own 100 @2025-01-10, refund 40 @2025-02-10")
    lines = closed(database, network, tmp_path, document(unilevel("5%"), unilevel("10%", name="more")), "2025-01", "2025-02")
    assert [[(x[1], x[4]) for x in each] for each in lines] == [[("more", 1000), ("team", 500)], [("more", -400), ("team", -200)]]


def test_an_invoice_and_its_credit_note_leave_what_is_left(database: Database, tmp_path: Path) -> None:
    """730.00 and 55.00 at 6 % leave 40.50, not 47.10."""
    network = draw("A\n  B : own 730 @2025-01-10, refund 55 @2025-02-10")
    lines = closed(database, network, tmp_path, document(unilevel("6%")), "2025-01", "2025-02")
    assert lines == [[("A", "team", 1, "", 4380)], [("A", "team", 1, "reversal B-1 2025-01", -330)]]


def test_part_refunds_take_thirds_in_turn(database: Database, tmp_path: Path) -> None:
    """10.00 three times, of 30.00 with a volume of 100: 33.333, 33.333, 33.334, seen in cents by a value of 10."""
    text = "A\n  B : own 30 cv 100 @2025-01-10, refund 10 @2025-02-20, refund 10 @2025-03-20, refund 10 @2025-04-20"
    plan = document(unilevel("100%"), volumes=VOLUMES | {"volume_value": 10})
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02", "2025-03", "2025-04")
    assert [[line[4] for line in each] for each in lines] == [[100_000], [-33_333], [-33_333], [-33_334]]


def test_it_is_taken_from_those_that_it_paid_whoever_stands_there_now(database: Database, tmp_path: Path) -> None:
    """A differential with 12 and 5 %, met on the way: who is no longer active gives back too, by the closed run's rates."""
    text = """
    T type gold : own 10 @2025-01-03
      A type silver : own 10 @2025-01-03, own 90 @2025-02-03
        B : own 100 @2025-01-10, refund 40 @2025-02-10
    """
    rates = {"by": "type", "values": {"gold": "12%", "silver": "5%"}}
    keys = ("name", "kind", "tree", "base", "sources", "lines")
    bonus = {k: v for k, v in unilevel("1%").items() if k in keys} | {"kind": "differential", "rates": rates}
    bonus |= {"met": "qualified", "pays_from": 0, "blocks_from": 0, "qualified": "active"}
    active = {"conditions": [{"metric": "pv", "window": "period", "at_least": 10}], "grace_periods": 0}
    lines = closed(database, draw(text), tmp_path, document(bonus, active=active), "2025-01", "2025-02")
    taken = [line for line in lines[1] if line[3]]
    assert taken == [
        ("A", "team", 50_000, "reversal B-1 2025-01", -200),
        ("T", "team", 70_000, "reversal B-1 2025-01", -280),
    ]
    assert [line for line in lines[1] if not line[3]] == [("A", "team", 50_000, "", 450)]


def test_a_line_of_an_order_loses_its_own_part(database: Database, tmp_path: Path) -> None:
    text = "A\n  B : own 10 @2025-01-10, also 5.55 @2025-01-10, refund 5 @2025-02-10, own 7 @2025-01-11"
    lines = closed(database, draw(text), tmp_path, document(unilevel("10%", lines="order")), "2025-01", "2025-02")
    assert lines[0] == [("A", "team", 1, "B-1/1", 100), ("A", "team", 1, "B-1/2", 56), ("A", "team", 1, "B-2/1", 70)]
    assert lines[1] == [("A", "team", 1, "reversal B-1/1 2025-01", -32), ("A", "team", 1, "reversal B-1/2 2025-01", -18)]


def test_conditions_read_what_is_left(database: Database, tmp_path: Path) -> None:
    """PV of the refund's period is what it is with net, so a condition fails; what the closed line paid is taken back."""
    text = "A\n  B : own 100 @2025-01-10, refund 95 @2025-02-10, own 100 @2025-02-11"
    active = {"conditions": [{"metric": "pv", "window": "period", "at_least": 10}], "grace_periods": 0}
    plan = document(unilevel("10%", first_level="seller"), active=active)
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02")
    assert lines == [[("B", "team", 1, "", 1000)], [("B", "team", 1, "reversal B-1 2025-01", -950)]]


def test_a_late_order_is_taken_back_from_the_period_that_counted_it(database: Database, tmp_path: Path) -> None:
    text = """
    A
      B : own 10 @2025-01-10, own 100 @2025-01-11 after 1, refund 100 @2025-03-10 after 1, own 8 @2025-03-01
    C
      D : own 40 @2025-01-10, refund 40 @2025-01-20 after 2
    """
    lines = closed(database, draw(text), tmp_path, document(unilevel("10%")), "2025-01", "2025-02", "2025-03")
    assert lines[1] == [("A", "team", 1, "", 1000)]
    assert lines[2] == [
        ("A", "team", 1, "", 80),
        ("A", "team", 1, "reversal B-2 2025-02", -1000),
        ("C", "team", 1, "reversal D-1 2025-01", -400),
    ]


def test_a_reversal_cascades_into_a_match_or_stays_out_of_it(database: Database, tmp_path: Path) -> None:
    """B earns 10.00 of the order, A half of it; 3.33 of the order are refunded, in two months."""
    text = "A\n  B\n    C : own 100 @2025-01-10, refund 3.33 @2025-02-10, refund 1.11 @2025-03-10"
    team = unilevel("10%") | {"levels": [{"rate": "10%", "opens": "active"}]}
    match = {
        "kind": "matching",
        "of": ["team"],
        "by": {"levels": "none"},
        "levels": [{"rate": "50%", "opens": "active"}],
        "lines": "step",
        "qualified": "active",
    }
    match = {"name": "match", **match}
    cascade = match | {"name": "cascade", "reversals": "cascade"}
    deep = cascade | {"name": "deep", "of": ["cascade", "team"], "levels": [{"rate": "33.3333%", "opens": "active"}]}
    plan = document(team, cascade, match | {"reversals": "stay"}, deep)
    lines = closed(
        database,
        draw("T\n" + text.replace("A\n", "  A\n").replace("  B", "    B").replace("    C", "      C")),
        tmp_path,
        plan,
        "2025-01",
        "2025-02",
        "2025-03",
    )
    taken = [[(line[0], line[1], line[4]) for line in each] for each in lines]
    assert taken[0][:2] == [("A", "cascade", 500), ("A", "deep", 333)]
    assert taken[1] == [("A", "cascade", -16), ("A", "deep", -11), ("B", "team", -33), ("T", "deep", -6)]
    assert taken[2] == [("A", "cascade", -6), ("A", "deep", -3), ("B", "team", -11), ("T", "deep", -2)]


def test_a_late_order_is_posted_on_the_lines_of_its_own_period(database: Database, tmp_path: Path) -> None:
    """Three orders of 0.33 at 5 %, two of them late: 0.02 of January, then 0.01 and 0.02, and 0.01 of the last goes back."""
    text = """
    A
      B : own 0.33 @2025-01-10, own 0.33 @2025-01-11 after 1, own 0.33 @2025-01-12 after 1, refund 0.16 @2025-03-03 after 1
    """
    volumes = VOLUMES | {"late_orders": "then"}
    plan = document(unilevel("5%"), volumes=volumes)
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02", "2025-03")
    assert [[line[3:] for line in each] for each in lines] == [
        [("", 2)],
        [("late B-2 2025-01", 1), ("late B-3 2025-01", 2)],
        [("reversal B-3 2025-01", -1)],
    ]


def test_what_was_deducted_goes_back_with_it(database: Database, tmp_path: Path) -> None:
    """A fee of 2.5 % of 43.80 is 1.10, of 40.50 it is 1.01; of 40.00 it is 1.00."""
    network = draw("A\n  B : own 730 @2025-01-10, refund 55 @2025-02-10, refund 8.33 @2025-03-10")
    fee = {"name": "fee", "bonuses": ["team"], "rate": "2.5%"}
    lines = closed(database, network, tmp_path, document(unilevel("6%"), deductions=[fee]), "2025-01", "2025-02", "2025-03")
    assert [[(line[1], line[4]) for line in each] for each in lines] == [
        [("fee", -110), ("team", 4380)],
        [("fee", 9), ("team", -330)],
        [("fee", 1), ("team", -50)],
    ]


def test_a_deduction_and_its_part_of_a_closed_one_are_both_explained(database: Database, tmp_path: Path) -> None:
    """What goes back of January's fee stands under the name and step of February's own."""
    network = draw("A\n  B : own 730 @2025-01-10, refund 55 @2025-02-10, own 100 @2025-02-11")
    fee = {"name": "fee", "bonuses": ["team"], "rate": "2.5%"}
    closed(database, network, tmp_path, document(unilevel("6%"), deductions=[fee]), "2025-01", "2025-02")
    said = explain.lines(database, "2025-02", "A", bonus="fee")
    assert sorted(one.amount_minor for one in said) == [-15, 9]


def test_conditions_and_binaries_count_a_late_order_now(database: Database, tmp_path: Path) -> None:
    """With net refunds the CV of a late order's refund leaves in the refund's period; a line of the order is made anew."""
    text = "A\n  B : own 10 @2025-01-10, own 100 @2025-01-11 after 1, refund 50 @2025-03-03 after 1, own 5 @2025-02-11"
    volumes = VOLUMES | {"refunds": "net", "late_orders": "then"}
    active = {"conditions": [{"metric": "pv", "window": "period", "at_least": 10}], "grace_periods": 0}
    plan = document(unilevel("10%", first_level="seller", lines="order"), active=active, volumes=volumes)
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02", "2025-03")
    assert [[line[3:] for line in each] for each in lines] == [
        [("B-1/1", 100)],
        [("B-3/1", 50), ("late B-2/1 2025-01", 1000)],
        [],
    ]


def test_the_closed_period_keeps_its_bytes_and_a_preview_leaves_nothing(
    database: Database, tmp_path: Path, ask: Callable[..., list[dict[str, Any]]]
) -> None:
    network = draw("A\n  B : own 730 @2025-01-10, refund 55 @2025-02-10")
    build(database, network, tmp_path)
    store.publish(database, document(unilevel("6%")))
    run = month.close(database, "2025-01", "small", actor="test").run_id
    text = "MATCH (n {run_id: $run}) RETURN labels(n)[0] AS label, properties(n) AS kept ORDER BY elementId(n)"
    before = ask(text, run=run)
    shown = month.preview(database, "2025-02", "small", actor="test")
    assert shown.payout_minor == -330
    assert not ask("MATCH (n {run_id: $run}) RETURN labels(n)[0] AS label", run=shown.run_id)
    month.close(database, "2025-02", "small", actor="test")
    assert ask(text, run=run) == before


def test_a_closed_period_shown_again_takes_nothing_twice(database: Database, tmp_path: Path) -> None:
    """And a close that was interrupted while it took parts back goes on to the same lines."""
    network = draw("A\n  B : own 730 @2025-01-10, refund 55 @2025-02-10, own 5 @2025-02-11")
    build(database, network, tmp_path)
    store.publish(database, document(unilevel("6%")))
    month.close(database, "2025-01", "small", actor="test")
    whole = month.preview(database, "2025-02", "small", actor="test")
    with pytest.raises(small.Interrupted):
        month.close(database, "2025-02", "small", actor="test", progress=Pulled())
    closed_again = month.close(database, "2025-02", "small", actor="test")
    assert (closed_again.digest, closed_again.payout_minor) == (whole.digest, 30 - 330)
    assert month.preview(database, "2025-02", "small", actor="test").digest == whole.digest


class Pulled(small.Plug):
    """Progress that is pulled once the parts of a bonus stand."""

    @contextmanager
    def step(self, label: str, total: int | None = None) -> Iterator[Advance]:
        with super().step(label, total) as advance:
            yield self._pull if label == "Parts of closed lines" and total == 1 else advance

    def _pull(self, _: int) -> None:
        raise small.Interrupted


# What limits left of closed lines.


def limited(cap: str, amount: Any, **changes: Any) -> dict[str, Any]:
    return {"limits": [{"cap": cap, "bonuses": ["team"], "sum": amount}], **changes}


@pytest.mark.parametrize("cap", ["line", "partner_bonus", "partner"])
def test_what_a_cap_cut_is_not_taken_back(cap: str, database: Database, tmp_path: Path) -> None:
    """100.00 under a cap of 40.00: half of it less leaves 40.00, of 20.00 that stand without the next part 20.00 are taken."""
    network = draw("A\n  B : own 1000 @2025-01-10, refund 500 @2025-02-10, refund 300 @2025-03-10, refund 200 @2025-04-10")
    plan = document(unilevel("10%"), **limited(cap, 40))
    lines = closed(database, network, tmp_path, plan, "2025-01", "2025-02", "2025-03", "2025-04")
    assert [[line[4] for line in each] for each in lines] == [[4000], [], [-2000], [-2000]]


def test_a_late_order_is_posted_up_to_the_room_that_a_cap_left(database: Database, tmp_path: Path) -> None:
    """10.00 and 5.00 of level 1 and 2 under 25.00: a late order of 10.00 has 10.00 of room, whichever line it is on."""
    text = """
    A
      B : own 100 @2025-01-10, own 60 @2025-01-11 after 1, own 60 @2025-01-12 after 2
        C : own 100 @2025-01-10, own 300 @2025-01-11 after 1, refund 300 @2025-03-10 after 1
    """
    team = unilevel("10%") | {"levels": [{"rate": "10%", "opens": "active"}, {"rate": "5%", "opens": "active"}]}
    plan = document(team, volumes=VOLUMES | {"late_orders": "then"}, **limited("partner", 25))
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02", "2025-03")
    assert lines == [
        [("A", "team", 1, "", 1000), ("A", "team", 2, "", 500), ("B", "team", 1, "", 1000)],
        [
            ("A", "team", 1, "late B-2 2025-01", 600),
            ("A", "team", 2, "late C-2 2025-01", 1000),  # 15.00 of room, 5.00 of which are there
            ("B", "team", 1, "late C-2 2025-01", 1500),
        ],
        [
            ("A", "team", 1, "late B-3 2025-01", 400),  # 20.00 of room, 16.00 of which are there
            ("A", "team", 2, "reversal C-2 2025-01", -1000),
            ("B", "team", 1, "reversal C-2 2025-01", -1500),
        ],
    ]


def test_a_line_that_was_cut_to_nothing_stays_nothing(database: Database, tmp_path: Path) -> None:
    """20.00, 5.00 of 10.00 and nothing of 10.00 under 25.00; other lines stand, so the room of the third stays nothing."""
    text = "A\n  B : own 20 @2025-01-10, refund 16 @2025-02-10, own 10 @2025-01-11, refund 8 @2025-02-11, own 10 @2025-01-12"
    text += ", refund 5 @2025-02-12, own 3 @2025-01-13 after 1"
    plan = document(unilevel("100%", lines="order"), volumes=VOLUMES | {"late_orders": "then"}, **limited("partner_bonus", 25))
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02")
    assert [[line[3:] for line in each] for each in lines] == [
        [("B-1/1", 2000), ("B-2/1", 500)],
        [("reversal B-1/1 2025-01", -1600), ("reversal B-2/1 2025-01", -300)],
    ]


def test_a_limit_of_the_company_scales_by_the_sums_of_its_run(database: Database, tmp_path: Path) -> None:
    """33.33, 33.33 and 33.34 under 50.00 are 16.66, 16.66 and 16.67; 30.00 of the first are 15.00, 3.00 of the last 1.50."""
    text = """
    A : own 333.30 @2025-01-10, refund 33.30 @2025-02-10
    B : own 333.30 @2025-01-10
    C : own 333.40 @2025-01-10, refund 303.40 @2025-02-10
      D : own 1 @2025-02-20
    """
    fee = {"name": "fee", "bonuses": ["team"], "rate": "10%"}
    plan = document(unilevel("10%", first_level="seller"), deductions=[fee], **limited("company", 50))
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02")
    assert [(x[0], x[4]) for x in lines[0] if x[1] == "team"] == [("A", 1666), ("B", 1666), ("C", 1667)]
    assert [(x[0], x[1], x[4]) for x in lines[1] if x[3]] == [
        ("A", "fee", 17), ("A", "team", -166), ("C", "fee", 152), ("C", "team", -1517),
    ]  # fmt: skip


def test_what_is_matched_loses_what_limits_left_of_a_line(database: Database, tmp_path: Path) -> None:
    """B's 100.00 are cut to 40.00, half of which are matched; B then has 30.00, and the match 15.00."""
    network = draw("A\n  B\n    C : own 1000 @2025-01-10, refund 700 @2025-02-10")
    match = {"name": "match", "kind": "matching", "of": ["team"], "by": {"levels": "none"}, "lines": "step"}
    match |= {"levels": [{"rate": "50%", "opens": "active"}], "qualified": "active", "reversals": "cascade"}
    lines = closed(database, network, tmp_path, document(unilevel("10%"), match, **limited("line", 40)), "2025-01", "2025-02")
    assert [[(x[0], x[1], x[4]) for x in each] for each in lines] == [
        [("A", "match", 2000), ("B", "team", 4000)],
        [("A", "match", -500), ("B", "team", -1000)],
    ]
