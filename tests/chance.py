"""The chance in the tests: one seed, printed by every run and given back with GRAPHSVC_TEST_SEED, and how deep to dig."""

from __future__ import annotations

import os
import random
import zlib

# An everyday run draws the same cases on every machine, so that it tells of the change and not of luck; a deep run draws anew.
EVERYDAY = 1817091635
DEEP = os.environ.get("GRAPHSVC_TEST_DEPTH") == "deep"
SEED = int(os.environ.get("GRAPHSVC_TEST_SEED") or (random.SystemRandom().randrange(2**32) if DEEP else EVERYDAY))
DEPTH = 20 if DEEP else 1
TOLD = "told"  # the name under which a test records what the end of the run shall print


def cases(count: int) -> int:
    """How many random cases to try where an everyday run tries `count`."""
    return count * DEPTH


def either(everyday: int, deep: int) -> int:
    """How many random cases to try in an everyday run, and how many in a deep one."""
    return deep if DEEP else everyday


def rng(name: str) -> random.Random:
    """A generator of its own for the test `name`, so that its cases do not depend on which tests ran before it."""
    return random.Random(zlib.crc32(name.encode()) ^ SEED)
