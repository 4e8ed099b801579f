"""Plans of many families as companies publish them, with their numbers: imported, closed and read by the command line only.

Each folder of `published` is a company: its files, its plans (where it has none, it is the example of its name), and
`earnings.txt`, what was worked out by hand for a few partners: the lines of `graphsvc earnings --format csv`, one period after
another.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graphsvc.query.runner import Database
from tests.month.conftest import Said

Cli = Callable[..., Said]

COMPANIES = Path(__file__).parent / "published"
EXAMPLES = Path(__file__).parents[2] / "examples" / "plans"
TREES = {"enrollers": "team", "cycles": "legs", "steps": "legs", "titles": "legs"}
NOUNS = ("partners", "customers", "orders", "refunds")


def periods(folder: Path) -> list[tuple[str, str, str]]:
    """(plan, period, lines) of `earnings.txt`, where a line `plan period` stands before the lines of its period."""
    found: list[tuple[str, str, str]] = []
    for line in (folder / "earnings.txt").read_text().splitlines():
        if " " in line:
            plan, _, period = line.partition(" ")
            found.append((plan, period, ""))
        elif line:
            plan, period, lines = found[-1]
            found[-1] = (plan, period, f"{lines}{line}\n")
    return found


@pytest.mark.parametrize("company", sorted(path.name for path in COMPANIES.iterdir()))
def test_a_published_plan_pays_what_it_promises(database: Database, cli: Cli, company: str) -> None:
    folder = COMPANIES / company
    files = [word for noun in NOUNS if (folder / f"{noun}.csv").exists() for word in (f"--{noun}", str(folder / f"{noun}.csv"))]
    taken = cli("import", *files, *(("--placement-tree", TREES[company]) if company in TREES else ()))
    assert taken.code == 0, taken.sentence
    plans = sorted(folder.glob("*.yaml")) or [EXAMPLES / f"{company}.yaml"]
    done = cli("plan", "publish", *map(str, plans))
    assert done.code == 0, done.sentence
    for plan_name, period, lines in periods(folder):
        closed = cli("month", "close", period, "--plan", plan_name)
        assert closed.code == 0, closed.sentence
        assert cli("earnings", period, "--plan", plan_name, "--format", "csv").out == (
            "partner_id,bonus,level,base_minor,rate_ppm,amount_minor,currency\n" + lines
        )
        assert cli("month", "verify", period, "--plan", plan_name).code == 0
