"""The commands of plans and rates: what a person types, what is printed, and the exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from graphsvc.plan import compiler, document
from graphsvc.query.runner import Database
from tests.month import test_binary
from tests.month.test_awards import PV, award
from tests.month.test_model_people import binary, legs, units
from tests.month.test_worked import bonus, closed
from tests.month.test_worked import document as document_of
from tests.plan.sample import EXAMPLES, SOUND, text

CDNOW = str(EXAMPLES / "cdnow.yaml")


def graphsvc(environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    """Run a command; exit code, stdout, stderr."""
    command = [sys.executable, "-c", "from graphsvc.cli import main; main()", *arguments]
    wide = {**environment, "COLUMNS": "200", "PYTHONUTF8": "1"}
    done = subprocess.run(command, env=wide, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)
    return done.returncode, done.stdout, done.stderr


def offline(tmp_path: Path) -> dict[str, str]:
    """An environment in which a database would be noticed, because there is none."""
    return {"NEO4J_URI": "bolt://127.0.0.1:1", "NEO4J_PASSWORD": "none", "GRAPHSVC_HOME": str(tmp_path / "home")}


def test_check_needs_no_database(tmp_path: Path) -> None:
    code, out, _ = graphsvc(offline(tmp_path), "plan", "check", CDNOW)
    assert code == 0
    assert out.startswith("cdnow version 1 is sound: 1 bonus, 3 conditions, digest ")


def test_check_shows_the_worst_chain(tmp_path: Path) -> None:
    code, out, _ = graphsvc(offline(tmp_path), "plan", "check", CDNOW)
    assert code == 0
    assert "On the worst chain of partners an order of kind retail pays at most 9 % of its base:" in out
    assert [line.split() for line in out.splitlines() if " level " in line] == [
        ["team", "level", "1", "5", "%"],
        ["team", "level", "2", "3", "%"],
        ["team", "level", "3", "1", "%"],
    ]


def test_diff_needs_no_database_for_files(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(Path(CDNOW).read_text(encoding="utf-8").replace("rate: 3%", "rate: 4%"), encoding="utf-8")
    code, out, _ = graphsvc(offline(tmp_path), "plan", "diff", CDNOW, str(file), "--format", "csv")
    assert (code, out) == (0, 'place,change,before,after\n"bonus team, level 2, rate",changed,3%,4%\n')
    assert graphsvc(offline(tmp_path), "plan", "diff", CDNOW, CDNOW)[1] == "The two plans say the same.\n"
    code, _, err = graphsvc(offline(tmp_path), "plan", "diff", CDNOW, "cdnow@new")
    assert (code, err.strip()) == (2, "'cdnow@new' names no version; write it as NAME@2.")


def test_check_tells_every_fault(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(text(("    compression: dynamic\n", ""), ("rate: 5%", "rate: 5")), encoding="utf-8")
    code, out, err = graphsvc(offline(tmp_path), "plan", "check", str(file))
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "The plan sample has 2 faults:",
        "  line 25, bonuses[0].compression: is left open; choose none, standard, dynamic or roll_up",
        "  line 33, bonuses[0].levels[0].rate: '5' must be a percentage with its sign and at most 4 decimals,"
        " such as 5% or 2.5%; write 5%",
    ]


@pytest.mark.parametrize(("language", "said"), [("en", "# Sample"), ("ru", "# Образец")])
def test_show_reads_a_file_without_a_database(tmp_path: Path, language: str, said: str) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(SOUND, encoding="utf-8")
    code, out, _ = graphsvc(offline(tmp_path), "plan", "show", str(file), "--lang", language)
    assert (code, out.splitlines()[0]) == (0, said)


def test_publish_show_and_list(environment: dict[str, str], tmp_path: Path) -> None:
    assert graphsvc(environment, "plan", "list")[1].startswith("No plan is published yet")
    code, out, _ = graphsvc(environment, "plan", "publish", CDNOW)
    assert (code, out.split(", digest")[0]) == (0, "Published cdnow version 1, valid from 1997-01-01")
    assert "is already published with this very content; nothing changed." in graphsvc(environment, "plan", "publish", CDNOW)[1]
    assert graphsvc(environment, "plan", "list", "--format", "csv")[1].splitlines()[1].startswith("cdnow,1,1997-01-01,USD,")
    original = compiler.compile_plan(document.load(EXAMPLES / "cdnow.yaml"))
    for shape in ("yaml", "json"):
        shown = graphsvc(environment, "plan", "show", "cdnow", "--format", shape)[1]
        assert compiler.compile_plan(document.load(shown)) == original
    assert json.loads(shown)["plan"] == "cdnow"
    code, _, err = graphsvc(environment, "plan", "show", "cdnov", "--lang", "ru")
    assert (code, err.strip()) == (2, "There is no plan 'cdnov'; there is only cdnow.")
    assert graphsvc(environment, "plan", "show", CDNOW, "--version", "1")[0] == 2
    assert graphsvc(environment, "plan", "diff", "cdnow@1", CDNOW)[1] == "The two plans say the same.\n"


def test_rates(environment: dict[str, str]) -> None:
    code, out, _ = graphsvc(environment, "rate", "publish", "1997-01", "EUR", "USD", "1.0843")
    assert (code, out.strip()) == (0, "Published: 1 EUR = 1.0843 USD in 1997-01.")
    assert graphsvc(environment, "rate", "publish", "1997-01", "EUR", "USD", "1.09")[0] == 2
    assert graphsvc(environment, "rate", "publish", "1997-01", "EUR", "USD", "1.09", "--replace")[0] == 0
    assert graphsvc(environment, "rate", "show", "1997-01", "--format", "csv")[1].splitlines() == [
        "month,source,target,rate",
        "1997-01,EUR,USD,1.09",
    ]
    assert graphsvc(environment, "rate", "show", "1997-02")[1].startswith("No rate is published for 1997-02")


def test_check_and_publish_warn_of_caps_that_would_have_cut_nothing(
    database: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    limits = [
        {"cap": "line", "bonuses": ["team"], "sum": "10.01"},
        {"cap": "partner_bonus", "bonuses": ["team", "gift"], "sum": {"by": "type", "values": {"gold": 14, "other": "15.00"}}},
        {"cap": "partner", "bonuses": "all", "sum": 19},
        {"cap": "company", "bonuses": ["gift"], "rate": "10%"},
        {"cap": "company", "bonuses": ["team", "gift"], "sum": 27},
    ]
    gift = award("milestone", name="gift", metric=PV, steps=[{"from": 1, "sum": 5}], pays="highest", how_often="each_period")
    plan = document_of(bonus("team", ["5%", "5%"]), gift)
    closed(database, "A : own 1\n  B : own 200\n    C : own 100", plan | {"limits": limits[:1]}, tmp_path, "2025-03")
    file, named = tmp_path / "plan.json", "These caps would have cut nothing in 2025-03, the last closed period of worked:"

    def written(**changes: Any) -> str:
        file.write_text(json.dumps(plan | changes, indent=1), encoding="utf-8")
        return str(file)

    # A earned 10.00 and 5.00 of team, at most 10.00 on a line, and 20.00 in all; the company 35.00; 10 % of 301 is 30.10.
    code, out, err = graphsvc(environment, "plan", "check", written(version=2, valid_from="2025-04-01", limits=limits))
    assert code == 0, err
    assert named in out
    rows = [line.split("  ") for line in out.split(named)[1].splitlines() if "limits[" in line]
    said = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert [[row[0].partition(", ")[2], *row[1:]] for row in said] == [
        ["limits[0].sum", "10.01 USD", "most on a line", "10.00 USD"],
        ["limits[1].sum.values.other", "15.00 USD", "most of one bonus for a partner", "15.00 USD"],
        ["limits[3].rate", "10% of what was sold, 30.10 USD", "all lines", "15.00 USD"],
    ]
    code, published, _ = graphsvc(environment, "plan", "publish", str(file))
    assert (code, published.startswith("Published worked version 2")) == (0, True)
    assert published.split(named)[1] == out.split(named)[1]
    assert named not in graphsvc(environment, "plan", "check", written(plan="other", limits=limits))[1]
    code, out, _ = graphsvc(offline(tmp_path), "plan", "check", written(limits=limits))
    assert (code, named in out) == (0, False)
    renamed = [{**plan["bonuses"][0], "name": "new"}, gift]
    newer = written(version=3, valid_from="2025-05-01", bonuses=renamed, limits=[{"cap": "line", "bonuses": ["new"], "sum": 99}])
    assert named not in graphsvc(environment, "plan", "check", newer)[1]


@pytest.mark.parametrize(
    ("was", "idle"),
    [
        ("none", {"60 money": "60.00 USD", "2 units": "2 units"}),
        ({"per": "money", "values": 61, "above": "lost"}, {}),  # who got 60 may have been cut for all that is told
        ({"per": "money", "values": 90, "above": "kept"}, {"60 money": "60.00 USD", "2 units": "2 units"}),
        ({"per": "units", "values": 2, "above": "kept"}, {}),
        ({"per": "units", "values": 3, "above": "lost"}, {"60 money": "60.00 USD", "2 units": "2 units"}),
    ],
)
def test_the_cap_of_a_binary_is_held_against_the_last_closed_period(
    database: Database, environment: dict[str, str], tmp_path: Path, was: Any, idle: dict[str, str]
) -> None:
    """Units of 300 worth 30: A's legs of 1 000 and 700 are paid two units, 60.00."""
    pays = units("in_turn", {"lesser": 300, "greater": 300, "pays": {"sum": 30}})
    (lines,) = test_binary.closed(database, legs(1000, 700), binary(pays, cap=was), tmp_path)
    assert [line[3] for line in lines] == [6000]
    file, said = tmp_path / "plan.json", {}
    for values, per in ((59, "money"), (60, "money"), (1, "units"), (2, "units")):
        cap = {"per": per, "values": {"by": "type", "values": {"gold": values, "other": 1}}, "above": "kept"}
        newer = binary(pays, cap=cap) | {"version": 2, "valid_from": "2025-04-01", "standings_tree": "sponsor"}
        file.write_text(json.dumps(newer, indent=1), encoding="utf-8")
        code, out, err = graphsvc(environment, "plan", "check", str(file))
        assert code == 0, err
        rows = [line for line in out.splitlines() if "bonuses[0].cap.values" in line]
        said |= {f"{values} {per}": row.rstrip().split("  ")[-1] for row in rows if "most of binary for a partner" in row}
    assert said == idle
    other = units("in_turn", {"lesser": 200, "greater": 300, "pays": {"sum": 30}})
    file.write_text(json.dumps(binary(other, cap=cap) | {"version": 2, "valid_from": "2025-04-01", "standings_tree": "sponsor"}))
    assert "would have cut nothing" not in graphsvc(environment, "plan", "check", str(file))[1]
