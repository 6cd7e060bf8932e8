"""Everything that is measured, one subject a file, in the order in which it is read."""

from __future__ import annotations

from benchmarks.measurement import Measurement
from benchmarks.measurements import (
    adapters,
    attention_gif,
    capacity,
    encoder,
    engines,
    footprint,
    hub_models,
    peers,
    profile,
    queue,
    scaling,
    service,
)

MEASUREMENTS: tuple[Measurement, ...] = (
    encoder.ON_CPU,
    peers.TEXTBOOK,
    peers.PEERS,
    engines.ENGINES,
    engines.LANGUAGES,
    hub_models.MEASUREMENT,
    encoder.ON_GPU,
    queue.QUEUE,
    queue.COUNTS,
    service.MEASUREMENT,
    adapters.ADAPTERS,
    adapters.BURST,
    adapters.PATH,
    footprint.MEMORY,
    footprint.START,
    attention_gif.MEASUREMENT,
    profile.MEASUREMENT,
    *scaling.MEASUREMENTS,
    capacity.MEASUREMENT,
)


def find(name: str) -> Measurement | None:
    """The measurement of a name."""
    return next((one for one in MEASUREMENTS if one.name == name), None)
