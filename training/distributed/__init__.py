"""Data-parallel training in one process or several."""
