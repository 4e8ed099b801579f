"""`graphsvc place` as people run it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.imports.intake import take
from tests.month import small
from tests.month.conftest import Said, cli  # noqa: F401 - a fixture

Cli = Callable[..., Said]

TREES = {
    "legs": {"kind": "binary", "placement": "left", "holding_days": 7},
    "board": {"kind": "matrix", "width": 3, "placement": "by_enroller", "holding_days": 0},
}
PARTNERS = "partner_id,sponsor_id,joined_at\nR,,2025-01-01\nA,R,2025-01-02\ndue,R,2025-01-03\n"


def company(database: Database, folder: Path) -> None:
    take(database, folder, partners=PARTNERS)
    bonuses = [small.PLAN["bonuses"][0] | {"name": name, "tree": name} for name in TREES]
    store.publish(database, small.plan(trees=TREES, standings_tree="sponsor", bonuses=bonuses))


def test_a_partner_is_placed_and_shown(database: Database, tmp_path: Path, cli: Cli) -> None:  # noqa: F811
    company(database, tmp_path)
    legs = ("--tree", "legs", "--plan", "small")
    assert cli("place", "A", *legs).out == "A stands under R, leg 1, on level 1 of the tree legs.\n"
    assert cli("place", "A", *legs).out == "A stands under R, leg 1, on level 1 of the tree legs. Nothing was changed.\n"
    said = cli("place", "show", "due", *legs)
    assert said.sentence == "due has no place in the tree legs; it may stay without one until 2025-01-10."
    said = cli("place", "due", "--tree", "legs", "--plan", "small", "--dry-run", "--format", "csv")
    assert said.out == "partner_id,tree,until\ndue,legs,2025-01-10\n"
    assert cli("place", "partner", "due", *legs).out == "due stands under A, leg 1, on level 2 of the tree legs.\n"
    said = cli("place", "show", "R", *legs, "--format", "csv")
    assert (said.sentence, said.out) == ("R is a root of the tree legs.", "leg,partner_id,partners\n1,A,2\n")
    said = cli("place", "A", "--tree", "board", "--plan", "small", "--under", "R", "--leg", "3")
    assert said.out == "A stands under R, leg 3, on level 1 of the tree board.\n"
    said = cli("place", "due", "--plan", "small", "--format", "csv")
    assert said.out == "partner_id,tree,parent_id,leg,level\ndue,board,R,1,1\n"


def test_what_cannot_be_placed_is_refused_with_a_reason(database: Database, tmp_path: Path, cli: Cli) -> None:  # noqa: F811
    company(database, tmp_path)
    for words, sentence in (
        (("A", "--tree", "leg", "--plan", "small"), "The plan small has no placement tree 'leg'; the nearest are legs"),
        (("B", "--tree", "legs", "--plan", "small"), "There is no partner 'B'"),
        (("A", "--tree", "legs", "--plan", "smal"), "There is no plan 'smal'"),
        (("A", "--tree", "board", "--plan", "small"), "name the place: under whom, and in which leg from 1 to 3"),
        (("A", "--tree", "board", "--plan", "small", "--leg", "up"), "'up' is not a leg; write left, right, or a whole number"),
    ):
        said = cli("place", *words)
        assert said.code == 2, words
        assert sentence in said.sentence


def test_where_anybody_has_any_number_of_places_only_the_partner_is_named(
    database: Database,
    tmp_path: Path,
    cli: Cli,  # noqa: F811
) -> None:
    take(database, tmp_path, partners=PARTNERS)
    team = {"team": {"kind": "unilevel", "placement": "by_enroller", "holding_days": 5}}
    bonus = small.PLAN["bonuses"][0] | {"tree": "team"}
    store.publish(database, small.plan(trees=team, standings_tree="sponsor", bonuses=[bonus]))
    words = ("--tree", "team", "--plan", "small")
    assert "name the partner to stand under" in cli("place", "A", *words).sentence
    assert cli("place", "A", *words, "--under", "R").out == "A stands under R, leg 1, on level 1 of the tree team.\n"
    assert (
        cli("place", "due", "--plan", "small", "--format", "csv").out == "partner_id,tree,parent_id,leg,level\ndue,team,R,2,1\n"
    )
