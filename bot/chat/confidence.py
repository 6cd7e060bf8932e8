"""How sure the model must be for a caption to be said without a warning, on every platform."""

# Of the confidence, the probability that the caption fits the photo: see
# captioner/checkpoint/confidence.py.
UNSURE_BELOW = 0.5  # it is likelier that it does not
FAIRLY_SURE_FROM = 0.7
