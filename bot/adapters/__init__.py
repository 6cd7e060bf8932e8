"""Platform events in, platform messages out; one chat platform a folder."""

from __future__ import annotations

from captioner.errors import OperatorError


class AdapterError(OperatorError):
    """An adapter cannot serve. The message is one sentence that says what to do about it."""
