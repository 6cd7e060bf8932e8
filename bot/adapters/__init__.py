"""Platform events in, platform messages out; one chat platform a module."""


class AdapterError(OperatorError):
    """An adapter cannot serve. The message is one sentence that says what to do about it."""
