"""Parts of a text that people see only once they ask to: what is said of a photo sent so.

Within a `Reply` they stand between two signs that no keyboard has. A platform turns those into its
own kind of cover when it sends the text, after it was cut: what is cut off stays covered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"  # noncharacters: Unicode keeps them for a program's own use
_SIGNS = re.compile(f"[{_OPEN}{_CLOSE}]")


def covered(text: str) -> str:
    """The text as one that is covered."""
    return f"{_OPEN}{bare(text)}{_CLOSE}" if text else text


def bare(text: str) -> str:
    """The text with nothing covered."""
    return _SIGNS.sub("", text)


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """What a text is made of, in order, and whether each piece is covered; none is empty.

    One that is begun and not ended goes on until the text ends.
    """
    depth = 0
    for piece in re.split(f"({_SIGNS.pattern})", text):
        if piece == _OPEN:
            depth = 1
        elif piece == _CLOSE:
            depth = 0
        elif piece:
            yield piece, bool(depth)


def shown(text: str, fence: str) -> str:
    """The text with its covered pieces between two fences, as in `||…||`."""
    return "".join(f"{fence}{piece}{fence}" if hidden else piece for piece, hidden in pieces(text))
