"""A checked plan as the engine takes it: every choice made, every number an integer, every condition a list of tests.

The plan language compiles to these values and the month's queries take them as parameters, so no query text is ever made
from a plan. Volumes are thousandths, money minor units of the plan's currency, rates parts per million.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphsvc.periods import MONTHLY, Calendar
from graphsvc.plan.spanning import Spans

# Where a number stands in a row of a partner's frozen volume: [window, qv, money_minor, orders, customer_qv, paying_customers].
QV, MONEY, ORDERS, CUSTOMER_QV, PAYING_CUSTOMERS = 1, 2, 3, 4, 5

ACTIVE = 0
PLACES_MAX = 1_000_000  # under one partner of a tree with any number of places
EVERY_ACTIVE = -1


@dataclass(frozen=True, slots=True)
class Window:
    """A span that ends with the period: the period itself (periods 1), the last n periods, or all time (periods 0)."""

    periods: int


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a partner that conditions read.

    kind: `sum` (column over window), `average` (money over orders, cut down), `share` (customer_qv of qv, ppm),
    `customers`, `months`, `listed` (1 if the partner's type, status, country or a tag is in list `argument`), `tv` (window),
    `leg` (argument-th largest), `outside_legs` (volume outside the argument largest), `legs_with` (legs of at least
    argument thousandths), `active_frontline`, `active_downline` (to depth argument, -1 unlimited), `gv` (window),
    `counted_capped` and `counted_share` (each leg to a cap of argument thousandths, or of argument ppm of all legs; column 1
    adds own PV), `legs_with_paid_as` and `legs_with_title` (legs that hold a rank of at least argument), `broken_away_legs`,
    `frontline_with` (partners right below who meet condition argument of `frontline`), `recruits` (in each leg of recruit tree
    argument), `events` (of event kind argument), `running` (metric argument of this period and what column carried),
    `title_at_start`, `title_under` (1 if the title at the start is below argument), `told` (what closed periods say: reading
    argument of the plan).
    `active`, `rank` and `title` are a partner's own and known last. Ranks are numbers from 1, lowest first; 0 is none.
    unit: volume, money, count, share (ppm), rank or flag.
    """

    kind: str
    label: str
    unit: str
    window: int = 0
    column: int = 0
    argument: int = 0


@dataclass(frozen=True, slots=True)
class Test:
    """Metric (by index) is at least need, in the metric's own unit."""

    metric: int
    need: int


@dataclass(frozen=True, slots=True)
class Other:
    """Another plan that this one reads (mechanics section 9): its name here, its own, and the last of its periods that counts:
    the last that ended by this plan's period's `start` or `end`."""

    name: str
    plan: str
    until: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A number of a partner that closed periods say, told once when the network is frozen.

    of: what the other plan is called here; empty for the plan itself. Of a rank 1 where the partner has it or a higher one there
    as `as_` (paid_as, title), else 0. Without a rank, what the partner was paid by `bonuses` (None: by all) in the last `periods`
    periods before this one, or, of another plan, in its periods that count.
    """

    of: str
    rank: str = ""
    as_: str = ""
    bonuses: tuple[str, ...] | None = None
    periods: int = 0


Clause = tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """All clauses hold; a clause holds when any of its tests does. No clause: always."""

    name: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class SourceSet:
    """What a bonus walks up a tree with, gathered once for all bonuses that take the same.

    query gathers it (`sources.orders`, `sources.lines`, …) with parameters `rules`; classes are the names of the source classes
    that a line is told apart by (one empty name when it is not); per_order keeps the orders apart; spans, where it is gathered of
    several periods together.
    """

    key: str
    tree: str
    query: str
    rules: dict[str, Any]
    classes: tuple[str, ...]
    per_order: bool
    spans: Spans | None = None

    @property
    def window(self) -> int:
        """The window of frozen volumes that its orders stand in."""
        return 0 if self.spans is None else self.spans.window


@dataclass(frozen=True, slots=True)
class Mark:
    """What a bonus asks of an order beside kind and category, known when volumes are frozen (mechanics section 7).

    days: dated before the seller's joining day and so many days; joined_months: before that day and so many calendar months;
    calendar_months: in the calendar month of joining or one of the next, so many in all; orders: all, first of the customer, or
    later ones, at most `count` of them or within `months` of the first; kinds and categories where the mark binds only these.
    None: not asked for.
    """

    days: int | None = None
    joined_months: int | None = None
    calendar_months: int | None = None
    orders: str = "all"
    count: int | None = None
    months: int | None = None
    kinds: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Pay:
    """What a pay code of a walk pays: amount in units of `unit_minor` = base * numerator / denominator, rounded once.

    level is the line's step; rate_ppm is None where the line is not one base times one rate. slices, where the base is cut at
    bounds: (from, numerator, denominator) of each slice, lowest first; numerator and denominator are then not read.
    """

    level: int
    rate_ppm: int | None
    numerator: int
    denominator: int
    slices: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """Lines of payees who fail `condition` wait for the first of the next `periods` in which it is met (mechanics section 8)."""

    condition: int
    periods: int


@dataclass(frozen=True, slots=True)
class Step:
    """A level, generation or rank whose payees an explanation asks for, and what it pays at most.

    condition: who it is open to among the active (EVERY_ACTIVE: all of them). highest: by source class, the largest fraction of
    the base that it pays anybody, in units of `unit_minor`; empty where a step is no share of what all sources bring.
    """

    level: int
    condition: int
    highest: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """A bonus whose sources walk up a tree, partner by partner (mechanics, appendix).

    query writes what each partner does with a unit that arrives in each of `states` states (`rules` are its parameters); a source
    enters at its own partner in each of `starts`. pays, by pay code from 1. base: cv, qv, money (of orders, or minor units of
    other lines) or count; in minor units a unit of it is worth `value`. form: what an explanation says beside the rules.
    """

    name: str
    kind: str
    source: SourceSet
    query: str
    rules: dict[str, Any]
    states: int
    starts: tuple[int, ...]
    pays: tuple[Pay, ...]
    lines: str  # step | order
    reads: tuple[str, ...] = ()
    hold: Hold | None = None  # its openings are then as if the condition were met
    base: str = "cv"
    value: tuple[int, int] = (1, 1)
    steps: tuple[Step, ...] = ()
    carries: bool = False  # whether its sources leave state for the next period in `Carried` under its own name
    form: Any = None

    @property
    def spans(self) -> Spans | None:
        """Which periods it takes together; None where it pays in each for itself."""
        return self.source.spans


@dataclass(frozen=True, slots=True)
class Award:
    """A bonus that one query pays from standings, totals or lines, by bucket of partners or once for all.

    carries: whether it leaves state for the next period in `Carried` under its own name. spans: which periods it takes together.
    """

    name: str
    kind: str
    query: str
    rules: dict[str, Any]
    by: str  # bucket | once
    reads: tuple[str, ...] = ()
    carries: bool = False
    hold: Hold | None = None
    spans: Spans | None = None

    @property
    def is_rated(self) -> bool:
        """Whether it is a milestone that pays a rate of own volume at some step."""
        return self.kind == "milestone" and any(step["base"] for step in self.rules["steps"])


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank and the condition, by index, whose holding gives it."""

    name: str
    condition: int


@dataclass(frozen=True, slots=True)
class Titles:
    """How the rank that is held follows the paid-as ranks: `kept`, the best of a `window` of periods, or `step_down` after
    so many periods in a row below it (mechanics section 2)."""

    rule: str
    periods: int = 0

    @property
    def carried(self) -> tuple[str, ...]:
        """What the next period has to know: the title it starts with, and what the rule looks back at."""
        if self.rule == "window":
            return ("title", *(f"paid_{n}" for n in range(1, self.periods)))
        return ("title", "below") if self.rule == "step_down" else ("title",)


@dataclass(frozen=True, slots=True)
class Tree:
    """A placement tree: its kind (matrix, binary, or unilevel with any number of places), how many places a partner has, and
    how newcomers find theirs."""

    name: str
    kind: str
    width: int
    placement: str
    holding_days: int


@dataclass(frozen=True, slots=True)
class VolumeTransfer:
    """The step before ranks (mechanics section 3): whose PV is below need gives it up; judged on it `raw` or as `received`."""

    need: int
    judged_on: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap after rounding (mechanics section 8): of each `line`, of what a partner has of one bonus (`partner_bonus`) or of all
    of `bonuses` together (`partner`), or of what the `company` pays for them.

    picks: [condition, minor units], the first that holds, none or -1 is no cap; of the company a sum, or numerator / denominator
    makes it of the period's CV, in units of `unit_minor`.
    """

    cap: str
    bonuses: tuple[str, ...]
    picks: tuple[tuple[int, int], ...] = ()
    sum_minor: int | None = None
    numerator: int = 0
    denominator: int = 1


@dataclass(frozen=True, slots=True)
class Deduction:
    """A negative line beside each line of the named bonuses: a rate of it."""

    name: str
    bonuses: tuple[str, ...]
    rate_ppm: int
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Split:
    """A part of every partner's total that goes to a balance of its own."""

    balance: str
    rate_ppm: int


@dataclass(frozen=True, slots=True)
class CompiledPlan:
    """Everything a month needs to know of a plan."""

    name: str
    version: int
    digest: str
    currency: str
    exponent: int
    time_zone: str
    counted_by: str  # paid_at | placed_at
    refunds: str  # net | reverse
    refunds_belong_to: str  # own_period | order_period
    late_orders: str  # now | then
    late_order_days: int  # after a period's end, before it can be closed
    # order kind -> (counts as qv, counts as cv)
    counts: dict[str, tuple[bool, bool]]
    windows: tuple[Window, ...]  # [0] is the period
    metrics: tuple[Metric, ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]  # (type | status | country, values)
    conditions: tuple[Condition, ...]  # [0] is active
    grace_periods: int
    bonuses: tuple[Any, ...]  # Walk | Award
    rounding: str  # half_up | half_even | down
    unit_minor: int  # 1, or 10^exponent when lines are rounded at whole units
    calendar: Calendar = MONTHLY
    ranks: tuple[Rank, ...] = ()  # lowest first
    titles: Titles = Titles("kept")
    breakaway: int | None = None  # who meets this condition leaves the GV of all above
    standings_tree: str = "sponsor"  # volumes, activity and ranks look down this tree
    trees: tuple[Tree, ...] = ()  # placement trees
    transfer: VolumeTransfer | None = None
    events: tuple[str, ...] = ()  # kinds of events that metrics count
    recruit_trees: tuple[str, ...] = ()  # trees in whose legs personal recruits are counted
    frontline: tuple[int, ...] = ()  # conditions that metrics ask of the partners right below
    marks: tuple[Mark, ...] = ()  # of orders
    running: tuple[str, ...] = ()  # columns of the running totals that metrics read
    others: tuple[Other, ...] = ()  # the other plans that it reads
    readings: tuple[Reading, ...] = ()  # of closed periods
    limits: tuple[Limit, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    splits: tuple[Split, ...] = ()
    cascading: tuple[str, ...] = ()  # bonuses that what is taken back reaches
    hold_days: int = 0  # after a period's end, before what it owes may be paid out
    minimum_payout_minor: int = 0  # what is less waits; 0: nothing does

    @property
    def carried(self) -> tuple[str, ...]:
        """Columns of the standing that a period leaves for the next one."""
        return (self.titles.carried if self.ranks else ()) + self.running

    def as_sold(self, window: int = 0) -> int:
        """A window of volumes as they were sold: funds and limits of the company are of these, whoever took what was given up."""
        return -1 - window if self.transfer is not None else window

    @property
    def carries_state(self) -> bool:
        """Whether a period needs what an earlier one left; such plans close strictly in order."""
        return self.grace_periods > 0 or self.unbroken

    @property
    def takes_parts(self) -> bool:
        """Whether a period may take parts of closed lines: of refunds, or for late orders."""
        return self.refunds == "reverse" or self.late_orders == "then"

    @property
    def unbroken(self) -> bool:
        """Whether what is carried needs every period after the first closed one, those without orders too."""
        reaching = (
            bonus.carries or bonus.hold is not None or (bonus.spans is not None and (bonus.reads or self.takes_parts))
            for bonus in self.bonuses
        )
        return bool(self.carried) or any(reaching) or any(reading.periods for reading in self.readings)
