"""A network to look at: about 2 000 invented partners, three months of orders, and a few dozen abuses planted in it.

Everything is drawn from a fixed seed, so the demo shows the same numbers on every machine. What was planted is written beside
the data, so that whoever looks for abuse can check what was found.
"""

from graphsvc.demo.files import write
from graphsvc.demo.planted import Planted, plant
from graphsvc.demo.world import MONTHS, OPEN_MONTH, SEED, World, build

__all__ = ["MONTHS", "OPEN_MONTH", "SEED", "Planted", "World", "build", "plant", "write"]
