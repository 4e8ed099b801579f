# ruff: noqa: E501 - a change and what is said of it stay on one line, so that they can be compared
"""The page of a plan says what the plan says, in both languages, and its example follows the mechanics."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from graphsvc.plan import describe, document, example, shape
from graphsvc.plan.pages import bonuses, examples, pairing
from graphsvc.plan.pages.bonus_words import BONUSES
from graphsvc.plan.pages.words import FRAME, PERIODS
from graphsvc.plan.pages.writer import Writer
from graphsvc.plan.phrases import EN, RU, number
from tests.plan.sample import EXAMPLES, plan, with_test
from tests.plan.test_compile import METRICS
from tests.plan.whole import whole


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


def test_a_condition_of_the_frontline_is_said_by_its_name() -> None:
    written = "{any: [{metric: frontline_with, condition: leader, at_least: 3}, {type: [x]}]}"
    said = {language: describe.page(with_test(written), language) for language in ("en", "ru")}
    assert "frontline partners who meet `leader`: at least 3" in said["en"]
    assert "партнёры первой линии, выполнившие условие `leader`: не меньше 3" in said["ru"]


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


def test_both_languages_put_the_same_numbers_into_every_phrase() -> None:
    for key, (english, russian) in {**FRAME, **PERIODS, **BONUSES}.items():
        assert fields(english) == fields(russian), key
    assert not set(FRAME) & set(BONUSES)


WHOLE_PAGE = {
    "en": [
        "A period is four weeks, counted from 2025-03-03 in the time zone UTC.",
        "- PV this period: at least 50 (no title), 100.5 (Gold), by the title at the period's start",
        "by source: tea (by rank: Silver 3 %, Gold 5 %); other 2 %",
        "the money waits for the first of the next 2 periods in which it is met",
        "from 0 – 3 %, from 1,000 – 7 %",
        "until 3 % of the order are shared out",
        "| U3 | 7 % | 4 % | 20.00 USD |",
        "P gets 20.00 USD for b, Q.",
        "| B | 2 | 10.00 USD |",
        "legs of 1,000 and 700 pay 60.00 USD, and 400 and 100 are carried",
        "four of the frontline are qualified, and each gets 25.00 USD",
        "| 1 | by source: shop 50.00 USD; other 20.00 USD | every active partner |",
        "with own orders of 1,000.00 USD gets 30.00 USD",
        "gets the sums of all: 400.00 USD for all of these",
        "With 7 points altogether a partner with 3 gets 4,285.71 USD",
        "place 1 – 2,500.00 USD; place 2 – 1,500.00 USD; place 3 – 1,000.00 USD",
        "| 2 | A trip |",
        "When the team of P1 reaches 100,000",
        "The company pays at most 9.5 % of its CV of the period for `team`, `board`",
        "of 100.00 USD that is 2.00 USD",
        "- `week` is plan `weekly`. The last of its periods that ended by the end of a period here counts",
        "title `gold` or higher in plan `week`; or what `team`, `shared` paid the partner in the 3 periods before this one: at least 10.00 USD",
        "what all bonuses paid the partner in plan `week`: at least 5.50 USD",
        "of what those below were paid in `fast` of plan `week`, up the enroller tree",
    ],
    "ru": [
        "Период — четыре недели, считая от 2025-03-03 в часовом поясе UTC.",
        "100,5 (Золото), по званию на начало периода",
        "по источнику: tea (по рангу: Серебро 3 %, Золото 5 %); прочее 2 %",
        "| U3 | 7 % | 4 % | 20,00 USD |",
        "дают 60,00 USD, переносится 400 и 100",
        "партнёр с 3 баллами получает 4\u00a0285,71 USD",
        "1-е место – 2\u00a0500,00 USD",
        "| 2 | Поездка |",
        "Компания платит не больше 9,5 % своего CV",
        "- `week` — план `weekly`. Считается последний его период, закончившийся к концу периода здесь",
        "звание `gold` или выше в плане `week`; или выплаты партнёру по бонусам `team`, `shared` за предыдущие периоды (3): не меньше 10,00 USD",
        "в бонусах `fast` плана `week`, вверх",
    ],
}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_mechanic_stands_on_the_page_with_its_numbers(language: str) -> None:
    page = describe.page(whole(), language)
    assert [said for said in WHOLE_PAGE[language] if said not in page] == []
    assert "{" not in page
    assert "None" not in page
    for bonus in whole()["bonuses"]:
        assert f" `{bonus['name']}`\n" in page


def test_every_kind_of_bonus_has_words() -> None:
    assert set(bonuses.KINDS) == set(shape.schema()["$defs"]["bonus"]["properties"]["kind"]["enum"])


def test_a_kind_without_words_is_shown_as_the_plan_writes_it() -> None:
    bonus = {"name": "new", "kind": "novelty", "rate": "5%"}
    assert "{name: new, kind: novelty, rate: 5%}" in "\n".join(bonuses.of(Writer(whole(), "en"), bonus))
    assert list(examples.of(Writer(whole(), "en"), bonus)) == []


# fmt: off
CHOICES = [
    ("refunds_belong_to: own_period", "refunds_belong_to: order_period", "before the period of its order was closed belongs to that period"),
    ("late_order_days: 10", "late_order_days: 12", "A period cannot be closed before 12 days after its end"),
    ("late_order_days: 10", "late_order_days: 0", "A period can be closed as soon as it is over"),
    ("method: {remaining: 3%}", "method: highest\n    met: qualified", "Only the rates of the qualified lower what is left"),
    ("stop: after_blocker", "stop: before_blocker", "P gets 10.00 USD for b."),
    ("stop: after_blocker", "stop: where_theirs_begins", "P gets 30.00 USD for b, Q, c."),
    ("counts: exclusive", "counts: inclusive", "| B | 1 | 20.00 USD |"),
    ("boundary: {rank: gold", "boundary: {rank: own", "A partner of the payee's own rank or higher closes a generation."),
    ("taken: first_whole", "taken: in_turn", "legs of 1,000 and 700 pay 52.50 USD, and 100 and 100 are carried"),
    ("    by: {generations: {rank: gold, as: paid_as, counts: inclusive}}", "    by: {levels: standard, vanish: inactive}", "| 1 | 100.00"),
    ("shares: {points: {by: rank, as: paid_as, values: {silver: 1, gold: 3}}}", "shares: equal", "Each of 7 partners gets 1,428.57 USD."),
    ("unqualified: forfeit\n    reversals: stay\n  - name: second", "unqualified: forfeit\n    reversals: cascade\n  - name: second", "What it leaves to the fund of `second`, and the shares of that fund, then change as well."),
    ("team: {partner: P1}", "team: everybody", "When all partners together reach 100,000"),
    ("    days: 30\n", "    months: 2\n", "dated before the same day 2 calendar months after the newcomer's joining day."),
    ("    days: 30\n", "    calendar_months: 2\n", "of the calendar month in which the newcomer joined and of the next, 2 months in all."),
    ("periods: 3, first", "periods: 4, first", "It takes 4 periods together and pays in the last of them by its tree, ranks and conditions: for example from F2025-03-03 to F2025-05-26"),
    ("    kind: milestone\n", "    kind: milestone\n    spans: {periods: 2, first: F2025-03-03}\n", "Own orders are those of all these periods."),
    ("others: besides", "others: instead", "On these orders it is paid instead of the other bonuses."),
    ("pays: highest", "pays: every", "with own orders of 1,000.00 USD gets 35.00 USD"),
    ("jump: all", "jump: highest", "the sum of the highest: 300.00 USD"),
    ("bonuses: [team, board], rate: 9.5%", "bonuses: [team, board], sum: 50", "50.00 USD and 25.00 USD under a limit of 50.00 USD become 33.33"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "said"), CHOICES, ids=lambda part: str(part)[:30])
def test_each_choice_has_its_words_and_numbers(old: str, new: str, said: str) -> None:
    assert said in describe.page(whole((old, new)), "en")
    assert describe.page(whole((old, new)), "ru")


def test_the_margins_of_the_definitions() -> None:
    """Path 3, 5, 12, 12, 21 %: 3, 2, 7, 0, 9; ranks of 1, 2, 4 % with a total of 4: 1, 2, 1."""
    percent = 10_000
    assert examples.margins([n * percent for n in (3, 5, 12, 12, 21)], None) == [n * percent for n in (3, 2, 7, 0, 9)]
    assert examples.margins([n * percent for n in (1, 2, 4)], None) == [n * percent for n in (1, 1, 2)]
    assert examples.margins([n * percent for n in (1, 2, 4)], 4 * percent) == [n * percent for n in (1, 2, 1)]


@pytest.mark.parametrize(
    ("greater", "lesser", "taken", "units"),
    [
        (1_300, 700, "first_whole", [2, 0]),
        (1_000, 700, "first_whole", [0, 2]),
        (1_000, 700, "in_turn", [1, 1]),
        (1_000, -5, "in_turn", [0, 0]),
    ],
)
def test_the_pairings_of_the_definitions(greater: int, lesser: int, taken: str, units: list[int]) -> None:
    assert pairing.paired(greater, lesser, [(300, 600), (300, 300)], taken) == units
