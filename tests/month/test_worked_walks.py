"""The worked numbers of the bonuses that walk up a tree (mechanics sections 4, 5 and 7), from files to lines, in one company."""

from __future__ import annotations

from typing import Any

import pytest

from graphsvc import earnings, explain, month
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.graphs import build, draw
from tests.month.plans import VOLUMES

# Section 4: rates 3, 5, 12, 12, 21 %; in the second line B is not qualified. Section 5: chains seen from their tops; ranks by
# type. Section 7: one's own 1 500 under a scale.
COMPANY = """
D type r21
  C type r12
    B type r12
      A type r5
        S type r3 : own 100
D-u type r21
  C-u type r12
    B-u type r12-unqualified
      A-u type r5
        S-u type r3 : own 100
G-P type top
  G-X : own 100
    G-B type leader : own 1000
      G-Y : own 10000
        G-A type leader : own 100000
          G-Z : own 1000000
I-P type star
  I-a : own 100
    I-b : own 100
      I-Q type star : own 100
        I-c : own 100
          I-d : own 100
K3 type k3
  K2 type k2
    K1 type k1 : own 100
W type scaled : own 1500
T type influencer
  T-s : own 100 category tea, own 100 category soap, own 100
"""

ALL = {"kinds": "all", "categories": "all"}
RATES = {"by": "type", "values": {"r3": "3%", "r5": "5%", "r12": "12%", "r12-unqualified": "12%", "r21": "21%"}}


def frame(kind: str, name: str, **keys: Any) -> dict[str, Any]:
    """A walking bonus on everything in the sponsor tree."""
    return {"name": name, "kind": kind, "tree": "sponsor", "base": "cv", "sources": ALL, "lines": "step"} | keys


def only(*types: str) -> dict[str, Any]:
    """Who is qualified: partners of these types."""
    return {"qualified": [{"type": list(types)}], "unqualified": "forfeit"}


def unilevel(name: str, *levels: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """A unilevel of its seller, not compressed."""
    return frame("unilevel", name, **({"first_level": "seller", "compression": "none", "levels": list(levels)} | keys))


def scale(tiers: str) -> dict[str, Any]:
    """5 % from 0, 8 % from 1 000 of PV."""
    values = [{"from": 0, "value": "5%"}, {"from": 1000, "value": "8%"}]
    return {"by": "scale", "metric": {"metric": "pv", "window": "period"}, "tiers": tiers, "values": values}


def differential(name: str, met: str, pays_from: int = 0, blocks_from: int = 0) -> dict[str, Any]:
    qualified = only("r3", "r5", "r12", "r21")
    return frame("differential", name, rates=RATES, met=met, pays_from=pays_from, blocks_from=blocks_from, **qualified)


def generation(name: str, rank: str, counts: str) -> dict[str, Any]:
    levels = [{"rate": "0.1%", "opens": [{"type": ["top"]}]} for _ in range(3)]
    boundary = {"rank": rank, "as": "paid_as", "counts": counts}
    return frame("generation", name, boundary=boundary, generations=levels, qualified="active")


def infinity(stop: str) -> dict[str, Any]:
    name = stop.replace("_", "-")
    return frame("infinity", name, rate="3%", **{"as": "paid_as"}, from_level=2, stop=stop, **only("star"))


def of_ranks(name: str, method: Any, **keys: Any) -> dict[str, Any]:
    rates = {"by": "rank", "as": "paid_as", "values": {"k1": "1%", "k2": "2%", "k3": "4%"}}
    levels = {"pays_from": 0, "blocks_from": 0}
    return frame("infinity_differential", name, rates=rates, method=method, **levels, **only("k1", "k2", "k3"), **keys)


def rank(name: str, *types: str) -> dict[str, Any]:
    return {"name": name, "title": {"en": name, "ru": name}, "conditions": [{"type": list(types)}]}


TEA = {"by": "source", "values": {"tea": {"by": "type", "values": {"influencer": "2%"}}, "other": "1%"}}
SOAP = {"by": "source", "values": {"soap": "3%"}}

PLAN: dict[str, Any] = {
    "version": 1,
    "valid_from": "2025-01-01",
    "title": {"en": "Worked", "ru": "Пример"},
    "currency": "USD",
    "time_zone": "UTC",
    "calendar": "month",
    "standings_tree": "sponsor",
    "volumes": VOLUMES,
    "ranks": {
        "title": "kept",
        "list": [rank("k1", "k1"), rank("k2", "k2"), rank("k3", "k3"), rank("star", "star"), rank("leader", "leader", "top")],
    },
    "active": {"conditions": [], "grace_periods": 0},
    "rounding": {"rule": "half_up", "to": "minor"},
}
# Two plans, because all of these together would pay more than an order brings.
BONUSES = {
    "rates": [
        differential("met-qualified", "qualified"),
        differential("met-everyone", "everyone"),
        differential("from-two", "qualified", pays_from=2, blocks_from=1),
        of_ranks("highest", "highest", met="qualified"),
        of_ranks("remaining", {"remaining": "4%"}),
        unilevel("whole", {"rate": scale("whole"), "opens": [{"type": ["scaled"]}]}),
        unilevel("slices", {"rate": scale("slices"), "opens": [{"type": ["scaled"]}]}),
    ],
    "ranks": [
        generation("inclusive", "leader", "inclusive"),
        generation("exclusive", "leader", "exclusive"),
        generation("own-inclusive", "own", "inclusive"),
        generation("own-exclusive", "own", "exclusive"),
        infinity("before_blocker"),
        infinity("after_blocker"),
        infinity("where_theirs_begins"),
        unilevel(
            "by-category",
            {"rate": SOAP, "opens": [{"type": ["nobody"]}]},
            {"rate": TEA, "opens": [{"type": ["influencer"]}]},
            rates_by="category",
        ),
        unilevel(
            "by-order",
            {"rate": SOAP, "opens": [{"type": ["nobody"]}]},
            {"rate": TEA, "opens": [{"type": ["influencer"]}]},
            rates_by="category",
        )
        | {"lines": "order"},
    ],
}

Lines = dict[str, list[tuple[str, int, str, str, int, int]]]


@pytest.fixture(scope="module")
def closed(kept: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    build(kept, draw(COMPANY), tmp_path_factory.mktemp("company"))
    for name, bonuses in BONUSES.items():
        store.publish(kept, PLAN | {"plan": name, "bonuses": bonuses})
        month.close(kept, "2025-03", name, actor="test")
    return kept


@pytest.fixture(scope="module")
def lines(closed: Database) -> Lines:
    """Lines by bonus, as (payee, step, class, source, base, amount)."""
    found: Lines = {}
    for row in (row for name in BONUSES for row in earnings.lines(closed, "2025-03", name)):
        line = (row["partner_id"], row["level"], row["class"], row["source_id"], row["base"], row["amount_minor"])
        found.setdefault(row["bonus"], []).append(line)
    return found


def paid(lines: Lines, bonus: str, *partners: str) -> list[int]:
    """What each of these was paid by a bonus, in cents."""
    return [sum(line[5] for line in lines.get(bonus, []) if line[0] == partner) for partner in partners]


def test_a_differential_pays_the_margin_over_what_was_met(lines: Lines) -> None:
    assert paid(lines, "met-qualified", *"SABCD") == [300, 200, 700, 0, 900]
    assert [line[1] for line in lines["met-qualified"] if line[0] == "B"] == [70_000]
    unqualified = ("S-u", "A-u", "B-u", "C-u", "D-u")
    assert paid(lines, "met-qualified", *unqualified) == [300, 200, 0, 700, 900]
    assert paid(lines, "met-everyone", *unqualified) == [300, 200, 0, 0, 900]
    assert paid(lines, "from-two", *"SABCD") == [0, 0, 700, 0, 900]


@pytest.mark.parametrize("whose", ["", "own-"])
def test_a_boundary_closes_its_generation_or_opens_the_next(whose: str, lines: Lines) -> None:
    def bases(bonus: str) -> dict[int, int]:
        return {line[1]: line[4] // 100_000 for line in lines[whose + bonus] if line[0] == "G-P"}

    assert bases("inclusive") == {1: 11, 2: 1100, 3: 10000}
    assert bases("exclusive") == {1: 1, 2: 110, 3: 11000}
    assert {line[0] for line in lines[whose + "inclusive"]} == {"G-P"}


def test_an_infinity_bonus_stops_at_the_next_of_its_rank(lines: Lines) -> None:
    for stop, amount in (("before-blocker", 300), ("after-blocker", 600), ("where-theirs-begins", 900)):
        assert paid(lines, stop, "I-P", "I-Q") == [amount, 300], stop
    assert {line[1] for line in lines["after-blocker"]} == {4}


def test_an_infinity_differential_takes_the_margin_or_what_is_left(lines: Lines) -> None:
    assert paid(lines, "highest", "K1", "K2", "K3") == [100, 100, 200]
    assert paid(lines, "remaining", "K1", "K2", "K3") == [100, 200, 100]


def test_a_tier_applies_to_all_or_to_its_slice(lines: Lines) -> None:
    assert (paid(lines, "whole", "W"), paid(lines, "slices", "W")) == ([12_000], [9_000])


def test_a_rate_hangs_on_the_category_and_the_payees_type(lines: Lines) -> None:
    assert [line[:3] + line[4:] for line in lines["by-category"]] == [
        ("T", 2, "other", 100_000, 100),
        ("T", 2, "soap", 100_000, 100),
        ("T", 2, "tea", 100_000, 200),
    ]
    assert [line[2:4] + line[5:] for line in lines["by-order"]] == [
        ("other", "T-s-3/1", 100),
        ("soap", "T-s-2/1", 100),
        ("tea", "T-s-1/1", 200),
    ]


@pytest.mark.parametrize("name", BONUSES)
def test_every_line_is_proved_and_explained(name: str, closed: Database) -> None:
    assert explain.verify(closed, "2025-03", name).holds
    for partner in sorted({line["partner_id"] for line in earnings.lines(closed, "2025-03", name)}):
        for explanation in explain.lines(closed, "2025-03", partner, plan_name=name):
            assert explanation.equal, (partner, explanation)
            last = explanation.sources[0].hops[-1]
            assert (last.partner_id, last.outcome) == (partner, "paid"), explanation
