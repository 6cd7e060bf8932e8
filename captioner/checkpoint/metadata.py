"""What a checkpoint says of itself: the JSON document in its file's metadata.

Format version, model configuration, vocabulary, preprocessing, generation defaults, provenance and
scores, and the same of further languages, those beside the one of its first decoder. Nothing in it
is believed before it has been checked.

Languages that share a decoder's core (everything that does not depend on the words) are a group.
The tensors `decoders.GROUP.NAME` are the core's, `languages.CODE.NAME` a language's own.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import (
    Discriminator,
    Field,
    FiniteFloat,
    StringConstraints,
    Tag,
    TypeAdapter,
    ValidationError,
)
from pydantic.dataclasses import dataclass as checked

from captioner.capabilities import MAX_LANGUAGES, Code
from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.vocabulary import Vocabulary
from captioner.errors import OperatorError
from captioner.language.writing import ENGLISH
from captioner.model.configs import (
    ANNOTATION_DIMS,
    DecoderConfig,
    EncoderName,
    LSTMConfig,
    TransformerConfig,
    is_of_the_words,
)
from captioner.model.preprocess import IMAGENET_MEAN, IMAGENET_STD, Preprocess

D = TypeVar("D")

MAX_FURTHER = MAX_LANGUAGES - 1
Group = Annotated[str, StringConstraints(pattern=r"\A[a-z][a-z0-9_-]{0,31}\z")]
LengthPower = Annotated[float, Field(ge=0, le=2)]  # see `SearchConfig`
Line = Annotated[str, StringConstraints(pattern=r"\A[^\x00-\x1f\x7f]{1,300}\z")]


@checked(frozen=True)
class Source:
    """Where captions came from that a language was learned from."""

    name: Line
    licence: Line


@checked(frozen=True)
class LanguageDocument:
    """A language in the metadata's JSON."""

    decoder: Group  # the group that it belongs to
    vocabulary: tuple[str, ...]
    function_words: tuple[str, ...] = ()
    repeatable: tuple[str, ...] = ()
    length_power: LengthPower | None = None
    calibration: Calibration | None = None
    scores: dict[str, Any] = field(default_factory=dict)
    sources: Annotated[tuple[Source, ...], Field(max_length=50)] = ()


@dataclass(frozen=True)
class Language(Generic[D]):
    """A further language of a checkpoint; how its decoder is held depends on who reads it."""

    decoder: D
    vocabulary: Vocabulary
    group: str  # of languages that share a decoder's core
    length_power: float | None = None  # where captions should be longer or shorter than usual
    calibration: Calibration | None = None  # of its confidence
    scores: dict[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()


def tensor_name(code: str, group: str, name: str) -> str:
    """How the file calls a tensor of a language's decoder."""
    return f"languages.{code}.{name}" if is_of_the_words(name) else f"decoders.{group}.{name}"


FORMAT_VERSION = 2  # the newest that is read; written where there are further languages
OLDEST_FORMAT_VERSION = 1  # that is still read; written where there are none, for older programs

_LONGEST_REASON = 600  # characters: a file must not fill a screen with what it holds


class CheckpointError(OperatorError):
    """A checkpoint cannot be used; the text says why and what to do."""

    def __init__(self, text: str) -> None:
        shown = text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"
        super().__init__(shown.encode(errors="backslashreplace").decode())


Dim = Annotated[int, Field(ge=1, le=4096)]
Dropout = Annotated[float, Field(ge=0, lt=1)]
Side = Annotated[int, Field(ge=32, le=1024)]  # pixels
Channels = tuple[float, float, float]
End = Annotated[FiniteFloat, Field(ge=-1e6, le=1e6)]
Range = tuple[End, End]  # lowest and highest


@checked(frozen=True)
class _LSTMDocument:
    hidden_dim: Dim
    embedding_dim: Dim
    attention_dim: Dim
    dropout: Dropout
    tied: bool
    attention: Literal["soft", "hard"] = "soft"
    kind: Literal["lstm"] = "lstm"


@checked(frozen=True)
class _TransformerDocument:
    width: Annotated[int, Field(ge=2, le=1024)]
    layers: Annotated[int, Field(ge=1, le=12)]
    heads: Annotated[int, Field(ge=1, le=64)]
    feed_forward: Dim
    dropout: Dropout
    tied: bool
    kind: Literal["transformer"]


def decoder_kind(raw: object) -> object:
    """Which decoder a description means: without a `kind`, as in the first files, an LSTM."""
    return raw.get("kind", "lstm") if isinstance(raw, dict) else getattr(raw, "kind", None)


_DecoderDocument = Annotated[
    Annotated[_LSTMDocument, Tag("lstm")] | Annotated[_TransformerDocument, Tag("transformer")],
    Discriminator(decoder_kind),
]


@checked(frozen=True)
class _PreprocessDocument:
    size: Side
    detail: Side | None = None
    mean: Channels = IMAGENET_MEAN
    std: Channels = IMAGENET_STD


@checked(frozen=True)
class Generation:
    """How captions are searched for where nobody says otherwise."""

    max_length: Annotated[int, Field(ge=1, le=100)] = 20
    length_power: Annotated[float, Field(ge=0, le=2)] = 0.7


@checked(frozen=True)
class Document:
    """The metadata's JSON, each part of it of the kind and size that it must have."""

    format_version: int
    encoder: EncoderName
    decoder: _DecoderDocument
    vocabulary: tuple[str, ...]
    preprocess: _PreprocessDocument
    generation: Generation
    provenance: dict[str, Any]
    scores: dict[str, Any]
    activations: dict[str, Range] = dataclasses.field(default_factory=dict)
    calibration: Calibration | None = None
    language: str = ENGLISH  # of the captions
    function_words: tuple[str, ...] = ()
    repeatable: tuple[str, ...] = ()
    decoders: Annotated[dict[Group, _DecoderDocument], Field(max_length=MAX_FURTHER)] = (
        dataclasses.field(default_factory=dict)
    )
    languages: Annotated[dict[Code, LanguageDocument], Field(max_length=MAX_FURTHER)] = (
        dataclasses.field(default_factory=dict)
    )

    def configs(self) -> dict[str, DecoderConfig]:
        """The configuration of each further language's decoder.

        Raises ValueError, in a sentence, where languages and decoders do not fit.
        """
        if self.language in self.languages:
            raise ValueError(f"language {self.language}: this is the first decoder's already")
        strays = set(self.decoders) - {one.decoder for one in self.languages.values()}
        if strays:
            raise ValueError(f"decoders.{min(strays)}: no language has this decoder")
        found: dict[str, DecoderConfig] = {}
        for code, one in self.languages.items():
            if one.decoder not in self.decoders:
                raise ValueError(f"language {code}: there is no decoder {one.decoder!r}")
            found[code] = self._config(self.decoders[one.decoder], len(one.vocabulary))
        return found

    def config(self) -> DecoderConfig:
        """The configuration of the first decoder; raises ValueError where its sizes do not fit."""
        return self._config(self.decoder, len(self.vocabulary))

    def _config(
        self, sizes: _LSTMDocument | _TransformerDocument, vocabulary_size: int
    ) -> DecoderConfig:
        config = LSTMConfig if isinstance(sizes, _LSTMDocument) else TransformerConfig
        return config(
            vocabulary_size=vocabulary_size,
            annotation_dim=ANNOTATION_DIMS[self.encoder],
            **dataclasses.asdict(sizes),
        )


def name_of(provenance: Mapping[str, Any], path: Path | None) -> str:
    """What people call a checkpoint: as its provenance says, else as its file is called."""
    configuration = provenance.get("configuration")
    run = configuration.get("name") if isinstance(configuration, dict) else None
    return str(run)[:100] if run else path.stem if path else "unnamed"


def document(
    *,
    encoder: EncoderName,
    decoder: DecoderConfig,
    vocabulary: Vocabulary,
    preprocess: Preprocess,
    generation: Generation,
    provenance: dict[str, Any],
    scores: dict[str, Any],
    activations: Mapping[str, Range],
    calibration: Calibration | None,
    languages: Mapping[str, Language[DecoderConfig]],
) -> dict[str, Any]:
    """The JSON document of a checkpoint's metadata.

    Raises ValueError where languages of one group have decoders of different sizes.
    """
    return {
        "format_version": FORMAT_VERSION if languages else OLDEST_FORMAT_VERSION,
        "encoder": encoder,
        "decoder": _sizes(decoder),
        "vocabulary": vocabulary.words,
        "preprocess": _without_none(dataclasses.asdict(preprocess)),
        "generation": dataclasses.asdict(generation),
        "provenance": provenance,
        "scores": scores,
        **({"language": vocabulary.language} if vocabulary.language != ENGLISH else {}),
        **_rules(vocabulary),
        **({"activations": dict(activations)} if activations else {}),
        **({"calibration": _without_none(dataclasses.asdict(calibration))} if calibration else {}),
        **_further(languages),
    }


def _further(languages: Mapping[str, Language[DecoderConfig]]) -> dict[str, Any]:
    decoders: dict[str, dict[str, Any]] = {}
    for code, one in languages.items():
        sizes = _sizes(one.decoder)
        if decoders.setdefault(one.group, sizes) != sizes:
            raise ValueError(f"{code}: its decoder differs from the others of group {one.group}")
    return (
        {
            "decoders": decoders,
            "languages": {
                code: {
                    "decoder": one.group,
                    "vocabulary": one.vocabulary.words,
                    **_rules(one.vocabulary),
                    **_without_none({"length_power": one.length_power}),
                    **(
                        {"calibration": _without_none(dataclasses.asdict(one.calibration))}
                        if one.calibration
                        else {}
                    ),
                    "scores": one.scores,
                    "sources": [dataclasses.asdict(source) for source in one.sources],
                }
                for code, one in languages.items()
            },
        }
        if languages
        else {}
    )


def _sizes(decoder: DecoderConfig) -> dict[str, Any]:
    sizes = dataclasses.asdict(decoder)
    del sizes["vocabulary_size"], sizes["annotation_dim"]  # they follow from the rest
    return sizes


def _rules(vocabulary: Vocabulary) -> dict[str, Any]:
    """What is known of words beside English ones, whose rules stand in the code."""
    return {
        name: words
        for name in ("function_words", "repeatable")
        if (words := getattr(vocabulary, name))
    }


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    """What came later is left out where it says nothing, so that older versions can read it."""
    return {name: value for name, value in fields.items() if value is not None}


def parsed(text: str, path: Path) -> Document:
    """The document in a file's metadata; raises CheckpointError."""
    try:
        raw = json.loads(text)
        version = raw.get("format_version") if isinstance(raw, dict) else None
        if type(version) is not int or not OLDEST_FORMAT_VERSION <= version <= FORMAT_VERSION:
            raise CheckpointError(
                f"{path}: checkpoint format {version!r}, this version reads "
                f"{OLDEST_FORMAT_VERSION} to {FORMAT_VERSION}; "
                "update CaptionBot or use another checkpoint"
            )
        found = TypeAdapter(Document).validate_python(raw, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise CheckpointError(f"{path}: {place}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path}: its description is not JSON") from error
    if version == OLDEST_FORMAT_VERSION and (found.languages or found.decoders):
        raise CheckpointError(f"{path}: a checkpoint of format 1 has no further languages")
    return found
