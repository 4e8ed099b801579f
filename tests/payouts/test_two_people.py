"""R23: two people, whatever they try: keys of one person and of two race to make, approve and discard batches."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from graphsvc import ledger, payouts
from graphsvc.errors import Code, GraphsvcError
from graphsvc.people import Who
from graphsvc.query.runner import Database
from tests import chance
from tests.payouts.conftest import close, give_destinations

TRIES = chance.either(50, 1_000)
AT_ONCE = 6
# Two keys of Anna's and her account at the terminal, two keys of Boris', and one that is nobody's.
ANNAS = (Who("0123456789ab", "anna"), Who("ba9876543210", "anna"), Who("cli:Anna", "anna"))
BORIS = (Who("5f4e3d2c1b0a", "boris"), Who("cli:boris", "boris"))
NOBODY = Who("ffffffffffff", "")
MAY = {Code.SECOND_PERSON, Code.PERSON_MISSING, Code.PAYOUT_STATE, Code.PAYOUT_UNKNOWN, Code.PAYOUT_STALE, Code.BUSY}


def tried(database: Database, batch_id: str, rng: random.Random, pool: ThreadPoolExecutor) -> Counter[str]:
    """Six at once at one batch, some of them before it is made; what they were told."""
    start, told = threading.Barrier(AT_ONCE, timeout=60), Counter[str]()
    makers = rng.choice((ANNAS, ANNAS, BORIS))
    acts = [("make", rng.choice(makers))]
    acts += [("approve", rng.choice((*ANNAS, *ANNAS, *BORIS, NOBODY))) for _ in range(AT_ONCE - 2)]
    acts.append((rng.choice(("make", "approve", "approve", "discard")), rng.choice((*ANNAS, *BORIS))))
    if rng.random() < 0.7:
        payouts.make(database, batch_id, "USD", who=rng.choice(makers))

    def act(what: str, who: Who) -> str:
        start.wait()
        try:
            if what == "make":
                payouts.make(database, batch_id, "USD", who=who)
            elif what == "approve":
                payouts.approve(database, batch_id, who=who)
            else:
                payouts.discard(database, batch_id)
        except GraphsvcError as error:
            return str(error.code)
        return what

    told.update(pool.map(lambda one: act(*one), acts))
    return told


def test_nobody_approves_what_they_made_whatever_races(
    database: Database, tmp_path: Path, record_property: Callable[..., None]
) -> None:
    close(database, tmp_path, "2025-03")
    give_destinations(database, "A")
    rng, told, states = chance.rng("two people at once"), Counter[str](), Counter[str]()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(TRIES):
            batch_id = f"b{number}"
            told += tried(database, batch_id, rng, pool)
            found = payouts.batch(database, batch_id)
            states[found["state"]] += 1
            if found["state"] == "approved":
                assert found["person"] != found["approver_person"], found
                assert {found["person"], found["approver_person"]} == {"anna", "boris"}, found
                payouts.send(database, batch_id, who=ANNAS[0])  # and its money comes back, for the next try
                for row in payouts.payouts(database, batch_id):
                    payouts.fail(database, row["id"], reason="account closed", who=ANNAS[0])
            else:
                assert (found["state"], found["approver_person"]) in (("draft", None), ("discarded", None)), found
                payouts.discard(database, batch_id)
    proved = ledger.verify(database)
    assert (proved.holds, proved.uncleared) == (True, [])
    assert set(told) <= {"make", "approve", "discard", *MAY}, told
    assert states["approved"] > TRIES // 5, states
    assert told[Code.SECOND_PERSON] > TRIES // 2, told
    record_property(
        chance.TOLD, f"R23: {TRIES} tries, {dict(states)}, refused as the same person {told[Code.SECOND_PERSON]} times"
    )
