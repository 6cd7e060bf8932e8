"""What a caption in each of the bundled languages costs, beside one in English."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from benchmarks.measurement import BenchContext, Measurement, in_unit, side_by_side_with_processor
from benchmarks.models import engines, load
from benchmarks.results import Record, ratios
from captioner.language.writing import ENGLISH
from training.data.decoding import open_rgb
from training.data.registry import read_photos_only

PIECE, MOST = "bundled, batch 1", "dearest language / English, in processor time"
_DATA = Path("../shared/flickr8k")  # as `captionbot evaluate` has it
_PHOTOS = 24


def _measure(bench: BenchContext) -> Record:
    if not _DATA.is_dir():  # of drawn scenes, captions are as long as nobody knows
        return Record(skipped=f"no data set lies in {_DATA}")
    captioner = load(None, engine="openvino" if "openvino" in engines() else "torch")
    pictures = [
        open_rgb(one.path, one.name)
        for one in read_photos_only(_DATA, "dev", reader=None)[:_PHOTOS]
    ]
    languages = [ENGLISH, *sorted(set(captioner.languages) - {ENGLISH})]

    def ask(code: str) -> None:
        for picture in pictures:
            captioner.caption([picture], languages=[code])

    times, own = side_by_side_with_processor(
        {code: partial(ask, code) for code in languages},
        rounds=bench.rounds(12),
        seconds=bench.seconds(180),
        after_round=bench.round_done,
    )
    shares = {code: ratios(own[code], own[ENGLISH]) for code in languages[1:]}
    return Record(
        {
            MOST: max(shares.values(), key=lambda share: share.median),
            **{f"{code} / en, in processor time": share for code, share in shares.items()},
            **{f"{code} / en": ratios(times[code], times[ENGLISH]) for code in shares},
            "en, a photo": in_unit(times[ENGLISH], "ms", len(pictures)),
        }
    )


MEASUREMENT = Measurement(
    name="languages",
    title="Languages",
    about=(
        f"A caption of the bundled checkpoint in each of its languages over one in English: "
        f"decoded photos to sentences, one photo at a time, 5 beams, int8 on OpenVINO where it "
        f"is installed; {_PHOTOS} of Flickr8k's dev photos a round. A language costs more where "
        "its captions have more words, or its vocabulary more entries."
    ),
    pieces={PIECE: _measure},
)
