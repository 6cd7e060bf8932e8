"""METEOR 1.5, computed by the Java program in pycocoevalcap.

It compares English words by form, stem, synonyms and paraphrases. The program has stemmers and
weights of other languages too, but pycocoevalcap brings no paraphrases of theirs: there, words are
compared by form and stem alone, and the score is named so. That is lower than METEOR of papers.
Chinese and Arabic have no stemmer in it, and so no score.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pycocoevalcap.meteor.meteor

from captioner.language.writing import ENGLISH

_LOG = logging.getLogger(__name__)
_JAR = Path(pycocoevalcap.meteor.meteor.__file__).with_name("meteor-1.5.jar")


_STEMS_ONLY = frozenset({"de", "es", "fr", "pt"})  # METEOR was not tuned for Portuguese


def meteor_name(language: str) -> str | None:
    """What the score in a language is called; None if it has none."""
    if language == ENGLISH:
        return "METEOR"
    return "METEOR, exact and stems" if language in _STEMS_ONLY else None


def meteor_score(
    candidates: Mapping[str, str],
    references: Mapping[str, Sequence[str]],
    *,
    language: str = ENGLISH,
    seconds: float = 300.0,
) -> float | None:
    """METEOR (0…1) of tokenised captions; None if Java is missing or fails.

    `language` is one that has a `meteor_name`.

    A failure or a timeout after `seconds` is logged as a warning. When this returns, the process
    has ended in any case.
    """
    java = shutil.which("java")
    if java is None:
        return None
    command = [java, "-Xmx2G", "-Dfile.encoding=UTF-8", "-jar", str(_JAR)]
    command += ["-", "-", "-stdio", "-l", language]
    command += ["-norm"] if language == ENGLISH else ["-m", "exact stem"]
    process = subprocess.Popen(  # noqa: S603 - a fixed command; captions go in by its input
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    watchdog = threading.Timer(seconds, process.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        return _converse(process, candidates, references)
    except (OSError, ValueError) as error:
        _LOG.warning("METEOR is left out: Java failed or took over %g s (%s)", seconds, error)
        return None
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


def _converse(
    process: subprocess.Popen[str],
    candidates: Mapping[str, str],
    references: Mapping[str, Sequence[str]],
) -> float:
    """Ask for the statistics of each caption, then for the score of all statistics."""
    statistics = [
        _ask(process, ["SCORE", *references[photo], caption])
        for photo, caption in candidates.items()
    ]
    _ask(process, ["EVAL", *statistics])  # answers a score for each, then one for all
    assert process.stdout is not None
    answers = [process.stdout.readline() for _ in candidates]
    return float(answers[-1])


def _ask(process: subprocess.Popen[str], fields: Sequence[str]) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(" ||| ".join(" ".join(f.split()) for f in fields) + "\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise ValueError("no answer")
    return answer.strip()
