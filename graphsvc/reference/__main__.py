"""`python -m graphsvc.reference`: write the reference pages into docs/reference of the working folder."""

from __future__ import annotations

import sys
from pathlib import Path

from graphsvc.reference import pages

FOLDER = Path("docs/reference")


def main() -> None:
    """Write every page, and delete those of pages that are no more."""
    if not FOLDER.parent.is_dir():
        sys.exit("There is no folder docs here; run this in the root of the repository.")
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for stale in {p.name for p in FOLDER.glob("*.md")} - set(made):
        (FOLDER / stale).unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
