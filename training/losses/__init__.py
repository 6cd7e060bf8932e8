"""The losses and rewards that the stages optimise."""
