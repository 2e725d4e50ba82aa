"""Many independent pieces of work on several processes, in order, whatever their number."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

#: Set before NumPy is loaded: one thread a process, or they get in each other's way.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)


def in_order[Item, Result](
    work: Callable[[Item], Result], items: Sequence[Item], processes: int
) -> Iterator[Result]:
    """Yield the result of each piece of work in order.

    Parameters
    ----------
    work : callable
        A function of a module, since it travels to other processes by its name.
    items : sequence
        What it is called with.
    processes : int
        1 to work in this process.
    """
    if processes == 1:
        yield from map(work, items)
        return
    os.environ.update(ONE_THREAD)
    # Started anew rather than forked: no thread or random state of the parent comes along.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=fresh) as pool:
        yield from pool.map(work, items)
