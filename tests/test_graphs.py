"""The drawings themselves: what they become, and that a mistake in one is named instead of quietly tested."""

from __future__ import annotations

import pytest

from tests.graphs import DrawingError, draw
from tests.records import Customer, Event, Order, Partner, Refund


def test_a_drawing_becomes_records() -> None:
    network = draw(
        """
        U1 joined 2025-02-14 country RU      # the sponsor
          S suspended type reseller : own 30 @2025-03-05, refund 10, retail 9.99 by c2 qv 12.5 as A7, also 1 category tea
        U2 : customer c2, pack 5 in JPY unpaid
        """
    )
    assert network.partners == [
        Partner("U1", None, "2025-02-14", country="RU"),
        Partner("S", "U1", status="suspended", type="reseller"),
        Partner("U2"),
    ]
    noon = "2025-03-10T12:00:00Z"
    assert network.orders == [
        Order("S-1", "S", 3000, paid_at="2025-03-05"),
        Order("A7", "S", 999, paid_at=noon, customer="c2", qv=12_500, kind="retail"),
        Order("A7", "S", 100, line="2", paid_at=noon, customer="c2", category="tea", kind="retail"),
        Order("U2-1", "U2", 5, "JPY", placed_at=noon, kind="joining_pack"),
    ]
    assert network.refunds == [Refund("S-1-r1", "S-1", "2025-03-20T12:00:00Z", 1000)]
    assert network.customers == [Customer("c2", "U2")]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("A\n   B", "two spaces a step"),
        ("A\n    B", "deeper than one step"),
        ("A\nA", "draws A again; it stands in line 1"),
        ("A idle", "says 'idle' of a partner"),
        ("A joined soon", "'soon' after 'joined'"),
        ("A joined 2025-03-01T12:00", "after 'joined'"),
        ("A :", "no fact behind it"),
        ("A : buys 5", "the fact 'buys'"),
        ("A : own", "ends after 'own'"),
        ("A : own 1.005", "more than 2 decimals"),
        ("A : own 1 for c1", "says 'for' of an order"),
        ("A : retail 1", "sells retail to nobody"),
        ("A : refund 1", "no order before it"),
        ("A : own 1, refund 1 later", "says 'later' of a refund"),
        ("A : own 1, also 1 by c", "says 'by' of a further line"),
        ("A : customer c, customer c", "names the customer c again"),
        ("A : own 1 as X, own 1 as X", "X/1 is drawn twice"),
        ("A : own 1 as X, refund 1 as R, refund 1 as R", "refund R is drawn twice"),
    ],
)
def test_a_mistake_is_named(text: str, complaint: str) -> None:
    with pytest.raises(DrawingError, match=complaint):
        draw(text)


def test_a_drawing_says_places_tags_and_events() -> None:
    network = draw(
        "A tag gold tag club\n  B left of A : event lead, event task @2025-04-01 as T1 rejected\n  C leg 3 of A\n  D right of B"
    )
    assert [(p.id, p.placement, p.leg) for p in network.partners] == [
        ("A", None, None),
        ("B", "A", 1),
        ("C", "A", 3),
        ("D", "B", 2),
    ]
    assert network.partners[0].tags == ("gold", "club")
    assert network.events == [
        Event("B-e1", "B", "lead", "2025-03-10T12:00:00Z"),
        Event("T1", "B", "task", "2025-04-01", accepted=False),
    ]
    assert [(p.id, p.placement, p.leg) for p in network.without({"B"}).partners] == [
        ("A", None, None),
        ("C", "A", 3),
        ("D", "A", 1),
    ]
