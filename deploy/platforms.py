"""Writes what files outside of `bot/` say of each chat platform, from `bot/adapters/registry.py`.

`make platforms` runs it after a platform was added or changed there. Files that a platform has to
itself (a systemd unit, a Deployment in Kubernetes) are written whole; in files that it shares, it
joins the row of the others. `tests/bot/adapters/test_registry.py` fails where it has to be run.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(_REPOSITORY))

from bot.adapters.registry import PLATFORMS, Platform  # noqa: E402 - found in the checkout alone
from bot.settings import Settings  # noqa: E402 - found in the checkout alone

_FIRST_PORT = 9403  # of the metrics of the first platform's process, on a host with systemd
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 - YAML and units, from our own registry
)


class _Row(NamedTuple):
    """Where a file names the platforms one behind the other."""

    file: str
    separator: str
    items: Iterable[str]


def files(root: Path, platforms: Sequence[Platform]) -> dict[Path, str]:
    """Every file that says something of each platform, and what it should say."""
    found: dict[Path, str] = {}
    for number, platform in enumerate(platforms):
        about = {
            "platform": platform,
            "others": [other for other in platforms if other is not platform],
            "port": _FIRST_PORT + number,
        }
        unit = root / "deploy" / "systemd" / f"captionbot-{platform.name}.service"
        found[unit] = _TEMPLATES.get_template("platform.service.j2").render(about)
        deployment = root / "deploy" / "kubernetes" / "base" / f"{platform.name}.yaml"
        found[deployment] = _TEMPLATES.get_template("platform.yaml.j2").render(about)
    for row in _rows(platforms):
        path = root / row.file
        text = found.get(path) or path.read_text(encoding="utf-8")
        found[path] = _in_a_row(text, [*row.items], row.separator)
    compose, example = root / "deploy" / "compose.yaml", root / ".env.example"
    found[compose] = _services(found[compose], platforms)
    found[example] = _settings(example.read_text(encoding="utf-8"), root, platforms)
    return found


def _rows(platforms: Sequence[Platform]) -> list[_Row]:
    names = [platform.name for platform in platforms]
    ports = {name: _FIRST_PORT + number for number, name in enumerate(names)}
    units = [f"captionbot-{name}.service" for name in names]
    secrets = [name for platform in platforms for name in platform.secrets]
    of_clusters = [name for platform in platforms for name in platform.of_a_cluster]
    packages = [f'"{package}"' for platform in platforms for package in platform.packages]
    return [
        _Row("deploy/compose.yaml", ", ", names),
        _Row("deploy/compose.yaml", "\n", [f'  {name}: ""' for name in secrets]),
        _Row("deploy/compose/prometheus.yml", ", ", names),
        _Row("deploy/compose/prometheus.yml", "|", names),
        _Row(
            "deploy/monitoring/prometheus.yml",
            "\n      ",
            [
                f'- targets: ["127.0.0.1:{port}"]\n        labels: {{role: {name}}}'
                for name, port in ports.items()
            ],
        ),
        *(_Row("deploy/install.sh", separator, names) for separator in (", ", " | ", " ")),
        _Row("deploy/install.sh", " || ", [f"has {name}" for name in names]),
        _Row("deploy/install.sh", ", ", [f"{name} {port}" for name, port in ports.items()]),
        _Row("deploy/kubernetes/base/kustomization.yaml", "\n  ", [f"- {n}.yaml" for n in names]),
        _Row("deploy/kubernetes/base/network-policy.yaml", ", ", names),
        _Row(
            "deploy/kubernetes/secrets.env.example",
            "\n",
            [f"{name}={_default(name)}" for name in of_clusters],
        ),
        _Row("deploy/systemd/captionbot-redis.service", " ", units),
        _Row("deploy/systemd/captionbot-store.service", " ", units),
        _Row(
            "pyproject.toml",
            "\n",
            sorted(f'    "{one.requirement}",' for one in platforms if one.requirement),
        ),
        _Row("pyproject.toml", ", ", packages),
        _Row(
            "docs/operations.md",
            "\n",
            [f"| `captionbot {p.name}` | `{p.token}` | the {p.title} bot |" for p in platforms],
        ),
    ]


def _in_a_row(text: str, items: list[str], separator: str) -> str:
    """The text with all items wherever two of them, or more, stand behind each other."""
    one = "|".join(sorted(map(re.escape, items), key=len, reverse=True))
    row = rf"(?<![\w.-])(?:{one})(?:{re.escape(separator)}(?:{one}))+(?![\w-])"
    return re.sub(row, lambda _: separator.join(items), text)


def _services(text: str, platforms: Sequence[Platform]) -> str:
    """The services of platforms in compose.yaml, which stand between those of `run` and `web`."""
    start = text.index(f"  {platforms[0].name}:\n    <<:")
    end = text.index("  web:\n    <<:")
    template = _TEMPLATES.get_template("service.yaml.j2")
    services = [
        template.render(platform=platform, others=[one for one in platforms if one is not platform])
        for platform in platforms
    ]
    return text[:start] + "".join(services) + text[end:]


def _settings(text: str, root: Path, platforms: Sequence[Platform]) -> str:
    """The sections of platforms in .env.example, each from the platform's own folder."""
    start = text.index(f"# --- {platforms[0].title}\n")
    end = text.index("# --- Who may use it\n")
    sections = []
    for platform in platforms:
        path = root / "bot" / "adapters" / platform.name / "settings.env.example"
        sections.append(f"# --- {platform.title}\n\n{path.read_text(encoding='utf-8')}\n\n")
    return text[:start] + "".join(sections) + text[end:]


def _default(name: str) -> str:
    """The value of a setting where nothing is set; "" for none."""
    fields = (field for field in Settings.model_fields.values() if field.alias == name)
    return next((str(field.default) for field in fields if field.default is not None), "")


def main() -> None:
    """Write what is not as it should be, and say which files that are."""
    for path, text in files(_REPOSITORY, PLATFORMS).items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(_REPOSITORY))  # noqa: T201 - says what it did


if __name__ == "__main__":
    main()
