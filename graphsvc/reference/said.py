"""Pages of what stands in the queries, the settings, the vocabulary and the migrations."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from graphsvc import config, migrate, vocabulary
from graphsvc.query import catalog
from graphsvc.query.header import Field
from graphsvc.reference.markdown import code, sections, table


def _fields(fields: Sequence[Field]) -> str:
    shown = (f"`{f.name}` {f.declared}" + (f" = {f.default!r}" if f.has_default else "") for f in fields)
    return ", ".join(shown) or "nothing"


def queries() -> str:
    """Every query of the catalogue, by folder."""
    parts = ["A type that ends in `?` may be null. Rows that are `packed` travel as lists of 1 000 and arrive as single rows."]
    for folder, inside in groupby(catalog.load().values(), key=lambda q: q.name.rpartition(".")[0]):
        parts.append(f"## {folder}")
        for query in inside:
            head = query.header
            allows = f"\n- plan may use {', '.join(sorted(head.allows))}: {head.reason}" if head.allows else ""
            parts.append(
                f"### {query.name}\n{head.purpose}\n\n- {head.mode}, rows: {head.rows}\n- takes {_fields(head.params)}\n"
                f"- returns {_fields(head.returns)}{allows}"
            )
    return sections(parts)


def settings() -> str:
    """Every environment variable that is read."""
    return table(("variable", "meaning"), [(code(name), meaning) for name, meaning in sorted(config.KNOWN.items())])


def graph() -> str:
    """The vocabulary, and what the migrations hold it to."""
    parts = ["An instant is a DATETIME in UTC; a day without a time is a DATE, and means local midnight in the zone of a plan."]
    parts.append("## Nodes")
    for label, properties in vocabulary.LABELS.items():
        parts += [f"### {label}", table(("property", "meaning"), [(code(k), v) for k, v in properties.items()])]
    parts.append("## Relationships")
    for kind, properties in vocabulary.RELATIONSHIPS.items():
        parts += [f"### {kind}", table(("property", "meaning"), [(code(k), v) for k, v in properties.items()]) or "No property."]
    rules = migrate.rules(migrate.load())
    parts += [
        "## Constraints and indexes",
        "A missing one stops the start-up, by name.",
        table(
            ("name", "on", "kind"),
            [
                (code(r.name), code(f"{r.subject}({', '.join(r.properties)})"), "unique" if r.constraint else "index")
                for r in sorted(rules, key=lambda r: r.name)
            ],
        ),
    ]
    return sections(parts)
