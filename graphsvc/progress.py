"""How long work tells where it stands; the services know only this, the terminal draws it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Advance = Callable[[int], None]


class Progress(Protocol):
    """Something that can show steps."""

    def step(self, label: str, total: int | None = None) -> AbstractContextManager[Advance]:
        """Open a step of `total` units (None: unknown); the value it yields is called with units done."""
        ...


class Silent:
    """Shows nothing; for tests and for the API."""

    @contextmanager
    def step(self, label: str, total: int | None = None) -> Iterator[Advance]:  # noqa: ARG002 - the protocol's names
        """Open a step that nobody sees."""
        yield lambda _: None
