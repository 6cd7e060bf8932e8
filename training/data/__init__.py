"""Readers of data sets, and the packed arrays that training reads from."""
