"""Errors by who can put them right; whatever is none of these is a bug of ours."""

from __future__ import annotations


class OperatorError(Exception):
    """Something that the operator can put right; the text is a sentence that says how."""


class UsageError(OperatorError):
    """The command cannot do what it was asked; the text says why and what to do."""


class RestartError(Exception):
    """A fault that a new process may not have, so that whoever supervises this one starts it."""
