"""What stands before each answer of a process under test."""

from __future__ import annotations

import struct

COST = struct.Struct(">d")  # seconds of computing that the input took
