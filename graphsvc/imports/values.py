"""Strict parsers of cells, one a type, each refusing with a reason and what would be right.

Nothing is guessed: `1e3`, `１２`, `01.02.2025` and an id with a space behind it are faults. Instants come out as text that
sorts in time order: `2025-03-01` for a bare date, `2025-03-01T12:00:00[.ffffff]` in UTC for an instant.
Columns are parsed whole, because a call per cell is what an import of millions of rows spends its time on.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from graphsvc import money

ID_CHARACTERS_MAX = 128
TEXT_CHARACTERS_MAX = 256
STATUSES = ("active", "suspended", "terminated")
ORDER_KINDS = ("retail", "own_use", "joining_pack")
OWNERS = ("partner", "customer", "order")
IDENTIFIER_KINDS = ("card", "bank_account", "device", "address", "phone", "email", "ip")
LEGS = ("left", "right")
LEG_MAX = 1_000_000
CACHED = 1 << 16

# Control, invisible and broken characters: two ids that differ only in these look the same to people.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# A name may be written over two lines; nothing else that cannot be seen.
_HIDDEN_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d(?:(?P<sep>[T ])(?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?P<offset>Z|[+-]\d\d:\d\d)?)?", re.ASCII
)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_LEG = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)


class Wrong(ValueError):
    """A cell that cannot be taken: why, and what would be right."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


def _hidden(text: str, pattern: re.Pattern[str]) -> None:
    found = pattern.search(text)
    if found is None:
        return
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:
        raise Wrong(f"is not valid UTF-8 (byte 0x{code - 0xDC00:02X})", "save the file as UTF-8")
    raise Wrong(f"contains the invisible character U+{code:04X}", "remove it")


def identity(text: str) -> str:
    """An id exactly as given: 1 to 128 visible characters, no spaces around it, in Unicode normal form C."""
    if not text:
        raise Wrong("is empty", "fill it in")
    _hidden(text, _HIDDEN)
    if text != text.strip():
        raise Wrong("has spaces around it", f"write {text.strip()!r}" if text.strip() else "fill it in")
    if len(text) > ID_CHARACTERS_MAX:
        raise Wrong(f"has {len(text)} characters", f"use at most {ID_CHARACTERS_MAX}")
    if not unicodedata.is_normalized("NFC", text):
        raise Wrong("is not in Unicode normal form C, so it would differ from an id that looks the same", "normalise it to NFC")
    return text


def name(text: str) -> str:
    """A name as given: at most 256 characters; line breaks and tabs may stand in it, other control characters not."""
    _hidden(text, _HIDDEN_IN_TEXT)
    if len(text) > TEXT_CHARACTERS_MAX:
        raise Wrong(f"has {len(text)} characters", f"use at most {TEXT_CHARACTERS_MAX}")
    return text


@lru_cache(CACHED)
def instant(text: str) -> str:
    """A date as it is, or a time with offset as UTC, as text that sorts in time order."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise Wrong("is not a date or time", "write it as 2025-03-01 or 2025-03-01T12:00:00Z")
    try:
        if match["sep"] is None:
            return dt.date.fromisoformat(text).isoformat()
        if match["offset"] is None:
            raise Wrong("has no time zone", "add Z or an offset such as +03:00")
        there = dt.datetime.fromisoformat(text)
        utc = there.astimezone(dt.UTC).replace(tzinfo=None)
    except Wrong:
        raise
    except (ValueError, OverflowError) as error:
        raise Wrong("is not a day or time that exists", "correct it") from error
    written = utc.isoformat()
    return written.rstrip("0") if utc.microsecond else written


@lru_cache(CACHED)
def amount(text: str, currency: str) -> int:
    """Money of an order in minor units, 0 or more."""
    minor = _money(text, currency)
    if minor < 0:
        raise Wrong("is below 0", "give money back with a row in the refunds file")
    return minor


@lru_cache(CACHED)
def refund_amount(text: str, currency: str) -> int:
    """Money of a refund in minor units, above 0."""
    minor = _money(text, currency)
    if minor <= 0:
        raise Wrong("is not above 0", "give the money that went back as a positive number")
    return minor


def _money(text: str, currency: str) -> int:
    try:
        minor = money.parse(text, currency)
    except ValueError as error:
        decimals = money.exponent(currency)
        example = money.format_scaled(1177, decimals) if decimals else "1177"
        raise Wrong(f"{error} in {currency}" if "decimals" in str(error) else str(error), f"write it as {example}") from error
    if abs(minor) > money.AMOUNT_MINOR_MAX:
        most = money.format_minor(money.AMOUNT_MINOR_MAX, currency)
        raise Wrong(f"is more than the largest amount, {most}", "correct it or split the order")
    return minor


@lru_cache(CACHED)
def refund_text(text: str) -> str:
    """Money of a refund as given, so far only known to be a decimal number: the order knows the currency."""
    try:
        if money.parse_scaled(text, 3) <= 0:
            raise Wrong("is not above 0", "give the money that went back as a positive number")
    except Wrong:
        raise
    except ValueError as error:
        raise Wrong(str(error), "write it as 11.77") from error
    return text


@lru_cache(CACHED)
def volume(text: str) -> int:
    """A volume in thousandths, 0 or more."""
    try:
        thousandths = money.parse_scaled(text, money.VOLUME_DECIMALS)
    except ValueError as error:
        raise Wrong(str(error), "write it as 12.5") from error
    if thousandths < 0:
        raise Wrong("is below 0", "give volume back with a row in the refunds file")
    if thousandths > money.VOLUME_THOUSANDTHS_MAX:
        raise Wrong(f"is more than the largest volume, {money.format_volume(money.VOLUME_THOUSANDTHS_MAX)}", "correct it")
    return thousandths


@lru_cache(CACHED)
def currency(text: str) -> str:
    """An ISO 4217 code."""
    try:
        money.exponent(text)
    except ValueError:
        known = text.upper() if text.upper() in money.exponents() else ""
        fix = f"write {known}" if known else "write a code such as USD, EUR or RUB"
        raise Wrong("is not an ISO 4217 currency code", fix) from None
    return text


@lru_cache(CACHED)
def country(text: str) -> str:
    """An ISO 3166 alpha-2 code by its form."""
    if not _COUNTRY.fullmatch(text):
        raise Wrong("is not a country code", "write two capital letters, such as DE")
    return text


@lru_cache(CACHED)
def label(text: str) -> str:
    """A word of the company's own: the rules of an id."""
    return identity(text)


@lru_cache(CACHED)
def tags(text: str) -> str:
    """Words separated by semicolons, each by the rules of an id; in order, so that the same words are the same text."""
    words = text.split(";")
    for word in words:
        identity(word)
    if len(set(words)) != len(words):
        raise Wrong("names a tag twice", "name each tag once")
    return ";".join(sorted(words))


@lru_cache(CACHED)
def leg(text: str) -> int:
    """A leg of a placement tree by its number from the left; in a binary tree left is 1 and right is 2."""
    if text in LEGS:
        return LEGS.index(text) + 1
    if not _LEG.fullmatch(text) or not 1 <= int(text) <= LEG_MAX:
        raise Wrong("is not a leg", f"write left, right, or a whole number from 1 to {LEG_MAX}")
    return int(text)


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """A parser that takes one of the choices and nothing else."""

    @lru_cache(CACHED)
    def parse(text: str) -> str:
        if text not in choices:
            raise Wrong("is not one of the choices", f"write {', '.join(choices[:-1])} or {choices[-1]}")
        return text

    return parse


def _is_plain(cells: Sequence[str]) -> bool:
    """Whether the whole column passes as ids at one glance: the common case, without a call per cell."""
    joined = "".join(cells)
    return (
        joined.isascii()
        and joined.isprintable()
        and all(cells)
        and max(map(len, cells)) <= ID_CHARACTERS_MAX
        and (" " not in joined or list(map(str.strip, cells)) == list(cells))
    )


def identities(cells: Sequence[str]) -> list[str]:
    """A column of ids."""
    return list(cells) if _is_plain(cells) else list(map(identity, cells))


def names(cells: Sequence[str]) -> list[str]:
    """A column of names."""
    if max(map(len, cells)) <= TEXT_CHARACTERS_MAX and not _HIDDEN_IN_TEXT.search("".join(cells)):
        return list(cells)
    return list(map(name, cells))


CELL: Mapping[str, Callable[[str], Any]] = {
    "id": identity,
    "text": name,
    "label": label,
    "status": one_of(STATUSES),
    "instant": instant,
    "country": country,
    "currency": currency,
    "volume": volume,
    "kind": one_of(ORDER_KINDS),
    "owner": one_of(OWNERS),
    "identifier_kind": one_of(IDENTIFIER_KINDS),
    "refund": refund_text,
    "tags": tags,
    "leg": leg,
    "flag": one_of(("true", "false")),
}
WHOLE: Mapping[str, Callable[[Sequence[str]], list[Any]]] = {"id": identities, "text": names}


def column(kind: str, cells: Sequence[str]) -> list[Any]:
    """A column of filled cells; raises `Wrong` if any cell is wrong, without saying which."""
    whole = WHOLE.get(kind)
    return whole(cells) if whole else list(map(CELL[kind], cells))
