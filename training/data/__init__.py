"""Readers of data sets, and the cached arrays that training reads."""
