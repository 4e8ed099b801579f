"""Partners and the tree they stand in: look one up, add one, search, walk up and down. Rows are always flat, never nested.

Pages are by key, not by offset: each asks for what comes after the last row of the one before, so a partner who joins between
two pages moves nothing. `scope_id` is the partner below whom a caller may see (None: everybody); it stands in the queries
themselves, so nothing is fetched that must not be shown.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from graphsvc.errors import BadInput, Code, Finding, Refused, nearest
from graphsvc.imports import values
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row

WORDS_MAX = 8
# How many levels a page of a downline looks at before it looks further; a wide tree fills its page within the first few.
_SPANS = (4, 64, 1024)
_OTHER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class NewPartner:
    """A partner as the company tells it, in the words of the import file; empty is None."""

    id: str
    joined_at: str
    sponsor_id: str | None = None
    name: str | None = None
    type: str = "partner"
    status: str = "active"
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of a downline ended: level, and id on that level."""

    level: int
    id: str


_RULES: dict[str, Callable[[str], str]] = {
    "id": values.identity,
    "sponsor_id": values.identity,
    "name": values.name,
    "type": values.label,
    "status": values.one_of(values.STATUSES),
    "joined_at": values.instant,
    "country": values.country,
}


def _checked(partner: NewPartner) -> Row:
    """The partner as stored; all faults at once, by the same rules as an import."""
    row: Row = {}
    findings: list[Finding] = []
    for name, rule in _RULES.items():
        given = getattr(partner, name)
        try:
            # An empty name is no name, as in a file.
            row[name] = None if given is None or (given == "" and name == "name") else rule(given)
        except values.Wrong as wrong:
            findings.append(Finding(name, wrong.reason, given[: values.TEXT_CHARACTERS_MAX], wrong.fix))
    if not findings and partner.sponsor_id == partner.id:
        findings.append(Finding("sponsor_id", "is the partner itself", partner.id, "leave it out for a root"))
    if findings:
        raise BadInput(Code.BAD_INPUT, "The partner cannot be taken as it is; nothing was written.", findings)
    text = row["joined_at"]
    row["joined_at"] = dt.date.fromisoformat(text) if "T" not in text else dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    return row


def create(database: Database, partner: NewPartner) -> Row:
    """Add a partner under an id of the caller's choice; the row as `visible` gives it.

    The same partner again is answered as the first time, another one under that id is refused: a caller whose answer was lost
    just asks again. The intake lock comes first, so two creations of one id cannot both find it free, and a run that fixes
    its cut-off waits for what is under way.
    """
    row = _checked(partner)

    def work(tx: Transaction) -> None:
        tx.run("network.intake")
        stands = tx.one("network.visible", partner_id=row["id"], scope_id=None)
        if stands is not None:
            different = [name for name in _RULES if stands[name] != row[name]]
            if different:
                raise Refused(
                    Code.PARTNER_EXISTS,
                    f"There is a partner {row['id']!r} already, with another {', '.join(different)}; "
                    "choose another id, or change the partner with an import that updates.",
                    detail={"different": different},
                )
            return
        if row["sponsor_id"] is not None and tx.one("network.visible", partner_id=row["sponsor_id"], scope_id=None) is None:
            raise Refused(Code.SPONSOR_UNKNOWN, f"The sponsor {row['sponsor_id']!r} is not a partner; create the sponsor first.")
        tx.run("network.enrol", **row)

    database.transact(work)
    made = visible(database, row["id"])
    if made is None:
        raise unknown(database, row["id"])
    return made


def visible(database: Database, partner_id: str, scope_id: str | None = None) -> Row | None:
    """The partner, if it exists and stands in the scope; None says neither which."""
    return database.one("network.visible", partner_id=partner_id, scope_id=scope_id)


def unknown(database: Database, partner_id: str) -> Refused:
    """The refusal of an id that nobody has, with the nearest that exist; for callers who may see all of them."""
    shown = partner_id[: values.ID_CHARACTERS_MAX]
    words = _lucene(shown, "~2")
    ids = (
        [row["id"] for row in database.run("network.similar", prefix=shown[: max(1, len(shown) * 2 // 3)], words=words)]
        if words
        else []
    )
    tail = nearest(shown, ids) if ids else "check the id, or search for the name"
    return Refused(Code.PARTNER_UNKNOWN, f"There is no partner {shown!r}; {tail}.")


def _lucene(text: str, suffix: str) -> str:
    """A text as a full-text question: every word, with nothing in it that the question language could act on."""
    parts = []
    for word in text.lower().split()[:WORDS_MAX]:
        whole = "".join(c if c.isalnum() else f"\\{c}" for c in word) + suffix
        pieces = [piece + suffix for piece in _OTHER.split(word) if piece]
        parts.append(f"({whole} OR ({' AND '.join(pieces)}))" if pieces else whole)
    return " AND ".join(parts)


def search(database: Database, text: str, *, after_id: str = "", count: int, scope_id: str | None = None) -> list[Row]:
    """Partners whose id starts with the text, or in whose id and name every word of it starts a word; by id."""
    prefix = text.strip()
    if not prefix:
        return []
    words = prefix.lower().split()[:WORDS_MAX]
    if scope_id is None:
        return database.run(
            "network.search", prefix=prefix, pieces=_lucene(prefix, "*"), words=words, after_id=after_id, count=count
        )
    return database.run("network.search_below", scope_id=scope_id, prefix=prefix, words=words, after_id=after_id, count=count)


def upline(
    database: Database, partner_id: str, *, below_level: int | None = None, count: int, scope_id: str | None = None
) -> list[Row]:
    """The sponsors above a partner, nearest first; at most up to the scope."""
    return database.run("network.upline", partner_id=partner_id, scope_id=scope_id, below_level=below_level, count=count)


def children(database: Database, partner_id: str, *, after_id: str = "", count: int) -> list[Row]:
    """The partners whom a partner sponsors directly, by id."""
    return database.run("network.children", partner_id=partner_id, after_id=after_id, count=count)


def downline(
    database: Database, partner: Row, *, depth_max: int | None = None, after: Position | None = None, count: int
) -> list[Row]:
    """Everybody below a partner (a row of `visible`), nearest first, then by id; `depth_max` levels down at most."""
    last = 2**62 if depth_max is None else partner["level"] + depth_max
    start = after or Position(partner["level"], "")
    found: list[Row] = []
    for span in (*_SPANS, None):
        level_max = last if span is None else min(last, start.level + span)
        found = database.run(
            "network.downline",
            partner_id=partner["id"],
            level_max=level_max,
            after_level=start.level,
            after_id=start.id,
            count=count,
        )
        if len(found) >= count or level_max == last:
            break
        if max((row["level"] for row in found), default=start.level) < level_max:
            break  # nobody stands on the last level looked at, so nobody stands deeper
    return found
