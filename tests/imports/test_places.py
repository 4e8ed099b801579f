"""Intake of an existing placement tree, of tags and of events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc.errors import BadInput
from graphsvc.imports import import_files
from graphsvc.query.runner import Database
from tests.imports.intake import counts, files, take

Ask = Callable[..., list[dict[str, Any]]]

BINARY = """partner_id,sponsor_id,joined_at,placement_id,leg
A,,2024-01-01,,
B,A,2024-01-02,A,left
C,A,2024-01-03,A,right
D,A,2024-01-04,B,1
E,C,2024-01-05,D,2
W,A,2024-01-06,,
"""
PLACES = """MATCH (p:Partner)-[e:PLACED_UNDER]->(above)
    RETURN e.tree AS tree, p.id AS id, e.partner_id AS own, e.parent_id AS parent, coalesce(above.id, '') AS above, e.leg AS leg,
    e.level AS level, e.recorded_at IS NOT NULL AS recorded ORDER BY tree, level, parent, leg"""


def places(ask: Ask, tree: str = "placement") -> list[tuple[str, str, int, int]]:
    """(partner, parent, leg, level) of everybody placed; a root's leg as 0."""
    rows = [r for r in ask(PLACES) if r["tree"] == tree]
    assert all(r["own"] == r["id"] and r["above"] == r["parent"] and r["recorded"] for r in rows)
    return [(r["id"], r["parent"], r["leg"] if r["parent"] else 0, r["level"]) for r in rows]


def faults(database: Database, folder: Path, text: str, *, update: bool = False) -> list[str]:
    with pytest.raises(BadInput) as caught:
        take(database, folder, partners=text, update=update)
    return [f.sentence().removeprefix(str(folder / "partners.csv")).strip() for f in caught.value.findings]


def test_a_placement_tree_is_taken_in_with_its_levels(database: Database, ask: Ask, tmp_path: Path) -> None:
    report = take(database, tmp_path, partners=BINARY)
    assert counts(report)["partners"] == (6, 0, 0, 0)
    wanted = [("A", "", 0, 0), ("B", "A", 1, 1), ("C", "A", 2, 1), ("D", "B", 1, 2), ("E", "D", 2, 3)]
    assert places(ask) == wanted  # W waits: it has no place, and nobody stands under it
    before = ask(PLACES)
    for update in (False, True):
        assert counts(take(database, tmp_path, partners=BINARY, update=update))["partners"] == (0, 6, 0, 0)
    assert ask(PLACES) == before
    more = "partner_id,joined_at,placement_id,leg\nG,2024-01-08,F,2\nF,2024-01-07,E,1\n"
    take(database, tmp_path, partners=more)
    assert places(ask) == [*wanted, ("F", "E", 1, 4), ("G", "F", 2, 5)]


def test_a_tree_of_another_name_stands_beside_the_first(database: Database, ask: Ask, tmp_path: Path) -> None:
    take(database, tmp_path, partners=BINARY)
    board = "partner_id,placement_id,leg\nB,A,3\nC,B,2\nA,,\n"
    import_files(database, files(tmp_path, partners=board), update=True, placement_tree="board")
    assert places(ask, "board") == [("A", "", 0, 0), ("B", "A", 3, 1), ("C", "B", 2, 2)]
    assert len(places(ask)) == 5


def test_a_deep_line_is_placed_whatever_the_order_of_rows(database: Database, ask: Ask, tmp_path: Path) -> None:
    rows = [f"P{i:05},2024-01-01,{f'P{i - 1:05}' if i else ''},{1 + i % 2 if i else ''}" for i in range(12_000)]
    take(database, tmp_path, partners="\n".join(["partner_id,joined_at,placement_id,leg", *reversed(rows)]) + "\n")
    assert [(p, level) for p, _, _, level in places(ask)] == [(f"P{i:05}", i) for i in range(12_000)]


def test_faults_of_places_are_told_with_their_rows(database: Database, ask: Ask, tmp_path: Path) -> None:
    head = "partner_id,joined_at,placement_id,leg\n"
    assert faults(database, tmp_path, head + "A,2024-01-01,,\nB,2024-01-01,X,1\nC,2024-01-01,A,\nD,2024-01-01,,2\n") == [
        "line 3, placement_id: 'X' is an unknown partner to stand under, neither in the files nor stored; "
        "correct the id, or add this partner to the partners file",
        "line 4, leg: is empty, but placement_id is filled in; write left, right, or the number of the leg",
        "line 5, placement_id: is empty, but leg is filled in; name whom the partner stands under",
    ]
    assert faults(database, tmp_path, head + "A,2024-01-01,,\nB,2024-01-01,A,1\nC,2024-01-01,A,left\nD,2024-01-01,D,1\n") == [
        "line 4, leg: '1' of A is given to line 3 already; give each partner a place of its own",
        "line 5, placement_id: 'D' is the partner's own id; name whom the partner stands under",
    ]
    assert faults(database, tmp_path, head + "A,2024-01-01,C,1\nB,2024-01-01,A,1\nC,2024-01-01,B,1\nD,2024-01-01,C,2\n") == [
        "line 2, placement_id: 'C' closes a cycle of places: A (line 2) under C (line 4) under B (line 3) under A; "
        "correct one of these places",
        "line 3, placement_id: 'A' closes a cycle of places: A (line 2) under C (line 4) under B (line 3) under A; "
        "correct one of these places",
        "line 4, placement_id: 'B' closes a cycle of places: A (line 2) under C (line 4) under B (line 3) under A; "
        "correct one of these places",
    ]
    for leg in ("0", "middle", "１", "-1", "1000001", "01"):
        assert faults(database, tmp_path, head + f"A,2024-01-01,,\nB,2024-01-01,A,{leg}\n") == [
            f"line 3, leg: {leg!r} is not a leg; write left, right, or a whole number from 1 to 1000000"
        ]
    assert faults(database, tmp_path, "partner_id,joined_at,leg\nA,2024-01-01,1\n") == [
        "line 1: 'placement_id' is missing from the header; it stands together with leg"
    ]
    assert places(ask) == []


def test_places_without_legs_are_numbered_by_rows(database: Database, ask: Ask, tmp_path: Path) -> None:
    """A tree in which anybody stands under anybody, as many as come: the sponsor and the one above are two partners."""
    head = "partner_id,sponsor_id,joined_at,placement_id\n"
    first = head + "A,,2024-01-01,\nC,A,2024-01-03,A\nB,A,2024-01-02,A\nD,A,2024-01-04,B\n"
    take(database, tmp_path, partners=first)
    assert places(ask) == [("A", "", 0, 0), ("C", "A", 1, 1), ("B", "A", 2, 1), ("D", "B", 1, 2)]
    take(database, tmp_path, partners=first)
    assert places(ask) == [("A", "", 0, 0), ("C", "A", 1, 1), ("B", "A", 2, 1), ("D", "B", 1, 2)]
    take(database, tmp_path, partners=head + "F,B,2024-01-06,A\nE,B,2024-01-05,A\n")
    assert places(ask)[3:5] == [("F", "A", 3, 1), ("E", "A", 4, 1)]


def test_a_stored_place_is_neither_taken_nor_changed_unasked(database: Database, ask: Ask, tmp_path: Path) -> None:
    take(database, tmp_path, partners=BINARY)
    assert faults(database, tmp_path, "partner_id,joined_at,placement_id,leg\nN,2024-02-01,A,left\n") == [
        "line 2, leg: '1' of A is taken by B, who is stored there; give another place, or move both"
    ]
    assert faults(database, tmp_path, "partner_id,joined_at,placement_id,leg\nC,2024-01-03,B,2\n") == [
        "line 2, placement_id: 'B' differs from the stored A; correct the row, or add --update to change what is stored"
    ]
    assert faults(database, tmp_path, "partner_id,placement_id,leg\nB,E,1\n", update=True) == [
        "line 2, placement_id: 'E' closes a cycle of places: B (line 2) under E (stored) under D (stored) under B; "
        "correct one of these places"
    ]
    assert len(places(ask)) == 5


def test_an_update_moves_places_with_everybody_below(database: Database, ask: Ask, tmp_path: Path) -> None:
    take(database, tmp_path, partners=BINARY)
    swap = "partner_id,joined_at,placement_id,leg\nB,2024-01-02,A,right\nC,2024-01-03,A,left\nN,2024-02-01,E,1\n"
    take(database, tmp_path, partners=swap, update=True)
    tree = [("A", "", 0, 0), ("C", "A", 1, 1), ("B", "A", 2, 1), ("D", "B", 1, 2), ("E", "D", 2, 3), ("N", "E", 1, 4)]
    assert places(ask) == tree
    take(database, tmp_path, partners="partner_id,placement_id,leg\nD,C,2\nB,N,2\n", update=True)
    assert places(ask) == [
        *[("A", "", 0, 0), ("C", "A", 1, 1), ("D", "C", 2, 2), ("E", "D", 2, 3), ("N", "E", 1, 4), ("B", "N", 2, 5)]
    ]
    take(database, tmp_path, partners="partner_id,placement_id,leg\nA,W,1\n", update=True)
    assert [(p, level) for p, _, _, level in places(ask)] == [(p, i) for i, p in enumerate("WACDENB")]


def test_tags_are_kept_in_order_whatever_their_order_in_the_file(database: Database, ask: Ask, tmp_path: Path) -> None:
    head = "partner_id,joined_at,tags\n"
    take(database, tmp_path, partners=head + "A,2024-01-01,vip;early\nB,2024-01-01,\n")
    assert counts(take(database, tmp_path, partners=head + "A,2024-01-01,early;vip\nB,2024-01-01,\n"))["partners"][1] == 2
    tags = "MATCH (p:Partner) RETURN p.id AS id, p.tags AS tags ORDER BY id"
    assert [(r["id"], r["tags"]) for r in ask(tags)] == [("A", ["early", "vip"]), ("B", None)]
    take(database, tmp_path, partners="partner_id,tags\nA,\nB,vip\n", update=True)
    assert [(r["id"], r["tags"]) for r in ask(tags)] == [("A", None), ("B", ["vip"])]
    assert faults(database, tmp_path, head + "C,2024-01-01,a;;b\nD,2024-01-01,a;a\n") == [
        "line 2, tags: 'a;;b' is empty; fill it in",
        "line 3, tags: 'a;a' names a tag twice; name each tag once",
    ]


EVENTS = """event_id,partner_id,kind,happened_at,accepted
E1,A,lead,2024-03-01,true
E2,B,task,2024-03-01T12:00:00Z,false
"""


def test_events_are_taken_in_once_and_change_only_when_asked(database: Database, ask: Ask, tmp_path: Path) -> None:
    assert counts(take(database, tmp_path, partners=BINARY, events=EVENTS))["events"] == (2, 0, 0, 0)
    assert counts(take(database, tmp_path, events=EVENTS))["events"] == (0, 2, 0, 0)
    stored = """MATCH (e:Event)-[:EVENT_OF]->(p:Partner) RETURN e.id AS id, p.id AS partner, e.kind AS kind,
        toString(e.happened_at) AS at, e.accepted AS accepted ORDER BY id"""
    assert [tuple(r.values()) for r in ask(stored)] == [
        ("E1", "A", "lead", "2024-03-01", True),
        ("E2", "B", "task", "2024-03-01T12:00:00Z", False),
    ]
    changed = EVENTS.replace("false", "true").replace("E1,A", "E1,C")
    with pytest.raises(BadInput) as caught:
        take(database, tmp_path, events=changed)
    assert [f.value for f in caught.value.findings] == ["C", "true"]
    assert counts(take(database, tmp_path, events=changed, update=True))["events"] == (0, 0, 2, 0)
    assert [(r["partner"], r["accepted"]) for r in ask(stored)] == [("C", True), ("B", True)]


def test_faults_of_events_are_told_with_their_rows(database: Database, tmp_path: Path) -> None:
    bad = EVENTS + "E3,X,lead,2024-03-01,true\nE1,A,lead,2024-03-01,true\nE4,A,lead,2024-03-01,yes\nE5,A,lead,2024-03-01,\n"
    with pytest.raises(BadInput) as caught:
        take(database, tmp_path, partners=BINARY, events=bad)
    assert [f.sentence().split("events.csv ")[1] for f in caught.value.findings] == [
        "line 4, partner_id: 'X' is an unknown partner, neither in the files nor stored; "
        "correct the id, or add this partner to the partners file",
        "line 5, event_id: 'E1' is the same row as line 2; keep one of the two rows",
        "line 6, accepted: 'yes' is not one of the choices; write true or false",
        "line 7, accepted: is empty; fill it in",
    ]
