"""The engine beside the judge: what both say of the same company, period by period, and the smallest case where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from graphsvc import earnings, explain, month, rates
from graphsvc.errors import BadInput, Refused
from graphsvc.imports import ImportFiles, import_files
from graphsvc.month.context import Batches
from graphsvc.month.layers import Layers
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests import model
from tests.graphs import IDENTIFIER_KEY
from tests.month import movers
from tests.month.worlds import TREE, Batch, Move, Scheme, moving, pairs
from tests.month.worlds.plans import words
from tests.records import Network, Partner, Rate

EXPLAINED = 4
BATCH_SIZES = (Batches(), Batches(partners=1, fold_partners=150, layers=Layers(thin=20, levels=3, partners=50)))
# What the month does not compute yet; nothing of it is drawn.
NOT_YET: frozenset[str] = frozenset()


def load(database: Database, network: Network, folder: Any) -> None:
    """Import a network, its places into the tree that the plans name."""
    files = ImportFiles(**network.write(folder))
    if files == ImportFiles():
        return
    import_files(database, files, update=False, identifier_key=IDENTIFIER_KEY, placement_tree=TREE)


def published(database: Database, given: Iterable[Rate], schemes: Iterable[Scheme]) -> None:
    """Publish rates and plans."""
    for rate in given:
        rates.publish(database, rate.month, rate.source, rate.target, rate.rate)
    for scheme in schemes:
        for document in scheme.published():
            store.publish(database, document)


def force_ranks(database: Database, period: str, scheme: Scheme, partners: set[str]) -> None:
    """Set the ranks by hand that a scheme names for a period."""
    from graphsvc import ranks

    for (partner, at), rank in scheme.forced.items():
        if at == period and partner in partners:
            ranks.force(database, partner, rank, period, scheme.name, reason="a test", actor="test")


@dataclass
class Closed:
    """What came of closing schemes: where engine and model differ first, by scheme, and in which networks pairs met."""

    said: dict[str, str]
    met: set[tuple[str, str, str]]
    paid: dict[str, dict[str, set[str]]]  # by scheme and bonus, the networks with a line


@dataclass
class Tally:
    """What batches compared: networks under a plan, by mechanic, those in which its bonus paid, and those in which a pair met."""

    batches: int = 0
    last: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    paid: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)

    def add(self, batch: Batch, done: Closed) -> None:
        """Count one batch in which nothing differed."""
        self.batches, self.last = self.batches + 1, Counter()
        for scheme in batch.schemes:
            self.last.update(dict.fromkeys(scheme.mechanics, len(batch.networks)))
            for mechanic, bonus in scheme.dealt.items():
                self.paid[mechanic] += len(done.paid[scheme.name].get(bonus, ()))
        self.compared += self.last
        self.pairs.update(pair for pair, _, _ in done.met)


def reads(scheme: Scheme) -> list[str]:
    """The other plans that a scheme reads."""
    return sorted({other["plan"] for _, document in scheme.documents for other in document.get("other_plans", {}).values()})


def close_all(
    database: Database, network: Network, moves: Collection[Move], given: Collection[Rate], schemes: Sequence[Scheme], folder: Any
) -> Closed:
    """Close the first period of every plan, then move partners and send late orders, then close the next, and so on."""
    done = Closed({scheme.name: "" for scheme in schemes}, set(), {scheme.name: {} for scheme in schemes})
    found: dict[str, list[model.Result]] = {scheme.name: [] for scheme in schemes}
    networks: list[Network] = []
    for number in range(max(len(scheme.documents) for scheme in schemes)):
        if number:
            partners = {p.id: p for p in networks[-1].partners}
            movers.write(database, moving.made(partners, moves, number), TREE, partners)
            load(database, network.sent(number), folder / f"sent-{number}")
            networks.append(replace(network.known(number), partners=[partners[p.id] for p in network.partners]))
        else:
            load(database, network.known(0), folder)
            published(database, given, schemes)
            networks.append(network.known(0))
        for scheme in schemes:
            waits = any(done.said[read] for read in reads(scheme))  # what it reads is not closed
            if number < len(scheme.documents) and not done.said[scheme.name] and not waits:
                before = found[scheme.name][-1].carried if number else None
                period, plan = scheme.documents[number]
                known = {"rates": given, "before": before, "forced": scheme.forced, "others": found}
                judge = model.Month(networks[-1], plan, period, **known)
                found[scheme.name].append(judge.result())
                done.said[scheme.name] = difference(database, period, scheme, found[scheme.name][-1], number)
    for scheme in schemes:
        for line in (line for result in found[scheme.name] for line in result.lines):
            done.paid[scheme.name].setdefault(line.bonus, set()).update(pairs.networks_of([line.partner_id]))
        seen = pairs.met(scheme.documents[0][1], found[scheme.name], networks)
        done.met |= {(pair, head, scheme.name) for pair, head in seen}
        first = scheme.documents[0][0]  # what was closed before anybody moved is still proved by what was frozen then
        if found[scheme.name] and not done.said[scheme.name] and not explain.verify(database, first, scheme.name).holds:
            done.said[scheme.name] = f"{scheme.name} {first}: the proof fails once partners moved"
    return done


def difference(database: Database, name: str, scheme: Scheme, expected: model.Result, number: int) -> str:
    """Close one period; where engine and model differ, or nothing."""
    force_ranks(database, name, scheme, {p.id for p in expected.month.network.partners})
    report = month.close(database, name, scheme.name, actor="test", batches=BATCH_SIZES[number % 2])
    engine = [_engine_line(row) for row in earnings.lines(database, name, scheme.name)]
    judge = [_model_line(line) for line in expected.lines]
    names = [b["name"] for b in expected.month.plan["bonuses"]] + [d["name"] for d in expected.month.plan.get("deductions", [])]
    leveled = {(b.bonus, b.level) for b in expected.breakage}
    found = [
        *(said for bonus in names for said in _compared(bonus, _of(engine, bonus), _of(judge, bonus))),
        *_compared("lines", [x[:5] for x in engine], [x[:5] for x in judge]),
        *_compared("prizes", *_prizes(database, name, scheme, expected)),
        *_compared("balances", *_balances(database, name, scheme, expected)),
        *_compared("members", [report.partners], [expected.members]),
        *_compared("active", [report.active], [sum(expected.active.values())]),
        *_compared(
            "breakage",
            [
                (b.bonus, b.level, b.base_minor, b.possible_minor, b.paid_minor)
                for b in report.breakage
                if (b.bonus, b.level) in leveled
            ],
            [(b.bonus, b.level, b.base_minor, b.possible_minor, b.paid_minor) for b in expected.breakage],
        ),
        *_compared("payout", [report.payout_minor], [sum(line.amount_minor for line in expected.lines)]),
    ]
    found = found or _explained(database, name, scheme, expected)
    return "\n".join([f"{scheme.name} {name}:", *found]) if found else ""


def _prizes(database: Database, name: str, scheme: Scheme, expected: model.Result) -> tuple[list[Any], list[Any]]:
    rows = earnings.beside(database, name, "prizes", scheme.name)
    return sorted((row["partner_id"], row["bonus"], row["place"]) for row in rows), expected.awards


def _balances(database: Database, name: str, scheme: Scheme, expected: model.Result) -> tuple[list[Any], list[Any]]:
    """What stands on named balances; the main one has the rest."""
    rows = earnings.beside(database, name, "balances", scheme.name)
    found = [(row["partner_id"], row["balance"], row["amount_minor"]) for row in rows if row["balance"] != "main"]
    return found, sorted((*key, minor) for key, minor in expected.splits.items())


def _of(lines: list[tuple[Any, ...]], bonus: str) -> list[tuple[Any, ...]]:
    return [line for line in lines if line[1] == bonus]


def _engine_line(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row["class" if field == "class_" else field] for field in model.Line.__dataclass_fields__)


def _model_line(line: model.Line) -> tuple[Any, ...]:
    return tuple(getattr(line, field) for field in model.Line.__dataclass_fields__)


def _compared(what: str, engine: Iterable[object], judge: Iterable[object], shown: int = 4) -> list[str]:
    theirs, ours = list(engine), list(judge)
    if theirs == ours:
        return []
    only = [f"  engine: {row}" for row in theirs if row not in ours][:shown]
    only += [f"  model:  {row}" for row in ours if row not in theirs][:shown]
    return [f"{what} differ:", *(only or ["  the same, in another order"])]


def _explained(database: Database, name: str, scheme: Scheme, expected: model.Result) -> list[str]:
    """Every line proved, some explained, and for some partners and levels why there is no line."""
    rng, found = Random(f"{scheme.name} {name}"), []
    proof = explain.verify(database, name, scheme.name)
    if not proof.holds or proof.lines != len(expected.lines):
        found.append(f"the proof of the lines fails: {proof}")
    judge = expected.month
    plain = [b for b in judge.plan["bonuses"] if b["kind"] == "unilevel" and not {"qualified", "rates_by"} & set(b)]
    plain = [b for b in plain if b["tree"] == "sponsor" and b["lines"] == "step" and "limits" not in judge.plan]
    named = {b["name"] for b in plain}
    lines = [line for line in expected.lines if line.bonus in named]
    for line in rng.sample(lines, min(EXPLAINED, len(lines))):
        said = explain.line(database, name, line.partner_id, plan_name=scheme.name, bonus=line.bonus, level=line.level)
        if not said.equal:
            found.append(f"the explanation of {line} gives {said.computed_minor}")
    for partner in rng.sample(judge.network.partners, min(EXPLAINED, len(judge.network.partners))) if plain else ():
        bonus = rng.choice(plain)
        level = rng.randint(1, len(bonus["levels"]))
        reason = _reason(judge, bonus, level, partner, expected.lines)
        try:
            told = explain.why_not(database, name, partner.id, level=level, bonus=bonus["name"], plan_name=scheme.name).reason
        except Refused as refused:
            told = str(refused)
        if told != reason:
            found.append(f"why not {partner.id} at level {level} of {bonus['name']}: engine {told}, model {reason}")
    return found


def _reason(judge: model.Month, bonus: dict[str, Any], level: int, partner: Partner, lines: list[model.Line]) -> str:
    made = [line for line in lines if not line.source_id.startswith(("reversal ", "late "))]
    if any((line.partner_id, line.bonus, line.level) == (partner.id, bonus["name"], level) for line in made):
        return "paid"
    if not judge.is_due(bonus):
        return "not_due"
    if not judge.is_active(partner.id):
        return "inactive"
    if not model.is_open(judge, bonus, level, partner.id):
        return "not_open"
    if bonus["compression"] == "standard" and model.vanishes(judge, bonus["vanish"], partner.id):
        return "vanished"
    return "rounded_to_zero" if model.reached(judge, bonus, level, partner.id) else "nothing_reached"


# The smallest case.


def lesser(scheme: Scheme) -> Iterable[Scheme]:
    """Smaller schemes: one bonus with what it reads, without limits, by the bonus."""
    first = scheme.documents[0][1]
    for bonus in first["bonuses"]:
        yield only(scheme, {bonus["name"]})
    for key in ("limits", "deductions", "splits"):
        if key in first:
            yield replace(scheme, documents=tuple((p, {k: v for k, v in d.items() if k != key}) for p, d in scheme.documents))


def only(scheme: Scheme, names: set[str]) -> Scheme:
    """A scheme with these bonuses and those that they read."""
    listed = scheme.documents[0][1]["bonuses"]
    while True:
        more = {n for b in listed if b["name"] in names for n in b.get("of", []) if isinstance(n, str)}
        more |= {b["name"] for b in listed if isinstance(b.get("rest"), dict) and b["rest"]["next_fund"] in names}
        more |= {b["rest"]["next_fund"] for b in listed if isinstance(b.get("rest"), dict) and b["name"] in names}
        if more <= names:
            break
        names = names | more

    def cut(document: dict[str, Any]) -> dict[str, Any]:
        made = {k: v for k, v in document.items() if k not in ("limits", "deductions", "splits")}
        made["bonuses"] = [b for b in document["bonuses"] if b["name"] in names]
        for key in ("conditions", "trees"):  # without what nothing names any more
            used = set(words({k: v for k, v in made.items() if k != key}))
            left = {name: kept for name, kept in made.pop(key, {}).items() if name in used}
            made |= {key: left} if left else {}
        return made

    return replace(scheme, documents=tuple((period, cut(document)) for period, document in scheme.documents))


def still_differs(scheme: Scheme, differs: Callable[[Scheme], str]) -> Scheme:
    """The smallest scheme found that still differs."""
    for smaller in lesser(scheme):
        try:
            if differs(smaller):
                return smaller
        except (BadInput, Refused):
            continue  # what is left of the plan is not one
    return scheme
