"""Tells Python's garbage collector what will stay, once a program has started. Imports nothing of the package."""

from __future__ import annotations

import gc

# Objects made before the young ones are looked through. A push leaves next to no cycles, but makes hundreds of objects;
# at Python's 700, the collector ran several times a push, and now and then through all there is.
_YOUNG, _MIDDLE, _OLD = 20_000, 20, 50


def spare_what_stays() -> None:
    """Leave all that is there now out of every later collection, and collect less often: a collection of everything
    takes tens of milliseconds, in which neither the listener nor the window does anything. For the start of a program,
    not of its parts."""
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
