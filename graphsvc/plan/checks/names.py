"""Names: of conditions that are used and not there, or there and not used; of bonuses, ranks and balances that are taken."""

from __future__ import annotations

from graphsvc.errors import nearest
from graphsvc.plan.checks import frontline
from graphsvc.plan.checks.frame import unknown_tree
from graphsvc.plan.checks.view import Found, View
from graphsvc.plan.document import Place

RESERVED = ("active", "inactive")
RESERVED_RANKS = ("none", "own")


def check(view: View) -> Found:
    """Conditions, then what must be named once, then trees of bonuses."""
    yield from _conditions(view)
    yield from _twice(view)
    for place, kind in view.bonuses():
        tree = view.word(*place, "tree")
        told = unknown_tree(tree, view) if tree else None
        if told is not None:
            yield (*place, "tree"), *told
        elif kind == "binary" and tree and view.word("trees", tree, "kind") not in ("binary", ""):
            yield (*place, "tree"), "is not a binary tree", "name a tree of kind: binary"
        elif kind == "binary" and tree in ("sponsor", "transferred"):
            yield (*place, "tree"), "is not a binary tree", "add trees with one of kind: binary, and name it"


def _conditions(view: View) -> Found:
    used: set[str] = set()
    known = view.keys("conditions")
    for place, every in view.conditions_named():
        used.add(str(view.raw(*place)))
        name = view.get(*place)
        if not isinstance(name, str) or name == every:
            continue
        if name not in known:
            words = [every, *known] if every else known
            fix = f"{nearest(name, words)}; conditions: holds the names" if words else "add it under conditions"
            yield place, "is not the name of a condition", fix
    asked = [*used, *frontline.named_in({key: part for key, part in view.document.items() if key != "conditions"})]
    used = set()
    while asked:  # what a used condition asks of the frontline is used too
        name = asked.pop()
        if name not in used:
            used.add(name)
            asked += frontline.named_in(view.raw("conditions", name))
    for name in known:
        if name in RESERVED:
            yield ("conditions", name), "is a name that the language itself uses", "choose another name"
        elif name not in used:
            yield ("conditions", name), "is a condition that nothing uses", "use it in opens or vanish, or leave it out"
    if view.document.get("conditions") == {}:
        yield ("conditions",), "holds no condition", "leave the key out"
    if view.get("active", "conditions") == [] and view.get("active", "grace_periods"):
        yield ("active", "grace_periods"), "is pointless where active has no conditions", "write 0"


def _twice(view: View) -> Found:
    lines: dict[str, Place] = {}
    places: list[tuple[Place, str]] = [(place, view.word(*place, "name")) for place, _ in view.bonuses()]
    places += [(("deductions", n), view.word("deductions", n, "name")) for n in range(view.size("deductions"))]
    for place, name in places:
        first = lines.setdefault(name, place) if name else place
        if first != place:
            fix = "give each bonus a name of its own"
            yield (*place, "name"), f"is the name of {first[0]}[{first[1]}] already", fix
    for list_, key in ((("ranks", "list"), "name"), (("splits",), "balance")):
        seen: dict[str, int] = {}
        for index in range(view.size(*list_)):
            name = view.word(*list_, index, key)
            if name and seen.setdefault(name, index) != index:
                yield (*list_, index, key), f"stands here a second time, first in [{seen[name]}]", "name each once"
    for index, name in enumerate(view.ranks()):
        if name in RESERVED_RANKS:
            yield ("ranks", "list", index, "name"), "is a name that the language itself uses", "choose another name"
