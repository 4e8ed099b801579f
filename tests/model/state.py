"""What a period leaves: its lines, what it could have paid, and the state that the next period starts from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.model.month import Month


@dataclass(frozen=True, order=True)
class Line:
    """What a payee is owed at one step of one bonus.

    `class_` is the class of the sources where rates depend on them, `source_id` is empty unless each order makes a line of its
    own; only base times one rate shows a rate.
    """

    partner_id: str
    bonus: str
    level: int
    class_: str
    source_id: str
    base: int
    base_minor: int
    rate_ppm: int | None
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class Held:
    """A line that waits for its payee to qualify: the number of the period it comes from, and how many may pass."""

    line: Line
    origin: int
    origin_name: str
    periods: int


@dataclass(frozen=True)
class Breakage:
    """What a level could have paid (rounded by the rule), and what it paid."""

    bonus: str
    level: int
    base_minor: int
    possible_minor: int
    paid_minor: int


@dataclass
class Carried:
    """State that the next period starts from. Histories stand newest first."""

    number: int = 0
    met: list[dict[str, bool]] = field(default_factory=list)
    paid_as: list[dict[str, int]] = field(default_factory=list)
    titles: dict[str, int] = field(default_factory=dict)
    below: dict[str, int] = field(default_factory=dict)
    running: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    bonuses: dict[str, Any] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    paid: list[tuple[list[Line], dict[str, Any]]] = field(default_factory=list)  # each period's lines, with its plan
    history: list[Month] = field(default_factory=list)  # and those periods themselves
    closed: list[str] = field(default_factory=list)  # the periods closed so far, in order


@dataclass
class Result:
    """A period by the model. `met`: who meets the conditions of activity now; `active`: who is active, by grace too."""

    lines: list[Line]
    breakage: list[Breakage]
    awards: list[tuple[str, str, int]]  # prizes that are not money: partner, bonus, place
    splits: dict[tuple[str, str], int]  # (partner, balance) -> minor units
    met: dict[str, bool]
    active: dict[str, bool]
    ranks: dict[str, int]
    titles: dict[str, int]
    members: int
    month: Month
    carried: Carried
