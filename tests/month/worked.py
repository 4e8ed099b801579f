"""The worked table of the definitions: one order of 100, four levels, six partners above the seller, four compressions."""

from __future__ import annotations

SHARES = (100_000, 50_000, 30_000, 20_000)  # 10 / 5 / 3 / 2 %

# Leaders are open for all four levels, others for the first only; the suspended are never active.
PATH = """
U6 type leader
  U5 type leader
    U4 type leader
      U3
        U2 type leader suspended
          U1 type leader
            S : own 100
"""

# compression -> (who is paid what in cents, breakage in cents)
TABLE: dict[str, tuple[dict[str, int], int]] = {
    "none": ({"U1": 1000, "U4": 200}, 800),
    "standard": ({"U1": 1000, "U4": 300, "U5": 200}, 500),
    "dynamic": ({"U1": 1000, "U4": 500, "U5": 300, "U6": 200}, 0),
    "roll_up": ({"U1": 1000, "U4": 1000}, 0),
}
COMPRESSIONS = tuple(TABLE)
