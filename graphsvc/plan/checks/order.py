"""Order of evaluation: a bonus reads only what stands before it, so that nothing waits for itself."""

from __future__ import annotations

from graphsvc.errors import nearest
from graphsvc.plan.checks.view import Found, View
from graphsvc.plan.document import Place


def check(view: View) -> Found:
    """What bonuses read, where rests go, and what limits and deductions name."""
    names = view.bonus_names()
    for place, _ in view.bonuses():
        index = int(place[1])
        for n in range(view.size(*place, "of")):
            at, name = (*place, "of", n), view.word(*place, "of", n)
            if name:
                yield from _before(view, at, name, index, names)
                yield from _capped_later(view, at, name, index, names)
        name = view.word(*place, "rest", "next_fund")
        if name:
            yield from _next_fund(view, place, name, index, names)
    for list_ in ("limits", "deductions"):
        for n in range(view.size(list_)):
            for inner in range(view.size(list_, n, "bonuses")):
                name = view.word(list_, n, "bonuses", inner)
                if name and name not in names:
                    yield (list_, n, "bonuses", inner), "is not the name of a bonus", nearest(name, filter(None, names))


def _before(view: View, at: Place, name: str, index: int, names: list[str]) -> Found:
    if name not in names:
        yield at, "is not the name of a bonus", nearest(name, filter(None, names))
    elif names.index(name) == index:
        yield at, "is this bonus itself, so it would wait for itself", "name bonuses that stand before it"
    elif names.index(name) > index:
        back = _reads(view, names.index(name), index, names)
        reason = (
            "reads this bonus too: they would wait for each other" if back else "stands after this bonus and is not known yet"
        )
        yield at, reason, "leave one of the two out" if back else "move it up, or this bonus down"
    elif view.word("bonuses", names.index(name), "kind") == "contest" and not _has_sums(view, names.index(name)):
        yield at, "pays prizes that are not money", "name bonuses that pay money"


def _has_sums(view: View, index: int) -> bool:
    prizes = range(view.size("bonuses", index, "prizes"))
    return any("award" not in view.keys("bonuses", index, "prizes", n) for n in prizes)


def _reads(view: View, reader: int, read: int, names: list[str], seen: tuple[int, ...] = ()) -> bool:
    """Whether a bonus reads another one, by itself or through others."""
    for n in range(view.size("bonuses", reader, "of")):
        name = view.word("bonuses", reader, "of", n)
        if name in names:
            inner = names.index(name)
            if inner == read or (inner not in seen and _reads(view, inner, read, names, (*seen, reader))):
                return True
    return False


def _capped_later(view: View, at: Place, name: str, index: int, names: list[str]) -> Found:
    """Lines are matched after caps, so the company's cap on them must have run."""
    for n in range(view.size("limits")):
        capped = [view.word("limits", n, "bonuses", k) for k in range(view.size("limits", n, "bonuses"))]
        if view.word("limits", n, "cap") != "company" or name not in capped:
            continue
        last = max((names.index(one) for one in capped if one in names), default=-1)
        if last >= index:
            reason = f"is capped by limits[{n}] only once {names[last]} has run, which is not before this bonus"
            yield at, reason, f"move {names[last]} up, or name fewer bonuses in the limit"


def _next_fund(view: View, place: Place, name: str, index: int, names: list[str]) -> Found:
    at = (*place, "rest", "next_fund")
    if name not in names:
        yield at, "is not the name of a bonus", nearest(name, filter(None, names))
    elif view.word("bonuses", names.index(name), "kind") not in ("pool", ""):
        yield at, "is not a pool", "name a pool that stands later in the plan"
    elif names.index(name) <= index:
        yield at, "does not stand after this pool, so its fund is shared out already", "name a later pool, or move this one up"
