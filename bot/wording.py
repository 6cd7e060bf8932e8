"""How sure the model must be for a caption to be said without a warning, on every platform."""

# Of the confidence. On 500 photos of Flickr8k's dev split, the bundled model's captions below it
# had a mean CIDEr-D of 0.20 and half of them were about something else; those above 0.37, 0.71.
UNSURE_BELOW = 0.31
