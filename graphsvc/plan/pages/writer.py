"""How a plan's numbers, tests and rates are said in one language; the page is written from the document alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphsvc import money
from graphsvc.plan import metrics, quantities
from graphsvc.plan.checks.view import OTHER, leaves
from graphsvc.plan.pages.words import PERIODS
from graphsvc.plan.phrases import LANGUAGES, PHRASES, number

EXAMPLE_MAJOR = 1000


class Writer:
    """Says the things of one checked plan in one language."""

    def __init__(self, document: Mapping[str, Any], language: str) -> None:
        self.document, self.language = document, language
        self.currency: str = document["currency"]
        self.exponent = money.exponent(self.currency)
        self.rounding: str = document["rounding"]["rule"]
        self.unit_minor = quantities.unit_minor(document["rounding"]["to"], self.exponent)
        self.ranks: list[Mapping[str, Any]] = document.get("ranks", {}).get("list", [])
        own = {key: pair[LANGUAGES.index(language)] for key, pair in PERIODS.items()}
        self._phrases = {**PHRASES[language], **(own if document["calendar"] != "month" else {})}

    def say(self, key: str, **values: object) -> str:
        """A phrase with its numbers."""
        return self._phrases[key].format(**values)

    def joined(self, parts: list[str], word: str = "and") -> str:
        """Several phrases as one list."""
        return self._phrases[word].join(parts)

    # numbers

    def minor(self, amount_minor: int) -> str:
        """Money in the language's own form."""
        return f"{number(money.format_minor(amount_minor, self.currency), self.language)} {self.currency}"

    def cash(self, given: int | str) -> str:
        """Money of the document."""
        return self.minor(self.amount(given))

    def amount(self, given: int | str) -> int:
        """Money of the document in minor units."""
        return quantities.scaled(given, self.exponent)

    def figure(self, given: int | str) -> str:
        """A plain number of the document."""
        return number(quantities.plain(given), self.language)

    def volume(self, thousandths: int) -> str:
        """A volume in the language's own form."""
        return number(money.format_volume(thousandths), self.language)

    def percent(self, given: str) -> str:
        """A percentage of the document."""
        return self.rate(quantities.ppm(given))

    def rate(self, ppm: int) -> str:
        """A percentage in the language's own form."""
        text = money.format_rate(ppm)
        return text if self.language == "en" else text.replace(".", ",")

    def of_base(self, base: str, units: int, ppm: int) -> int:
        """What a base pays at a rate, rounded as the plan rounds, in minor units."""
        value = self.document["volumes"]["volume_value"]
        numerator, denominator = quantities.share(base, value, self.exponent, ppm, self.unit_minor)
        return money.round_ratio(units, numerator, denominator, self.rounding) * self.unit_minor

    def of_money(self, amount_minor: int, ppm: int) -> int:
        """A percentage of money, rounded as the plan rounds."""
        return self.of_base("money", amount_minor, ppm)

    def units(self, base: str, major: int = EXAMPLE_MAJOR) -> int:
        """A round number of a base in its smallest units."""
        scale: int = 10 ** (self.exponent if base == "money" else money.VOLUME_DECIMALS)
        return major * scale

    def base(self, base: str, major: int = EXAMPLE_MAJOR) -> str:
        """A round number of a base, with its name."""
        if base == "money":
            return self.minor(major * 10**self.exponent)
        return self.say("order_base", base=self.say(f"base_{base}"), volume=number(str(major), self.language))

    # ranks and tests

    def rank(self, name: str) -> str:
        """What a rank is called."""
        titles = {rank["name"]: rank["title"][self.language] for rank in self.ranks}
        return str(titles.get(name, name))

    def need(self, test: Mapping[str, Any]) -> str:
        """What a test needs, in its unit."""
        unit, wanted = metrics.known(test).unit, metrics.need(test, self.currency)
        if unit == "money":
            return self.minor(wanted)
        if unit == "share":
            return self.rate(wanted)
        return number(money.format_volume(wanted) if unit == "volume" else str(wanted), self.language)

    def bound(self, metric: Mapping[str, Any], given: int | str) -> str:
        """A bound of a scale, in the metric's unit."""
        if str(given).endswith("%"):
            return self.percent(str(given))
        return self.cash(given) if metrics.known(metric).unit == "money" else self.figure(given)

    def metric(self, test: Mapping[str, Any]) -> str:
        """What a test or a scale reads, with its window."""
        what = self._metric(test)
        if "in_plan" in test:
            return self.say("in_plan", what=what, name=test["in_plan"])
        if test["metric"] == "earned":
            return self.say("periods_before", what=what, n=test["window"]["last"])
        if test.get("window") == "running":
            return self.say("running", what=what)
        if "window" not in test:
            return what
        spanned = metrics.periods(test)
        return self.say({0: "since_joining", 1: "period"}.get(spanned, "last"), what=what, n=spanned)

    def _metric(self, test: Mapping[str, Any]) -> str:
        match test["metric"]:
            case "active_downline" if test["depth"] != "unlimited":
                return self.say("active_to", n=test["depth"])
            case "legs_with":
                return self.say("legs_with", volume=number(money.format_volume(metrics.argument(test)), self.language))
            case "counted_volume":
                return self.say(f"counted_{test['of']}_{test['own_pv']}", share=self.percent(test["share"]))
            case "legs_with_rank":
                return self.say("legs_with_rank", rank=self.say(f"rank_{test['as']}", rank=self.rank(test["rank"])))
            case "recruits_per_leg":
                return self.say("recruits_per_leg", tree=test["tree"])
            case "frontline_with":
                return self.say("frontline_with", name=test["condition"])
            case "events":
                return self.say("events_of", kind=test["kind"])
            case "earned" if test["of"] == "all":
                return self.say("earned_all")
            case "earned":
                return self.say("earned_by", list=self.named(test["of"]))
            case "personal_sales":
                return self.say(test["of"])
            case name:
                return self.say(name, n=test.get("nth", test.get("largest")))

    def test(self, item: Mapping[str, Any]) -> str:
        """One item of a list of tests."""
        if "any" in item:
            return self.say("any", tests=self.joined([self.test(test) for test in item["any"]], "or"))
        for name in metrics.LISTS:
            if name in item:
                return self.say(name, list=", ".join(item[name]))
        if "metric" not in item:
            if "in_plan" in item:  # that plan's page says what its ranks are called
                return self.say("in_plan", what=self.say(f"rank_{item['as']}", rank=f"`{item['rank']}`"), name=item["in_plan"])
            return self.say(f"rank_{item['as']}", rank=self.rank(item["rank"])) if "rank" in item else self.say("is_active")
        given = item["at_least"]
        if isinstance(given, dict):
            needs = [
                self.say(
                    "title_need",
                    need=self.need({**item, "at_least": need}),
                    title=self.say("no_title") if title == "none" else self.rank(title),
                )
                for title, need in self._climbing(given["by_title"])
            ]
            return self.say("by_title", metric=self.metric(item), needs=", ".join(needs))
        return self.say("at_least", metric=self.metric(item), need=self.need(item))

    def _climbing(self, by_title: Mapping[str, Any]) -> list[tuple[str, Any]]:
        order = ["none", *(rank["name"] for rank in self.ranks)]
        return sorted(by_title.items(), key=lambda pair: order.index(pair[0]))

    def tests(self, items: list[Mapping[str, Any]]) -> str:
        """A list of tests."""
        return self.joined([self.test(item) for item in items])

    def named(self, bonuses: list[Any]) -> str:
        """Bonuses by name, and those of other plans."""
        return ", ".join(
            f"`{name}`" if isinstance(name, str) else self.say("bonus_in_plan", bonus=name["bonus"], name=name["plan"])
            for name in bonuses
        )

    def opens(self, opens: Any) -> str:
        """To whom a level is open."""
        if opens == "active":
            return self.say("opens_active")
        return self.say("opens_named", name=opens) if isinstance(opens, str) else self.say("opens_tests", tests=self.tests(opens))

    # what depends on the payee

    def rates(self, tree: Any) -> str:
        """A percentage, or what it depends on."""
        return self.tree(tree, lambda leaf: self.percent(str(leaf)))

    def sums(self, tree: Any) -> str:
        """A sum of money, or what it depends on."""
        return self.tree(tree, self.cash)

    def counts(self, tree: Any) -> str:
        """A whole number, or what it depends on."""
        return self.tree(tree, self.figure)

    def tree(self, tree: Any, leaf: Callable[[Any], str]) -> str:
        """A value of the document that may branch, as one phrase."""
        if not isinstance(tree, dict):
            return leaf(tree)
        values = tree["values"]
        if tree["by"] == "scale":
            parts = [
                self.say(
                    "from_nested" if isinstance(tier["value"], dict) else "from",
                    bound=self.bound(tree["metric"], tier["from"]),
                    value=self.tree(tier["value"], leaf),
                )
                for tier in values
            ]
            return self.say(f"by_scale_{tree['tiers']}", metric=self.metric(tree["metric"]), list=", ".join(parts))
        names = list(values)
        if tree["by"] == "rank":
            names = [rank["name"] for rank in self.ranks if rank["name"] in values]
        parts = [
            self.say(
                "entry_nested" if isinstance(values[name], dict) else "entry",
                name=self._entry(tree["by"], name),
                value=self.tree(values[name], leaf),
            )
            for name in names
        ]
        key = f"by_rank_{tree['as']}" if tree["by"] == "rank" else f"by_{tree['by']}"
        return self.say(key, list=("; " if tree["by"] == "source" else ", ").join(parts))

    def _entry(self, by: str, name: str) -> str:
        if by == "rank":
            return self.rank(name)
        if by == "source" and name == OTHER:
            return self.say("other")
        if by == "source" and name in ("retail", "own_use", "joining_pack"):
            return self.say(name)
        return name or self.say("no_category")

    def highest(self, tree: Any) -> int:
        """The highest percentage of a tree, in parts per million."""
        return max(quantities.ppm(str(leaf)) for _, leaf, _ in leaves(tree, ()))

    def largest(self, tree: Any) -> int:
        """The largest sum of a tree, in minor units."""
        return max(self.amount(leaf) for _, leaf, _ in leaves(tree, ()))


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, with a line of air above it."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    ruled = ["|" + "|".join(line) + "|" if index == 1 else "| " + " | ".join(line) + " |" for index, line in enumerate(lines)]
    return "\n" + "\n".join(ruled)
