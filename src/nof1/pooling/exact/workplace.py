"""Where the work on many persons is done: here on all cores, or on a Dask cluster.

Persons are cut into stretches of a fixed number. Whoever works on a stretch, the same is done
with it, and what is found is put together in the order of the stretches: the answer does not
depend on where, or in how many places, the work was done.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nof1.errors import Fault, InputError, Nof1Error
from nof1.pooling.exact.grid_place import Moments
from nof1.pooling.exact.log_densities import FEW_PRIORS, PriorWeights, log_densities
from nof1.pooling.exact.population_grid import PopulationNodes
from nof1.pooling.exact.population_shapes import Population
from nof1.pooling.persons.half_life_spread import HalfLives
from nof1.pooling.persons.likelihoods import Likelihoods
from nof1.provenance import software

FloatArray = NDArray[np.float64]

#: Persons in a stretch.
STRETCH = 512
#: Persons whose sums under many spreads of half-lives are taken together.
TOGETHER = 16
#: How often a stretch is tried anew when the worker that had it is lost.
RETRIES = 10
#: Seconds until a scheduler counts as out of reach.
PATIENCE = "30s"


class Workplace(Protocol):
    """Where stretches of persons are held and worked on."""

    def stream[Result](self, work: Callable[..., Result], *arguments: Any) -> Iterator[Result]:
        """Yield what `work` finds of every stretch, in order: ``work(stretch, *given)``."""
        ...

    def each[Result](self, work: Callable[..., Result], *arguments: Any) -> list[Result]:
        """Return what `work` finds of every stretch, in order."""
        ...


class Here:
    """The cores of this computer; NumPy lets go of Python's lock while it computes."""

    def __init__(self, stretches: Sequence[Any], *, threads: int | None = None) -> None:
        self._stretches = stretches
        self._threads = threads or os.cpu_count() or 1

    def stream[Result](self, work: Callable[..., Result], *arguments: Any) -> Iterator[Result]:
        """Yield what `work` finds of every stretch, in order."""
        if len(self._stretches) == 1 or self._threads == 1:
            yield from (work(stretch, *arguments) for stretch in self._stretches)
            return
        pool = ThreadPoolExecutor(self._threads)
        try:
            yield from pool.map(lambda stretch: work(stretch, *arguments), self._stretches)
        finally:
            # When one stretch fails or nobody wants the rest, that is not begun.
            pool.shutdown(cancel_futures=True)

    def each[Result](self, work: Callable[..., Result], *arguments: Any) -> list[Result]:
        """Return what `work` finds of every stretch, in order."""
        return list(self.stream(work, *arguments))


class Cluster:
    """The workers of a Dask scheduler.

    Every stretch is the result of a task of its own, which the scheduler remembers: when a worker
    is lost, its stretches go to another, and what was under way is done again.
    """

    def __init__(self, stretches: Sequence[Any], client: Any) -> None:
        self._client = client
        self._held = [
            client.submit(_held, stretch, pure=False, retries=RETRIES) for stretch in stretches
        ]

    def stream[Result](self, work: Callable[..., Result], *arguments: Any) -> Iterator[Result]:
        """Yield what `work` finds of every stretch, in order."""
        futures = deque(
            self._client.submit(work, held, *arguments, pure=False, retries=RETRIES)
            for held in self._held
        )
        while futures:
            yield futures.popleft().result()

    def each[Result](self, work: Callable[..., Result], *arguments: Any) -> list[Result]:
        """Return what `work` finds of every stretch, in order."""
        return list(self.stream(work, *arguments))


def _held[Stretch](stretch: Stretch) -> Stretch:
    return stretch


def connect(address: str) -> Any:
    """Return a client of the Dask scheduler at an address.

    Raises
    ------
    InputError
        If Dask is not installed, nobody answers there, or workers have another version of nof1.
    """
    try:
        from distributed import Client
    except ImportError as error:
        what = "a scheduler needs dask.distributed, which is not installed"
        mend = "Run: pip install 'nof1[cluster]'."
        raise InputError(Fault("--scheduler", what, mend)) from error
    try:
        client: Any = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        what = f"no scheduler answers at {address}: {error}"
        mend = "Give its address, such as tcp://host:8786."
        raise InputError(Fault("--scheduler", what, mend)) from error
    _refuse_other_versions(client, address)
    return client


def _refuse_other_versions(client: Any, address: str) -> None:
    """Refuse workers that might compute something else; none may have come yet."""
    try:
        others = set(client.run(software).values()) - {software()}
    except ImportError:
        others = {"no nof1"}
    if others:
        client.close()
        what = f"workers at {address} have {', '.join(sorted(others))}, not {software()}"
        raise InputError(Fault("--scheduler", what, "Install the same version there."))


def stretches(groups: Sequence[Likelihoods]) -> list[Likelihoods]:
    """Return the persons of every group in stretches of at most `STRETCH`.

    Of several effects fewer are worked on at a time: each component has a matrix of them.
    """
    pieces = []
    for group in groups:
        size = max(1, STRETCH // len(group.design) ** 2)
        pieces += [
            group.part(first, min(first + size, group.n_persons))
            for first in range(0, group.n_persons, size)
        ]
    return pieces


def log_sums(
    place: Workplace,
    spreads: Sequence[HalfLives | None],
    population: Population,
    nodes: PopulationNodes,
) -> FloatArray:
    """Return the sum over all persons of their log densities, shape (A, S, Q).

    Parameters
    ----------
    place : Workplace
        Holds the persons.
    spreads : sequence of HalfLifePrior, AlikeHalfLives or None
        Ways in which half-lives may be spread; None for every person's own prior.
    population : Population
        Shape of the scatter.
    nodes : PopulationNodes
        Where.
    """
    total = np.sum(place.each(sum_of, spreads, population, nodes), axis=0)
    if not np.isfinite(total).all():
        raise Nof1Error("a likelihood of a contribution is not finite where it is needed")
    return np.asarray(total)


def sum_of(
    stretch: Likelihoods,
    spreads: Sequence[HalfLives | None],
    population: Population,
    nodes: PopulationNodes,
) -> FloatArray:
    """Return the sum over the persons of one stretch, shape (A, S, Q).

    What an effect makes of a component is worked out once for all spreads of half-lives.
    """
    likelihoods = stretch.double()
    # Under many spreads sums are taken person by person: of few, at many nodes at once.
    size = TOGETHER if len(spreads) > FEW_PRIORS else likelihoods.n_persons
    parts = [
        likelihoods.part(first, min(first + size, likelihoods.n_persons))
        for first in range(0, likelihoods.n_persons, size)
    ]
    return np.sum([_sum_of(part, spreads, population, nodes) for part in parts], axis=0)


def _sum_of(
    likelihoods: Likelihoods,
    spreads: Sequence[HalfLives | None],
    population: Population,
    nodes: PopulationNodes,
) -> FloatArray:
    """Return the sum over some persons at once."""
    weights = PriorWeights.of(likelihoods.log_weights_under(spreads), likelihoods.starts)
    return np.stack(
        [
            log_densities(likelihoods, coefficients, float(sd), population, weights).sum(axis=2)
            for sd, coefficients in zip(nodes.between, nodes.coefficients, strict=True)
        ],
        axis=1,
    )


def moments_of(
    stretch: Likelihoods, spreads: Sequence[HalfLives | None], prior_sd: float
) -> Moments:
    """Return what the persons of one stretch tell under a wide prior of their effects."""
    means, covariances, evidence = stretch.double().moments(spreads, prior_sd)
    return Moments(
        design=stretch.design, means=means, covariances=covariances, log_evidence=evidence
    )
