"""What a closed month differs by is posted by two people, once, on the facts of the day, and the month itself stays as it is."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graphsvc import corrections, earnings, explain, ledger, month, payouts
from graphsvc.errors import Code, Refused
from graphsvc.imports import ImportFiles, import_files
from graphsvc.ledger import accounts
from graphsvc.payouts import standing, trace
from graphsvc.people import Who
from graphsvc.plan import store
from graphsvc.query.runner import Database
from graphsvc.query.values import Row
from tests import chance
from tests.graphs import IDENTIFIER_KEY, build, draw
from tests.month import movers, small
from tests.month.conftest import Said, cli
from tests.month.plans import VOLUMES
from tests.month.worlds import Move
from tests.payouts.conftest import give_destinations
from tests.server import Address

__all__ = ["cli"]

Ask = Callable[..., list[dict[str, Any]]]
Cli = Callable[..., Said]
ANNA, BORIS = Who("cli:anna", "anna"), Who("cli:boris", "boris")
TEXT = """
A : own 20 @2025-01-05, own 20 @2025-02-05
  B : own 30 @2025-01-06
    D : own 25 @2025-01-07
      F : own 100 @2025-01-07, own 40 @2025-01-09 as LATE after 1
  C : own 35 @2025-01-12, refund 10 @2025-01-20 after 1
    I : own 11 @2025-01-13
"""


def company(database: Database, folder: Path, **changes: Any) -> None:
    build(database, draw(TEXT).known(0), folder)
    store.publish(database, small.plan(**changes))
    month.close(database, "2025-01", "small", actor="anna")


def responsor(database: Database, partner: str, sponsor: str) -> None:
    """Somebody writes down, after the close, that a partner stands under another sponsor."""
    who = {one.id: one for one in draw(TEXT).partners}
    movers.write(database, [Move(1, partner, sponsor=sponsor)], "", who)


def propose(database: Database, name: str = "fix", **more: Any) -> Row:
    asked = {"reason": "D was under C all the time", "who": ANNA} | more
    return corrections.propose(database, name, "2025-01", "small", **asked)


def lines(database: Database, plan: str) -> dict[tuple[Any, ...], int]:
    return {line[:4]: line[4] for line in small.lines(database, "2025-01", plan)}


def kept(database: Database, name: str = "fix") -> dict[tuple[Any, ...], tuple[int, int]]:
    rows = corrections.lines(database, name, limit=20_000)
    assert all(row["difference_minor"] == row["new_minor"] - row["old_minor"] != 0 for row in rows)
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    return {(r["partner_id"], r["bonus"], r["level"], r["source_id"]): (r["old_minor"], r["new_minor"]) for r in rows}


def owed(database: Database) -> dict[str, int]:
    """What each partner is owed, by the ledger."""
    return {
        one.account.split(":")[1]: one.amount_minor
        for one in ledger.balances(database, each=True)
        if one.account.startswith("payable/") and one.amount_minor
    }


def by_partner(amounts: dict[tuple[Any, ...], int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, amount in amounts.items():
        found[key[0]] = found.get(key[0], 0) + amount
    return {partner: amount for partner, amount in found.items() if amount}


def differing(old: dict[Any, int], new: dict[Any, int]) -> dict[Any, tuple[int, int]]:
    return {k: (old.get(k, 0), new.get(k, 0)) for k in {*old, *new} if old.get(k, 0) != new.get(k, 0)}


def whole(database: Database) -> None:
    found = ledger.verify(database)
    assert found.holds
    assert not found.uncleared
    assert not list(corrections.faults(database))


def test_a_late_move_is_posted_as_if_the_month_had_known_it(
    database: Database, driver: neo4j.Driver, endpoint: Address, tmp_path: Path
) -> None:
    """The judge is another plan of the same rules, which closes the month when the move is known."""
    company(database, tmp_path)
    old, closed = lines(database, "small"), list(earnings.lines(database, "2025-01"))
    run = earnings.closed_run(database, "2025-01", "small")["run_id"]
    digest = month.run(database, run).digest
    responsor(database, "D", "C")
    store.publish(database, small.plan("judge"))
    month.close(database, "2025-01", "judge", actor="anna")
    new = lines(database, "judge")
    before = owed(database)
    made = propose(database)
    assert (made["state"], made["person"], made["currency"]) == ("proposed", "anna", "USD")
    assert kept(database) == differing(old, new)
    assert made["amount_minor"] == sum(new.values()) - sum(old.values())
    assert owed(database) == before, "nothing is posted yet"
    posted = corrections.approve(database, "fix", who=BORIS)
    assert (posted["state"], posted["approver_person"]) == ("posted", "boris")
    judged = by_partner(new)
    assert owed(database) == {partner: 2 * judged[partner] for partner in judged}, "as the judge's month, once more"
    whole(database)
    assert list(earnings.lines(database, "2025-01", "small")) == closed
    assert month.run(database, run).digest == digest
    assert explain.verify(database, "2025-01", "small").holds
    entries = [row for row in accounts.statement(database, "C") if row["kind"] == "correction"]
    assert entries
    assert all(row["corrects"] == f"{run}#{posted['digest']}" for row in entries)
    assert {row["reason"] for row in entries} == {"D was under C all the time"}
    assert {row["month"] for row in entries} == {f"{dt.datetime.now(dt.UTC):%Y-%m}"}, "it is dated in the open period"
    assert "D stands under another sponsor" in " ".join(corrections.of_partner(database, "C")[0]["causes"])


@pytest.mark.parametrize(("refunds", "late_orders"), [("net", "now"), ("reverse", "now"), ("net", "then"), ("reverse", "then")])
@pytest.mark.parametrize("closed_between", [False, True])
def test_what_came_late_is_left_to_the_months_that_count_it(
    database: Database, tmp_path: Path, refunds: str, late_orders: str, closed_between: bool
) -> None:
    """A late order and a late refund are dated adjustments of February; a correction of January posts none of it again."""
    company(database, tmp_path, volumes=VOLUMES | {"refunds": refunds, "late_orders": late_orders})
    files = ImportFiles(**draw(TEXT).sent(1).write(tmp_path / "late"))
    import_files(database, files, update=False, identifier_key=IDENTIFIER_KEY)
    if closed_between:
        month.close(database, "2025-02", "small", actor="anna")
    with pytest.raises(Refused) as refused:
        propose(database)
    assert refused.value.code is Code.CORRECTION_EMPTY
    assert corrections.correction(database, "fix")["state"] == "failed"
    responsor(database, "D", "C")
    propose(database)
    assert not any("LATE" in str(row) for row in corrections.lines(database, "fix"))
    corrections.approve(database, "fix", who=BORIS)
    whole(database)


def test_february_corrected_is_february_as_it_would_have_been(database: Database, tmp_path: Path) -> None:
    """A month that took late orders and parts of closed lines is computed again with exactly those."""
    rules = VOLUMES | {"refunds": "reverse", "late_orders": "then"}
    company(database, tmp_path, volumes=rules)
    files = ImportFiles(**draw(TEXT).sent(1).write(tmp_path / "late"))
    import_files(database, files, update=False, identifier_key=IDENTIFIER_KEY)
    month.close(database, "2025-02", "small", actor="anna")
    month.close(database, "2025-03", "small", actor="anna")
    assert any(row["adjusts"] for row in earnings.lines(database, "2025-02")), "it took parts of January's lines"
    with pytest.raises(Refused) as refused:
        corrections.propose(database, "two", "2025-02", "small", reason="to see", who=ANNA)
    assert refused.value.code is Code.CORRECTION_EMPTY


def test_a_corrected_plan_is_posted_for_named_partners_and_then_for_the_rest(database: Database, tmp_path: Path) -> None:
    company(database, tmp_path)
    old = lines(database, "small")
    team, orders = small.PLAN["bonuses"]
    raised = team | {"levels": [team["levels"][0] | {"rate": "6%"}, *team["levels"][1:]]}
    store.publish(database, small.plan(version=2, valid_from="2026-01-01", bonuses=[raised, orders]))
    store.publish(database, small.plan("judge", bonuses=[raised, orders]))
    month.close(database, "2025-01", "judge", actor="anna")
    new, before = lines(database, "judge"), owed(database)
    wanted = differing(old, new)
    propose(database, version=2, partners=["B"])
    assert kept(database) == {key: value for key, value in wanted.items() if key[0] == "B"}
    corrections.approve(database, "fix", who=BORIS)
    propose(database, "rest", version=2)
    assert kept(database, "rest") == {key: value for key, value in wanted.items() if key[0] != "B"}
    assert all("version 2 of the plan instead of 1" in row["causes"] for row in corrections.lines(database, "rest"))
    corrections.approve(database, "rest", who=BORIS)
    judged = by_partner(new)
    assert owed(database) == {partner: 2 * judged[partner] for partner in judged} != before
    with pytest.raises(Refused) as refused:
        propose(database, "again", version=2)
    assert refused.value.code is Code.CORRECTION_EMPTY, "the same difference is posted once"
    propose(database, "back", version=1)  # and what was posted can be posted back
    corrections.approve(database, "back", who=BORIS)
    assert owed(database) == before
    whole(database)


def test_it_takes_two_people_and_is_posted_once(database: Database, tmp_path: Path) -> None:
    company(database, tmp_path)
    responsor(database, "D", "C")
    with pytest.raises(Refused) as refused:
        propose(database, who=Who("key-1", ""))
    assert refused.value.code is Code.PERSON_MISSING
    made = propose(database)
    assert propose(database) == made, "the same again is the same"
    for other in ({"reason": "another"}, {"partners": ["B"]}, {"version": 1, "reason": "x"}):
        with pytest.raises(Refused) as refused:
            propose(database, **other)
        assert refused.value.code is Code.DUPLICATE
    with pytest.raises(Refused) as refused:
        propose(database, "second")
    assert refused.value.code is Code.CORRECTION_OPEN
    for same in (ANNA, Who("key-2", "anna")):
        with pytest.raises(Refused) as refused:
            corrections.approve(database, "fix", who=same)
        assert refused.value.code is Code.SECOND_PERSON
    head = ledger.verify(database).head
    posted = corrections.approve(database, "fix", who=BORIS)
    after = ledger.verify(database).head
    assert after.sequence > head.sequence
    assert corrections.approve(database, "fix", who=BORIS) == posted, "approved twice is approved once"
    assert ledger.verify(database).head == after
    for act in (
        lambda: corrections.approve(database, "fix", who=Who("cli:max", "max")),
        lambda: corrections.withdraw(database, "fix", reason="too late", who=ANNA),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code is Code.CORRECTION_STATE
    with pytest.raises(Refused) as refused:
        corrections.correction(database, "fx")
    assert refused.value.code is Code.CORRECTION_UNKNOWN


@pytest.mark.parametrize("who", [ANNA, BORIS])
def test_who_withdraws_it_leaves_the_month_free_for_another(database: Database, tmp_path: Path, who: Who) -> None:
    company(database, tmp_path)
    responsor(database, "D", "C")
    propose(database)
    gone = corrections.withdraw(database, "fix", reason="D never moved", who=who)
    assert (gone["state"], gone["withdrawn_person"], gone["withdrawn_reason"]) == ("withdrawn", who.person, "D never moved")
    assert corrections.withdraw(database, "fix", reason="again", who=ANNA) == gone
    with pytest.raises(Refused) as refused:
        corrections.approve(database, "fix", who=BORIS)
    assert refused.value.code is Code.CORRECTION_STATE
    assert propose(database, "other")["state"] == "proposed"


def test_it_is_posted_on_the_facts_it_was_proposed_on_or_not_at_all(database: Database, tmp_path: Path) -> None:
    company(database, tmp_path)
    responsor(database, "D", "C")
    propose(database)
    responsor(database, "D", "A")
    before = owed(database)
    with pytest.raises(Refused) as refused:
        corrections.approve(database, "fix", who=BORIS)
    assert refused.value.code is Code.CORRECTION_STALE
    found = corrections.correction(database, "fix")
    assert (found["state"], found["failure"]) == ("proposed", refused.value.sentence)
    assert owed(database) == before
    responsor(database, "D", "C")  # as it was proposed again
    assert corrections.approve(database, "fix", who=BORIS)["failure"] is None


def test_of_approving_and_withdrawing_at_once_one_wins(database: Database, tmp_path: Path) -> None:
    company(database, tmp_path)
    stands, before = "B", owed(database)
    for number in range(chance.cases(4)):
        name = f"race-{number}"
        sponsor = next(one for one in ("A", "B", "C") if one != stands)
        responsor(database, "D", sponsor)
        propose(database, name)
        barrier, said, refused = threading.Barrier(3, timeout=60), [], []

        def act(
            what: str,
            work: Callable[[], Row],
            barrier: threading.Barrier = barrier,
            said: list[str] = said,
            refused: list[Code] = refused,
        ) -> None:
            barrier.wait()
            try:
                said.append(f"{what} {work()['state']}")
            except Refused as error:
                refused.append(error.code)

        acts = {
            "approve": lambda name=name: corrections.approve(database, name, who=BORIS),
            "approve too": lambda name=name: corrections.approve(database, name, who=Who("cli:max", "max")),
            "withdraw": lambda name=name: corrections.withdraw(database, name, reason="no", who=ANNA),
        }
        threads = [threading.Thread(target=act, args=(what, work)) for what, work in acts.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert refused == [Code.CORRECTION_STATE] * 2
        state = corrections.correction(database, name)["state"]
        assert [one.split()[-1] for one in said] == [state], said
        whole(database)
        if state == "withdrawn":
            assert owed(database) == before
        else:
            stands, before = sponsor, owed(database)


def test_a_changed_line_or_entry_is_found(database: Database, cli: Cli, ask: Ask, tmp_path: Path) -> None:
    company(database, tmp_path)
    responsor(database, "D", "C")
    propose(database)
    line = "MATCH (l:CorrectionLine {number: 1})"
    tampered = f"{line} SET l.difference_minor = l.difference_minor + $more, l.new_minor = l.new_minor + $more"
    ask(tampered, more=1)
    with pytest.raises(Refused) as refused:
        corrections.approve(database, "fix", who=BORIS)
    assert refused.value.code is Code.LEDGER_BROKEN
    ask(tampered, more=-1)
    corrections.approve(database, "fix", who=BORIS)
    whole(database)
    for text, more in ((tampered, 1), (f"{line} SET l.causes = ['because']", 0), (f"{line} DELETE l", 0)):
        ask(text, more=more)
        assert [fault.code for fault in corrections.faults(database)] == [Code.LEDGER_BROKEN]
        said = cli("ledger", "verify")
        assert said.code == 2
        assert "Correction fix does not add up" in said.sentence
        if more:
            ask(tampered, more=-more)
            assert cli("ledger", "verify").code == 0


def test_a_payout_contains_it_and_leads_to_its_lines(database: Database, cli: Cli, tmp_path: Path) -> None:
    company(database, tmp_path)
    give_destinations(database, "A", "B", "C", "D")
    payouts.make(database, "first", "USD", who=ANNA)
    payouts.approve(database, "first", who=BORIS)
    responsor(database, "D", "C")
    propose(database)
    corrections.approve(database, "fix", who=BORIS)
    difference = by_partner({key: new - old for key, (old, new) in kept(database).items()})
    assert min(difference.values()) < 0 < max(difference.values())
    for partner, amount in difference.items():
        rows = standing.balance(database, partner)
        assert [(row["owed_minor"], row["available_minor"]) for row in rows] == [(amount, amount)]
    payouts.make(database, "second", "USD", who=ANNA)
    payouts.approve(database, "second", who=BORIS)
    paid = {row["partner_id"]: row["amount_minor"] for row in payouts.payouts(database, "second")}
    assert paid == {partner: amount for partner, amount in difference.items() if amount > 0}
    assert payouts.batch(database, "second")["left_out"]["negative"]["amount_minor"] == sum(
        a for a in difference.values() if a < 0
    )
    assert trace.verify(database, "second") == len(paid)
    rows = trace.of_payout(database, "second/C").rows
    assert [(row["part"], row["kind"]) for row in rows][:2] == [("posting", "correction"), ("line", "correction fix")]
    assert sum(row["amount_minor"] for row in rows if row["part"] == "line") == paid["C"]
    assert {row["month"] for row in rows if row["part"] == "line"} == {"2025-01"}
    assert "correction fix" in cli("payout", "explain", "second/C", "--format", "csv").out
    assert "correction" in cli("ledger", "statement", "B").out


def test_matches_and_caps_of_later_months_do_not_see_it(database: Database, tmp_path: Path) -> None:
    company(database, tmp_path)
    store.publish(database, small.plan("twin"))
    month.close(database, "2025-01", "twin", actor="anna")
    responsor(database, "D", "C")
    propose(database)
    corrections.approve(database, "fix", who=BORIS)
    for name in ("small", "twin"):
        month.close(database, "2025-02", name, actor="anna")
    assert small.lines(database, "2025-02", "small") == small.lines(database, "2025-02", "twin")
    whole(database)


def test_the_commands_propose_show_and_post_it(
    database: Database, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company(database, tmp_path)
    responsor(database, "D", "C")
    monkeypatch.setattr("getpass.getuser", lambda: "anna")
    said = cli("correction", "propose", "fix", "2025-01", "--plan", "small", "--reason", "D was under C")
    assert said.code == 0, said.err
    assert "graphsvc correction approve fix" in said.out
    assert cli("correction", "approve", "fix").code == 2
    assert "fix" in cli("correction", "list").out
    rows = [row.split(",", 9) for row in cli("correction", "show", "fix", "--format", "csv").out.splitlines()]
    assert rows[0][-2:] == ["difference_minor", "causes"]
    assert all(int(row[7]) - int(row[6]) == int(row[8]) for row in rows[1:])
    monkeypatch.setattr("getpass.getuser", lambda: "boris")
    said = cli("correction", "approve", "fix")
    assert said.code == 0, said.err
    assert "posted" in said.out
    assert "approved by boris" in cli("correction", "show", "fix").out
    assert cli("correction", "withdraw", "fix", "--reason", "no").code == 2
    assert cli("correction", "show", "fx").code == 2
    told = cli("explain", "2025-01", "C").out
    assert "correction fix" in told
    assert "D stands under another sponsor" in told
    assert cli("ledger", "verify").code == 0
