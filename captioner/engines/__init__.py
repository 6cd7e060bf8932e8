"""What a model runs on: torch, or OpenVINO with an int8 encoder for CPUs.

`captioner.captioner.Captioner` is the one door to them. None is imported before it is chosen, so
a worker on OpenVINO needs no torch.
"""
