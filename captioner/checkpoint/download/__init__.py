"""A checkpoint from an address that the operator set, and from nowhere else."""
