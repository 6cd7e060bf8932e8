"""Captions by any model that transformers runs: from a search's tokens to words and sentences.

A calibration of one is kept beside its files: those of one revision, in the Hub's cache.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from PIL import Image
from pydantic import TypeAdapter, ValidationError

from captioner.base import (
    MOST_CHARACTERS,
    MOST_TOKENS,
    QUESTION,
    SHORT,
    PhotoCaptions,
    PromptedCaptioner,
)
from captioner.capabilities import Capabilities
from captioner.checkpoint.confidence import Calibration, SaidWord
from captioner.checkpoint.metadata import CheckpointError
from captioner.engines.base import Pixels
from captioner.engines.transformers.families import Family, Floats, Found, Search
from captioner.language.english import FUNCTION_WORDS, family
from captioner.language.writing import ENGLISH, as_sentence, plain_text
from captioner.prompts import Prompts, shipped_prompts
from captioner.queue.messages import Caption, Word

_SPARE = 2  # sequences beyond those asked for: some say the same
_SECONDS_A_PHOTO = 120.0  # a large model writes a paragraph so slowly on a CPU
_TOGETHER_ON_CPU = 8  # photos; more at once only need more memory


class TransformersCaptioner(PromptedCaptioner):
    """A model of the Hugging Face Hub, or a folder in transformers' layout, loaded."""

    engine = "transformers"
    seconds_a_photo = _SECONDS_A_PHOTO

    def __init__(
        self,
        family: Family,
        folder: Path,
        *,
        name: str,
        languages: Sequence[str] = (ENGLISH,),
        prompts: Prompts | None = None,
    ) -> None:
        """`languages` are those that it writes, if it writes in the one that it is asked to.

        `prompts` are what it is asked, ours if none are given.

        Raises CheckpointError if its calibration cannot be read.
        """
        self._family, self.path, self.model = family, folder, name
        self.device = str(family.model.device)
        self.most_at_once = _TOGETHER_ON_CPU if self.device == "cpu" else None
        self.calibration = read_calibration(folder)
        self._prompts = prompts or shipped_prompts()
        known = self._prompts.languages
        asked = tuple(one for one in languages if one in known) or (ENGLISH,)
        self.capabilities = Capabilities(
            languages=asked if family.languages else (ENGLISH,),
            attention=family.grid != (0, 0),
            confidence=self.calibration is not None,
            questions=family.questions,
            lengths=family.lengths,
        )

    @cached_property
    def identity(self) -> str:
        """The model's name, and a hash of its revision and calibration, or of its files' state.

        The hash is also of an operator's prompts.
        """
        assert self.path is not None
        state = [
            f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}"
            for path in sorted(self.path.resolve().iterdir())
            if path.suffix in {".safetensors", ".json", ".jinja"}
        ]
        if self.path.parent.name == "snapshots":  # of the Hub's cache: a commit never changes
            state = [self.path.name, str(self.calibration)]
        if self._prompts.mark:
            state.append(self._prompts.mark)
        digest = hashlib.sha256("\n".join(state).encode()).hexdigest()
        return f"{self.model} {digest[:8]}"

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return known_words(self._family.tokenizer)

    def describe(self) -> dict[str, Any]:
        model = self._family.model
        return {
            "name": self.model,
            "engine": self.engine,
            "architecture": type(model).__name__,
            "parameters": sum(one.numel() for one in model.parameters()),
            "precision": str(model.dtype).removeprefix("torch."),
            "capabilities": asdict(self.capabilities),
        }

    def pixels(self, photo: Image.Image) -> Pixels:
        return np.array(photo.convert("RGB"))

    def caption(
        self,
        photos: Sequence[Image.Image | Pixels],
        *,
        beam_size: int = 5,
        n_best: int = 1,
        languages: Sequence[str | None] | None = None,
    ) -> list[PhotoCaptions]:
        Search(beam_size, n_best, MOST_TOKENS[SHORT])  # raises ValueError for what cannot be
        wanted = min(beam_size, n_best + _SPARE) if n_best > 1 else 1
        search = Search(beam_size, wanted, self._most_tokens(SHORT))
        return self._captioned(photos, search, SHORT, languages, n_best=n_best)

    def write(
        self,
        photos: Sequence[Image.Image | Pixels],
        *,
        length: str,
        languages: Sequence[str | None] | None = None,
    ) -> list[PhotoCaptions]:
        search = Search(1, 1, self._most_tokens(length))
        return self._captioned(photos, search, length, languages)

    def answer(
        self,
        photos: Sequence[Image.Image | Pixels],
        questions: Sequence[str],
        *,
        languages: Sequence[str | None] | None = None,
    ) -> list[PhotoCaptions]:
        search = Search(1, 1, self._most_tokens(QUESTION))
        return self._captioned(photos, search, QUESTION, languages, questions=questions)

    def _most_tokens(self, purpose: str) -> int:
        return min(MOST_TOKENS[purpose], self._family.most_tokens)

    @torch.inference_mode()
    def _captioned(
        self,
        photos: Sequence[Image.Image | Pixels],
        search: Search,
        purpose: str,
        languages: Sequence[str | None] | None,
        *,
        n_best: int = 1,
        questions: Sequence[str] = (),
    ) -> list[PhotoCaptions]:
        spoken = self.languages_for(photos, languages)
        prompts = [
            self._family.prompt(
                self._prompts, purpose, language, questions[at] if questions else ""
            )
            for at, language in enumerate(spoken)
        ]
        arrays = [p if isinstance(p, np.ndarray) else self.pixels(p) for p in photos]
        together = self.most_at_once or max(1, len(arrays))
        found: list[list[Found]] = []
        for at in range(0, len(arrays), together):
            part = slice(at, at + together)
            found += self._family.search(arrays[part], search, prompts[part])
        return [
            self._said(own, purpose, language, n_best)
            for own, language in zip(found, spoken, strict=True)
        ]

    def _said(
        self, found: Sequence[Found], purpose: str, language: str, n_best: int
    ) -> PhotoCaptions:
        tokenizer = self._family.tokenizer
        captions: dict[str, Caption] = {}
        for one in found:
            parts = pieces(tokenizer, one.tokens)
            text = self._text(one, purpose)
            caption = Caption(
                text=text,
                log_prob=one.log_prob,
                score=one.score,
                words=words_of(one, parts, attention=not captions),
            )
            captions.setdefault(text.lower(), caption)
        best, *others = list(captions.values())[:n_best]
        said = said_words(
            found[0], pieces(tokenizer, found[0].tokens), self.vocabulary, len(tokenizer)
        )
        confidence = None
        if self.calibration is not None and purpose == SHORT:
            confidence = self.calibration.confidence_of(best.log_prob, said)
            best = self._with_certainty(best, said)
        return PhotoCaptions((best, *others), confidence, self._family.grid, said, language)

    def _with_certainty(self, caption: Caption, said: Sequence[SaidWord]) -> Caption:
        certainty = self.calibration and self.calibration.certainty
        if not certainty:
            return caption
        sure_from = certainty.words.sure_from
        words = [
            word
            if sure is None
            else replace(word, certainty=round(sure, 4), sure=sure >= sure_from)
            for word, sure in zip(
                caption.words, certainty.of_words(said, caption.log_prob), strict=True
            )
        ]
        return replace(caption, words=tuple(words))

    def _text(self, found: Found, purpose: str) -> str:
        text = tidy(self._family.tokenizer, found.tokens)
        text = plain_text(text, most=MOST_CHARACTERS[purpose])
        # Somebody may wait for it, and an empty text is no answer.
        return as_sentence(text) or "…"


_WORD = re.compile(r"\S+")
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_BEFORE_MARK = re.compile(r"\s+([.,;:!?%)\]])")
_ENGLISH_TAIL = re.compile(r"\s*'\s*(s|t|re|ve|ll|d|m)\b")
_PIECE = re.compile(r"^(?:##|[ĠĊ▁]+)|</w>$")
_WHOLE = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Piece(NamedTuple):
    """A word of a text: which of the tokens it is made of."""

    text: str
    tokens: tuple[int, ...]  # their places in the sequence


def pieces(tokenizer: Any, tokens: Sequence[int]) -> list[Piece]:  # noqa: ANN401 - any of theirs
    """The words of the text that tokens are, each with its tokens; every token has a word.

    A mark alone ("." or ",") belongs to the word before it.
    """
    text = _decoded(tokenizer, tokens)
    ends = [_agreeing(text, _decoded(tokenizer, tokens[: n + 1])) for n in range(len(tokens))]
    spans = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    found: list[tuple[str, list[int]]] = []
    at = 0
    for begin, end in spans:
        own: list[int] = []
        while at < len(ends) and (ends[at] <= end or not own):
            own.append(at)
            at += 1
        word = _EDGES.sub("", text[begin:end])
        if not word and found:
            found[-1][1].extend(own)
        else:
            found.append((word or text[begin:end], own))
    if found:
        found[-1][1].extend(range(at, len(ends)))
    return [Piece(word, tuple(own)) for word, own in found if own]


def words_of(found: Found, parts: Sequence[Piece], *, attention: bool) -> tuple[Word, ...]:
    """The words of a caption; with `attention`, where the model looked for each, if it says."""
    words = []
    for part in parts:
        log_prob = float(sum(found.log_probs[place] for place in part.tokens))
        alphas: tuple[float, ...] = ()
        if attention and found.alphas is not None:
            mean = found.alphas[list(part.tokens)].astype(np.float64).mean(0)
            alphas = tuple(np.round(mean / max(mean.sum(), 1e-12), 5).tolist())
        words.append(Word(text=part.text, log_prob=log_prob, attention=alphas))
    return tuple(words)


def said_words(
    found: Found, parts: Sequence[Piece], vocabulary: frozenset[str], size: int
) -> tuple[SaidWord, ...]:
    """What the certainty of each word is estimated from.

    How rare a word is, is told by its tokens' numbers: tokenizers number the common ones first.
    """
    said = []
    for part in parts:
        places = list(part.tokens)
        word = part.text.lower()
        rarest = max(found.tokens[place] for place in places)
        said.append(
            SaidWord(
                family="" if word in FUNCTION_WORDS else family(word, vocabulary),
                log_prob=float(sum(found.log_probs[place] for place in places)),
                spread=_spread(found.alphas, places),
                rarity=math.log(1 + rarest) / math.log(1 + max(size, 2)),
            )
        )
    return tuple(said)


def known_words(tokenizer: Any) -> frozenset[str]:  # noqa: ANN401 - any of theirs
    """The whole words among a tokenizer's tokens."""
    bare = (_PIECE.sub("", token).lower() for token in tokenizer.get_vocab())
    return frozenset(token for token in bare if _WHOLE.fullmatch(token))


def tidy(tokenizer: Any, tokens: Sequence[int]) -> str:  # noqa: ANN401 - any of theirs
    """The text that tokens are, without the spaces that tokenizers leave before marks."""
    text = _BEFORE_MARK.sub(r"\1", _decoded(tokenizer, tokens))
    return _ENGLISH_TAIL.sub(r"'\1", text)


def _spread(alphas: Floats | None, places: Sequence[int]) -> float:
    """The entropy of a word's attention, 0 (one place) … 1 (all alike); 1 without attention."""
    if alphas is None or alphas.shape[1] < 2:
        return 1.0
    mean = alphas[list(places)].astype(np.float64).mean(0)
    entropy = -(mean * np.log(np.maximum(mean, 1e-9))).sum()
    return float(entropy / math.log(alphas.shape[1]))


def _decoded(tokenizer: Any, tokens: Sequence[int]) -> str:  # noqa: ANN401 - any of theirs
    text: str = tokenizer.decode(
        list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False
    )
    return text


def _agreeing(text: str, beginning: str) -> int:
    """How many characters of the text some of its tokens account for.

    A character of several bytes may be cut in the middle; its part is then another one.
    """
    same = 0
    for ours, theirs in zip(text, beginning, strict=False):
        if ours != theirs:
            break
        same += 1
    return same


_FILE = "captionbot.json"
_CALIBRATION = TypeAdapter(Calibration)


def read_calibration(folder: Path) -> Calibration | None:
    """The calibration beside a model's files; None if there is none. Raises CheckpointError."""
    file = folder / _FILE
    try:
        return _CALIBRATION.validate_python(json.loads(file.read_text("utf-8"))["calibration"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise CheckpointError(
            f"{file}: no calibration ({type(error).__name__}); make it again with `captionbot "
            "weights calibrate`, or remove the file"
        ) from error


def write_calibration(folder: Path, calibration: Calibration, record: dict[str, object]) -> Path:
    """Keep a calibration, and what it was measured on, beside a model's files. Raises OSError."""
    file = folder / _FILE
    new = file.with_suffix(".new")
    document = {"calibration": asdict(calibration), "measured": record}
    new.write_text(json.dumps(document, indent=1), encoding="utf-8")
    new.replace(file)
    return file
