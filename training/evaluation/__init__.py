"""Captions of a data set's split, their scores, and how sure they were."""
