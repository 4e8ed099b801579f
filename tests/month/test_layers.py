"""How levels are laid into strata, and that a month does not see it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphsvc.month.layers import Layers, shared, strata

SIZES = st.lists(st.integers(0, 12), max_size=40)
LAYERS = st.builds(Layers, thin=st.integers(0, 8), levels=st.integers(1, 6), partners=st.integers(1, 30))


@given(SIZES, LAYERS)
def test_strata_are_numbered_from_the_top_and_keep_to_their_bounds(sizes: list[int], layers: Layers) -> None:
    found = strata(sizes, layers)
    assert len(found) == len(sizes)
    assert found == sorted(found)
    assert sorted(set(found)) == list(range(len(set(found))))
    for stratum in set(found):
        levels = [size for size, at in zip(sizes, found, strict=True) if at == stratum]
        if stratum in shared(found):
            assert 1 < len(levels) <= layers.levels
            assert sum(levels) <= layers.partners
            assert max(levels) <= layers.thin
        else:
            assert len(levels) == 1


@given(SIZES, LAYERS)
def test_two_strata_that_lie_on_each_other_could_not_be_one(sizes: list[int], layers: Layers) -> None:
    """From the deepest up nothing is left out that fits."""
    found = strata(sizes, layers)
    for level in range(len(sizes) - 1):
        if found[level] == found[level + 1]:
            continue
        below = [size for size, at in zip(sizes, found, strict=True) if at == found[level + 1]]
        fits = sum(below) + sizes[level] <= layers.partners and len(below) < layers.levels
        assert not (fits and max(*below, sizes[level]) <= layers.thin)


def test_a_line_of_a_hundred_thousand_is_a_hundred_strata() -> None:
    assert max(strata([1] * 100_000, Layers())) + 1 == 98
    assert strata([1, 100_000], Layers()) == [0, 1]
