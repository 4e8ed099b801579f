"""Every fault of a plan is told in a sentence that names the place, the value, the reason and what would be right."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.plan import checks, compiler, document
from tests.plan.sample import EXAMPLES, SOUND, plan, sentences, with_test


def test_the_sound_plan_and_the_examples_have_no_fault() -> None:
    assert sentences(plan()) == []
    for file in sorted(EXAMPLES.glob("*.yaml")):
        assert sentences(document.load(file)) == [], file.name


# Each choice left open: the line to drop, and what is said.
OPEN = [
    ("calendar: month\n", "line 1, calendar: is left open; choose month"),
    ("  counted_by: paid_at\n", "line 8, volumes.counted_by: is left open; choose paid_at or placed_at"),
    ("  own_use: both\n", "line 8, volumes.own_use: is left open; choose qv, cv, both or neither"),
    ("  joining_pack: neither\n", "line 8, volumes.joining_pack: is left open; choose qv, cv, both or neither"),
    ("  volume_value: 1\n", "line 8, volumes.volume_value: is missing; add volume_value: a decimal number above 0 with"),
    ("  refunds: net\n", "line 8, volumes.refunds: is left open; choose net or reverse"),
    ("  refunds_belong_to: own_period\n", "line 8, volumes.refunds_belong_to: is left open; choose own_period or order_period"),
    ("  late_orders: now\n", "line 8, volumes.late_orders: is left open; choose now or then"),
    ("  late_order_days: 0\n", "line 8, volumes.late_order_days: is missing; add late_order_days: a whole number from 0 to 60"),
    ("  grace_periods: 0\n", "line 17, active.grace_periods: is missing; add grace_periods: a whole number from 0 to 24"),
    ("    kind: unilevel\n", "line 25, bonuses[0].kind: is left open; choose unilevel"),
    ("    tree: sponsor\n", "line 25, bonuses[0].tree: is left open; choose sponsor"),
    ("    base: cv\n", "line 25, bonuses[0].base: is left open; choose cv, qv or money"),
    ("kinds: all, ", "line 29, bonuses[0].sources.kinds: is left open; choose all, or a list of retail, own_use, joining_pack"),
    (", categories: all", "line 29, bonuses[0].sources.categories: is left open; choose all, or a list of categories"),
    ("    first_level: sponsor\n", "line 25, bonuses[0].first_level: is left open; choose seller or sponsor"),
    ("    compression: dynamic\n", "bonuses[0].compression: is left open; choose none, standard, dynamic or roll_up"),
    ("    lines: step\n", "line 25, bonuses[0].lines: is left open; choose step or order"),
    (", opens: active", "bonuses[0].levels[0].opens: is left open; choose active, the name of a condition, or a list of tests"),
    ("rate: 5%, ", "bonuses[0].levels[0].rate: is missing; add rate: a percentage with its sign and at most 4 decimals"),
    ("rule: half_up, ", "line 36, rounding.rule: is left open; choose half_up, half_even or down"),
    (", to: minor", "line 36, rounding.to: is left open; choose minor or whole"),
    (" window: period,", "active.conditions[0].window: is left open; choose period, since_joining, or {last: n} for the last n"),
    (", at_least: 100", "active.conditions[0].at_least: is missing; add at_least: a plain decimal number above 0"),
    ("plan: sample\n", "line 1, plan: is missing; add plan: a name of small letters"),
    ("version: 1\n", "line 1, version: is missing; add version: a whole number from 1 to 1000000"),
    ("valid_from: 2025-01-01\n", "line 1, valid_from: is missing; add valid_from: a date such as 2025-01-01"),
    ("currency: RUB\n", "line 1, currency: is missing; add currency: an ISO 4217 currency code, such as RUB"),
    ("time_zone: Europe/Moscow\n", "line 1, time_zone: is missing; add time_zone: an IANA time zone, such as Europe/Moscow"),
    (", ru: Образец", "line 4, title.ru: is missing; add ru: a text of 1 to 200 characters"),
]


@pytest.mark.parametrize(("dropped", "said"), OPEN)
def test_a_choice_left_open_names_the_key_the_place_and_the_choices(dropped: str, said: str) -> None:
    told = sentences(plan((dropped, "")))
    assert len(told) == 1
    assert said in told[0]


def required(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Places of every key of the sound plan."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*place, key)
            yield from required(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from required(inner, (*place, index))


@pytest.mark.parametrize("place", list(required(plan())), ids=lambda place: document.dotted(place))
def test_nothing_has_a_default(place: tuple[str | int, ...]) -> None:
    """Whatever key is taken away, the plan is refused (an unused name or a test without its metric too)."""
    broken: Any = copy.deepcopy(dict(plan()))
    inside = broken
    for step in place[:-1]:
        inside = inside[step]
    del inside[place[-1]]
    assert checks.check(broken)


UNKNOWN = [
    (("lines: step", "line: step"), "bonuses[0].line: is not a known key of kind unilevel; the nearest are lines"),
    (("plan: sample", "plan: sample\nowner: me"), "line 2, owner: is not a known key; the nearest are"),
    (("own_use: both", "own_use: both\n  ownuse: cv"), "line 11, volumes.ownuse: is not a known key; the nearest are own_use"),
    (("opens: active", "opens: active, cap: 5"), "bonuses[0].levels[0].cap: is not a known key; there is only rate and opens"),
    (("en: Sample", "en: Sample, de: x"), "title.de: is not a known key; there is only en and ru"),
    (("window: period", "window: {last: 2, first: 1}"), "window.first: is not a known key; there is only last"),
    (
        ("at_least: 5", "window: period, at_least: 5"),
        "is not a known key of metric active_frontline; there is only metric and at_least",
    ),
    (("metric: pv", "metrics: pv"), 'active.conditions[0]: \'{"metrics": "pv"'),
    (
        ("metric: pv", "metric: vp"),
        "'vp' is not known here; the nearest are tv, pv, gv; all are pv, customer_pv,",
    ),
]


@pytest.mark.parametrize(("change", "said"), UNKNOWN)
def test_an_unknown_key_is_named_with_the_nearest(change: tuple[str, str], said: str) -> None:
    told = sentences(plan(change))
    assert any(said in sentence for sentence in told), told


BAD = [
    # names, dates, currency, zone
    (("plan: sample", "plan: Sample Plan"), "line 1, plan: 'Sample Plan' must be a name of small letters, digits and hyphens"),
    (
        ("plan: sample", "plan: 2025"),
        "plan: '2025' must be a name of small letters, digits and hyphens that starts with a letter",
    ),
    (("version: 1", "version: 0"), "version: '0' must be a whole number from 1 to 1000000"),
    (("version: 1", "version: 1.0"), "version: '1.0' must be a whole number from 1 to 1000000"),
    (("version: 1", "version: '1'"), "version: '1' must be a whole number from 1 to 1000000; write it without quotes"),
    (("version: 1", "version: true"), "version: 'true' must be a whole number"),
    (("2025-01-01", "2025-02-30"), "valid_from: '2025-02-30' is not a day of the calendar; write a date such as 2025-01-01"),
    (("2025-01-01", "2025-01-15"), "is not the first day of a month, and a month is computed by one version; write 2025-01-01"),
    (("2025-01-01", "01.01.2025"), "valid_from: '01.01.2025' must be a date such as 2025-01-01"),
    (("2025-01-01", "20250101"), "must be a date such as 2025-01-01"),
    (("currency: RUB", "currency: RUR"), "currency: 'RUR' is not an ISO 4217 currency; the nearest are RUB"),
    (("currency: RUB", "currency: rub"), "currency: 'rub' must be an ISO 4217 currency code, such as RUB"),
    (("currency: RUB", "currency: XAU"), "currency: 'XAU' is not an ISO 4217 currency"),
    (("Europe/Moscow", "Europe/Moskow"), "'Europe/Moskow' is not an IANA time zone; the nearest are Europe/Moscow"),
    (("Europe/Moscow", "../../etc/passwd"), "is not an IANA time zone"),
    (("Europe/Moscow", "localtime"), "is not an IANA time zone"),
    (("en: Sample", 'en: ""'), "title.en: must be a text of 1 to 200 characters on one line"),
    (("en: Sample", 'en: "two\\nlines"'), "title.en: 'two\\nlines' must be a text of 1 to 200 characters on one line"),
    # choices
    (("calendar: month", "calendar: week"), "calendar: 'week' is not a choice here; choose month"),
    (("counted_by: paid_at", "counted_by: shipped_at"), "'shipped_at' is not a choice here; choose paid_at or placed_at"),
    (("own_use: both", "own_use: yes"), "volumes.own_use: 'yes' is not a choice here; choose qv, cv, both or neither"),
    (("own_use: both", "own_use: true"), "volumes.own_use: 'true' is true or false; choose qv, cv, both or neither"),
    (("own_use: both", "own_use:"), "volumes.own_use: is left empty; choose qv, cv, both or neither"),
    (("compression: dynamic", "compression: full"), "choose none, standard, dynamic or roll_up"),
    (("rule: half_up", "rule: up"), "rounding.rule: 'up' is not a choice here; choose half_up, half_even or down"),
    (("kinds: all", "kinds: retail"), "'retail' is not a choice here; choose all, or a list of retail, own_use, joining_pack"),
    (("kinds: all", "kinds: [retail, gift]"), "kinds[1]: 'gift' is not a choice here; choose retail, own_use or joining_pack"),
    (("kinds: all", "kinds: [retail, retail]"), "names something twice; name it once"),
    (("kinds: all", "kinds: []"), "bonuses[0].sources.kinds: is empty; give a list of at least one kind, each once"),
    (("opens: active", "opens: []"), "bonuses[0].levels[0].opens: is empty; give a list of tests"),
    # numbers
    (("volume_value: 1", "volume_value: 0"), "volumes.volume_value: '0' must be a decimal number above 0"),
    (("volume_value: 1", "volume_value: 0.00"), "'0.00' is not above 0 and at most 1000000"),
    (("volume_value: 1", "volume_value: 0.00001"), "'0.00001' has more than 4 decimals"),
    (("volume_value: 1", "volume_value: 1e3"), "volumes.volume_value: '1e3' must be a decimal number above 0"),
    (("volume_value: 1", "volume_value: -1"), "volumes.volume_value: '-1' must be a decimal number above 0"),
    (("volume_value: 1", "volume_value: 2000000"), "is not above 0 and at most 1000000"),
    (("volume_value: 1", "volume_value: 0x10"), "must be a decimal number above 0"),
    (("grace_periods: 0", "grace_periods: 25"), "active.grace_periods: '25' must be a whole number from 0 to 24"),
    (("rate: 5%", "rate: 0.05"), "'0.05' must be a percentage with its sign and at most 4 decimals, such as 5% or 2.5%"),
    (
        ("rate: 5%", "rate: 5"),
        "rate: '5' must be a percentage with its sign and at most 4 decimals, such as 5% or 2.5%; write 5%",
    ),
    (("rate: 5%", "rate: 0%"), None),  # a level that pays nothing still counts for those after it
    (("rate: 3%", "rate: 0%"), "levels[1].rate: '0%' is nothing, and no step comes after it; leave the last one out"),
    (("rate: 5%", "rate: -5%"), "rate: '-5%' must be a percentage with its sign"),
    (("rate: 5%", "rate: 101%"), "rate: '101%' is not above 0% and at most 100%; write a percentage such as 5%"),
    (("rate: 5%", "rate: 5.00001%"), "must be a percentage with its sign and at most 4 decimals"),
    (("rate: 5%", 'rate: "5%\\n"'), "must be a percentage with its sign"),
    (
        ("at_least: 100", "at_least: 0"),
        "active.conditions[0].at_least: '0' is not above 0, so it would hold for nearly everybody",
    ),
    (("at_least: 100", "at_least: -1"), "is not above 0, so it would hold for nearly everybody"),
    (("at_least: 100", "at_least: 0.0001"), "'0.0001' has more than 3 decimals"),
    (("at_least: 100", "at_least: " + "9" * 5000), "must be a plain decimal number above 0"),
    (("at_least: 5", "at_least: 5.5"), "conditions.leader[0].at_least: '5.5' must be a whole number from 1 to"),
    (("at_least: 5", "at_least: '5'"), "write it without quotes"),
    # together
    (("rate: 5%", "rate: 98%"), "bonuses: can pay 101 % of the base of an order of kind retail; lower the rates"),
    (("rate: 5%", "rate: 97.0001%"), "bonuses: can pay 100.0001 % of the base"),
    (("opens: leader", "opens: leeder"), "'leeder' is not the name of a condition; the nearest are leader"),
    (("opens: leader", "opens: active"), "conditions.leader: is a condition that nothing uses; use it in opens or vanish"),
    (("  leader:", "  active:"), "conditions.active: is a name that the language itself uses; choose another name"),
    (("  leader:", "  Leader One:"), "conditions.Leader One: 'Leader One' must be a name of small letters"),
    (("compression: dynamic", "compression: standard"), "vanish: is left open; choose inactive, or the name of a condition"),
    (("compression: dynamic", "compression: standard\n    vanish: nobody"), "vanish: 'nobody' is not the name of a condition"),
    (
        ("compression: dynamic", "compression: dynamic\n    vanish: inactive"),
        "bonuses[0].vanish: 'inactive' has no meaning with dynamic compression, where nobody vanishes; leave it out",
    ),
    (
        ("kinds: all", "kinds: [joining_pack]"),
        "sources.kinds: are all orders that do not count as cv; let them count under volumes",
    ),
    (
        ("- {metric: pv, window: period, at_least: 100}", "- {metric: active_frontline, at_least: 1}"),
        "is a circle: who is active",
    ),
    (
        (
            "- {metric: pv, window: period, at_least: 100}",
            "- any: [{type: [a]}, {metric: active_downline, depth: 2, at_least: 1}]",
        ),
        "active.conditions[0].any[1].metric: 'active_downline' is a circle",
    ),
    (
        ("    - {metric: pv, window: period, at_least: 100}\n  grace_periods: 0", "    []\n  grace_periods: 3"),
        "is pointless where",
    ),
    (("- {metric: pv, window: period, at_least: 100}", "- {status: [suspended]}"), "can never hold, because the suspended and"),
    (("rate: 5%", "rate: 5.1237%"), None),
]


@pytest.mark.parametrize(("change", "said"), BAD)
def test_a_bad_value_is_told(change: tuple[str, str], said: str | None) -> None:
    told = sentences(plan(change))
    if said is None:
        assert told == []
    else:
        assert any(said in sentence for sentence in told), told


TESTS = [
    ("{metric: leg, window: period, nth: 0, at_least: 5}", "nth: '0' must be a whole number from 1 to 20"),
    ("{metric: leg, window: year, nth: 1, at_least: 5}", "window: 'year' is not a choice here; choose period, since_joining"),
    ("{metric: leg, window: period, at_least: 5}", "conditions.leader[0].nth: is missing; add nth: a whole number from 1 to 20"),
    ("{metric: tv, window: {last: 37}, at_least: 5}", "window.last: '37' must be a whole number from 1 to 36"),
    ("{metric: tv, window: {last: 0}, at_least: 5}", "window.last: '0' must be a whole number from 1 to 36"),
    ("{metric: tv, window: 3, at_least: 5}", "window: '3' must be period, since_joining, or {last: n}"),
    ("{metric: tv, window: month, at_least: 5}", "window: 'month' is not a choice here; choose period, since_joining, or {last"),
    ("{metric: personal_sales, window: period, at_least: 5}", "of: is left open; choose money, count or average"),
    ("{metric: personal_sales, of: money, window: period, at_least: 5.001}", "at_least: '5.001' has more than 2 decimals"),
    ("{metric: personal_sales, of: count, window: period, at_least: '5'}", "must be a whole number, without quotes"),
    ("{metric: customer_share, window: period, at_least: 20}", "at_least: '20' must be a percentage with its sign"),
    ("{metric: customer_share, window: period, at_least: 120%}", "at_least: '120%' is more than 100 %"),
    ("{metric: customer_share, window: period, at_least: 0%}", "at_least: '0%' is not above 0"),
    ("{metric: legs_with, window: period, at_least: 2}", "volume: is missing"),
    ("{metric: legs_with, window: period, volume: 0, at_least: 2}", "volume: '0' is not above 0 and at most"),
    ("{metric: active_downline, at_least: 2}", "depth: is left open; choose a number of levels from 1 to 30, or unlimited"),
    ("{metric: active_downline, depth: all, at_least: 2}", "depth: 'all' must be a whole number from 1 to 30, or unlimited"),
    ("{metric: active_downline, depth: 31, at_least: 2}", "depth: '31' must be a whole number from 1 to 30, or unlimited"),
    ("{metric: pv, window: period, at_least: 1000000000000000}", "is more than 1000000000000"),
    ("{type: []}", "type: is empty; give a list of texts"),
    ("{type: affiliate}", "type: 'affiliate' must be a list of texts"),
    ("{type: [1]}", "type[0]: '1' must be a text of 1 to 200 characters on one line; put it in quotes if it is meant as text"),
    ("{status: [gone]}", "status[0]: 'gone' is not a choice here; choose active, suspended or terminated"),
    ("{country: [russia]}", "country[0]: 'russia' must be an ISO 3166 code of two capital letters, such as RU"),
    ("{country: [RU], type: [a]}", "country: is not a known key; there is only type"),
    ("{any: [{type: [a]}]}", 'any: \'[{"type": ["a"]}]\' must be a list of at least two tests'),
    ("{any: [{type: [a]}, {any: [{type: [a]}, {type: [b]}]}]}", 'any[1]: \'{"any":'),
    ("leader", "conditions.leader[0]: 'leader' must be a test: {metric: …, at_least: …}"),
    ("{}", "conditions.leader[0]: '{}' is not a test; write {metric: …, at_least: …}"),
]


@pytest.mark.parametrize(("test", "said"), TESTS)
def test_a_bad_test_is_told(test: str, said: str) -> None:
    told = sentences(with_test(test))
    assert any(said in sentence for sentence in told), told


def test_all_faults_are_told_together_in_the_order_of_their_lines() -> None:
    told = sentences(
        plan(("version: 1", "version: 0"), ("own_use: both", "own_use: x"), ("rate: 3%", "rate: 3"), ("to: minor", "to: x"))
    )
    assert [sentence.partition(",")[0] for sentence in told] == ["line 2", "line 10", "line 35", "line 36"]


def test_two_bonuses_share_one_order() -> None:
    second = SOUND[SOUND.index("  - name: team") : SOUND.index("rounding:")]
    both = plan(("rounding:", second.replace("rate: 5%", "rate: 92%") + "rounding:"))
    told = sentences(both)
    assert "bonuses[1].name: 'team' is the name of bonuses[0] already; give each bonus a name of its own" in " ".join(told)
    assert "bonuses: can pay 103 % of the base of an order of kind retail" in " ".join(told)
    apart = second.replace("rate: 5%", "rate: 92%").replace("name: team", "name: other").replace("kinds: all", "kinds: [own_use]")
    only_retail = ("kinds: all", "kinds: [retail]")
    assert sentences(plan(only_retail, ("rounding:", apart + "rounding:"))) == []


def test_rates_of_one_category_are_summed() -> None:
    second = SOUND[SOUND.index("  - name: team") : SOUND.index("rounding:")].replace("name: team", "name: wine")
    wine = second.replace("rate: 5%", "rate: 93%").replace("categories: all", "categories: [wine]")
    assert "of an order of kind retail and category 'wine'" in sentences(plan(("rounding:", wine + "rounding:")))[0]


def test_more_digits_than_stay_exact_are_refused() -> None:
    told = sentences(plan(("RUB", "JPY"), ("volume_value: 1", "volume_value: 1.0001"), ("rate: 5%", "rate: 5.0001%")))
    assert told == [
        "line 34, bonuses[0].levels[0].rate: '5.0001%' has, together with volume_value, too many digits to stay exact; "
        "use fewer decimals in one of the two"
    ]


JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["active", "all", "period", "5%", "0", "1e3", "-1", "inactive", "leader", [], {}, [[]], [None], {"any": []}]),
    st.lists(
        st.none() | st.integers() | st.text(max_size=3) | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
        max_size=2,
    ),
    st.dictionaries(
        st.sampled_from(["metric", "any", "type", "last", "window", "at_least"]), st.integers() | st.text(max_size=3), max_size=2
    ),
)
PLACES = [
    *required(plan()),
    ("bonuses", 0),
    ("bonuses", 0, "levels", 0),
    ("active", "conditions", 0),
    ("conditions", "leader", 0),
]


@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=3))
def test_no_junk_breaks_the_checks(changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    """Whatever stands where, the answer is a list of findings; and what has none compiles."""
    broken: Any = copy.deepcopy(dict(plan()))
    for place, junk in changes:
        inside = broken
        try:
            for step in place[:-1]:
                inside = inside[step]
            inside[place[-1]] = copy.deepcopy(junk)
        except (KeyError, IndexError, TypeError):
            continue
    findings = checks.check(broken)
    assert all(finding.where and finding.reason for finding in findings)
    if not findings:
        assert json.loads(json.dumps(broken)) == broken
        compiler.compile_plan(broken)
