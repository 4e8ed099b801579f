"""A plan as a page that people read, in English or Russian: who is active, what each level pays and to whom, and an example.

The page is Markdown. It says only what the checked document says, with the numbers in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphsvc import money
from graphsvc.plan import example, metrics, quantities
from graphsvc.plan.compiled import CompiledPlan, Unilevel
from graphsvc.plan.compiler import compile_plan
from graphsvc.plan.phrases import PHRASES, number

EXAMPLE_MAJOR = 1000


class _Page:
    """Writes one plan in one language."""

    def __init__(self, document: Mapping[str, Any], plan: CompiledPlan, language: str) -> None:
        self.document, self.plan, self.language = document, plan, language
        self._phrases = PHRASES[language]

    def say(self, key: str, **values: object) -> str:
        """A phrase with its numbers."""
        return self._phrases[key].format(**values)

    def minor(self, amount_minor: int) -> str:
        """Money in the language's own form."""
        return f"{number(money.format_minor(amount_minor, self.plan.currency), self.language)} {self.plan.currency}"

    def need(self, test: Mapping[str, Any]) -> str:
        """What a test needs, in its unit."""
        unit, wanted = metrics.known(test).unit, metrics.need(test, self.plan.currency)
        if unit == "money":
            return self.minor(wanted)
        if unit == "share":
            return money.format_rate(wanted)
        return number(money.format_volume(wanted) if unit == "volume" else str(wanted), self.language)

    def metric(self, test: Mapping[str, Any]) -> str:
        """What a test reads, with its window."""
        name = test["metric"]
        if name == "active_downline" and test["depth"] != "unlimited":
            what = self.say("active_to", n=test["depth"])
        elif name == "legs_with":
            what = self.say(name, volume=number(money.format_volume(metrics.argument(test)), self.language))
        else:
            what = self.say(test["of"] if name == "personal_sales" else name, n=test.get("nth", test.get("largest")))
        if "window" not in test:
            return what
        spanned = metrics.periods(test)
        return self.say({0: "since_joining", 1: "period"}.get(spanned, "last"), what=what, n=spanned)

    def test(self, item: Mapping[str, Any]) -> str:
        """One item of a list of tests."""
        if "any" in item:
            return self.say("any", tests=self._phrases["or"].join(self.test(test) for test in item["any"]))
        for name in metrics.LISTS:
            if name in item:
                return self.say(name, list=", ".join(item[name]))
        return self.say("at_least", metric=self.metric(item), need=self.need(item))

    def opens(self, opens: Any) -> str:
        """To whom a level is open."""
        if opens == "active":
            return self.say("opens_active")
        if isinstance(opens, str):
            return self.say("opens_named", name=opens)
        return self.say("opens_tests", tests=self._phrases["and"].join(self.test(item) for item in opens))

    def top(self) -> Iterator[str]:
        """Title, frame and what counts."""
        document, volumes = self.document, self.document["volumes"]
        yield f"# {document['title'][self.language]}\n"
        yield self.say(
            "frame",
            name=self.plan.name,
            version=self.plan.version,
            day=document["valid_from"],
            currency=self.plan.currency,
            zone=self.plan.time_zone,
        )
        yield f"\n## {self.say('counts')}\n"
        yield f"- {self.say(volumes['counted_by'])}"
        kinds = {kind: self.say(volumes[kind]) for kind in ("own_use", "joining_pack")}
        yield f"- {self.say('kinds', **kinds)}"
        worth = number(quantities.plain(volumes["volume_value"]), self.language)
        yield f"- {self.say('value', money=f'{worth} {self.plan.currency}')}"
        yield f"- {self.say(volumes['refunds'])}"

    def active(self) -> Iterator[str]:
        """Who is active, and the named conditions."""
        conditions = self.document["active"]["conditions"]
        yield f"\n## {self.say('active')}\n"
        yield self.say("active_all") + "\n" if conditions else self.say("active_everybody")
        yield from (f"- {self.test(item)}" for item in conditions)
        grace = self.plan.grace_periods
        yield f"\n{self.say('never')} {self.say('grace', n=grace) if grace else self.say('no_grace')}"
        if self.document.get("conditions"):
            yield f"\n## {self.say('named')}\n"
            for name, items in sorted(self.document["conditions"].items()):
                yield f"- `{name}`: {self._phrases['and'].join(self.test(item) for item in items)}"

    def bonus(self, bonus: Mapping[str, Any]) -> Iterator[str]:
        """One bonus: what it takes, its levels, and its compression in words."""
        sources, compression = bonus["sources"], bonus["compression"]
        yield f"\n## {self.say('bonus', name=bonus['name'])}\n"
        yield self.say("takes", base=self.say(f"base_{bonus['base']}"))
        if sources["kinds"] == "all":
            yield self.say("kinds_all")
        else:
            yield self.say("kinds_some", list=", ".join(self.say(kind) for kind in sources["kinds"]))
        if sources["categories"] != "all":
            yield self.say("categories_some", list=", ".join(c or self.say("no_category") for c in sources["categories"]))
        yield f"\n| {self.say('level')} | {self.say('rate')} | {self.say('opens')} |\n|---|---|---|"
        for step, level in enumerate(bonus["levels"], 1):
            opens = self.opens(level["opens"]).replace("|", "\\|")
            yield f"| {step} | {money.format_rate(quantities.ppm(level['rate']))} | {opens} |"
        yield "\n" + self.say(f"first_{bonus['first_level']}")
        if compression == "standard":
            vanish = bonus["vanish"]
            key = "standard_inactive" if vanish == "inactive" else "standard_named"
            yield self.say(key, name=vanish)
        else:
            yield self.say(compression)

    def rounding(self) -> Iterator[str]:
        """How lines are rounded."""
        yield f"\n## {self.say('rounding')}\n"
        yield self.say("to", rule=self.say(self.plan.rounding), unit=self.minor(self.plan.unit_minor))
        yield from (self.say(bonus.lines, name=bonus.name) for bonus in self.plan.bonuses)

    def standing(self, upline: example.Upline, bonus: Unilevel, vanish: str) -> str:
        """How a partner of the example stands."""
        if upline.name == "S":
            return self.say("seller")
        if upline.open_to == 0:
            return self.say("inactive") if vanish == "inactive" else self.say("fails", name=vanish)
        return self.say("open_all" if upline.open_to == len(bonus.levels) else "open_first")

    def example(self, bonus: Unilevel, vanish: str) -> Iterator[str]:
        """One order of a round sum, walked up a short line."""
        levels, exponent = len(bonus.levels), self.plan.exponent
        base = EXAMPLE_MAJOR * (10**exponent if bonus.base == "money" else 10**money.VOLUME_DECIMALS)
        volume = self.say("order_base", base=self.say(f"base_{bonus.base}"), volume=number(str(EXAMPLE_MAJOR), self.language))
        sums = [
            money.round_ratio(base, numerator, denominator, self.plan.rounding) * self.plan.unit_minor
            for numerator, denominator in zip(bonus.numerators, bonus.denominators, strict=True)
        ]
        uplines = example.line(levels, bonus.first_level)
        paid = example.payees(uplines, levels, bonus.compression)
        yield f"\n## {self.say('example', name=bonus.name)}\n"
        yield self.say("order_of", money=self.minor(EXAMPLE_MAJOR * 10**exponent), base=volume)
        yield f"\n| {self.say('who')} | {self.say('stands')} | {self.say('gets')} |\n|---|---|---|"
        last = max((uplines.index(payee) for payee in paid if payee is not None), default=0)
        for upline in uplines[: max(last + 1, 4)]:
            taken = [level for level, payee in enumerate(paid, 1) if payee == upline]
            amount = self.minor(sum(sums[level - 1] for level in taken))
            got = self.say("got", money=amount, levels=", ".join(map(str, taken))) if taken else "–"
            yield f"| {upline.name} | {self.standing(upline, bonus, vanish)} | {got} |"
        total = sum(amount for amount, payee in zip(sums, paid, strict=True) if payee is not None)
        yield f"\n{self.say('total', paid=self.minor(total), breakage=self.minor(sum(sums) - total))}"

    def lines(self) -> Iterator[str]:
        """The whole page."""
        yield from self.top()
        yield from self.active()
        for bonus in self.document["bonuses"]:
            yield from self.bonus(bonus)
        yield from self.rounding()
        for bonus, compiled in zip(self.document["bonuses"], self.plan.bonuses, strict=True):
            if compiled.form is not None:
                yield from self.example(compiled.form, bonus.get("vanish", "inactive"))


def page(document: dict[str, Any], language: str) -> str:
    """The page of a plan document, as Markdown; the language is en or ru."""
    return "\n".join(_Page(document, compile_plan(document), language).lines()) + "\n"
