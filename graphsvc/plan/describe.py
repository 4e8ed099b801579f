"""A plan as a page that people read, in English or Russian: who is active, what each bonus pays and to whom, with examples.

The page is Markdown. It says only what the checked document says, with the numbers in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphsvc.plan import checks
from graphsvc.plan.pages import bonuses, examples, frame
from graphsvc.plan.pages.writer import Writer


def _lines(writer: Writer) -> Iterator[str]:
    yield from frame.top(writer)
    yield from frame.trees(writer)
    yield from frame.other_plans(writer)
    yield from frame.active(writer)
    for bonus in writer.document["bonuses"]:
        yield from bonuses.of(writer, bonus)
    yield from frame.limits(writer)
    yield from frame.rounding(writer)
    yield from frame.payouts(writer)
    for bonus in writer.document["bonuses"]:
        yield from examples.of(writer, bonus)


def page(document: dict[str, Any], language: str) -> str:
    """The page of a plan document, as Markdown; the language is en or ru."""
    checks.demand_sound(document)
    return "\n".join(_lines(Writer(document, language))) + "\n"
