"""What an operator sees of a queue: how much there is, where it is, and what was given up.

Never what people sent, nor who they are: jobs are known by their ids, which are hashes.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Overview:
    """How much there is, as things stand."""

    lanes: tuple[int, ...]  # jobs waiting or held, by lane
    held: int  # of these
    oldest: float  # seconds since the oldest of them came; 0 where there is none
    dead: int  # letters kept

    @property
    def depth(self) -> int:
        """Jobs waiting or held."""
        return sum(self.lanes)

    @property
    def waiting(self) -> int:
        """Jobs that no worker holds."""
        return max(0, self.depth - self.held)


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job that a worker has taken and not finished."""

    job_id: str  # "" where the entry is not one of ours
    adapter: str
    lane: int
    worker: str
    age: float  # seconds since it came
    silent: float  # seconds since its worker took it or last said that it still has it
    deliveries: int


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker that gave a sign of life within the visibility time."""

    name: str
    ready: bool  # False: it loads its model
    model: str
    # Seconds since the last one; None where the worker's version does not tell.
    silent: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What became of a job that could not be finished."""

    letter: str  # its own id, to try it again or to drop it
    job_id: str  # "" where the job could not be read
    adapter: str
    error: str
    deliveries: int
    age: float  # seconds since it was given up
    kept: bool  # whether its photo was kept, so that it can be tried again
