"""Whether the service lives and is ready."""

from __future__ import annotations

from marshmallow import Schema, fields


class Health(Schema):
    """A sign of life."""

    status = fields.String(required=True)
