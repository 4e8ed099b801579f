"""Published plans: versions that never change, each in force from its first day until the next one's.

Publications take turns on one lock, so that what is checked (versions rise, first days rise, no closed month is reached)
still holds when the version is written.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphsvc.errors import Code, Refused, nearest
from graphsvc.plan import canonical, together
from graphsvc.plan.compiled import Award, CompiledPlan, Walk
from graphsvc.plan.compiler import compile_plan
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row

PLANS_KEPT = 16


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of a plan."""

    name: str
    version: int
    valid_from: dt.date
    currency: str
    digest: str
    published_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: the plan as compiled, and whether it is new or was there already, byte for byte."""

    plan: CompiledPlan
    valid_from: dt.date
    is_new: bool


def publish(database: Database, document: dict[str, Any]) -> Published:
    """Check, compile and keep a plan for good; the same content a second time changes nothing."""
    return publish_all(database, [document])[0]


def publish_all(database: Database, documents: Sequence[dict[str, Any]]) -> list[Published]:
    """Publish plans that may read each other, all of them or none."""
    dated = [together.Dated(compile_plan(document), dt.date.fromisoformat(document["valid_from"])) for document in documents]
    texts = [canonical.to_json(document) for document in documents]

    def work(tx: Transaction) -> list[bool]:
        tx.run("plans.lock")
        new = [_keep(tx, one, text) for one, text in zip(dated, texts, strict=True)]
        _refuse_together(tx, [one for one, is_new in zip(dated, new, strict=True) if is_new])
        return new

    done = database.transact(work)
    return [Published(one.plan, one.valid_from, is_new) for one, is_new in zip(dated, done, strict=True)]


def _keep(tx: Transaction, new: together.Dated, text: str) -> bool:
    """Keep one version for good, unless it is there already; whether it is new."""
    plan, valid_from = new.plan, new.valid_from
    versions = {row["version"]: row for row in tx.run("plans.versions", name=plan.name)}
    same = versions.get(plan.version)
    if same is not None and same["digest"] == plan.digest:
        return False
    _refuse_conflict(plan, valid_from, versions)
    newest = tx.one("plans.get", name=plan.name, version=None)
    if newest is not None:
        _refuse_other_periods(plan, valid_from, newest["version"], _compiled(newest["document"]))
        _refuse_cut_spans(plan, valid_from, newest["version"], _compiled(newest["document"]))
    closed = tx.one("plans.closed_since", name=plan.name, month=str(plan.calendar.of(valid_from)))
    if closed is not None:
        raise Refused(
            Code.MONTH_CLOSED,
            f"{plan.name} version {plan.version} would apply from {valid_from}, but the plan's month {closed['month']} is"
            f" {closed['status']} already; set valid_from to the first day of a later month.",
            detail={"month": closed["month"]},
        )
    tx.run(
        "plans.publish",
        name=plan.name,
        version=plan.version,
        valid_from=valid_from,
        currency=plan.currency,
        document=text,
        digest=plan.digest,
    )
    return True


def _refuse_together(tx: Transaction, new: Sequence[together.Dated]) -> None:
    """Hold new versions that read other plans against what is published, themselves among it."""
    if not any(one.plan.others for one in new):
        return  # who reads nothing closes no circle
    versions: dict[str, list[together.Dated]] = {}
    for row in tx.run("plans.documents"):
        versions.setdefault(row["name"], []).append(together.Dated(_compiled(row["document"]), row["valid_from"]))
    for one in new:
        together.refuse_strangers(one, versions)
        together.refuse_circle(one, versions)


def _refuse_conflict(plan: CompiledPlan, valid_from: dt.date, versions: dict[int, Row]) -> None:
    if plan.version in versions:
        sentence = "is published with other content, and a published version never changes"
    elif versions and plan.version < max(versions):
        sentence = f"is lower than the newest, which is {max(versions)}"
    elif versions and valid_from <= versions[max(versions)]["valid_from"]:
        newest = versions[max(versions)]
        raise Refused(
            Code.PLAN_EXISTS,
            f"{plan.name} version {plan.version} would apply from {valid_from}, but version {newest['version']} applies from"
            f" {newest['valid_from']}; set valid_from to the first day of a later month.",
        )
    else:
        return
    fix = f"write version: {max(versions) + 1} and a later valid_from."
    raise Refused(Code.PLAN_EXISTS, f"{plan.name} version {plan.version} {sentence}; {fix}")


def _refuse_other_periods(plan: CompiledPlan, valid_from: dt.date, number: int, newest: CompiledPlan) -> None:
    """A period is computed from what the one before it carried, so periods follow one another in all versions of a plan."""
    same = {
        "calendar": newest.calendar.kind == plan.calendar.kind and newest.calendar.of(valid_from) == plan.calendar.of(valid_from),
        "time_zone": newest.time_zone == plan.time_zone,
        "currency": newest.currency == plan.currency,
    }
    changed = [key for key, is_same in same.items() if not is_same]
    if changed:
        raise Refused(
            Code.PLAN_EXISTS,
            f"{plan.name} version {plan.version} has another {' and '.join(changed)} than version {number}, and each period"
            " starts from what the one before it carried; keep it, or publish this under a name of its own.",
        )


def _refuse_cut_spans(plan: CompiledPlan, valid_from: dt.date, number: int, newest: CompiledPlan) -> None:
    """What a bonus takes of several periods together it takes whole: where a version changes that, a span ends before it, so that
    no period is paid twice or never."""
    before, now = plan.calendar.of(valid_from).plus(-1), {bonus.name: bonus for bonus in plan.bonuses}
    for bonus in newest.bonuses:
        later = now[bonus.name].spans if bonus.name in now else None
        if bonus.spans is not None and later is not None and bonus.spans.cycle == later.cycle:
            _refuse_other_refunds(plan, valid_from, number, newest, bonus)
            continue
        open_spans = [spans for spans in (bonus.spans, later) if spans is not None and not spans.due(before)]
        if open_spans:
            last = open_spans[0].last(before)
            raise Refused(
                Code.PLAN_EXISTS,
                f"{plan.name} version {plan.version} changes which periods bonus {bonus.name} takes together, and from"
                f" {valid_from} on that would cut a span that ends with {last} and begins under version {number};"
                f" set valid_from to {last.plus(1).first_day}, or keep the bonus and its spans.",
            )


def _refuse_other_refunds(
    plan: CompiledPlan, valid_from: dt.date, number: int, newest: CompiledPlan, bonus: Walk | Award
) -> None:
    """Refunds of orders before a span are either taken back as they come or make the span smaller: both would take them twice,
    neither never."""
    before = plan.calendar.of(valid_from).plus(-1)
    if plan.refunds != newest.refunds and bonus.spans is not None and not bonus.spans.due(before):
        last = bonus.spans.last(before)
        raise Refused(
            Code.PLAN_EXISTS,
            f"{plan.name} version {plan.version} says refunds: {plan.refunds} where version {number} says {newest.refunds}, and"
            f" from {valid_from} on that would cut a span of bonus {bonus.name}, which ends with {last}, so that refunds in it"
            f" were taken twice or never; set valid_from to {last.plus(1).first_day}, or keep refunds: {newest.refunds}.",
        )


def versions(database: Database, name: str | None = None) -> list[Version]:
    """Every published version of one plan, or of all, oldest first."""
    return [Version(**row) for row in database.run("plans.versions", name=name)]


def names(database: Database) -> list[str]:
    """Names of all published plans."""
    return sorted({version.name for version in versions(database)})


def _unknown(database: Database, name: str) -> Refused:
    there = names(database)
    fix = nearest(name, there) if there else "none is published yet, `graphsvc plan publish FILE` does it"
    return Refused(Code.PLAN_UNKNOWN, f"There is no plan {name!r}; {fix}.", detail={"plans": there})


def document(database: Database, name: str, version: int | None = None) -> dict[str, Any]:
    """The document of a published version, of the newest when none is named."""
    return _document(_stored(database, name, version))


def _stored(database: Database, name: str, version: int | None) -> Row:
    row = database.one("plans.get", name=name, version=version)
    if row is None:
        there = [str(known.version) for known in versions(database, name)]
        if not there:
            raise _unknown(database, name)
        raise Refused(Code.PLAN_UNKNOWN, f"{name} has no version {version}; its versions are {', '.join(there)}.")
    return row


def _document(row: Row) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(row["document"])
    return loaded


def get(database: Database, name: str, version: int | None = None) -> CompiledPlan:
    """A published version, compiled; the newest when none is named."""
    return _compiled(_stored(database, name, version)["document"])


@functools.lru_cache(maxsize=PLANS_KEPT)
def _compiled(text: str) -> CompiledPlan:
    """What is published never changes, and to check and compile it takes longer than to explain a line of it."""
    return compile_plan(json.loads(text))


def in_force(database: Database, name: str, day: dt.date) -> CompiledPlan:
    """The version of a plan that applies on a day, compiled."""
    row = database.one("plans.in_force", name=name, day=day)
    if row is None:
        known = versions(database, name)
        if not known:
            raise _unknown(database, name)
        first = min(version.valid_from for version in known)
        raise Refused(
            Code.PLAN_NOT_IN_FORCE,
            f"{name} applies from {first}; on {day} no version of it is in force.",
            detail={"valid_from": first.isoformat()},
        )
    return compile_plan(_document(row))
