"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

BeamSize = Annotated[int, typer.Option(min=1, max=20, help="Beams of the search.")]
CheckpointOption = Annotated[
    Path | None,
    typer.Option(help="A checkpoint; CAPTIONBOT_CHECKPOINT or the bundled one otherwise."),
]
Device = Annotated[
    str | None, typer.Option(help="auto, cpu, cuda or cuda:N; CAPTIONBOT_DEVICE otherwise.")
]
Reader = Annotated[
    str | None, typer.Option(help="flickr8k, flickr30k, coco-captions…; guessed otherwise.")
]
