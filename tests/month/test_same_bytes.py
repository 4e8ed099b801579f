"""R13: the same month is the same bytes, whoever computes it: any order of rows and files, any batches, hash seed, zone, locale.

Each permutation is a process of its own that runs the commands a person would: import, publish, close, print, verify.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import neo4j
import pytest

from graphsvc.query.runner import Database
from tests import chance, server
from tests.graphs import draw
from tests.ledger import told
from tests.month import small
from tests.records import Network
from tests.server import Address

PERMUTATIONS = chance.either(4, 20)
MONTHS = ("2025-01", "2025-03")
PART = "\f"
# All commands of a permutation, one after another, and a mark behind what each says; the batches are no setting of people's.
COMMANDS = f"""
import json, sys
from graphsvc.month import service
from graphsvc.month.context import Batches
from graphsvc.month.layers import Layers
fold, rows, thin, levels = json.loads(sys.argv[1])
service.close.__kwdefaults__["batches"] = Batches(fold, rows, Layers(thin=thin, levels=levels))
from graphsvc.cli import main
for words in json.loads(sys.argv[2]):
    sys.argv = ["graphsvc", *words]
    main()
    sys.stdout.write({PART!r})
"""
ZONES = ("UTC", "KIR-14", "MAR+9:30", "Asia/Kolkata", "America/St_Johns", "Europe/Moscow", "Pacific/Kiritimati")
BATCHES = ((1, 1, 0, 1), (16_384, 2, 2, 2), (40_000, 5, 4, 3), (100_000, 1_000, 64, 32))
LOCALES = ("C", "C.UTF-8", "POSIX")
MADE = (("ru_RU", "UTF-8"), ("ru_RU", "KOI8-R"), ("de_DE", "ISO-8859-1"), ("tr_TR", "UTF-8"))


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder of locales that this machine has or can make, and their names: few machines have Russian ones ready."""
    folder, names = tmp_path_factory.mktemp("locales"), list(LOCALES)
    if shutil.which("localedef"):
        for language, encoding in MADE:
            made = ["localedef", "-i", language, "-f", encoding, str(folder / f"{language}.{encoding}")]
            if subprocess.run(made, capture_output=True, check=False).returncode == 0:
                names.append(f"{language}.{encoding}")
    return folder, names


def company() -> Network:
    """The small company, with ids in two scripts, which sort and print in their own way in some locales."""
    drawn = draw(small.COMPANY)
    names = {one.id: one.id.replace("B", "Бё").replace("I", "ı-İ") for one in drawn.partners}
    return Network(
        [replace(one, id=names[one.id], sponsor=one.sponsor and names[one.sponsor]) for one in drawn.partners],
        [replace(one, partner=names[one.partner]) for one in drawn.customers],
        [replace(one, partner=names[one.partner]) for one in drawn.orders],
        drawn.refunds,
        drawn.events,
    )


def imports(whole: Network, rng: random.Random, folder: Path) -> list[list[str]]:
    """Commands that import the company, its rows shuffled, in one to four imports."""
    mixed = replace(whole)
    for noun in ("partners", "customers", "orders", "refunds"):
        setattr(mixed, noun, rng.sample(getattr(whole, noun), len(getattr(whole, noun))))
    files = mixed.write(folder)
    groups = rng.choice(
        (
            (("partners", "customers", "orders", "refunds"),),
            (("partners", "customers"), ("orders", "refunds")),
            (("partners",), ("customers", "orders"), ("refunds",)),
            (("partners",), ("customers",), ("orders",), ("refunds",)),
        )
    )
    return [["import", *(word for noun in group for word in (f"--{noun}", str(files[noun])))] for group in groups]


def test_any_process_anywhere_gives_the_same_bytes(
    database: Database,
    driver: neo4j.Driver,
    endpoint: Address,
    environment: dict[str, str],
    locales: tuple[Path, list[str]],
    tmp_path: Path,
    record_property: Callable[..., None],
) -> None:
    rng, whole = chance.rng("same bytes"), company()
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(small.plan(), ensure_ascii=False), encoding="utf-8")
    folder, names = locales
    zones, spoken = rng.sample(ZONES, len(ZONES)), names[::-1]
    results, first = [], list[str]()
    for number in range(PERMUTATIONS):
        server.empty(driver, endpoint.database)
        there = tmp_path / str(number)
        commands = imports(whole, rng, there)
        commands += [["plan", "publish", str(plan)]]
        commands += [["month", "close", name, "--plan", "small", "--out-of-order"] for name in MONTHS]
        commands += [["earnings", name, "--format", shape] for name in MONTHS for shape in ("csv", "ndjson")]
        commands += [["month", "verify", name] for name in MONTHS]
        commands += [["ledger", "balances", "--each", "--format", "csv"], ["ledger", "verify"]]
        own = environment | {
            "PYTHONHASHSEED": str(rng.randrange(2**32)),
            "TZ": zones[number % len(zones)],
            "LC_ALL": spoken[number % len(spoken)],
            "LANGUAGE": rng.choice(("ru", "en", "de")),
            "LOCPATH": str(folder),
            "GRAPHSVC_HOME": str(there / "home"),
        }
        run = [sys.executable, "-c", COMMANDS, json.dumps(rng.choice(BATCHES)), json.dumps(commands)]
        ended = subprocess.run(run, env=own, capture_output=True, timeout=500, check=False)
        what = f"permutation {number}: {own['TZ']}, {own['LC_ALL']}, PYTHONHASHSEED={own['PYTHONHASHSEED']}"
        sentences = [line for line in ended.stderr.splitlines() if not line.endswith(b" s")]  # how long a step took is no fault
        assert (ended.returncode, sentences) == (0, []), f"{what}: {ended.stderr!r}"
        said = ended.stdout.split(PART.encode())
        digests = [part.split(b"\ndigest ")[1] for part in said if b"\ndigest " in part]
        assert len(digests) == len(MONTHS)
        printed, balances = said[-9:-5], said[-3]
        for run_id in {row["run_id"] for row in told.rows(database)}:
            balances = balances.replace(run_id.encode(), b"RUN")
        found = (digests, printed, b"\n".join(sorted(balances.split(b"\n"))), told.shared(database, any_order=True))
        results.append(found)
        first = first or [what]
        assert found == results[0], f"{what} is not what {first[0]} gave"
    assert b"\xd0\x91\xd1\x91" in b"".join(results[0][1]), "the ids of other scripts are printed in UTF-8"
    record_property(
        chance.TOLD, f"R13: {PERMUTATIONS} permutations, {len(names)} locales ({', '.join(names)}), all the same bytes"
    )
