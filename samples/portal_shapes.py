"""All the ways in which a local portal can list: `SHAPES` by name. A family's own name is that of the registry."""

from __future__ import annotations

from datetime import date

from samples.portal_families import DRAWN_SHAPE, FAMILY_SHAPES
from samples.portal_pages import Shape
from samples.portal_trs import TRS_SHAPES

SHAPES: dict[str, Shape] = TRS_SHAPES | FAMILY_SHAPES | {"drawn": DRAWN_SHAPE}


def entry_path(family: str, number: int, day: date) -> str:
    """The path of an article as the addresses of this family look, from a running number and a day."""
    return SHAPES[family].path(number, day)
