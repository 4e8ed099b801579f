"""A worked example of each kind of bonus, computed from the document with its own rates and rounding.

These are illustrations for people; months are computed by the queries. Where a rate depends on the payee, the example takes the
highest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from graphsvc import money
from graphsvc.plan import example, quantities
from graphsvc.plan.checks.view import leaves
from graphsvc.plan.pages import pairing
from graphsvc.plan.pages.writer import EXAMPLE_MAJOR, Writer, table

Bonus = Mapping[str, Any]
Lines = Iterator[str]
COMPANY_MAJOR = 1_000_000


def of(writer: Writer, bonus: Bonus) -> Lines:
    """The example of one bonus under its heading; nothing for a kind whose table says it all."""
    told = EXAMPLES.get(bonus["kind"])
    if told is not None:
        yield f"\n## {writer.say('example', name=bonus['name'])}\n"
        yield from told(writer, bonus)


def _standing(writer: Writer, upline: example.Upline, levels: int, vanish: str) -> str:
    if upline.name == "S":
        return writer.say("seller")
    if upline.open_to == 0:
        return writer.say("inactive") if vanish == "inactive" else writer.say("fails", name=vanish)
    return writer.say("open_all" if upline.open_to == levels else "open_first")


def _unilevel(writer: Writer, bonus: Bonus) -> Lines:
    """One order of a round sum, walked up a short line."""
    levels, base, vanish = len(bonus["levels"]), bonus["base"], bonus.get("vanish", "inactive")
    sums = [writer.of_base(base, writer.units(base), writer.highest(level["rate"])) for level in bonus["levels"]]
    volume = writer.say("order_base", base=writer.say(f"base_{base}"), volume=writer.figure(EXAMPLE_MAJOR))
    uplines = example.line(levels, bonus["first_level"])
    paid = example.payees(uplines, levels, bonus["compression"])
    yield writer.say("order_of", money=writer.minor(EXAMPLE_MAJOR * 10**writer.exponent), base=volume)
    last = max((uplines.index(payee) for payee in paid if payee is not None), default=0)
    rows = []
    for upline in uplines[: max(last + 1, 4)]:
        taken = [level for level, payee in enumerate(paid, 1) if payee == upline]
        amount = writer.minor(sum(sums[level - 1] for level in taken))
        got = writer.say("got", money=amount, levels=", ".join(map(str, taken))) if taken else "–"
        rows.append([upline.name, _standing(writer, upline, levels, vanish), got])
    yield table([writer.say("who"), writer.say("stands"), writer.say("gets")], rows)
    total = sum(amount for amount, payee in zip(sums, paid, strict=True) if payee is not None)
    yield f"\n{writer.say('total', paid=writer.minor(total), breakage=writer.minor(sum(sums) - total))}"


def margins(rates: list[int], total: int | None) -> list[int]:
    """What each rate of a chain gets in parts per million: above the highest met, or of what is left of a total."""
    found: list[int] = []
    met = 0
    for rate in rates:
        margin = max(0, rate - met) if total is None else min(rate, total - met)
        found.append(margin)
        met = max(met, rate) if total is None else met + margin
    return found


def _differential(writer: Writer, bonus: Bonus) -> Lines:
    base, method = bonus["base"], bonus.get("method")
    rates = sorted({ppm for _, leaf, _ in leaves(bonus["rates"], ()) if (ppm := quantities.ppm(str(leaf)))})[:6]
    chain = [*rates[:-1], *rates[-2:-1], rates[-1]]  # a rate that was met already gets nothing
    total = quantities.ppm(method["remaining"]) if isinstance(method, dict) else None
    yield writer.say("chain_order", volume=writer.base(base))
    rows = [
        [
            f"U{n}",
            writer.rate(rate),
            writer.rate(margin),
            writer.minor(writer.of_base(base, writer.units(base), margin)),
        ]
        for n, (rate, margin) in enumerate(zip(chain, margins(chain, total), strict=True), 1)
    ]
    yield table([writer.say("who"), writer.say("own_rate"), writer.say("share_of"), writer.say("gets")], rows)


def _infinity(writer: Writer, bonus: Bonus) -> Lines:
    """Below P stand a, b, Q, c, d; Q is of P's rank."""
    line, first, base = ["a", "b", "Q", "c", "d"], bonus["from_level"], bonus["base"]
    last = {"before_blocker": 2, "after_blocker": 3, "where_theirs_begins": 2 + first}[bonus["stop"]]
    who = [name for level, name in enumerate(line, 1) if first <= level <= last]
    amount = writer.of_base(base, writer.units(base) * len(who), writer.highest(bonus["rate"]))
    said = ", ".join(who) or writer.say("nobody")
    yield writer.say("infinity_example", volume=writer.base(base), sum=writer.minor(amount), who=said)


def _generation(writer: Writer, bonus: Bonus) -> Lines:
    """The chain of the definitions, seen from P."""
    base, inclusive = bonus["base"], bonus["boundary"]["counts"] == "inclusive"
    yield writer.say("generation_example", volume=writer.base(base))
    numbers = {"X": 1, "B": 1 if inclusive else 2, "Y": 2, "A": 2 if inclusive else 3, "Z": 3}
    rows = []
    for name, generation in numbers.items():
        got = "–"
        if generation <= len(bonus["generations"]):
            rate = writer.highest(bonus["generations"][generation - 1]["rate"])
            got = writer.minor(writer.of_base(base, writer.units(base), rate))
        rows.append([name, str(generation), got])
    yield table([writer.say("seller_is"), writer.say("generation"), writer.say("gets")], rows)


def _matching(writer: Writer, bonus: Bonus) -> Lines:
    paid = writer.units("money")
    yield writer.say("match_example", of=writer.minor(paid))
    word = "generation" if "generations" in bonus["by"] else "level"
    rows = [
        [str(n), writer.minor(writer.of_money(paid, writer.highest(level["rate"])))] for n, level in enumerate(bonus["levels"], 1)
    ]
    yield table([writer.say(word), writer.say("gets")], rows)


def _match_down(writer: Writer, bonus: Bonus) -> Lines:
    paid = writer.units("money")
    share = quantities.share("money", 1, writer.exponent, quantities.ppm(bonus["rate"]), writer.unit_minor)
    each = money.round_ratio(paid, share[0], share[1] * 4, writer.rounding) * writer.unit_minor
    yield writer.say("match_down_example", of=writer.minor(paid), sum=writer.minor(each))


def _counted(writer: Writer, bonus: Bonus) -> Lines:
    yield writer.say("counted_example", n=3, sum=writer.minor(3 * writer.largest(bonus["levels"][0]["sum"])))


def _milestone(writer: Writer, bonus: Bonus) -> Lines:
    """Somebody exactly at the last step."""
    metric, steps = bonus["metric"], bonus["steps"]
    reached = steps if bonus["pays"] == "every" else steps[-1:]
    total = 0
    for step in reached:
        if "sum" in step:
            total += writer.largest(step["sum"])
        else:
            total += writer.of_base(step["of"], writer.units(step["of"]), writer.highest(step["rate"]))
    key = "milestone_sum" if all("sum" in step for step in reached) else "milestone_rate"
    own = writer.base(next((step["of"] for step in reached if "of" in step), "money"))
    at = writer.bound(metric, steps[-1]["from"])
    yield writer.say(key, at=at, metric=writer.metric(metric), base=own, sum=writer.minor(total))


def _pool(writer: Writer, bonus: Bonus) -> Lines:
    """A company of a round volume."""
    base, shares = bonus["fund"]["base"], bonus["shares"]
    fund = writer.of_base(base, writer.units(base, COMPANY_MAJOR), quantities.ppm(bonus["fund"]["rate"]))
    said = {"volume": writer.base(base, COMPANY_MAJOR), "fund": writer.minor(fund)}
    at_point = bonus["rounded_at"] == "point"

    def part(points: int) -> str:
        unit = writer.unit_minor
        return writer.minor(fund // unit // 7 * points * unit if at_point else fund // unit * points // 7 * unit)

    if shares == "equal":
        yield writer.say("pool_equal", **said, sum=part(1))
    elif "points" in shares:
        yield writer.say("pool_points", **said, sum=part(3))
    elif "places" in shares:
        unit = writer.unit_minor
        sums = [writer.minor(fund // unit * quantities.ppm(rate) // quantities.PPM_WHOLE * unit) for rate in shares["places"]]
        listed = [writer.say("place_entry", n=n, value=amount) for n, amount in enumerate(sums, 1)]
        yield writer.say("pool_places", **said, list="; ".join(listed))
    else:
        yield writer.say("pool_part", **said, sum=part(3))


def _binary(writer: Writer, bonus: Bonus) -> Lines:
    """Two legs that leave something over, before any cap."""
    base, pay = bonus["volume"], bonus["pay"]
    if "percent" in pay:
        greater, lesser = writer.units(base) * 13 // 10, writer.units(base) * 7 // 10
        paid = writer.of_base(base, lesser, writer.highest(pay["percent"]))
        left = (greater - lesser, 0)
    elif "steps" in pay:
        steps = [(quantities.scaled(step["volume"], money.VOLUME_DECIMALS), writer.largest(step["sum"])) for step in pay["steps"]]
        lesser, paid = steps[-1][0] * 11 // 10, steps[-1][1]
        greater = lesser * 2
        left = (greater - steps[-1][0], lesser - steps[-1][0])
    else:
        ratios = [(quantities.scaled(one["lesser"], 3), quantities.scaled(one["greater"], 3)) for one in pay["units"]["pairings"]]
        lesser = ratios[0][0] * 7 // 3
        greater = max(lesser * 10 // 7, lesser)
        taken = pairing.paired(greater, lesser, ratios, pay["units"]["taken"])
        paid = 0
        for units, (volume, _), one in zip(taken, ratios, pay["units"]["pairings"], strict=True):
            if "sum" in one["pays"]:
                paid += units * writer.largest(one["pays"]["sum"])
            else:
                paid += writer.of_base(base, units * volume, writer.highest(one["pays"]["rate"]))
        used = [sum(units * ratio[side] for units, ratio in zip(taken, ratios, strict=True)) for side in (0, 1)]
        left = (greater - used[1], lesser - used[0])
    yield writer.say(
        "binary_example",
        greater=writer.volume(greater),
        lesser=writer.volume(lesser),
        sum=writer.minor(paid),
        left_greater=writer.volume(left[0]),
        left_lesser=writer.volume(left[1]),
    )


EXAMPLES: Mapping[str, Callable[[Writer, Bonus], Lines]] = {
    "unilevel": _unilevel,
    "fast_start": _unilevel,
    "differential": _differential,
    "infinity_differential": _differential,
    "infinity": _infinity,
    "generation": _generation,
    "matching": _matching,
    "match_down": _match_down,
    "recruit": _counted,
    "action": _counted,
    "milestone": _milestone,
    "pool": _pool,
    "binary": _binary,
}
