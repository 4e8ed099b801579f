"""The reference pages below `docs/reference`, made from the product itself: `make docs` writes them, a test compares them.

Each page is a function of what is already said once elsewhere (headers of queries, help of commands, the OpenAPI document, the
plan's JSON Schema, settings, vocabulary, error codes), so a page can be stale but never wrong.
"""

from __future__ import annotations

from graphsvc.reference import commands, files, http, plan, said
from graphsvc.reference.markdown import NOTE, table

TITLES = {
    "queries": "Every query file: which question it answers, what it takes, what it returns",
    "cli": "Every command and its options",
    "api": "Every operation of the HTTP API, its roles, its fields",
    "import": "The files that can be imported, and their columns",
    "plan": "Every key of the plan language",
    "settings": "Every environment variable",
    "graph": "Labels, relationships, properties, constraints and indexes",
    "errors": "Every error code, its HTTP status, and what to do",
}


def pages() -> dict[str, str]:
    """File name to text of every page."""
    made = {
        "queries": said.queries(),
        "cli": commands.page(),
        "api": http.operations(),
        "import": files.page(),
        "plan": plan.page(),
        "settings": said.settings(),
        "graph": said.graph(),
        "errors": http.errors(),
    }
    index = f"# Reference\n\n{NOTE}\n\n" + table(("page", "what it lists"), [(f"[{k}]({k}.md)", v) for k, v in TITLES.items()])
    return {"README.md": index, **{f"{k}.md": f"# {TITLES[k]}\n\n{NOTE}\n\n{text}" for k, text in made.items()}}
