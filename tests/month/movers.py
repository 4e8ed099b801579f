"""Partners who move between two closed periods.

The importer leaves alone whom a closed period counted, so the writes are its own, past its check: what a move becomes in the
graph is the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphsvc.query.runner import Database, Transaction
from tests.month.worlds import Move
from tests.records import Partner

CELL = "\u001f"


def write(database: Database, moves: Iterable[Move], tree: str, partners: dict[str, Partner]) -> None:
    """Write moves one after another, as each of them was made; `partners` as they are after all of them."""
    for move in moves:
        database.transact(lambda tx, move=move: _write(tx, move, tree, partners[move.partner]))


def _write(tx: Transaction, move: Move, tree: str, who: Partner) -> None:
    turn = tx.one("imports.take_turn", count=0)
    assert turn is not None
    if move.fields:
        cells = ("", "", who.type, who.status, who.joined_at, who.country or "", ";".join(who.tags))
        tx.one("imports.update_partners", rows=CELL.join((who.id, *cells)), columns=["type", "status", "country"])
    elif move.place is not None:
        above, leg = move.place
        tx.one("imports.unplace", rows=who.id, tree=tree)
        stands = tx.one("placement.newcomer", partner_id=above, tree=tree)
        assert stands is not None
        row, numbers = CELL.join((who.id, above)), [[stands["level"] + 1], [leg]]
        tx.one("imports.place_partners", rows=row, numbers=numbers, tree=tree, recorded_at=turn["recorded_at"])
        tx.one("imports.level_places", rows=row, tree=tree)
    else:
        hung = tx.one("imports.rehang_partner", partner_id=who.id, sponsor_id=move.sponsor, recorded_at=turn["recorded_at"])
        assert hung is not None
        if hung["change"]:
            tx.one("imports.shift_levels", partner_id=who.id, change=hung["change"])
