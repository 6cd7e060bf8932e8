"""What a model runs on: torch, or OpenVINO in int8 for CPUs.

`captioner.captioner.Captioner` is the one door to them. None is imported before it is chosen, so
a worker on OpenVINO needs no torch.
"""

from __future__ import annotations

import sys

# OpenVINO, when it is imported, forks a process that reports to its makers. It does without where
# the package for it cannot be imported.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # makes it so
