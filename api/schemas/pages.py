"""What every listing takes and gives: a limit, a cursor, rows, and the next cursor."""

from __future__ import annotations

from marshmallow import fields

from api.fields import Schema, Text, Whole

LIMIT_DEFAULT = 100
LIMIT_MAX = 1000


class PageQuery(Schema):
    """Which page, and how long."""

    limit = Whole(low=1, high=LIMIT_MAX, text=True, metadata={"description": "Rows of a page.", "default": LIMIT_DEFAULT})
    cursor = Text(characters_max=800, metadata={"description": "The `next` of the page before; the first page has none."})


class Page(Schema):
    """A page of rows."""

    next = fields.String(allow_none=True, metadata={"description": "Cursor of the next page; null on the last."})
