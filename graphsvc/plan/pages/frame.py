"""The page's frame: what counts, the trees, who is active, ranks, conditions, limits and rounding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphsvc.plan import quantities
from graphsvc.plan.pages.writer import Writer, table


def top(writer: Writer) -> Iterator[str]:
    """Title, frame and what counts."""
    document, volumes = writer.document, writer.document["volumes"]
    yield f"# {document['title'][writer.language]}\n"
    yield writer.say(
        "frame",
        name=document["plan"],
        version=document["version"],
        day=document["valid_from"],
        currency=writer.currency,
        zone=document["time_zone"],
        calendar=_calendar(writer, document["calendar"]),
    )
    yield f"\n## {writer.say('counts')}\n"
    yield f"- {writer.say(volumes['counted_by'])}"
    kinds = {kind: writer.say(volumes[kind]) for kind in ("own_use", "joining_pack")}
    yield f"- {writer.say('kinds', **kinds)}"
    worth = writer.figure(volumes["volume_value"])
    yield f"- {writer.say('value', money=f'{worth} {writer.currency}')}"
    yield f"- {writer.say(volumes['refunds'])}"
    yield f"- {writer.say('refund_' + volumes['refunds_belong_to'])}"
    yield f"- {writer.say('late_' + volumes['late_orders'])}"
    if volumes["refunds"] == "reverse" or volumes["late_orders"] == "then":
        yield from _parts(writer)
    days = volumes["late_order_days"]
    yield f"- {writer.say('late_days', n=days) if days else writer.say('no_late_days')}"


def _parts(writer: Writer) -> Iterator[str]:
    """Of which lines what comes later takes parts."""
    bonuses = writer.document["bonuses"]
    if any("spans" in bonus for bonus in bonuses):
        yield f"- {writer.say('spans_parts')}"
    if any(isinstance(bonus.get("unqualified"), dict) for bonus in bonuses):
        yield f"- {writer.say('held_parts')}"


def _calendar(writer: Writer, calendar: Any) -> str:
    if not isinstance(calendar, dict):
        return "" if calendar == "month" else writer.say(calendar)
    ((span, day),) = calendar.items()
    return writer.say(span, day=day)


def tree_name(writer: Writer, name: str) -> str:
    """A tree, as a sentence names it."""
    return writer.say(f"tree_{name}") if name in ("sponsor", "transferred") else writer.say("tree_named", name=name)


def trees(writer: Writer) -> Iterator[str]:
    """Placement trees, the volume transfer, and the tree that is looked down."""
    document = writer.document
    if not {"trees", "transfer"} & set(document):
        return
    yield f"\n## {writer.say('trees')}\n"
    for name, tree in document.get("trees", {}).items():
        word = {"matrix": "matrix", "binary": "legs", "unilevel": "unilevel_tree"}[tree["kind"]]
        kind = writer.say(word, name=name, **({"width": tree["width"]} if word == "matrix" else {}))
        held = [writer.say("holding", n=tree["holding_days"])] if tree["holding_days"] else []
        yield "- " + " ".join([kind, writer.say(tree["placement"]), *held])
    if "transfer" in document:
        transfer = document["transfer"]
        yield f"- {writer.say('transfer', name=transfer['who_fails'])} {writer.say(transfer['judged_on'])}"
    yield f"- {writer.say('standings', tree=tree_name(writer, document.get('standings_tree', 'sponsor')))}"


def active(writer: Writer) -> Iterator[str]:
    """Who is active, ranks, who breaks away, and the named conditions."""
    document = writer.document
    conditions, grace = document["active"]["conditions"], document["active"]["grace_periods"]
    yield f"\n## {writer.say('active')}\n"
    yield writer.say("active_all") + "\n" if conditions else writer.say("active_everybody")
    yield from (f"- {writer.test(item)}" for item in conditions)
    yield f"\n{writer.say('never')} {writer.say('grace', n=grace) if grace else writer.say('no_grace')}"
    yield from _ranks(writer)
    if document.get("conditions"):
        yield f"\n## {writer.say('named')}\n"
        for name, items in sorted(document["conditions"].items()):
            yield f"- `{name}`: {writer.tests(items)}"


def other_plans(writer: Writer) -> Iterator[str]:
    """Which other plans are read, and which of their periods count."""
    others = writer.document.get("other_plans", {})
    if others:
        yield f"\n## {writer.say('other_plans')}\n"
        for name, other in sorted(others.items()):
            yield "- " + writer.say(f"until_{other['until']}", name=name, plan=other["plan"])


def _ranks(writer: Writer) -> Iterator[str]:
    if writer.ranks:
        yield f"\n## {writer.say('ranks')}"
        rows = [
            [writer.rank(rank["name"]), writer.tests(rank["conditions"]) if rank["conditions"] else writer.say("everybody")]
            for rank in writer.ranks
        ]
        yield table([writer.say("rank"), writer.say("asks")], rows)
        title = writer.document["ranks"]["title"]
        rule, n = (title, 0) if isinstance(title, str) else next(iter(title.items()))
        yield f"\n{writer.say('paid_as_is')} {writer.say(f'title_{rule}', n=n)}"
    if "breakaway" in writer.document:
        yield f"\n{writer.say('breakaway', tests=writer.tests(writer.document['breakaway']))}"


def limits(writer: Writer) -> Iterator[str]:
    """Caps, deductions and splits, with numbers."""
    document = writer.document
    if not {"limits", "deductions", "splits"} & set(document):
        return
    yield f"\n## {writer.say('limits')}\n"
    for limit in document.get("limits", []):
        bonuses = _bonuses(writer, limit["bonuses"])
        if "rate" in limit:
            yield f"- {writer.say('cap_company_rate', bonuses=bonuses, rate=writer.percent(limit['rate']))}"
            continue
        yield f"- {writer.say('cap_' + limit['cap'], bonuses=bonuses, sum=_at_most(writer, limit['sum']))}"
        if limit["cap"] == "company":
            held = writer.amount(limit["sum"])
            first, second = held, held // 2 // writer.unit_minor * writer.unit_minor
            if second:
                cut = [
                    writer.minor(line * held // (first + second) // writer.unit_minor * writer.unit_minor)
                    for line in (first, second)
                ]
                said = {"first": writer.minor(first), "second": writer.minor(second), "limit": writer.minor(held)}
                yield f"  {writer.say('cap_example', **said, cut_first=cut[0], cut_second=cut[1])}"
    of = writer.units("money", 100)
    for deduction in document.get("deductions", []):
        ppm = quantities.ppm(deduction["rate"])
        said = {
            "name": deduction["name"],
            "rate": writer.percent(deduction["rate"]),
            "bonuses": _bonuses(writer, deduction["bonuses"]),
        }
        yield f"- {writer.say('deduction', **said, of=writer.minor(of), sum=writer.minor(writer.of_money(of, ppm)))}"
    for split in document.get("splits", []):
        ppm = quantities.ppm(split["rate"])
        part = of * ppm // quantities.PPM_WHOLE
        said = {"name": split["balance"], "rate": writer.percent(split["rate"])}
        yield f"- {writer.say('split', **said, of=writer.minor(of), sum=writer.minor(part))}"


def _at_most(writer: Writer, tree: Any) -> str:
    return f"({writer.sums(tree)})" if isinstance(tree, dict) else writer.sums(tree)


def _bonuses(writer: Writer, names: Any) -> str:
    return writer.say("all_bonuses") if names == "all" else ", ".join(f"`{name}`" for name in names)


def rounding(writer: Writer) -> Iterator[str]:
    """How lines are rounded."""
    yield f"\n## {writer.say('rounding')}\n"
    yield writer.say("to", rule=writer.say(writer.rounding), unit=writer.minor(writer.unit_minor))
    for bonus in writer.document["bonuses"]:
        if "lines" in bonus:
            yield writer.say(bonus["lines"], name=bonus["name"])


def payouts(writer: Writer) -> Iterator[str]:
    """When what is owed is paid out, and from how much on."""
    given = writer.document.get("payouts")
    if given is None:
        return
    yield f"\n## {writer.say('payouts')}\n"
    days = given["hold_days"]
    yield f"- {writer.say('hold_days', n=days) if days else writer.say('no_hold_days')}"
    if given["minimum"] != "none":
        least = writer.amount(given["minimum"])
        below = writer.minor(least - writer.unit_minor)
        yield f"- {writer.say('least_paid', sum=writer.minor(least), below=below)}"
