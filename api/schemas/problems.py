"""The one shape of every error: an RFC 9457 problem."""

from __future__ import annotations

from marshmallow import Schema, fields


class FieldError(Schema):
    """One faulty field."""

    where = fields.String(required=True, metadata={"description": "The field, such as `query.limit` or `joined_at`."})
    reason = fields.String(required=True)
    value = fields.String(metadata={"description": "What was sent, if it can be shown."})
    fix = fields.String(metadata={"description": "What would be right."})


class ProblemDetails(Schema):
    """What was refused, why, and how to mend it."""

    type = fields.String(required=True, metadata={"description": "`urn:graphsvc:problem:` and the code."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "One sentence: what, where, why, and the fix."})
    code = fields.String(required=True, metadata={"description": "Stable name of what was refused; made for programs."})
    errors = fields.List(fields.Nested(FieldError), metadata={"description": "The faulty fields, at most 100."})
    count = fields.Integer(metadata={"description": "How many faults there are, where `errors` is cut."})
    about = fields.Dict(metadata={"description": "Names that a program may need, such as the `run_id` under way."})
