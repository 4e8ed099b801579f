"""Random plans: frames with or without ranks, trees and transfers, and every kind of bonus dealt out among them."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphsvc.plan.checks import check
from tests.model import calendar, months
from tests.month.worlds import sisters
from tests.month.worlds.awarding import AWARDING
from tests.month.worlds.ink import RANKS, Document, Ink
from tests.month.worlds.networks import CURRENCIES, ZONES
from tests.month.worlds.pairs import networks_of
from tests.month.worlds.walking import WALKING, Recipe
from tests.records import Network, Rate

TREE = "placement"
TRIES = 6
PAID_IN = (2, 1, 0)  # in how many networks of the sample a bonus pays, if one can be drawn that does
SAMPLED_ONE_IN = 25  # the sample is a dozen networks of up to three hundred
RECIPES: dict[str, Recipe] = WALKING | AWARDING
RESTS = "pool rest to the next"
CALENDARS: dict[int, Callable[[str], Any]] = {
    **dict.fromkeys((1, 8), lambda _: "quarter"),
    **dict.fromkeys((4, 11), lambda first: {"week": first}),
    **dict.fromkeys((6, 13), lambda first: {"four_weeks": first}),
}
CAPS = ("line", "partner_bonus", "partner", "company sum", "company rate")
REFUNDS, LATE_ORDERS = ("net", "reverse"), ("now", "then")
BELONG = {"own_period": "refunds of their own period", "order_period": "refunds of the order's period"}
FRAMES = (
    *("title kept", "title window", "title step_down", "breakaway", "transfer raw", "transfer received"),
    *("standings on a placement tree", "calendar quarter", "calendar week", "calendar four_weeks", "grace", "need by title"),
    *("running totals", "counted volume", "recruits per leg", "events", "frontline with", "forced ranks", "deductions", "splits"),
    *(f"cap {cap}" for cap in CAPS),
    *sisters.MECHANICS,
    *(f"refunds {choice}" for choice in REFUNDS),
    *(f"late orders {choice}" for choice in LATE_ORDERS),
    *BELONG.values(),
)


@dataclass
class Sketch:
    """A plan that is being drawn, the mechanics that it is sure to try, and what it may not say yet."""

    ink: Ink
    name: str
    period: str
    features: set[str] = field(default_factory=set)
    dealt: dict[str, str] = field(default_factory=dict)
    sample: Network = field(default_factory=Network)

    def document(self) -> Document:
        used = {*words(self.ink.bonuses), *words(self.ink.frame)}
        for _ in self.ink.named:  # conditions that used ones ask of the frontline
            used |= {word for name in used & set(self.ink.named) for word in words(self.ink.named[name])}
        conditions = {n: items for n, items in self.ink.named.items() if n in used}
        return {
            "plan": self.name,
            "version": 1,
            "valid_from": f"{calendar.first_day(self.period)}",
            "title": {"en": self.name, "ru": self.name},
            **copy.deepcopy(self.ink.frame),
            **({"conditions": copy.deepcopy(conditions)} if conditions else {}),
            "bonuses": copy.deepcopy(self.ink.bonuses),
        }

    def add(self, feature: str, recipe: Recipe, refused: set[str], *, paid_in: int = 0) -> bool:
        """Draw a bonus that the checks accept and that pays in so many networks of the sample; whether one was found."""
        self.ink.period = self.period
        for _ in range(TRIES):
            before = copy.deepcopy((self.ink.named, self.ink.bonuses))
            made = recipe(self.ink)
            if made is not None:
                self.ink.bonuses.append(made)
                document = self.document()
                sound = not mechanics_of(document) & refused and not check(document)
                if sound and (not paid_in or self.paid_in(alone(document, made["name"]))[made["name"]] >= paid_in):
                    self.features.add(feature)
                    self.dealt[feature] = made["name"]
                    return True
            self.ink.named, self.ink.bonuses = before
            if made is None:
                return False
        return False

    def paid_in(self, document: Document) -> Counter[str]:
        """In how many networks of the sample each bonus has a line, by the model; a comparison of nothing says nothing."""
        periods = [calendar.later(self.period, step) for step in range(2)]
        near = [calendar.later(self.period, step) for step in range(-16, 24)]
        pairs = [(s, t) for s in CURRENCIES for t in CURRENCIES if s != t]
        rates = [Rate(period, source, target, "1") for period in near for source, target in pairs]
        results = months(self.sample, [(period, document) for period in periods], rates=rates).values()
        lines = [line for result in results for line in result.lines]
        return Counter(bonus for bonus, _ in {(line.bonus, *networks_of([line.partner_id])) for line in lines})


def alone(document: Document, name: str) -> Document:
    """A document without limits, with one bonus and those that its lines come of: no other changes what it pays."""
    names, listed = {name}, document["bonuses"]
    for bonus in reversed(listed):  # what is read stands before what reads it
        rest = bonus.get("rest")
        if isinstance(rest, dict) and rest["next_fund"] in names:
            names.add(bonus["name"])
        if bonus["name"] in names:
            names.update(bonus.get("of", ()))
    return document | {"bonuses": [bonus for bonus in listed if bonus["name"] in names]}


def words(part: Any) -> Any:
    """Every text in a part of a document."""
    if isinstance(part, dict):
        for inner in part.values():
            yield from words(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from words(inner)
    elif isinstance(part, str):
        yield part


def keyed(part: Any) -> Any:
    """Every (key, value) in a part of a document."""
    if isinstance(part, dict):
        for key, inner in part.items():
            yield key, inner
            yield from keyed(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from keyed(inner)


def mechanics_of(document: Document) -> set[str]:
    """What a document uses beside its bonuses."""
    said = {(key, value) for key, value in keyed(document) if isinstance(value, str)}
    found = set()
    title = document.get("ranks", {}).get("title")
    if title:
        found.add(f"title {title if isinstance(title, str) else next(iter(title))}")
    if isinstance(document["calendar"], dict) or document["calendar"] != "month":
        found.add(
            f"calendar {document['calendar'] if isinstance(document['calendar'], str) else next(iter(document['calendar']))}"
        )
    if "breakaway" in document:
        found.add("breakaway")
    if "transfer" in document:
        found.add(f"transfer {document['transfer']['judged_on']}")
    if document.get("standings_tree") == TREE:
        found.add("standings on a placement tree")
    volumes = document["volumes"]
    found |= {f"refunds {volumes['refunds']}", f"late orders {volumes['late_orders']}", BELONG[volumes["refunds_belong_to"]]}
    if document["active"]["grace_periods"]:
        found.add("grace")
    if any(key == "by_title" for key, _ in keyed(document)):
        found.add("need by title")
    for pair, name in (
        (("window", "running"), "running totals"),
        (("metric", "counted_volume"), "counted volume"),
        (("metric", "recruits_per_leg"), "recruits per leg"),
        (("metric", "events"), "events"),
        (("metric", "frontline_with"), "frontline with"),
    ):
        if pair in said:
            found.add(name)
    for limit in document.get("limits", []):
        found.add(f"cap {limit['cap']}" + (f" {'sum' if 'sum' in limit else 'rate'}" if limit["cap"] == "company" else ""))
    found |= {key for key in ("deductions", "splits") if key in document}
    return found | sisters.mechanics_of(document)


def frame(rng: Random, number: int, month: str) -> tuple[Ink, str]:
    """A frame and the plan's first period; by its number, so that a few plans hold everything that a frame can say."""
    ink = Ink(rng, {})
    made = ink.frame
    made |= {
        "currency": rng.choice(["USD", "USD", *CURRENCIES]),
        "time_zone": rng.choice(ZONES),
        "calendar": "month",
        "volumes": {
            "counted_by": rng.choice(["paid_at", "placed_at"]),
            "own_use": rng.choice(["qv", "cv", "both", "both", "both", "both", "neither"]),
            "joining_pack": rng.choice(["qv", "cv", "both", "neither"]),
            "volume_value": rng.choice([1, 1, "0.40", "12.5", "3"]),
            "refunds": "reverse" if number % 4 == 2 or number % 16 in (5, 9) else "net",
            "refunds_belong_to": "order_period" if number % 5 in (1, 2) else "own_period",
            "late_orders": "then" if number % 8 in (2, 3, 7) or number % 16 in (9, 13) else "now",
            "late_order_days": number,
        },
        "rounding": {
            "rule": rng.choice(["half_up", "half_even", "down"]),
            "to": rng.choice(["minor", "minor", "minor", "whole"]),
        },
        "active": {"conditions": [], "grace_periods": 0},
    }
    first = calendar.first_day(month)
    made["calendar"] = CALENDARS.get(number % 14, lambda _: "month")(f"{first}")
    kind = ("binary", "matrix", None)[number % 3]
    if kind:
        more = {"width": 2, "placement": "left_to_right"} if kind == "matrix" else {"placement": rng.choice(["left", "weak_leg"])}
        made["trees"] = {TREE: {"kind": kind, **more, "holding_days": 0}}
    if number % 8 != 7:
        title = ("kept", {"window": 2}, {"step_down": 1}, {"step_down": 2})[number % 4]
        made["ranks"] = {"title": title, "list": []}
        made["standings_tree"] = "sponsor"
        for name in RANKS:  # a rank asks for ranks below it by its legs only
            items = [ink.test(rank=False)] if ink.chance(0.7) else [{"type": rng.sample(("partner", "leader", "reseller"), 1)}]
            made["ranks"]["list"].append({"name": name, "title": {"en": name, "ru": name}, "conditions": items})
    if number % 4 == 2:
        made["breakaway"] = [
            {"rank": rng.choice(RANKS), "as": "paid_as"}
            if ink.ranked and ink.chance(0.6)
            else {"metric": "tv", "window": "period", "at_least": 10}
        ]
        made["standings_tree"] = "sponsor"
    if number % 4 == 1:
        ink.named["buyer"] = [{"metric": "pv", "window": "period", "at_least": rng.choice([1, 50, 1000])}]
        made["transfer"] = {"who_fails": "buyer", "judged_on": ("raw", "received")[number // 4 % 2]}
        made["standings_tree"] = "transferred"
    elif kind and number % 6 == 0:
        made["standings_tree"] = TREE
    tests = 1 if number % 4 == 0 else rng.choice([0, 0, 1, 1])
    made["active"] = {
        "conditions": [ink.item(active=True) for _ in range(tests)],
        "grace_periods": rng.choice([1, 2] if number % 4 == 0 else [0, 0, 1]) if tests else 0,
    }
    if ink.ranked and number % 4 == 3:
        need = {"by_title": {"none": rng.choice(["0.001", 1]), rng.choice(RANKS): rng.choice([10, 500])}}
        made["active"]["conditions"] = [{"metric": "pv", "window": "period", "at_least": need}]
    if "trees" in made:
        made.setdefault("standings_tree", "sponsor")
    return ink, calendar.of_day(made["calendar"], first)


def sketch(rng: Random, number: int, month: str, refused: set[str], sample: Network) -> Sketch:
    """A frame in which at least a plain bonus can stand, and most often pays."""
    for tries in range(500):
        ink, period = frame(rng, number, month)
        made = Sketch(ink, f"plan-{number}", period, sample=sample)
        if mechanics_of(made.document()) & refused:
            _lessen(made.ink.frame, refused)
            made.period = calendar.of_day(made.ink.frame["calendar"], calendar.first_day(month))
        plain = "unilevel on a matrix" if "trees" in made.ink.frame else "unilevel none"
        met = "transfer" in made.ink.frame and made.ink.takes_parts
        if met:  # parts of closed lines are to meet volume that was given up
            plain = "unilevel after a transfer"
        if made.add(plain, RECIPES[plain], refused, paid_in=(3 if met else 1) * (tries < TRIES)):
            return made
    raise AssertionError(f"no frame {number} is accepted: {made.document()} {[str(f) for f in check(made.document())]}")


def _lessen(made: Document, refused: set[str]) -> None:
    """Take out of a frame what may not be said yet."""
    if refused & {"calendar quarter", "calendar week", "calendar four_weeks"}:
        made["calendar"] = "month"
    if refused & {"title kept", "title window", "title step_down"}:
        made.pop("ranks", None)
    if refused & {"transfer raw", "transfer received"} and made.pop("transfer", None):
        made["standings_tree"] = "sponsor"
    if "standings on a placement tree" in refused and made.get("standings_tree") == TREE:
        made["standings_tree"] = "sponsor"
    if "breakaway" in refused:
        made.pop("breakaway", None)
    if "unilevel on a matrix" in refused:
        made.pop("trees", None)
    if not {"ranks", "trees", "transfer", "breakaway"} & set(made):
        made.pop("standings_tree", None)


def limited(made: Sketch, refused: set[str]) -> None:
    """Caps, deductions and splits, as far as the checks accept them."""
    ink, names = made.ink, [b["name"] for b in made.ink.bonuses if not any("award" in p for p in b.get("prizes", []))]

    alone_paid = {b["name"] for b in ink.bonuses if b["kind"] == "contest" or "first" in b or b.get("rest") == "first"}

    def try_key(key: str, value: Any) -> None:
        before = made.ink.frame.get(key)
        made.ink.frame[key] = [*(before or []), value]
        if check(made.document()) or mechanics_of(made.document()) & refused:
            if before is None:
                del made.ink.frame[key]
            else:
                made.ink.frame[key] = before

    for cap in ink.rng.sample(CAPS, 3):
        bonuses = ink.rng.sample(names, min(len(names), ink.choice([1, 2, 4])))
        kind, _, how = cap.partition(" ")
        small = [20_000, 200_000, 2_000_000] if kind == "company" else [1, 2, 5, 20]  # a company is a hundred networks or more
        if kind == "partner":  # who wins alone among all networks has much of everything, and little room left
            bonuses = [name for name in bonuses if name not in alone_paid] or bonuses[:1]
            small = [5, 20, 100]
        given: Document = {"rate": ink.choice(["0.5%", "5%"])} if how == "rate" else {"sum": ink.choice(small)}
        try_key("limits", {"cap": kind, "bonuses": bonuses if how or kind == "partner" or ink.chance(0.7) else "all", **given})
    if ink.chance(0.4):
        try_key("deductions", {"name": "fee", "bonuses": ink.rng.sample(names, 1), "rate": ink.choice(["2%", "33.3333%"])})
    if ink.chance(0.4):
        try_key("splits", {"balance": "travel", "rate": ink.choice(["10%", "33.3333%"])})


def _sampled(document: Document) -> Document:
    """A document with sums of the company as small as the sample is beside all networks."""
    for limit in document.get("limits", []):
        if limit["cap"] == "company" and "sum" in limit:
            limit["sum"] = limit["sum"] // SAMPLED_ONE_IN
    return document


def deal(rng: Random, count: int, month: str, refused: set[str], times: int, sample: Network) -> list[Sketch]:
    """Plans among which every recipe is dealt so many times, to those that have fewest bonuses first, and where it pays."""
    made = [sketch(rng, number, month, refused, sample) for number in range(count)]
    hand = [name for name in RECIPES if name not in refused] * times
    rng.shuffle(hand)
    hand.sort(key=lambda name: name.startswith(("match", "spans lines", RESTS)))  # what reads others is dealt after them
    for name in hand:
        late = name == RESTS  # rests are to meet parts of closed lines
        order = sorted(
            made,
            key=lambda plan: (name in plan.features, late and not plan.ink.takes_parts, len(plan.ink.bonuses), rng.random()),
        )
        for least, one in ((least, one) for least in PAID_IN for one in order):
            if name in one.features or one.add(name, RECIPES[name], refused, paid_in=least):
                break
    for one in made:
        for bonus in one.ink.bonuses:  # a fast start of years would leave the others nothing
            if bonus.get("others") == "instead" and not set(one.dealt.values()) <= set(one.paid_in(one.document())):
                bonus["others"] = "besides"
                if check(one.document()):  # together they could then pay more than an order brings
                    bonus["others"] = "instead"
        before = one.paid_in(one.document())
        for _ in range(TRIES):  # caps that leave something of every bonus in half of the networks
            limited(one, refused)
            left = one.paid_in(_sampled(one.document()))
            if all(2 * left[bonus] >= paid for bonus, paid in before.items()):
                break
            for key in ("limits", "deductions", "splits"):
                one.ink.frame.pop(key, None)
    sisters.joined(made, refused)
    return made
