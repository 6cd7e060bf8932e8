"""The stages of a run: encoder pretraining, decoder training, self-critical, end to end."""
