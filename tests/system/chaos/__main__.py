"""`make chaos`: the long form of the chaos run, its progress and its figures."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
from pathlib import Path

from tests.system.chaos.run import Plan, run


def main() -> int:
    """The exit status: 0 if all was kept that is promised."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(2**31), help="to repeat a run"
    )
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--pace", type=float, default=2.5, help="photos a second")
    parser.add_argument("--trouble", type=float, default=0.3, help="events for each photo, below 1")
    parser.add_argument("--poison", type=int, default=4, help="photos of each kind of poison")
    parser.add_argument(
        "--address", action="store_true", help="with a model behind an address, and no poison"
    )
    parser.add_argument("--folder", type=Path, help="where logs go; a new one otherwise")
    options = parser.parse_args()
    if options.photos < 3 * options.poison + 1 or options.people < 2:
        parser.error("a run needs two people, and more photos than poison")
    if options.pace <= 0 or not 0 <= options.trouble <= 1:
        parser.error("the pace is above 0, trouble between 0 and 1")
    folder = options.folder or Path(tempfile.mkdtemp(prefix="captionbot-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    plan = Plan(
        seed=options.seed,
        photos=options.photos,
        people=options.people,
        pace=options.pace,
        trouble=options.trouble,
        poison=0 if options.address else options.poison,
        address=options.address,
    )
    _say(f"seed {plan.seed}; logs in {folder}")
    report = asyncio.run(run(plan, folder, _say))
    _say(str(report))
    return 1 if report.problems else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
