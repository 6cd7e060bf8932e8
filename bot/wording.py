"""How sure the model must be for a caption to be said without a warning, on every platform."""

UNSURE_BELOW = 0.25  # of the confidence, which is typically 0.2 to 0.5
