"""The page of a plan says what the plan says, in both languages, and its example follows the mechanics."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from graphsvc.plan import describe, document, example
from graphsvc.plan.phrases import EN, RU, number
from tests.plan.sample import EXAMPLES, plan, with_test
from tests.plan.test_compile import METRICS


def fields(phrase: str) -> set[str]:
    """Names of what is put into a phrase."""
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


def test_both_languages_say_everything() -> None:
    assert list(EN) == list(RU)
    for key, phrase in EN.items():
        assert fields(phrase) == fields(RU[key]), key


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_example_plan_has_its_numbers_on_the_page(language: str) -> None:
    page = describe.page(document.load(EXAMPLES / "three-level.yaml"), language)
    needs = ["| 1 | 5 % |", "| 2 | 3 % |", "| 3 | 1 % |", "`leader`", "2025-01-01", "Europe/Moscow"]
    needs += ["10,000.00 RUB", "100,000"] if language == "en" else ["10\u00a0000,00 RUB", "100\u00a0000"]
    for needed in needs:
        assert needed in page, needed
    assert "{" not in page


def test_the_english_page() -> None:
    page = describe.page(document.load(EXAMPLES / "cdnow.yaml"), "en")
    assert page.startswith("# CDNOW, three levels\n\nPlan `cdnow`, version 1. It applies from 1997-01-01 and pays in USD.")
    assert "- PV this month: at least 10\n" in page
    assert (
        "the active with active direct recruits: at least 3; and TV (the team's volume, own included) this month: at least 200 |"
        in page
    )
    assert "Dynamic compression: each level goes to the next upline who is open for it" in page
    assert "Halves are rounded up to 0.01 USD" in page
    assert "Paid: 90.00 USD. Paid to nobody: 0.00 USD." in page


def test_the_russian_page() -> None:
    page = describe.page(document.load(EXAMPLES / "three-level.yaml"), "ru")
    assert page.startswith("# Три уровня\n\nПлан `three-level`, версия 1. Действует с 2025-01-01")
    assert (
        "активным, у кого активные личные рекруты: не меньше 5; и личные продажи за месяц: не меньше 10\u00a0000,00 RUB" in page
    )
    assert "Динамическая компрессия" in page
    assert re.search(r"[A-Za-z]{4,}", re.sub(r"`[^`]*`|Europe/Moscow", "", page)) is None


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("written", [written for written, _, _ in METRICS])
def test_every_metric_can_be_said(written: str, language: str) -> None:
    page = describe.page(with_test(f"{{any: [{written}, {{type: [x]}}]}}"), language)
    assert "`leader`" in page
    assert "None" not in page


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("compression", ["none", "standard\n    vanish: inactive", "standard\n    vanish: leader", "roll_up"])
@pytest.mark.parametrize("first_level", ["seller", "sponsor"])
def test_every_choice_can_be_said(language: str, compression: str, first_level: str) -> None:
    read = plan(
        ("compression: dynamic", f"compression: {compression}"),
        ("first_level: sponsor", f"first_level: {first_level}"),
        ("{kinds: all, categories: all}", "{kinds: [retail, own_use], categories: ['a|b', '']}"),
        ("grace_periods: 0", "grace_periods: 2"),
        ("base: cv", "base: money"),
        ("to: minor", "to: whole"),
        ("lines: step", "lines: order"),
        ("opens: active", "opens: [{type: ['x|y']}]"),
    )
    page = describe.page(read, language)
    assert "x\\|y" in page
    assert "leader" in page


@pytest.mark.parametrize(
    ("compression", "paid"),
    [
        ("none", {"U1": 10, "U4": 2}),
        ("standard", {"U1": 10, "U4": 3, "U5": 2}),
        ("dynamic", {"U1": 10, "U4": 5, "U5": 3, "U6": 2}),
        ("roll_up", {"U1": 10, "U4": 10}),
    ],
)
def test_the_example_follows_the_table_of_the_mechanics(compression: str, paid: dict[str, int]) -> None:
    found: dict[str, int] = {}
    for rate, payee in zip([10, 5, 3, 2], example.payees(example.line(4, "sponsor"), 4, compression), strict=True):
        if payee is not None:
            found[payee.name] = found.get(payee.name, 0) + rate
    assert found == paid


def test_numbers_of_both_languages() -> None:
    assert [number("1234567.50", language) for language in ("en", "ru")] == ["1,234,567.50", "1\u00a0234\u00a0567,50"]
    assert number("-1000", "en") == "-1,000"
