"""Everything that is measured, one question a file, in the order in which it is read."""

from __future__ import annotations

from benchmarks.measurement import Measurement
from benchmarks.measurements import (
    adapters,
    attention_gif,
    burst,
    capacity,
    counts,
    encoder,
    engines,
    gpu,
    hub_models,
    languages,
    memory,
    peers,
    profile,
    queue,
    scaling,
    service,
    start,
    textbook,
)

MEASUREMENTS: tuple[Measurement, ...] = (
    encoder.MEASUREMENT,
    textbook.MEASUREMENT,
    peers.MEASUREMENT,
    engines.MEASUREMENT,
    languages.MEASUREMENT,
    hub_models.MEASUREMENT,
    gpu.MEASUREMENT,
    queue.MEASUREMENT,
    counts.MEASUREMENT,
    service.MEASUREMENT,
    adapters.MEASUREMENT,
    burst.MEASUREMENT,
    memory.MEASUREMENT,
    start.MEASUREMENT,
    attention_gif.MEASUREMENT,
    profile.MEASUREMENT,
    *scaling.MEASUREMENTS,
    capacity.MEASUREMENT,
)


def find(name: str) -> Measurement | None:
    """The measurement of a name."""
    return next((one for one in MEASUREMENTS if one.name == name), None)
