"""The `captionbot` command, with the functions of ours noted that it calls meanwhile.

`python -m tests.support.call_tracer FILE telegram` runs `captionbot telegram`. With the first
SIGUSR1 it begins to note, with the next one it writes to FILE which functions were called: a JSON
object, a file's path to its functions. Comprehensions and lambdas are parts of the function that
they stand in. Functions of other processes, such as those that open photos, are not noted.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections import defaultdict
from pathlib import Path
from types import CodeType, FrameType

from bot.cli import main

_ROOT = Path(__file__).parents[2]
_OURS = tuple(f"{_ROOT / package}/" for package in ("bot", "captioner"))


class Tracer:
    """Notes calls, in all threads that begin after it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._noting = False
        self._called: set[CodeType] = set()

    def install(self) -> None:
        """Be told of every call, and of the signal."""
        signal.signal(signal.SIGUSR1, self._switch)
        threading.setprofile(self._note)
        sys.setprofile(self._note)

    def _note(self, frame: FrameType, event: str, _arg: object) -> None:
        if self._noting and event == "call":
            self._called.add(frame.f_code)

    def _switch(self, _number: int, _frame: FrameType | None) -> None:
        if not self._noting:
            self._called.clear()
            self._noting = True
            return
        self._noting = False
        functions = defaultdict[str, set[str]](set)
        for code in self._called:
            name = code.co_qualname
            if code.co_filename.startswith(_OURS) and not name.endswith(">"):
                functions[str(Path(code.co_filename).relative_to(_ROOT))].add(name)
        written = {name: sorted(found) for name, found in sorted(functions.items())}
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps(written, indent=1))
        draft.rename(self._file)  # whoever waits for the file finds all of it


if __name__ == "__main__":
    Tracer(Path(sys.argv.pop(1))).install()
    main()
