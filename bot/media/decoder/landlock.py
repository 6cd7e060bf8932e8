"""What a decoding process gives up for good, as far as its kernel can take it away.

Landlock (landlock(7), Linux 5.13 and later) asks for no privilege and no package. It takes away
what limits on open files leave: to remove, rename or run files by their names, to trace processes
and, from Linux 6.12 on, to send signals to others. Where the kernel has none of it, the limits of
`bot.media.decoder.worker_main` are what there is.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys

_CREATE_RULESET, _RESTRICT_SELF = 444, 446  # system calls: the same numbers on all machines
_ASK_VERSION = 1
_NO_NEW_PRIVILEGES = 38  # of prctl(2)
# Rights over files by version of Landlock: 13, then to link elsewhere, to truncate, to control
# devices.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
_BIND_AND_CONNECT, _SINCE_NETWORK = 0b11, 4
_SOCKETS_AND_SIGNALS, _SINCE_SCOPES = 0b11, 6


def confine() -> int:
    """Give up every right that can be given up; the version of Landlock in force, 0 for none.

    Only for this thread and those it will start: call it while there is no other.
    """
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    version = max(0, int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)))
    if not version:
        return 0
    rules = _nothing_allowed(version)
    ruleset = int(libc.syscall(_CREATE_RULESET, rules, ctypes.c_size_t(len(rules)), 0))
    if ruleset < 0:
        return 0
    refused = int(libc.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)
    return 0 if refused else version


def _nothing_allowed(version: int) -> bytes:
    """The kernel's `struct landlock_ruleset_attr`, as long as this version knows it."""
    files = (1 << max(n for since, n in _FILE_RIGHTS.items() if since <= version)) - 1
    parts = [files]
    if version >= _SINCE_NETWORK:
        parts.append(_BIND_AND_CONNECT)
    if version >= _SINCE_SCOPES:
        parts.append(_SOCKETS_AND_SIGNALS)
    return struct.pack(f"={len(parts)}Q", *parts)
