"""`graphsvc place`: give partners places in a placement tree, and show where they stand."""

from __future__ import annotations

import click

from graphsvc import config, placement
from graphsvc.cli import console
from graphsvc.connect import open_database
from graphsvc.imports import values
from graphsvc.placement.asked import Wish, tree_of


class _Named(click.Group):
    """A group in which `graphsvc place P-17 …` is short for `graphsvc place partner P-17 …`."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of that name, or the one that places the partner of that id."""
        known = args and self.get_command(ctx, args[0]) is not None
        return super().resolve_command(ctx, args if known or (args[:1] and args[0].startswith("-")) else ["partner", *args])


class _Leg(click.ParamType[int]):
    """left, right, or the number of a leg, as in a partners file."""

    name = "leg"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of the leg."""
        try:
            return values.leg(str(value))
        except values.Wrong as wrong:
            self.fail(f"{value!r} {wrong.reason}; {wrong.fix}", param, ctx)


_tree = click.option("--tree", "tree_name", required=True, metavar="TREE", help="The placement tree, as the plan names it.")
_plan = click.option("--plan", "plan_name", required=True, metavar="NAME", help="The plan whose rule finds the place.")


def _where(place: placement.Place) -> str:
    if place.parent_id is None:
        return f"{place.partner_id} is a root of the tree {place.tree}."
    return f"{place.partner_id} stands under {place.parent_id}, leg {place.leg}, on level {place.level} of the tree {place.tree}."


@click.group(cls=_Named)
def place() -> None:
    """Places in placement trees: give one, give those that are due, show one.

    `graphsvc place P-17 --tree legs --plan binary` places a partner by the tree's rule; a partner who has a place keeps it.
    """


@place.command()
@click.argument("partner_id", metavar="PARTNER")
@_tree
@_plan
@click.option("--under", "under_id", metavar="PARTNER", help="Under whom; where the tree's rule asks for a named place.")
@click.option("--leg", type=_Leg(), metavar="LEG", help="left, right, or the number of the leg from the left.")
def partner(partner_id: str, tree_name: str, plan_name: str, under_id: str | None, leg: int | None) -> None:
    """Give PARTNER a place by the tree's rule, or the one that is named where the rule asks for it."""
    with open_database(config.load(), console.Bars()) as database:
        found = placement.place(database, placement.plan_of(database, plan_name), tree_name, partner_id, Wish(under_id, leg))
    console.say(_where(found) if found.is_new else f"{_where(found)} Nothing was changed.")


@place.command()
@click.option("--tree", "tree_name", metavar="TREE", help="One placement tree; all of the plan's where none is named.")
@_plan
@click.option("--dry-run", is_flag=True, help="Show who is due and place nobody.")
@console.format_option
def due(tree_name: str | None, plan_name: str, dry_run: bool, shape: str) -> None:
    """Place everybody whose days without a place are over, by the tree's rule, enrollers before recruits."""
    with open_database(config.load(), console.Bars()) as database:
        plan = placement.plan_of(database, plan_name)
        names = [tree_of(plan, tree_name).name] if tree_name else [tree.name for tree in plan.trees]
        if dry_run:
            waiting = [one for name in names for one in placement.waiting(database, plan, name)]
            told = [{"partner_id": one.partner_id, "tree": one.tree, "until": one.until} for one in waiting]
            console.rows(shape, ("partner_id", "tree", "until"), told)
            return
        found = [one for name in names for one in placement.due(database, plan, name)]
    columns = ("partner_id", "tree", "parent_id", "leg", "level")
    console.rows(shape, columns, [{name: getattr(one, name) for name in columns} for one in found], right=("leg", "level"))


@place.command()
@click.argument("partner_id", metavar="PARTNER")
@_tree
@_plan
@console.format_option
def show(partner_id: str, tree_name: str, plan_name: str, shape: str) -> None:
    """Show where PARTNER stands, and who stands directly below with how many in each leg."""
    with open_database(config.load(), console.Bars()) as database:
        found = placement.show(database, placement.plan_of(database, plan_name), tree_name, partner_id)
    if isinstance(found.place, placement.Waiting):
        said = f"{partner_id} has no place in the tree {tree_name}; it may stay without one until {found.place.until}."
    else:
        said = _where(found.place)
    console.complain(said)
    console.rows(shape, ("leg", "partner_id", "partners"), found.below, right=("leg", "partners"))
