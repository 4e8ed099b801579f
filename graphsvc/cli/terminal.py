"""Who sits at this terminal."""

from __future__ import annotations

import getpass

from graphsvc.people import Who, at_terminal


def who() -> Who:
    """The account at this terminal, and the person of that name."""
    return at_terminal(getpass.getuser())
