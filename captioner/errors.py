"""The base classes of errors, by who can fix them; any other exception is a bug."""

from __future__ import annotations


class OperatorError(Exception):
    """An error that the operator can fix; the message is a sentence that says how."""


class UsageError(OperatorError):
    """The command cannot do what it was asked to; the message says why and what to do."""


class ModelAwayError(Exception):
    """A model that computes elsewhere cannot be reached now; the text says why.

    What was to be captioned waits until it is back.
    """


class RestartError(Exception):
    """A fault that a new process may not have, so the supervisor should restart this one."""
