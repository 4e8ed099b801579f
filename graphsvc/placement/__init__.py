"""Places in the placement trees of binary and matrix plans: who stands where, and where a newcomer goes (mechanics section 6).

The sponsor tree says who enrolled whom and stays as it is. A place is free by a constraint on tree, parent and leg; whoever
looked for a free place and finds it taken looks again. A partner without a place waits in the holding tank, for the tree's days.
"""

from graphsvc.placement.service import Place, Shown, Waiting, due, enrol, place, places, plan_of, show, waiting

__all__ = ["Place", "Shown", "Waiting", "due", "enrol", "place", "places", "plan_of", "show", "waiting"]
