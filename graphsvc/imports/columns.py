"""The six files that can be imported: their columns, types, keys and defaults, said once.

The reader, the checks and the generated reference all take them from here, so a column cannot mean two things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, which parser of `values` reads it, what it means, and what stands for an empty cell."""

    name: str
    kind: str
    meaning: str
    required: bool = False
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """One file: the word for one row, its columns, the key that may stand in one row only."""

    noun: str
    one: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    # Of each group at least one cell must be filled.
    one_of: tuple[tuple[str, ...], ...] = ()
    # Needed beside the key even where an update leaves other columns out.
    always: tuple[str, ...] = ()
    # Columns that say something only beside another: (column, the other).
    beside: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in the order of the reference."""
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(c for c in self.columns if c.name == name)


PARTNERS = Layout(
    noun="partners",
    one="partner",
    key=("partner_id",),
    columns=(
        Column("partner_id", "id", "The company's own id of the partner.", required=True),
        Column("sponsor_id", "id", "Who brought them; empty for a root. The sponsor may stand later in the file."),
        Column("name", "text", "Name as shown to people."),
        Column("type", "label", "Kind of partner in the company's words, such as affiliate or reseller.", default="partner"),
        Column("status", "status", "active, suspended or terminated.", default="active"),
        Column("joined_at", "instant", "When the partner joined.", required=True),
        Column("country", "country", "ISO 3166 alpha-2 code, such as DE."),
        Column("tags", "tags", "Words that the company marks the partner with, separated by semicolons."),
        Column(
            "placement_id",
            "id",
            "Whom the partner stands under in the placement tree; empty for its root, and for who has no place yet.",
        ),
        Column(
            "leg",
            "leg",
            "Which leg of placement_id the partner stands in: left or right, or 1, 2 and so on from the left. Without the column "
            "places are numbered by rows, for a tree in which anybody has any number of them.",
        ),
    ),
    beside=(("leg", "placement_id"),),
)
CUSTOMERS = Layout(
    noun="customers",
    one="customer",
    key=("customer_id",),
    columns=(
        Column("customer_id", "id", "The company's own id of the customer.", required=True),
        Column("partner_id", "id", "The partner who referred the customer.", required=True),
        Column("name", "text", "Name as shown to people."),
        Column("joined_at", "instant", "When the customer joined.", required=True),
    ),
)
ORDERS = Layout(
    noun="orders",
    one="order",
    key=("order_id", "line"),
    columns=(
        Column("order_id", "id", "The company's own id of the order.", required=True),
        Column("partner_id", "id", "The partner credited with the order; empty: the customer's partner."),
        Column("customer_id", "id", "The customer who placed it; empty: the partner placed it."),
        Column("placed_at", "instant", "When it was placed; empty: when it was paid."),
        Column("paid_at", "instant", "When it was paid; empty while it is unpaid."),
        Column("amount", "money", "Money in major units of the currency, 0 or more.", required=True),
        Column("currency", "currency", "ISO 4217 code; the same in all lines of an order.", required=True),
        Column("qv", "volume", "Qualifying volume, up to 3 decimals; empty: the money, in the plan's currency."),
        Column("cv", "volume", "Commissionable volume, as qv."),
        Column("kind", "kind", "retail, own_use or joining_pack; empty: retail with a customer, else own_use."),
        Column("line", "id", "Line of the order.", default="1"),
        Column("category", "label", "The company's own category."),
    ),
    one_of=(("paid_at", "placed_at"), ("partner_id", "customer_id")),
)
REFUNDS = Layout(
    noun="refunds",
    one="refund",
    key=("refund_id",),
    columns=(
        Column("refund_id", "id", "The company's own id of the refund.", required=True),
        Column("order_id", "id", "The order it refunds, over all its lines; it must be paid.", required=True),
        Column("refunded_at", "instant", "When the money went back.", required=True),
        Column(
            "amount", "refund", "Money in the order's currency, above 0; all refunds together at most the order.", required=True
        ),
    ),
    always=("order_id",),
)
EVENTS = Layout(
    noun="events",
    one="event",
    key=("event_id",),
    columns=(
        Column("event_id", "id", "The company's own id of the event.", required=True),
        Column("partner_id", "id", "Whose event it is.", required=True),
        Column("kind", "label", "What happened, in the company's words, such as lead or task.", required=True),
        Column("happened_at", "instant", "When it happened.", required=True),
        Column("accepted", "flag", "true or false: whether the company accepted it; only accepted events count.", required=True),
    ),
)
IDENTIFIERS = Layout(
    noun="identifiers",
    one="identifier",
    key=("owner_type", "owner_id", "kind", "value", "seen_at"),
    columns=(
        Column("owner_type", "owner", "partner, customer or order.", required=True),
        Column("owner_id", "id", "Id of the owner.", required=True),
        Column("kind", "identifier_kind", "card, bank_account, device, address, phone, email or ip.", required=True),
        Column("value", "identifier", "The value; only its keyed digest is stored.", required=True),
        Column("seen_at", "instant", "When it was seen with this owner."),
    ),
)

# In the order in which they are checked and written: later files refer to earlier ones.
LAYOUTS: Mapping[str, Layout] = MappingProxyType({x.noun: x for x in (PARTNERS, CUSTOMERS, ORDERS, REFUNDS, EVENTS, IDENTIFIERS)})
