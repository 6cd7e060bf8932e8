"""The interface of encoders: images in, annotation vectors out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import deepcopy
from itertools import pairwise
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn.utils import fuse_conv_bn_eval

from captioner.model.configs import ANNOTATION_DIMS, EncoderName


class Encoder(nn.Module, ABC):
    """Images in, annotation vectors out (section 3.1.1 of the paper).

    Classifier and global pooling are left out: each place of the last feature map is one
    annotation vector, so attention can point at a place of the photo.
    """

    def __init__(self, name: EncoderName) -> None:
        super().__init__()
        self.name = name
        self.dim = ANNOTATION_DIMS[name]  # D

    trains_in_bf16 = True  # on CPUs with instructions for it, faster than in float32

    @abstractmethod
    def stages(self) -> list[nn.Module]:
        """The modules that images pass, one after the other."""

    def feature_map(self, images: Tensor) -> Tensor:
        """The last feature map, (B, D, H/32, W/32), of normalised images (B, 3, H, W)."""
        x = images
        for stage in self.stages():
            x = stage(x)
        return x

    def forward(self, images: Tensor) -> Tensor:
        """Annotation vectors a, (B, K, D), row by row from the top left; K = H/32 * W/32."""
        return self.feature_map(images).flatten(2).transpose(1, 2)

    def folded(self) -> Self:
        """A faster copy for inference: the same annotations, except for rounding.

        Batch norm in evaluation mode is a scale and a shift, which are folded into the convolution
        before it. Channels are last in memory, which is fastest on CPUs and GPUs.
        """
        encoder = deepcopy(self).eval()
        with torch.no_grad():
            for module in encoder.modules():
                for (name, layer), (next_name, behind) in pairwise(list(module.named_children())):
                    if isinstance(layer, nn.Conv2d) and isinstance(behind, nn.BatchNorm2d):
                        setattr(module, name, fuse_conv_bn_eval(layer, behind))
                        setattr(module, next_name, nn.Identity())
        return encoder.to(memory_format=torch.channels_last)
