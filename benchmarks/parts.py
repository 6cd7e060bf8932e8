"""How the time of a caption divides into parts, with next to nothing added to it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from PIL import Image
from torch.profiler import ProfilerActivity, profile, record_function

from captioner.captioner import Captioner
from captioner.engines.torch_engine import TorchEngine

BEAMS = 5

PIXELS = "photo to pixels"
ENCODER = "encoder"
START = "what the search starts with"
STEPS = "decoder's steps"
SEARCH = "search beside them"
SENTENCES = "sentences"
CONVOLUTIONS, OTHER_LAYERS = "encoder: convolutions", "encoder: the rest"
PRODUCTS, THE_REST = "decoder's steps: matrix products", "decoder's steps: the rest"

_SPLIT: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    ENCODER: (CONVOLUTIONS, OTHER_LAYERS, ("conv",)),
    STEPS: (PRODUCTS, THE_REST, ("aten::addmm", "aten::mm", "aten::bmm", "aten::linear")),
}
_AsPart = Callable[[str, Callable[..., Any]], Callable[..., Any]]


class Clock:
    """Adds up the seconds of parts; those of a part inside another count for the inner one."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inside: list[float] = []

    def part(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time added to a part."""

        def timed(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
            started = time.perf_counter()
            self._inside.append(0.0)
            try:
                return function(*arguments, **named)
            finally:
                taken = time.perf_counter() - started
                self.seconds[name] += taken - self._inside.pop()
                if self._inside:
                    self._inside[-1] += taken

        return timed


def seconds_of_parts(captioner: Captioner, photo: Image.Image) -> dict[str, float]:
    """The seconds of one photo's caption, by part."""
    clock = Clock()
    with _watched(captioner, clock.part):
        clock.part(SENTENCES, captioner.caption)([photo], beam_size=BEAMS)
    return dict(clock.seconds)


def main_operators(captioner: Captioner, photos: Sequence[Image.Image]) -> dict[str, float]:
    """Of an encoder's and a decoder's time on torch, the share (0…1) of their main operators.

    As torch's profiler sees it. It slows small operators down, so the shares are all that is taken
    from it.
    """
    main, whole = dict.fromkeys(_SPLIT, 0.0), dict.fromkeys(_SPLIT, 0.0)
    with _watched(captioner, _labelled), profile(activities=[ProfilerActivity.CPU]) as seen:
        for photo in photos:
            captioner.caption([photo], beam_size=BEAMS)
    for event in seen.events() or []:
        above: Any = event
        while above is not None and above.name not in _SPLIT:
            above = above.cpu_parent
        if above is not None:
            whole[above.name] += event.self_cpu_time_total
            if any(name in event.name for name in _SPLIT[above.name][2]):
                main[above.name] += event.self_cpu_time_total
    return {part: main[part] / whole[part] for part in _SPLIT}


def split(seconds: Mapping[str, float], shares: Mapping[str, float]) -> dict[str, float]:
    """Encoder and steps each in two, by the shares of their main operators."""
    found: dict[str, float] = {}
    for part, value in seconds.items():
        if part in shares:
            main, other, _ = _SPLIT[part]
            found |= {main: value * shares[part], other: value * (1 - shares[part])}
        else:
            found[part] = value
    return found


def _labelled(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def labelled(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
        with record_function(name):
            return function(*arguments, **named)

    return labelled


@contextmanager
def _watched(captioner: Captioner, as_part: _AsPart) -> Iterator[None]:
    """While inside, the functions that make up a captioner's parts tell of themselves."""
    engine: Any = captioner._engine
    watched: list[tuple[Any, str, str]] = [
        (captioner, "pixels", PIXELS), (engine, "encode", ENCODER), (engine, "search", SEARCH),
    ]  # fmt: skip
    if isinstance(engine, TorchEngine):
        decoder = engine.checkpoint.decoder
        watched += [(decoder, "start_search", START), (decoder, "step", STEPS)]
    else:
        watched.append((engine, "_grow", STEPS))
    with ExitStack() as stack:
        for owner, name, part in watched:
            doing = as_part(part, getattr(owner, name))
            stack.enter_context(patch.object(owner, name, doing))
        yield
