"""The reference pages are fresh, and list everything there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphsvc import config, vocabulary
from graphsvc.errors import Code
from graphsvc.query import catalog
from graphsvc.reference import commands, pages

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
MADE = pages()


@pytest.mark.parametrize("name", MADE)
def test_a_page_is_fresh(name: str) -> None:
    file = FOLDER / name
    assert file.exists(), f"docs/reference/{name} is missing; run `make docs` and commit it"
    assert file.read_text(encoding="utf-8") == MADE[name], f"docs/reference/{name} is stale; run `make docs` and commit it"


def test_there_is_no_page_of_something_gone() -> None:
    assert {p.name for p in FOLDER.glob("*")} == set(MADE), "docs/reference holds other files; run `make docs`"


def test_a_second_making_gives_the_same_bytes() -> None:
    assert pages() == MADE


def test_everything_has_its_place() -> None:
    for name in catalog.load():
        assert f"### {name}\n" in MADE["queries.md"]
    for name in config.KNOWN:
        assert f"| `{name}` |" in MADE["settings.md"]
    for code in Code:
        assert f"| `{code}` |" in MADE["errors.md"]
    for word in (*vocabulary.LABELS, *vocabulary.RELATIONSHIPS):
        assert f"### {word}\n" in MADE["graph.md"]
    for context, _ in commands.commands():
        assert f"## {context.command_path}\n" in MADE["cli.md"]


def test_every_decision_is_listed() -> None:
    folder = FOLDER.parent / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for file in sorted(folder.glob("[0-9]*.md")):
        title = file.read_text(encoding="utf-8").splitlines()[0].lstrip("# 0123456789.")
        assert f"- [{file.name[:4]}]({file.name}) {title}\n" in index, (
            f"add {file.name} to docs/decisions/README.md with its title"
        )
