"""Scores of a checkpoint on a data set: captions, confidence, animals, attention."""
