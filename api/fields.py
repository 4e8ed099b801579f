"""Marshmallow fields that take exactly what they say: no text for a number, no 1.9 for a whole one, no full-width digits."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields

from graphsvc import periods
from graphsvc.errors import Refused
from graphsvc.imports import values

INTEGER_MAX = 2**63 - 1
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,18})", re.ASCII)


class Schema(ma.Schema):
    """Unknown fields are refused by name, never ignored."""

    class Meta:
        """What holds for every schema here."""

        unknown = ma.RAISE

    error_messages = {"unknown": "is not known here"}  # noqa: RUF012 - marshmallow's own declaration


class Text(fields.Field[str]):
    """A text, not empty unless it may be, in a bounded number of characters."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's own declaration
        "required": "is missing",
        "null": "must not be null; leave it out instead",
        "text": "must be a text",
        "short": "is empty",
        "long": "has more than {most} characters",
    }

    def __init__(self, *, characters_max: int = 256, empty: bool = False, **kwargs: Any) -> None:
        bounds = {"maxLength": characters_max} | ({} if empty else {"minLength": 1})
        kwargs["metadata"] = {"type": "string", **bounds, **kwargs.get("metadata", {})}
        super().__init__(**kwargs)
        self._most = characters_max
        self._empty = empty

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:  # noqa: ARG002
        if not isinstance(value, str):
            raise self.make_error("text")
        if len(value) > self._most:
            raise self.make_error("long", most=self._most)
        if not value and not self._empty:
            raise self.make_error("short")
        return value


class Chosen(Text):
    """A text that is checked by a rule of the import's own, so that a file and the API mean the same by an id."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return values.identity(text)
        except values.Wrong as wrong:
            raise ma.ValidationError(f"{wrong.reason}; {wrong.fix}") from None


class Whole(fields.Field[int]):
    """A whole number between bounds: of JSON as a number, of a query string (`text=True`) as plain ASCII digits."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's own declaration
        "required": "is missing",
        "null": "must not be null; leave it out instead",
        "whole": "must be a whole number from {low} to {high}",
    }

    def __init__(self, *, low: int = -INTEGER_MAX - 1, high: int = INTEGER_MAX, text: bool = False, **kwargs: Any) -> None:
        kwargs["metadata"] = {"type": "integer", "minimum": low, "maximum": high, **kwargs.get("metadata", {})}
        super().__init__(**kwargs)
        self._low, self._high, self._text = low, high, text

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:  # noqa: ARG002
        if self._text and isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not self._low <= value <= self._high:
            raise self.make_error("whole", low=self._low, high=self._high)
        return value


class Flag(fields.Field[bool]):
    """true or false, and nothing that resembles them."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's own declaration
        "required": "is missing",
        "null": "must not be null; leave it out instead",
        "flag": "must be true or false",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs["metadata"] = {"type": "boolean", **kwargs.get("metadata", {})}
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:  # noqa: ARG002
        if not isinstance(value, bool):
            raise self.make_error("flag")
        return value


class Month(Text):
    """A period such as 2025-03, 2025-Q1 or W2025-03-03, as text: services parse it themselves."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["metadata"] = {
            "pattern": "^([0-9]{4}-(0[1-9]|1[0-2]|Q[1-4])|[WF][0-9]{4}-[0-9]{2}-[0-9]{2})$",
            "examples": ["2025-03"],
            **kwargs.get("metadata", {}),
        }
        super().__init__(characters_max=11, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return str(periods.parse_month(text))
        except Refused:
            raise ma.ValidationError("must be a month written as 2025-03") from None


class Day(Text):
    """A day such as 2025-04-15."""

    def __init__(self, **kwargs: Any) -> None:
        described = {"format": "date", "examples": ["2025-04-15"], **kwargs.get("metadata", {})}
        super().__init__(characters_max=10, **kwargs | {"metadata": described})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _DAY.fullmatch(text):
            raise ma.ValidationError("must be a day written as 2025-04-15")
        try:
            dt.date.fromisoformat(text)
        except ValueError:
            raise ma.ValidationError("is no day of the calendar") from None
        return text


def day(body: Mapping[str, Any], name: str) -> dt.date | None:
    """A day that a body gave, if it did."""
    return dt.date.fromisoformat(body[name]) if name in body else None


class Instant(fields.Field[dt.date]):
    """A date, or a time in UTC, on the way out: `2025-03-01` or `2025-03-01T12:00:00Z`."""

    def __init__(self, **kwargs: Any) -> None:
        kind: Any = ["string", "null"] if kwargs.get("allow_none") else "string"
        kwargs["metadata"] = {"type": kind, "examples": ["2025-03-01T12:00:00Z"], **kwargs.get("metadata", {})}
        super().__init__(**kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002
        return None if value is None else written(value)


def written(value: dt.date) -> str:
    """A date or UTC time as the API writes it."""
    return value.isoformat().replace("+00:00", "Z")
