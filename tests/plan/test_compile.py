"""What plans compile to: exact integers, each metric once, indexes that mean what they say."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from graphsvc.errors import BadInput, Code
from graphsvc.plan import canonical, compiler, document
from graphsvc.plan.compiled import (
    ACTIVE,
    CUSTOMER_QV,
    EVERY_ACTIVE,
    MONEY,
    ORDERS,
    PAYING_CUSTOMERS,
    QV,
    CompiledPlan,
    Condition,
    Metric,
    Pay,
    Window,
)
from graphsvc.plan.compiled import Test as Need
from tests.plan.sample import EXAMPLES, SOUND, plan, text, with_test


def example(name: str) -> CompiledPlan:
    """An example plan, compiled."""
    return compiler.compile_plan(document.load(EXAMPLES / f"{name}.yaml"))


def test_cdnow_is_what_the_months_are_checked_with() -> None:
    cdnow = example("cdnow")
    assert (cdnow.name, cdnow.version, cdnow.currency, cdnow.exponent, cdnow.time_zone) == ("cdnow", 1, "USD", 2, "UTC")
    assert (cdnow.counted_by, cdnow.refunds, cdnow.rounding, cdnow.unit_minor) == ("paid_at", "net", "half_up", 1)
    assert cdnow.counts == {"retail": (True, True), "own_use": (True, True), "joining_pack": (False, False)}
    assert cdnow.windows == (Window(1),)
    assert [metric.kind for metric in cdnow.metrics] == ["sum", "active_frontline", "tv"]
    active, second, third = cdnow.conditions
    assert active.clauses == ((Need(0, 10_000),),)
    assert second.clauses == ((Need(1, 2),),)
    assert third.clauses == ((Need(1, 3),), (Need(2, 200_000),))
    (team,) = cdnow.bonuses
    assert (team.base, team.rules["from_seller"], team.rules["compression"], team.lines) == ("cv", False, "dynamic", "step")
    assert team.rules["openings"] == [EVERY_ACTIVE, 1, 2]
    assert team.pays == (Pay(1, 50_000, 1, 200), Pay(2, 30_000, 3, 1000), Pay(3, 10_000, 1, 1000))
    assert team.value == (1, 10)
    assert not cdnow.carries_state


def test_three_level_is_the_domains_own_example() -> None:
    three = example("three-level")
    team = three.bonuses[0]
    assert [pay.rate_ppm for pay in team.pays] == [50_000, 30_000, 10_000]
    second = three.conditions[team.steps[1].condition]
    tests = [(three.metrics[test.metric].label, test.need) for (test,) in second.clauses]
    assert tests == [("active frontline partners", 5), ("personal sales this month", 1_000_000)]
    assert three.conditions[team.steps[2].condition].name == "leader"


@pytest.mark.parametrize(
    ("currency", "to", "base", "value", "rate"),
    [
        ("USD", "minor", "cv", "1", "5%"),
        ("USD", "minor", "qv", "0.40", "6%"),
        ("JPY", "minor", "cv", "0.0001", "12.5%"),
        ("KWD", "minor", "cv", "1.5", "0.0001%"),
        ("KWD", "whole", "cv", "1", "100%"),
        ("RUB", "whole", "money", "1", "33.3333%"),
        ("JPY", "whole", "money", "7", "2.5%"),
        ("RUB", "minor", "cv", "999999.9999", "0.1%"),
    ],
)
def test_amounts_are_exact_fractions(currency: str, to: str, base: str, value: str, rate: str) -> None:
    read = plan(("RUB", currency), ("to: minor", f"to: {to}"), ("base: cv", f"base: {base}"), ("value: 1", f"value: {value}"))
    read["bonuses"][0]["levels"] = [{"rate": rate, "opens": "active"}]
    del read["conditions"]
    compiled = compiler.compile_plan(read)
    bonus = compiled.bonuses[0]
    one = Fraction(1) if base == "money" else Fraction(value) * 10**compiled.exponent / 1000
    assert Fraction(*bonus.value) == one
    paid = one * Fraction(rate.removesuffix("%")) / 100 / compiled.unit_minor
    assert [(pay.numerator, pay.denominator) for pay in bonus.pays] == [(paid.numerator, paid.denominator)]
    assert compiled.unit_minor == (10**compiled.exponent if to == "whole" else 1)


def test_150_at_40_kopecks_and_6_percent_pay_3_60() -> None:
    bonus = compiler.compile_plan(plan(("volume_value: 1", "volume_value: 0.40"), ("rate: 5%", "rate: 6%"))).bonuses[0]
    assert Fraction(150_000 * bonus.pays[0].numerator, bonus.pays[0].denominator) == 360


METRICS = [
    ("{metric: pv, window: period, at_least: 1.5}", Metric("sum", "PV this month", "volume", 0, QV), 1_500),
    ("{metric: pv, window: {last: 3}, at_least: 10}", Metric("sum", "PV of the last 3 months", "volume", 1, QV), 10_000),
    ("{metric: pv, window: {last: 1}, at_least: 10}", Metric("sum", "PV this month", "volume", 0, QV), 10_000),
    ("{metric: pv, window: since_joining, at_least: 10}", Metric("sum", "PV since joining", "volume", 1, QV), 10_000),
    (
        "{metric: customer_pv, window: period, at_least: 1}",
        Metric("sum", "PV from customers this month", "volume", 0, CUSTOMER_QV),
        1_000,
    ),
    (
        "{metric: customer_share, window: period, at_least: 20%}",
        Metric("share", "share of PV from customers this month", "share"),
        200_000,
    ),
    (
        "{metric: personal_sales, of: money, window: period, at_least: 10.5}",
        Metric("sum", "personal sales this month", "money", 0, MONEY),
        1_050,
    ),
    (
        "{metric: personal_sales, of: count, window: period, at_least: 4}",
        Metric("sum", "orders this month", "count", 0, ORDERS),
        4,
    ),
    ("{metric: orders, window: period, at_least: 4}", Metric("sum", "orders this month", "count", 0, ORDERS), 4),
    (
        "{metric: personal_sales, of: average, window: period, at_least: 4}",
        Metric("average", "average order this month", "money"),
        400,
    ),
    ("{metric: customers, at_least: 4}", Metric("customers", "customers", "count"), 4),
    (
        "{metric: paying_customers, window: {last: 2}, at_least: 4}",
        Metric("sum", "paying customers of the last 2 months", "count", 1, PAYING_CUSTOMERS),
        4,
    ),
    ("{metric: tv, window: since_joining, at_least: 4}", Metric("tv", "TV since joining", "volume", 1), 4_000),
    (
        "{metric: leg, window: period, nth: 1, at_least: 4}",
        Metric("leg", "largest leg this month", "volume", argument=1),
        4_000,
    ),
    (
        "{metric: leg, window: period, nth: 12, at_least: 4}",
        Metric("leg", "12th largest leg this month", "volume", argument=12),
        4_000,
    ),
    (
        "{metric: leg, window: period, nth: 2, at_least: 4}",
        Metric("leg", "2nd largest leg this month", "volume", argument=2),
        4_000,
    ),
    (
        "{metric: outside_legs, window: period, largest: 1, at_least: 4}",
        Metric("outside_legs", "TV outside the largest leg this month", "volume", argument=1),
        4_000,
    ),
    (
        "{metric: outside_legs, window: period, largest: 2, at_least: 4}",
        Metric("outside_legs", "TV outside the 2 largest legs this month", "volume", argument=2),
        4_000,
    ),
    (
        "{metric: legs_with, window: period, volume: 0.5, at_least: 2}",
        Metric("legs_with", "legs with a TV of at least 0.5 this month", "count", argument=500),
        2,
    ),
    ("{metric: active_frontline, at_least: 2}", Metric("active_frontline", "active frontline partners", "count"), 2),
    (
        "{metric: active_downline, depth: 3, at_least: 2}",
        Metric("active_downline", "active partners down to level 3", "count", argument=3),
        2,
    ),
    (
        "{metric: active_downline, depth: unlimited, at_least: 2}",
        Metric("active_downline", "active partners in the downline", "count", argument=-1),
        2,
    ),
    ("{metric: months_since_joining, at_least: 2}", Metric("months", "whole months since joining", "count"), 2),
    ("{type: [affiliate, reseller]}", Metric("listed", "type affiliate or reseller", "flag"), 1),
    ("{status: [active, suspended]}", Metric("listed", "status active or suspended", "flag"), 1),
    ("{country: [RU, KZ]}", Metric("listed", "country RU or KZ", "flag"), 1),
]


@pytest.mark.parametrize(("written", "metric", "need"), METRICS, ids=[written for written, _, _ in METRICS])
def test_each_metric(written: str, metric: Metric, need: int) -> None:
    compiled = compiler.compile_plan(with_test(written))
    (leader,) = [condition for condition in compiled.conditions if condition.name == "leader"]
    assert [(compiled.metrics[test.metric], test.need) for (test,) in leader.clauses] == [(metric, need)]


def test_a_condition_of_the_frontline_is_found_by_its_name() -> None:
    """Named by another one before its own number is known, by itself, and by a scale."""
    rate = """{by: scale, metric: {metric: frontline_with, condition: zealous}, tiers: whole, values: [{from: 1, value: 3%}]}"""
    compiled = compiler.compile_plan(
        plan(
            (
                "  leader:\n",
                "  zealous: [{any: [{type: [a]}, {metric: frontline_with, condition: zealous, at_least: 2}]}]\n  leader:\n",
            ),
            ("- {metric: active_frontline, at_least: 5}", "- {metric: frontline_with, condition: keen, at_least: 3}"),
            ("bonuses:\n", "  keen: [{metric: frontline_with, condition: zealous, at_least: 1}]\nbonuses:\n"),
            ("rate: 3%", f"rate: {rate}"),
        )
    )
    names = [condition.name for condition in compiled.conditions]
    assert names[:4] == ["active", "keen", "leader", "zealous"]
    asked = [metric for metric in compiled.metrics if metric.kind == "frontline_with"]
    assert [(metric.label, names[compiled.frontline[metric.argument]]) for metric in asked] == [
        ("frontline partners who meet zealous", "zealous"),
        ("frontline partners who meet keen", "keen"),
    ]
    assert {metric.unit for metric in asked} == {"count"}


def test_what_conditions_share_is_named_once() -> None:
    read = plan(
        ("- {metric: active_frontline, at_least: 5}",
         "- {any: [{metric: pv, window: {last: 2}, at_least: 1}, {type: [a, b]}]}\n"
         "    - {metric: pv, window: period, at_least: 7}\n    - {metric: tv, window: {last: 2}, at_least: 1}"),
        ("opens: active", "opens: [{type: [a, b]}, {country: [RU]}, {metric: pv, window: {last: 2}, at_least: 9}]"),
    )  # fmt: skip
    compiled = compiler.compile_plan(read)
    assert compiled.windows == (Window(1), Window(2))
    assert compiled.lists == (("type", ("a", "b")), ("country", ("RU",)))
    assert [metric.label for metric in compiled.metrics] == [
        "PV this month",
        "PV of the last 2 months",
        "type a or b",
        "TV of the last 2 months",
        "country RU",
    ]
    assert compiled.conditions == (
        Condition("active", ((Need(0, 100_000),),)),
        Condition("leader", ((Need(1, 1_000), Need(2, 1)), (Need(0, 7_000),), (Need(3, 1_000),))),
        Condition("team level 1", ((Need(2, 1),), (Need(4, 1),), (Need(1, 9_000),))),
    )
    assert compiled.bonuses[0].rules["openings"] == [2, 1]


def test_who_vanishes() -> None:
    def vanish(name: str) -> int:
        return int(compiler.compile_plan(plan(("dynamic", f"standard\n    vanish: {name}"))).bonuses[0].rules["vanish"])

    assert vanish("inactive") == ACTIVE
    assert vanish("leader") == 1


def test_sources_and_counts() -> None:
    compiled = compiler.compile_plan(
        plan(("{kinds: all, categories: all}", '{kinds: [retail], categories: [wine, ""]}'), ("own_use: both", "own_use: qv"))
    )
    assert compiled.bonuses[0].source.rules["kinds"] == ["retail"]
    assert compiled.bonuses[0].source.rules["categories"] == ["wine", ""]
    assert compiled.counts["own_use"] == (True, False)
    every = compiler.compile_plan(plan()).bonuses[0].source.rules
    assert (every["kinds"], every["categories"]) == (["retail", "own_use", "joining_pack"], None)


def test_grace_carries_state() -> None:
    assert compiler.compile_plan(plan(("grace_periods: 0", "grace_periods: 2"))).carries_state


def test_everybody_may_be_active() -> None:
    compiled = compiler.compile_plan(plan(("    - {metric: pv, window: period, at_least: 100}\n", "    []\n")))
    assert compiled.conditions[0] == Condition("active", ())


SAME: list[tuple[tuple[str, str], ...]] = [
    (("at_least: 100", "at_least: '100.00'"),),
    (("volume_value: 1", "volume_value: '1.0000'"),),
    (("rate: 5%", "rate: 5.0 %"),),
    (("{rule: half_up, to: minor}", "{to: minor, rule: half_up}"),),
    (("plan: sample\nversion: 1\n", "version: 1 # remark\nplan: 'sample'\n"),),
]


@pytest.mark.parametrize("changes", SAME)
def test_the_same_plan_has_the_same_digest_however_it_is_laid_out(changes: tuple[tuple[str, str], ...]) -> None:
    assert compiler.compile_plan(plan(*changes)) == compiler.compile_plan(plan())


def test_another_plan_has_another_digest() -> None:
    assert canonical.digest(plan(("at_least: 100", "at_least: 100.001"))) != canonical.digest(plan())


@pytest.mark.parametrize("source", [SOUND, *(file.read_text() for file in sorted(EXAMPLES.glob("*.yaml")))])
def test_the_yaml_export_is_the_same_plan(source: str) -> None:
    read = document.load(source)
    exported = document.load(canonical.to_yaml(read))
    assert compiler.compile_plan(exported) == compiler.compile_plan(read)


def test_texts_that_yaml_would_misread_survive_the_export() -> None:
    read = with_test('{any: [{type: ["no", "1", "1e3", "2025-01-01", "~", "a: b"]}, {country: ["NO"]}]}')
    assert canonical.normal(document.load(canonical.to_yaml(read))) == canonical.normal(read)


def test_a_faulty_plan_does_not_compile_and_says_how_many_faults() -> None:
    with pytest.raises(BadInput, match="The plan sample has 2 faults:") as caught:
        compiler.compile_plan(document.load(text(("rate: 5%", "rate: 5"), ("to: minor", "to: x"))))
    assert caught.value.code is Code.BAD_PLAN
    assert len(caught.value.findings) == 2


def test_what_is_no_plan_at_all() -> None:
    empty: dict[str, Any] = {}
    with pytest.raises(BadInput, match="The plan has 11 faults:"):
        compiler.compile_plan(empty)
