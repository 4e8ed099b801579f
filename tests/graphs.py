"""Networks drawn as short text, and built from it: a drawing becomes CSV files, and the files go through the importer.

A drawing is one partner a line, its recruits indented below it (any even depth, two spaces a step)::

    U6                                                 # a comment
      U5 suspended joined 2025-02-14
        U1 type reseller country RU : own 100, retail 50 by c1
          S : own 30 cv 20 @2025-03-05, refund 10      # refunds the order before it
          T : retail 9.99 by c1 qv 12.5 as A7, also 20 category tea, customer c2

After the name stand words about the partner: `suspended`, `terminated`, `joined INSTANT`, `type WORD`, `country CC`,
`tag WORD` (as often as needed), `left of ID`, `right of ID`, `leg N of ID` (the place in the placement tree).
After the colon stand facts, separated by commas:

- `own AMOUNT`, `retail AMOUNT by CUSTOMER`, `pack AMOUNT`: an order credited to the partner. Then, in any order:
  `by CUSTOMER`, `qv N`, `cv N`, `category WORD`, `in CURRENCY`, `@INSTANT` (paid), `placed INSTANT`, `unpaid`, `as ID`, `after N`
  (sent once N periods of a plan are closed).
- `also AMOUNT`: another line of the order before it, with its buyer and dates; then `qv`, `cv`, `category`, `@INSTANT`,
  `placed INSTANT` and `kind own_use | retail | joining_pack`.
- `refund AMOUNT`, then `@INSTANT`, `after N` or `as ID`: money given back of the order before it.
- `event KIND`, then `@INSTANT`, `as ID` or `rejected`: something that the partner did.
- `customer ID`, then `joined INSTANT`: a customer whom the partner referred. A customer only named by `by` is the
  partner's in whose line the name stands first.

Amounts are in major units, volumes in whole ones. What is not said is fixed: orders are paid on the 10th and refunded on
the 20th of the month given by the caller, at noon UTC, events happen when orders are paid, ids are `S-1`, `S-2` (orders of S),
`S-1-r1` (refunds of S-1) and `S-e1` (events of S), everybody joined on 2015-01-01. Anything else in the text is an error that
names its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from graphsvc import money
from graphsvc.imports import ImportFiles, ImportReport, import_files
from graphsvc.query.runner import Database
from tests.records import Customer, Event, Network, Order, Partner, Refund

KINDS = {"own": "own_use", "retail": "retail", "pack": "joining_pack"}
KIND_WORDS = {kind: word for word, kind in KINDS.items()}
JOINED = "2015-01-01"
IDENTIFIER_KEY = b"the tests' own key, 32 bytes long"

_ID = re.compile(r"[A-Za-z0-9_.\-]+")
_NUMBER = re.compile(r"\d+")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?")


class DrawingError(ValueError):
    """The text is not a drawing; says which line and why."""


def draw(text: str, month: str = "2025-03", *, currency: str = "USD") -> Network:
    """The network that a drawing shows; dates left out fall into `month`, currencies left out are `currency`."""
    lines = [(n, raw.split("#")[0].rstrip()) for n, raw in enumerate(text.splitlines(), 1)]
    lines = [(n, line) for n, line in lines if line]
    network, path = Network(), []
    if not lines:
        return network
    margin = len(lines[0][1]) - len(lines[0][1].lstrip(" "))
    seen: dict[str, int] = {}
    customers: dict[str, Customer] = {}
    declared = {word for _, line in lines for word in re.findall(r"[:,]\s*customer\s+(\S+?)(?=\s|,|$)", line)}
    for number, line in lines:
        drawing = _Line(number, line, declared)
        depth, odd = divmod(len(line) - len(line.lstrip(" ")) - margin, 2)
        if odd or depth < 0:
            raise drawing.error("is not indented by two spaces a step")
        if depth > len(path):
            raise drawing.error("is indented deeper than one step below the line above")
        head, colon, facts = (line.strip() + " ").partition(" :")
        partner = drawing.partner(head, path[depth - 1] if depth else None)
        if partner.id in seen:
            raise drawing.error(f"draws {partner.id} again; it stands in line {seen[partner.id]}")
        seen[partner.id] = number
        path[depth:] = [partner.id]
        network.partners.append(partner)
        if colon and not facts.strip():
            raise drawing.error("has a colon and no fact behind it")
        drawing.facts(partner.id, facts, network, customers, month, currency)
    network.customers.extend(customers.values())
    _check_unique(network)
    return network


class _Line:
    """One line of a drawing and where it stands."""

    def __init__(self, number: int, text: str, declared: set[str]) -> None:
        self.number, self.text, self.declared = number, text, declared

    def error(self, reason: str) -> DrawingError:
        return DrawingError(f"line {self.number} {self.text.strip()!r} {reason}")

    def take(self, words: Iterator[str], after: str, pattern: re.Pattern[str]) -> str:
        word = next(words, None)
        if word is None:
            raise self.error(f"ends after {after!r}")
        if not pattern.fullmatch(word):
            raise self.error(f"has {word!r} after {after!r}, which cannot stand there")
        return word

    def scaled(self, words: Iterator[str], after: str, decimals: int) -> int:
        word = self.take(words, after, re.compile(r".+"))
        try:
            return money.parse_scaled(word, decimals)
        except ValueError as error:
            raise self.error(f"has {word!r} after {after!r}, which {error}") from None

    def partner(self, head: str, sponsor: str | None) -> Partner:
        words = iter(head.split())
        partner = Partner(self.take(words, "the indentation", _ID), sponsor, JOINED)
        for word in words:
            if word in ("suspended", "terminated"):
                partner = replace(partner, status=word)
            elif word == "joined":
                partner = replace(partner, joined_at=self.take(words, word, _INSTANT))
            elif word == "type":
                partner = replace(partner, type=self.take(words, word, _ID))
            elif word == "country":
                partner = replace(partner, country=self.take(words, word, re.compile("[A-Z]{2}")))
            elif word == "tag":
                partner = replace(partner, tags=(*partner.tags, self.take(words, word, _ID)))
            elif word in ("left", "right", "leg"):
                leg = int(self.take(words, word, re.compile("[1-9]"))) if word == "leg" else 1 + (word == "right")
                self.take(words, word, re.compile("of"))
                partner = replace(partner, placement=self.take(words, "of", _ID), leg=leg)
            else:
                raise self.error(
                    f"says {word!r} of a partner; it may say suspended, terminated, joined, type, country, tag, left, right, leg"
                )
        return partner

    def facts(self, partner: str, text: str, network: Network, customers: dict[str, Customer], month: str, currency: str) -> None:
        drawn = 0
        order: Order | None = None
        for fact in text.split(",") if text.strip() else []:
            words = iter(fact.split())
            word = next(words, "")
            if word in KINDS:
                drawn += 1
                order = Order(f"{partner}-{drawn}", partner, 0, currency, kind=KINDS[word], paid_at=f"{month}-10T12:00:00Z")
                order = self.order(order, word, words, customers)
                network.orders.append(order)
            elif word == "also" and order is not None:
                order = replace(order, line=str(int(order.line) + 1), amount_minor=0, qv=None, cv=None, category=None)
                order = self.order(order, word, words, customers)
                network.orders.append(order)
            elif word == "refund" and order is not None:
                number = sum(r.order == order.id for r in network.refunds) + 1
                amount_minor = self.scaled(words, word, money.exponent(order.currency))
                refund = Refund(f"{order.id}-r{number}", order.id, f"{month}-20T12:00:00Z", amount_minor)
                for option in words:
                    if option.startswith("@"):
                        refund = replace(refund, refunded_at=self.take(iter([option[1:]]), "@", _INSTANT))
                    elif option == "as":
                        refund = replace(refund, id=self.take(words, option, _ID))
                    elif option == "after":
                        refund = replace(refund, recorded=int(self.take(words, option, _NUMBER)))
                    else:
                        raise self.error(f"says {option!r} of a refund; it may say @INSTANT, as or after")
                network.refunds.append(refund)
            elif word == "event":
                network.events.append(self.event(partner, words, network, month))
            elif word == "customer":
                name = self.take(words, word, _ID)
                if name in customers:
                    raise self.error(f"names the customer {name} again")
                customers[name] = Customer(name, partner, JOINED)
                for option in words:
                    if option != "joined":
                        raise self.error(f"says {option!r} of a customer; it may say joined")
                    customers[name] = replace(customers[name], joined_at=self.take(words, option, _INSTANT))
            elif word in ("also", "refund"):
                raise self.error(f"has {word!r} with no order before it")
            else:
                raise self.error(f"has the fact {word!r}; it may have own, retail, pack, also, refund, event or customer")

    def event(self, partner: str, words: Iterator[str], network: Network, month: str) -> Event:
        number = sum(e.partner == partner for e in network.events) + 1
        event = Event(f"{partner}-e{number}", partner, self.take(words, "event", _ID), f"{month}-10T12:00:00Z")
        for option in words:
            if option.startswith("@"):
                event = replace(event, happened_at=self.take(iter([option[1:]]), "@", _INSTANT))
            elif option == "as":
                event = replace(event, id=self.take(words, option, _ID))
            elif option == "rejected":
                event = replace(event, accepted=False)
            else:
                raise self.error(f"says {option!r} of an event; it may say @INSTANT, as or rejected")
        return event

    def order(self, order: Order, word: str, words: Iterator[str], customers: dict[str, Customer]) -> Order:
        amount = self.take(words, word, re.compile(r".+"))
        for option in words:
            if option.startswith("@"):
                order = replace(order, paid_at=self.take(iter([option[1:]]), "@", _INSTANT))
            elif option in ("qv", "cv"):
                order = replace(order, **{option: self.scaled(words, option, money.VOLUME_DECIMALS)})
            elif option == "category":
                order = replace(order, category=self.take(words, option, _ID))
            elif option == "placed":
                order = replace(order, placed_at=self.take(words, option, _INSTANT))
            elif option == "after" and word == "also":
                order = replace(order, recorded=int(self.take(words, option, _NUMBER)))
            elif option == "kind" and word == "also":
                order = replace(order, kind=self.take(words, option, re.compile("|".join(KIND_WORDS))))
            elif word == "also":
                raise self.error(
                    f"says {option!r} of a further line; it may say qv, cv, category, kind, after, placed or @INSTANT"
                )
            elif option == "by":
                name = self.take(words, option, _ID)
                if name not in self.declared:
                    customers.setdefault(name, Customer(name, order.partner, JOINED))
                order = replace(order, customer=name)
            elif option == "in":
                order = replace(order, currency=self.take(words, option, re.compile("|".join(money.exponents()))))
            elif option == "unpaid":
                order = replace(order, placed_at=order.placed_at or order.paid_at, paid_at=None)
            elif option == "as":
                order = replace(order, id=self.take(words, option, _ID))
            elif option == "after":
                order = replace(order, recorded=int(self.take(words, option, _NUMBER)))
            else:
                raise self.error(f"says {option!r} of an order; see the words in tests/graphs.py")
        if order.kind == "retail" and order.customer is None:
            raise self.error("sells retail to nobody; say `by CUSTOMER`")
        return replace(order, amount_minor=self.scaled(iter([amount]), word, money.exponent(order.currency)))


def _check_unique(network: Network) -> None:
    for what, ids in (
        ("order line", [f"{o.id}/{o.line}" for o in network.orders]),
        ("refund", [r.id for r in network.refunds]),
        ("event", [e.id for e in network.events]),
    ):
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise DrawingError(f"the {what} {twice[0]} is drawn twice")


def text_of(network: Network) -> str:
    """The drawing of a network: what `draw` reads back as the same records, in another order."""
    sponsors = {p.id: p.sponsor for p in network.partners}
    children: dict[str | None, list[Partner]] = {}
    for partner in network.partners:
        children.setdefault(partner.sponsor if partner.sponsor in sponsors else None, []).append(partner)
    facts: dict[str, list[str]] = {p.id: [] for p in network.partners}
    for customer in network.customers:
        facts[customer.partner].append(f"customer {customer.id} joined {customer.joined_at}")
    for order_id in dict.fromkeys(o.id for o in network.orders):
        lines = sorted((o for o in network.orders if o.id == order_id), key=lambda o: int(o.line))
        facts[lines[0].partner] += [_order_text(order, first=order is lines[0]) for order in lines]
        facts[lines[0].partner] += [
            f"refund {money.format_minor(r.amount_minor, lines[0].currency)} @{r.refunded_at} as {r.id}{_after(r.recorded)}"
            for r in network.refunds
            if r.order == order_id
        ]
    for event in network.events:
        said = f"event {event.kind} @{event.happened_at} as {event.id}" + ("" if event.accepted else " rejected")
        facts[event.partner].append(said)
    drawn = []
    stack = [(p, 0) for p in reversed(children.get(None, []))]
    while stack:
        partner, depth = stack.pop()
        words = [partner.id, "" if partner.status == "active" else partner.status, f"joined {partner.joined_at}"]
        words += [f"type {partner.type}", f"country {partner.country}" if partner.country else ""]
        words += [f"tag {tag}" for tag in partner.tags]
        words += [f"leg {partner.leg} of {partner.placement}"] if partner.leg is not None else []
        said = " ".join(filter(None, words)) + (" : " + ", ".join(facts[partner.id]) if facts[partner.id] else "")
        drawn.append("  " * depth + said)
        stack += [(p, depth + 1) for p in reversed(children.get(partner.id, []))]
    return "\n".join(drawn)


def _order_text(order: Order, *, first: bool) -> str:
    said = [KIND_WORDS[order.kind] if first else "also", money.format_minor(order.amount_minor, order.currency)]
    said += [f"qv {money.format_volume(order.qv)}"] if order.qv is not None else []
    said += [f"cv {money.format_volume(order.cv)}"] if order.cv is not None else []
    said += [f"category {order.category}"] if order.category else []
    said += [f"placed {order.placed_at}"] if order.placed_at else []
    if not first:
        said += [f"kind {order.kind}", *([f"@{order.paid_at}"] if order.paid_at else [])]
        return " ".join([*said, f"after {order.recorded}"])  # else it would be recorded with the first line
    said += [f"by {order.customer}"] if order.customer else []
    said += [f"in {order.currency}", f"@{order.paid_at}" if order.paid_at else "unpaid", f"as {order.id}"]
    return " ".join(said) + _after(order.recorded)


def _after(closed: int) -> str:
    return f" after {closed}" if closed else ""


def build(database: Database, network: Network, folder: Path) -> ImportReport:
    """Import a network through the public importer, by way of CSV files in `folder`."""
    return import_files(database, ImportFiles(**network.write(folder)), update=False, identifier_key=IDENTIFIER_KEY)
