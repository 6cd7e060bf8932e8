"""Every door for foreign bytes, by name. A process imports the group that it needs."""

from __future__ import annotations

from importlib import import_module

from tests.fuzz.target import Target

# What shares its processes; the modules are imported when they are asked for.
_GROUPS = {
    "photos": ("media",),
    "films": ("media",),
    "files": ("wire", "settings", "data_sets", "checkpoints"),
    "servers": ("http", "telegram", "discord"),
}


def group(name: str) -> dict[str, Target]:
    """The targets of a group, by name."""
    modules = [import_module(f"{__name__}.{module}") for module in _GROUPS[name]]
    found: list[Target] = [target for module in modules for target in module.TARGETS]
    return {target.name: target for target in found if target.group == name}


def every() -> dict[str, Target]:
    """All of them, by name."""
    return {name: target for one in _GROUPS for name, target in group(one).items()}
