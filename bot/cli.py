"""The `captionbot` command. Heavy imports happen inside the commands that need them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="captionbot",
    help="Send a photo, get a sentence that says what is happening in it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its import alone took half of the time of --help
    context_settings={"help_option_names": ["-h", "--help"]},
)

FAILURE = 1  # something that a new process may not have; so whoever supervises it starts one
USAGE_ERROR = 2  # something that the operator can put right; said in one line
Device = Annotated[
    str | None, typer.Option(help="auto, cpu, cuda or cuda:N; CAPTIONBOT_DEVICE otherwise.")
]
CheckpointOption = Annotated[
    Path | None,
    typer.Option(help="A checkpoint; CAPTIONBOT_CHECKPOINT or the bundled one otherwise."),
]


def _serve(role: str) -> None:
    from bot.commands.serve import serve

    serve(role)


@app.command()
def run() -> None:
    """Everything in one process: the page, the bots, a worker.

    Telegram and Discord are there where a token is set. The queue lives in the process unless
    REDIS_URL is set.
    """
    _serve("run")


@app.command()
def telegram() -> None:
    """The Telegram bot alone; needs TELEGRAM_BOT_TOKEN and REDIS_URL."""
    _serve("telegram")


@app.command()
def discord() -> None:
    """The Discord bot alone; needs DISCORD_BOT_TOKEN and REDIS_URL."""
    _serve("discord")


@app.command()
def web() -> None:
    """The web page and the HTTP interface alone; needs REDIS_URL."""
    _serve("web")


@app.command()
def worker() -> None:
    """A worker alone: captions the photos of the queue at REDIS_URL."""
    _serve("worker")


@app.command()
def caption(
    photos: Annotated[
        list[Path], typer.Argument(help="Photos, videos, or folders of them.", show_default=False)
    ],
    beam_size: Annotated[int, typer.Option(min=1, max=20, help="Beams of the search.")] = 5,
    n_best: Annotated[int, typer.Option(min=1, max=20, help="Captions for each photo.")] = 1,
    attention_gif: Annotated[
        Path | None,
        typer.Option(help="Write an animation of where the model looked (one photo only)."),
    ] = None,
    attention_sheet: Annotated[
        Path | None, typer.Option(help="The same as a still PNG, one panel a word.")
    ] = None,
    json: Annotated[  # the option is called --json
        bool, typer.Option("--json", help="One JSON object a line on standard output.")
    ] = False,
    batch_size: Annotated[int, typer.Option(min=1, max=512, help="Photos at a time.")] = 8,
    checkpoint: CheckpointOption = None,
    device: Device = None,
) -> None:
    """Caption photos, videos, and all of them in folders.

    Of a video or an animation the key moments are captioned: a line for each, with its time.
    Exit status 1 if any file could not be captioned; each is named on standard error.
    """
    from bot.commands.caption import CaptionOptions, caption_files

    failed = caption_files(
        photos,
        CaptionOptions(
            beam_size=beam_size,
            n_best=n_best,
            attention_gif=attention_gif,
            attention_sheet=attention_sheet,
            json=json,
            batch_size=batch_size,
            checkpoint=checkpoint,
            device=device,
        ),
    )
    raise typer.Exit(1 if failed else 0)


@app.command()
def train(
    config: Annotated[Path, typer.Argument(help="A run's TOML file, see training/configs/.")],
    data: Annotated[
        Path | None, typer.Option(help="The folder of data sets; the file's `data` otherwise.")
    ] = None,
    runs: Annotated[Path, typer.Option(help="Where run folders are made.")] = Path("runs"),
    cache: Annotated[
        Path | None, typer.Option(help="Where decoded photos are kept; in the run otherwise.")
    ] = None,
    device: Device = None,
    save_every: Annotated[
        float, typer.Option(min=0, help="Seconds between two saves of where it stands.")
    ] = 60.0,
    accept_changed_data: Annotated[
        bool,
        typer.Option("--accept-changed-data", help="Go on though data sets are not as they were."),
    ] = False,
) -> None:
    """Train a checkpoint, or go on with a run that was stopped.

    Stopping (Ctrl-C, SIGTERM, even a kill) loses a minute at most: give the same command again.

    On several GPUs: torchrun --standalone --nproc-per-node=gpu -m bot.cli train CONFIG.
    """
    from bot.commands.train import TrainOptions, train_run

    options = TrainOptions(
        data=data,
        runs=runs,
        cache=cache,
        device=device,
        save_every=save_every,
        accept_changed_data=accept_changed_data,
    )
    train_run(config, options)


@app.command()
def evaluate(
    checkpoint: Annotated[
        Path | None, typer.Argument(help="A checkpoint; the bundled one otherwise.")
    ] = None,
    data: Annotated[
        Path, typer.Option(help="A data set in its own layout; see docs/training.md.")
    ] = Path("../shared/flickr8k"),
    split: Annotated[
        str, typer.Option(help="train, dev or test, or as the data set says.")
    ] = "dev",
    reader: Annotated[
        str | None, typer.Option(help="flickr8k, flickr30k, coco-captions…; guessed otherwise.")
    ] = None,
    beam_size: Annotated[int, typer.Option(min=1, max=20)] = 5,
    beam_sizes: Annotated[
        str | None, typer.Option(help="A table of these beside it, like 1-10 or 1,3,5.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first photos.")] = None,
    captions: Annotated[
        Path | None, typer.Option(help="Write each photo's caption here, as JSON lines.")
    ] = None,
    gallery: Annotated[
        Path | None, typer.Option(help="Write a page of the best, median and worst captions.")
    ] = None,
    model_card: Annotated[
        Path | None, typer.Option(help="Write a model card from the scores, as Markdown.")
    ] = None,
    run: Annotated[
        Path | None, typer.Option(help="For the card: the run's folder, for how its stages went.")
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(help="For the card: NAME=FILE, another model's evaluation with --json."),
    ] = None,
    float32: Annotated[
        Path | None, typer.Option(help="For the card: that of the weights before `shrink`.")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="The last line printed is one JSON object.")
    ] = False,
    device: Device = None,
) -> None:
    """Score a checkpoint as the papers do: BLEU, ROUGE-L, CIDEr-D over beam-search captions."""
    from bot.commands.evaluate import EvaluateOptions, evaluate_checkpoint

    options = EvaluateOptions(
        data=data,
        split=split,
        reader=reader,
        beam_size=beam_size,
        beam_sizes=beam_sizes,
        limit=limit,
        captions_file=captions,
        gallery=gallery,
        model_card=model_card,
        run=run,
        compare=compare or (),
        float32=float32,
        as_json=json,
        device=device,
    )
    evaluate_checkpoint(checkpoint, options)


@app.command()
def doctor(
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Look at everything the bot needs, and say what to do.

    Settings, tokens and permissions, Redis, checkpoint, GPU, photos and videos, disk and ports.
    Exit status 1 if something will not work.
    """
    from bot.commands.doctor import doctor as examine

    raise typer.Exit(0 if examine(json=json) else 1)


queue = typer.Typer(
    help="Look at the queue: how much there is, who has it, what was given up."
    " It is the one at REDIS_URL.",
    invoke_without_command=True,
)
app.add_typer(queue, name="queue")
Letters = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]…", help="Dead letters, as `queue` lists them.")
]
AllLetters = Annotated[bool, typer.Option("--all", help="All dead letters.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether that is meant.")]


@queue.callback()
def show_queue(
    context: typer.Context,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Depth, lanes, workers, held photos and dead letters; never what people sent."""
    if context.invoked_subcommand is None:
        from bot.commands.queue import show_queue as show

        show(as_json=json)


@queue.command()
def retry(letters: Letters = None, everything: AllLetters = False, yes: Yes = False) -> None:
    """Put dead letters on the queue again, where their photos were kept.

    Exit status 1 if one of them could not be.
    """
    from bot.commands.queue import retry_letters

    fine = retry_letters(letters or [], everything=everything, sure=yes)
    raise typer.Exit(0 if fine else 1)


@queue.command()
def drop(letters: Letters = None, everything: AllLetters = False, yes: Yes = False) -> None:
    """Forget dead letters, with the photos kept of them.

    Exit status 1 if one of them is not there.
    """
    from bot.commands.queue import drop_letters

    fine = drop_letters(letters or [], everything=everything, sure=yes)
    raise typer.Exit(0 if fine else 1)


weights = typer.Typer(
    help="Fetch checkpoints, look into them, make them smaller.", no_args_is_help=True
)
app.add_typer(weights, name="weights")


@weights.command()
def pull(
    url: Annotated[
        str, typer.Argument(help="An https address; default: CAPTIONBOT_CHECKPOINT_URL.")
    ] = "default",
    to: Annotated[
        Path | None, typer.Option(help="Where to put it; CAPTIONBOT_CHECKPOINT otherwise.")
    ] = None,
    sha256: Annotated[
        str | None, typer.Option(help="What its SHA-256 must be, as sha256sum prints it.")
    ] = None,
) -> None:
    """Fetch a checkpoint; after a break, the same command goes on where it was.

    The file that was there stays as it is until the new one is whole and checked.
    """
    from bot.commands.pull import pull_checkpoint

    pull_checkpoint(url, target=to, sha256=sha256)


@weights.command()
def shrink(
    source: Annotated[Path, typer.Argument(help="A checkpoint.")],
    target: Annotated[Path, typer.Argument(help="Where to write the small one.")],
) -> None:
    """Store large weights as int8, a quarter of the bytes."""
    from bot.commands.weights import shrink_checkpoint

    shrink_checkpoint(source, target)


@weights.command()
def calibrate(
    checkpoint: Annotated[Path, typer.Argument(help="A checkpoint; it is changed in place.")],
    data: Annotated[Path, typer.Option(help="A data set in its own layout.")],
    split: Annotated[str, typer.Option(help="One that it was not trained on.")] = "dev",
    reader: Annotated[
        str | None, typer.Option(help="flickr8k, flickr30k, coco-captions…; guessed otherwise.")
    ] = None,
    beam_size: Annotated[int, typer.Option(min=1, max=20, help="As the bot will use.")] = 5,
    device: Device = None,
) -> None:
    """Make the confidence in captions a probability that people can rely on.

    The weights stay as they are; what is found is kept beside them in the file.
    """
    from bot.commands.calibrate import calibrate_checkpoint
    from bot.commands.evaluate import EvaluateOptions

    options = EvaluateOptions(
        data=data, split=split, reader=reader, beam_size=beam_size, device=device
    )
    calibrate_checkpoint(checkpoint, options)


@weights.command()
def engine(
    checkpoint: Annotated[Path, typer.Argument(help="A checkpoint; it is changed in place.")],
    data: Annotated[Path, typer.Option(help="A data set in its own layout.")],
    split: Annotated[str, typer.Option(help="Which photos of it to look at.")] = "dev",
    reader: Annotated[
        str | None, typer.Option(help="flickr8k, flickr30k, coco-captions…; guessed otherwise.")
    ] = None,
    photos: Annotated[int, typer.Option(min=10, max=5000, help="How many to look at.")] = 200,
) -> None:
    """Make a checkpoint fit for CAPTIONBOT_ENGINE=openvino, which is fast on CPUs.

    The weights stay as they are; how to make the encoder int8 is kept beside them in the file.
    """
    from bot.commands.engine import prepare_engine

    prepare_engine(checkpoint, data=data, split=split, reader=reader, photos=photos)


@weights.command()
def show(
    checkpoint: Annotated[
        Path | None, typer.Argument(help="A checkpoint; the bundled one otherwise.")
    ] = None,
) -> None:
    """What a checkpoint is, as JSON.

    Model, vocabulary, preprocessing, provenance and scores.
    """
    from bot.commands.weights import show_checkpoint

    show_checkpoint(checkpoint)


data = typer.Typer(help="Look into data sets.", no_args_is_help=True)
app.add_typer(data, name="data")


@data.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A data set in its own layout.")],
    reader: Annotated[
        str | None, typer.Option(help="flickr8k, flickr30k, coco-captions…; guessed otherwise.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="One split; all otherwise.")] = None,
    json: Annotated[
        bool, typer.Option("--json", help="The last line printed is one JSON object.")
    ] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Do not decode the photos.")] = False,
    show: Annotated[int, typer.Option(min=0, help="Lines of each kind at most; 0: all.")] = 50,
) -> None:
    """Say what is wrong with a data set before a long run does.

    Missing, damaged and duplicated photos and captions, photos that two splits share.
    Exit status 0 if there is nothing to say, 1 if there is, 2 if it cannot be read.
    """
    from bot.commands.data import check_data

    clean = check_data(folder, reader=reader, split=split, as_json=json, fast=fast, show=show)
    raise typer.Exit(0 if clean else 1)


def main() -> None:
    """Run the command; what an operator can put right is said in one line, exit status 2."""
    sys.exit(_guarded(app))


def _guarded(command: Callable[[], None]) -> int:
    try:
        command()
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from bot.errors import for_operators, for_supervisors

        if sentence := for_supervisors(error):
            typer.echo(f"captionbot: {sentence}", err=True)
            return FAILURE
        sentence = for_operators(error)
        if sentence is None:
            raise
        typer.echo(f"captionbot: {sentence}", err=True)
        return USAGE_ERROR
    return 0


if __name__ == "__main__":
    main()
