"""Parts of closed lines that wait for a condition: taken of what was released, of what waits, or of nothing.

A line of a payee who did not qualify was paid by the period that released it; a part of it is taken there, by that period's
limits. One that still waits is changed in waiting, and one that waited in vain is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from graphsvc import earnings, month
from graphsvc.plan import store
from graphsvc.progress import Advance
from graphsvc.query.runner import Database
from tests.graphs import build, draw
from tests.month import small
from tests.month.test_awards import award
from tests.month.test_reverse import VOLUMES, closed, document, limited, unilevel
from tests.month.test_reverse_spans import match, told

THEN = VOLUMES | {"late_orders": "then"}
PV = {"metric": "pv", "window": "period"}
MONTHS = ("2025-01", "2025-02", "2025-03", "2025-04")


def waits(periods: int = 2) -> dict[str, Any]:
    """Paid to who bought for 100 in the period; the lines of others wait."""
    return {"qualified": [PV | {"at_least": 100}], "unqualified": {"hold": periods}}


def held(database: Database, name: str) -> list[tuple[Any, ...]]:
    """What waits after a period: (payee, since, periods left, amount)."""
    rows = earnings.beside(database, name, "held", "small")
    return [(row["partner_id"], row["held_from"], row["left"], row["amount_minor"]) for row in rows]


def test_a_part_is_taken_of_what_waits_and_then_of_what_was_released(database: Database, tmp_path: Path) -> None:
    """10.00 wait; 3.00 less in February; March releases 7.00 and takes 2.00 of them, April 1.00."""
    text = """
    A : own 100 @2025-03-01
      B : own 100 @2025-01-10, refund 30 @2025-02-10, refund 20 @2025-03-10, refund 10 @2025-04-10
    """
    lines = closed(database, draw(text), tmp_path, document(unilevel("10%", **waits())), *MONTHS)
    assert told(lines) == [
        [],
        [],
        [("A", "team", "held 2025-01", 700), ("A", "team", "reversal B-1 2025-01", -200)],
        [("A", "team", "reversal B-1 2025-01", -100)],
    ]
    assert [held(database, name) for name in MONTHS] == [[("A", "2025-01", 2, 1000)], [("A", "2025-01", 1, 700)], [], []]


def test_a_line_that_waited_in_vain_is_left_alone(database: Database, tmp_path: Path) -> None:
    """It lapses in February, which takes nothing of it any more, as March does not."""
    text = "A\n  B : own 100 @2025-01-10, refund 30 @2025-02-10, refund 20 @2025-03-10, own 50 @2025-02-11"
    lines = closed(database, draw(text), tmp_path, document(unilevel("10%", **waits(1))), *MONTHS[:3])
    assert lines == [[], [], []]
    assert [held(database, name) for name in MONTHS[:3]] == [
        [("A", "2025-01", 1, 1000)],
        [("A", "2025-01", 0, 1000), ("A", "2025-02", 1, 500)],
        [("A", "2025-02", 0, 500)],
    ]


def test_a_late_order_raises_what_waits_or_begins_to_wait(database: Database, tmp_path: Path) -> None:
    """50.00 of January come in February: A's line waits for 15.00, and C's, of which there was none, for 5.00. 20.00 more come in
    March, which has released A's. All that E's was of is given back."""
    text = """
    A : own 100 @2025-03-01
      B : own 100 @2025-01-10, own 50 @2025-01-20 after 1, own 20 @2025-01-21 after 2
    C : own 100 @2025-03-01
      D : own 50 @2025-01-20 after 1
    E : own 100 @2025-03-01
      F : own 100 @2025-01-10, refund 100 @2025-02-10
    """
    plan = document(unilevel("10%", **waits()), volumes=THEN)
    lines = closed(database, draw(text), tmp_path, plan, *MONTHS[:3])
    assert told(lines) == [
        [],
        [],
        [("A", "team", "held 2025-01", 1500), ("A", "team", "late B-3 2025-01", 200), ("C", "team", "held 2025-01", 500)],
    ]
    assert held(database, "2025-02") == [("A", "2025-01", 1, 1500), ("C", "2025-01", 1, 500)]


def test_what_was_given_back_whole_waits_again_with_a_late_order(database: Database, tmp_path: Path) -> None:
    text = """
    A : own 100 @2025-04-01
      B : own 100 @2025-01-10, refund 100 @2025-02-10, own 60 @2025-01-20 after 2
    """
    plan = document(unilevel("10%", **waits(3)), volumes=THEN)
    lines = closed(database, draw(text), tmp_path, plan, *MONTHS)
    assert told(lines) == [[], [], [], [("A", "team", "held 2025-01", 600)]]
    assert [held(database, name) for name in MONTHS[1:3]] == [[], [("A", "2025-01", 1, 600)]]


@pytest.mark.parametrize("cap", ["line", "partner_bonus", "partner"])
def test_limits_are_those_of_the_period_that_released_it(cap: str, database: Database, tmp_path: Path) -> None:
    """10.00 are released under a cap of 5.00; of 4.00 that are left of them 1.00 is taken, and then all."""
    text = """
    A : own 100 @2025-02-01
      B : own 100 @2025-01-10, refund 60 @2025-02-10, refund 40 @2025-03-10
    """
    plan = document(unilevel("10%", **waits()), **limited(cap, 5))
    assert told(closed(database, draw(text), tmp_path, plan, *MONTHS[:3])) == [
        [],
        [("A", "team", "held 2025-01", 500), ("A", "team", "reversal B-1 2025-01", -100)],
        [("A", "team", "reversal B-1 2025-01", -400)],
    ]


def test_a_released_line_has_the_room_beside_those_of_its_period(database: Database, tmp_path: Path) -> None:
    """February makes 6.00 and releases 10.00 under 12.00 for both, of which the released one has 6.00: of 8.00 it has them still,
    of 4.00 it has 4.00. A fee of a tenth goes back with it."""
    text = """
    A : own 100 @2025-02-01
      B : own 100 @2025-01-10, refund 20 @2025-02-10, refund 40 @2025-03-10, own 60 @2025-02-11
    """
    fee = {"name": "fee", "bonuses": ["team"], "rate": "10%"}
    team = unilevel("10%", lines="order", **waits())
    plan = document(team, deductions=[fee], **limited("partner_bonus", 12))
    assert told(closed(database, draw(text), tmp_path, plan, *MONTHS[:3])) == [
        [],
        [
            ("A", "fee", "B-2/1", -60),
            ("A", "fee", "held 2025-01 B-1/1", -60),
            ("A", "team", "B-2/1", 600),
            ("A", "team", "held 2025-01 B-1/1", 600),
        ],
        [("A", "fee", "reversal B-1/1 2025-01", 20), ("A", "team", "reversal B-1/1 2025-01", -200)],
    ]


def test_what_matches_a_released_line_follows_it_there(database: Database, tmp_path: Path) -> None:
    """T matches half of 7.00 in March, of which 2.00 and then 1.00 are taken; what waited was matched by nobody."""
    text = """
    T
      A : own 100 @2025-03-01
        B : own 100 @2025-01-10, refund 30 @2025-02-10, refund 20 @2025-03-10, refund 10 @2025-04-10
    """
    plan = document(unilevel("10%", **waits()), match(), match(name="two", spans={"periods": 2, "first": "2025-01"}))
    lines = told(closed(database, draw(text), tmp_path, plan, *MONTHS))
    assert [[x for x in each if x[0] == "T"] for each in lines] == [
        [],
        [],
        [("T", "match", "", 350), ("T", "match", "reversal B-1 2025-03", -100)],
        [
            ("T", "match", "reversal B-1 2025-03", -50),
            ("T", "two", "", 250),  # of 7.00 and the 2.00 that March took
            ("T", "two", "reversal B-1 2025-04", -50),
        ],
    ]


def test_a_match_that_waits_and_a_span_that_waits(database: Database, tmp_path: Path) -> None:
    """T's half of 10.00 waits from January on, and is 3.50 in March, when A has 7.00 left. 1 % of a span waits from February."""
    text = """
    T : own 100 @2025-03-01
      A
        B : own 100 @2025-01-10, refund 30 @2025-02-10, refund 20 @2025-03-10, refund 10 @2025-04-10
    """
    span = unilevel("5%", name="span", spans={"periods": 2, "first": "2025-01"}, **waits(1))
    span["levels"] = [*span["levels"], {"rate": "1%", "opens": "active"}]
    plan = document(unilevel("10%"), span, match(**waits()))
    lines = told(closed(database, draw(text), tmp_path, plan, *MONTHS))
    assert [[x for x in each if x[0] == "T"] for each in lines] == [
        [],
        [],
        [
            ("T", "match", "held 2025-01", 350),
            ("T", "match", "reversal B-1 2025-01", -100),
            ("T", "span", "held 2025-02", 70),
            ("T", "span", "reversal B-1 2025-02", -20),
        ],
        [("T", "match", "reversal B-1 2025-01", -50), ("T", "span", "reversal B-1 2025-02", -10)],
    ]


def test_a_rate_of_own_volume_that_waits(database: Database, tmp_path: Path) -> None:
    """A tenth of 90.00 waits for a PV of 100; it is one of 40.00 when March releases it, beside its own of 100.00."""
    text = "A : own 90 @2025-01-10, refund 50 @2025-02-10, own 110 @2025-03-02, refund 10 @2025-03-10"
    steps = [{"from": 50, "rate": "10%", "of": "money"}]
    own = award("milestone", metric=PV, steps=steps, pays="highest", how_often="each_period") | waits()
    lines = told(closed(database, draw(text), tmp_path, document(own | {"name": "own"}), *MONTHS[:3]))
    assert lines == [[], [], [("A", "own", "", 1000), ("A", "own", "held 2025-01", 400)]]


class Pulled(small.Plug):
    """Progress that is pulled once what waits was changed."""

    @contextmanager
    def step(self, label: str, total: int | None = None) -> Iterator[Advance]:
        with super().step(label, total) as advance:
            yield self._pull if label == "Parts of closed lines" else advance

    def _pull(self, _: int) -> None:
        raise small.Interrupted


def test_a_close_that_was_interrupted_changes_what_waits_once(
    database: Database, tmp_path: Path, ask: Callable[..., list[dict[str, Any]]]
) -> None:
    """And what the closed period holds is as it was."""
    text = "A\n  B : own 100 @2025-01-10, refund 30 @2025-02-10, own 50 @2025-01-11 after 1\nC\n  D : own 70 @2025-01-12 after 1"
    network = draw(text)
    build(database, network.known(0), tmp_path)
    store.publish(database, document(unilevel("10%", **waits()), volumes=THEN))
    run = month.close(database, "2025-01", "small", actor="test").run_id
    kept = "MATCH (h:HeldLine {run_id: $run}) RETURN properties(h) AS kept ORDER BY elementId(h)"
    before = ask(kept, run=run)
    from tests.month.test_late import send

    send(database, network, 1, tmp_path)
    with pytest.raises(small.Interrupted):
        month.close(database, "2025-02", "small", actor="test", progress=Pulled())
    month.close(database, "2025-02", "small", actor="test")
    assert held(database, "2025-02") == [("A", "2025-01", 1, 1200), ("C", "2025-01", 1, 700)]
    assert ask(kept, run=run) == before


def test_a_closed_period_shown_again_says_the_same_and_leaves_nothing(
    database: Database, tmp_path: Path, ask: Callable[..., list[dict[str, Any]]]
) -> None:
    """What follows in a period itself stands in its own run, also where that is one for show."""
    text = """
    T
      A : own 100 @2025-02-01
        B : own 100 @2025-01-10, refund 30 @2025-02-10, refund 20 @2025-03-10
      C
        D : own 50 @2025-01-10, refund 7 @2025-02-11
    """
    build(database, draw(text), tmp_path)
    store.publish(
        database, document(unilevel("10%", **waits(3)), match(), match(name="two", spans={"periods": 2, "first": "2025-01"}))
    )
    closed_once = {name: month.close(database, name, "small", actor="test") for name in MONTHS[:3]}
    assert [report.lines for report in closed_once.values()] == [0, 6, 3]
    for name, report in closed_once.items():
        shown = month.preview(database, name, "small", actor="test")
        assert (shown.digest, shown.payout_minor) == (report.digest, report.payout_minor)
        assert not ask("MATCH (n {run_id: $run}) RETURN labels(n)[0] AS label", run=shown.run_id)
