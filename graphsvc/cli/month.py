"""`graphsvc month`: preview, close, approve, discard, verify and list months; `runs` shows who computed what."""

from __future__ import annotations

from pathlib import Path

import click

from graphsvc import explain
from graphsvc import month as months
from graphsvc import runs as followed
from graphsvc.cli import console
from graphsvc.cli.clearing import show_uncleared
from graphsvc.cli.terminal import who
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.errors import Code, Refused
from graphsvc.ledger import heads
from graphsvc.money import format_minor, format_rate
from graphsvc.month import Approval, RunReport, life, opening
from graphsvc.payouts.clearing import uncleared

RUNS_SHOWN = 100
RUN_COLUMNS = (
    "run_id",
    "kind",
    "state",
    "plan",
    "plan_version",
    "month",
    "payout_minor",
    "currency",
    "finished_at",
    "actor",
    "person",
    "approval",
    "approved_by",
    "approver",
    "discarded_by",
    "discarder",
    "started_at",
    "ready_at",
    "step",
    "steps",
    "progress",
    "failure",
    "partners",
    "lines",
    "digest",
)


@click.group()
def month() -> None:
    """Compute a month: look at it, close it, prove it."""


plan_option = click.option("--plan", "plan_name", required=True, metavar="NAME", help="The plan to compute.")


@month.command("preview")
@click.argument("month_name", metavar="MONTH")
@plan_option
def preview(month_name: str, plan_name: str) -> None:
    """Compute a month as it stands now and keep nothing but the totals."""
    with open_database(load(), progress=console.Bars()) as database:
        me = who()
        show(months.preview(database, month_name, plan_name, actor=me.actor, person=me.person, progress=console.Bars()))


@month.command("close")
@click.argument("month_name", metavar="MONTH")
@plan_option
@click.option("--out-of-order", is_flag=True, help="Close although an earlier month with orders is still open.")
@click.option("--review", is_flag=True, help="Stop when all is computed, and wait for `graphsvc month approve`.")
def close(month_name: str, plan_name: str, out_of_order: bool, review: bool) -> None:
    """Compute a month, prove every line, and close it for good.

    With --review, or where GRAPHSVC_CLOSE_APPROVAL asks for a second person, the month stops before it is posted: look at it,
    then `graphsvc month approve` closes it, and `graphsvc month discard` throws what was computed away.
    """
    settings, me = load(), who()
    approval = months.stricter(Approval(settings.close_approval), Approval.ANYBODY if review else Approval.NONE)
    with open_database(settings, progress=console.Bars()) as database:
        report = months.close(
            database,
            month_name,
            plan_name,
            actor=me.actor,
            person=me.person,
            approval=approval,
            out_of_order=out_of_order,
            progress=console.Bars(),
        )
        show(report)
        heads.note(database, settings.ledger_heads)
        if report.state != "ready":
            show_uncleared(uncleared(database))
    if report.state == "ready":
        console.say(f"Nothing is posted yet: {life.waiting(report.plan, report.month, report.run_id)}.")


@month.command("approve")
@click.argument("month_name", metavar="MONTH")
@plan_option
@click.option("--run", "run_id", metavar="RUN_ID", help="The run that was looked at; no other is approved.")
def approve(month_name: str, plan_name: str, run_id: str | None) -> None:
    """Close a month that is computed and waits to be approved; where a second person is asked for, by another than closed it."""
    settings = load()
    approval = Approval(settings.close_approval)
    with open_database(settings, progress=console.Bars()) as database:
        posted = months.approve(database, month_name, plan_name, who=who(), approval=approval, run_id=run_id)
        show(months.run(database, posted))
        heads.note(database, settings.ledger_heads)
        show_uncleared(uncleared(database))


@month.command("discard")
@click.argument("month_name", metavar="MONTH")
@plan_option
def discard(month_name: str, plan_name: str) -> None:
    """Throw the run of a month away, under way or waiting to be approved, and open the month again."""
    with open_database(load(), progress=console.Bars()) as database:
        run_id = months.discard(database, month_name, plan_name, who=who(), progress=console.Bars())
    console.say(f"Run {run_id} is thrown away; {month_name} of plan {plan_name} is open.")


@month.command("verify")
@click.argument("month_name", metavar="MONTH")
@click.option("--plan", "plan_name", metavar="NAME", help="The plan, where several closed this month.")
def verify(month_name: str, plan_name: str | None) -> None:
    """Explain every line of a closed month again and compare; exit code 2 if one differs."""
    with open_database(load(), progress=console.Bars()) as database, console.Bars().step("Explain every line"):
        found = explain.verify(database, month_name, plan_name)
    if not found.holds:
        for difference in found.differences:
            console.complain(f"  {difference}")
        digest = "" if found.digest_holds else " The lines no longer have the digest they were posted with."
        raise Refused(Code.RUN_UNPROVED, f"{month_name}: {len(found.differences)} lines are not what their sources give.{digest}")
    amount = format_minor(found.amount_minor, found.currency)
    console.say(f"{month_name}: {found.lines} lines, {amount} {found.currency}; every one explained and equal, digest holds.")


@month.command("open-state")
@click.argument("month_name", metavar="MONTH")
@plan_option
@click.option("--state", type=click.Path(path_type=Path), help="CSV of partner_id and what each brings.")
@click.option(
    "--held", type=click.Path(path_type=Path), help="CSV of lines that wait, as `earnings MONTH --list held` prints it."
)
def open_state(month_name: str, plan_name: str, state: Path | None, held: Path | None) -> None:
    """Let MONTH, the first one that is closed here, start with a company's own state.

    Columns: partner_id and any of title, below, paid_1 …, met (true or false, for grace), running_pv …, and BONUS:COLUMN with
    whole numbers for a bonus that carries state.

    Lines that wait for a condition stand in a file of their own: partner_id, bonus, level, class, source_id, held_from (the
    period that earned it), left (how many periods still look at it), amount_minor and currency.

    The same files twice change nothing; others take their place, until a month of the plan is closed.
    """
    with open_database(load(), progress=console.Bars()) as database:
        done = opening.take(database, month_name, plan_name, state, held=held, actor=who().actor)
    said = f"{done.month} of plan {done.plan} starts with the state of {done.partners} partners"
    console.say(f"{said}." if done.new else f"{said} already; nothing changed.")


@month.command("list")
@plan_option
@console.format_option
def list_(plan_name: str, shape: str) -> None:
    """The periods of a plan that were ever opened, newest first."""
    with open_database(load(), progress=console.Bars()) as database:
        rows = months.months(database, plan_name)
    console.rows(shape, ("plan", "month", "status", "run_id"), rows)


@month.command("runs")
@console.format_option
def runs(shape: str) -> None:
    """The newest runs, previews too: who, when, which plan and version, how far or how it ended, what it pays.

    csv and ndjson tell everything of a run; so does GET /v1/runs/RUN_ID.
    """
    with open_database(load(), progress=console.Bars()) as database:
        found = followed.runs(database, limit=RUNS_SHOWN)
    if shape == "table":
        columns = ("run_id", "month", "plan", "state", "who", "pays", "started")
        console.table("", columns, [_told(view) for view in found], right=("pays",))
    else:
        console.rows(shape, RUN_COLUMNS, map(followed.flat, found))


def _told(view: followed.RunView) -> tuple[str, ...]:
    """A run as a row that fits a terminal of a hundred columns."""
    state = f"{view.state} {view.step}/{view.steps or '?'}" if view.state == "running" else view.state
    total = followed.flat(view)
    pays = f"{format_minor(total['payout_minor'], total['currency'])} {total['currency']}" if view.report else ""
    people = [name for name in (view.person or view.actor, view.approver or view.approved_by) if name]
    started = f"{view.started_at:%Y-%m-%d %H:%M}"
    return (view.run_id, view.month, f"{view.plan}/{view.plan_version}", state, " + ".join(people), pays, started)


def show(report: RunReport) -> None:
    """A run's totals and its breakage, level by level."""

    def money(amount_minor: int) -> str:
        return format_minor(amount_minor, report.currency)

    closed = "waits to be approved, computed" if report.state == "ready" else "closed"
    verb = closed if report.kind == "official" else "previewed"
    console.say(f"{report.month} {verb} by plan {report.plan} version {report.plan_version}, run {report.run_id}")
    console.say(f"{report.partners} partners, {report.active} active")
    console.say(f"{report.orders} order lines sold {money(report.sold_minor)} {report.currency}")
    ratio = format_rate(report.payout_ratio_ppm)
    console.say(f"{report.lines} lines pay {money(report.payout_minor)} {report.currency}, {ratio} of sales")
    console.table(
        "Levels",
        ("bonus", "level", "lines", "base", "possible", "paid", "breakage"),
        [
            (
                b.bonus,
                b.level,
                b.lines,
                money(b.base_minor),
                money(b.possible_minor),
                money(b.paid_minor),
                money(b.breakage_minor),
            )
            for b in report.breakage
        ],
        right=("level", "lines", "base", "possible", "paid", "breakage"),
    )
    for amount_minor, what in (
        (report.cut_minor, "were cut by limits"),
        (report.held_minor, "wait until their payees meet a condition"),
        (report.lapsed_minor, "waited in vain and lapsed"),
    ):
        if amount_minor:
            console.say(f"{money(amount_minor)} {report.currency} {what}")
    if report.prizes:
        console.say(f"{report.prizes} prizes are not money; `graphsvc earnings {report.month} --list prizes` names them")
    if report.unpaid_count:
        shown = ", ".join(report.unpaid)
        more = f" and {report.unpaid_count - len(report.unpaid)} more" if report.unpaid_count > len(report.unpaid) else ""
        console.say(f"Placed in {report.month} and not paid, so not counted: {shown}{more}")
    console.say(f"digest {report.digest}")
