"""The encoder: a ResNet whose last feature map becomes the annotation vectors."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils import fuse_conv_bn_eval

from captioner.model import resnet
from captioner.model.configs import ANNOTATION_DIMS, ENCODER_NAMES, EncoderName

__all__ = ["ENCODER_NAMES", "Encoder", "EncoderName", "freeze_batch_norm"]


class Encoder(nn.Module):
    """Images in, annotation vectors out (section 3.1.1 of the paper).

    The classifier and the global pooling of the ResNet are left away: each place of the last
    feature map is one annotation vector, so attention can point at a place of the photo.
    """

    def __init__(self, name: EncoderName = "resnet50") -> None:
        super().__init__()
        self.name = name
        self.dim = ANNOTATION_DIMS[name]  # D
        self.stem = resnet.stem()
        self.layer1, self.layer2, self.layer3, self.layer4 = resnet.layers(name)

    def feature_map(self, images: Tensor) -> Tensor:
        """The last feature map, (B, D, H/32, W/32), of normalised images (B, 3, H, W)."""
        x = self.stem(images)
        x = self.layer2(self.layer1(x))
        features: Tensor = self.layer4(self.layer3(x))
        return features

    def forward(self, images: Tensor) -> Tensor:
        """Annotation vectors a, (B, K, D), row by row from the top left; K = H/32 * W/32."""
        return self.feature_map(images).flatten(2).transpose(1, 2)

    def folded(self) -> Encoder:
        """A copy for use alone: the same annotations but for rounding, in less time.

        Batch norm in evaluation mode multiplies and adds, which the convolution before it does as
        well; and channels lie last, as the convolutions of CPUs and GPUs like them best.
        """
        encoder = deepcopy(self).eval()
        with torch.no_grad():
            for module in encoder.modules():
                for (name, layer), (next_name, behind) in pairwise(list(module.named_children())):
                    if isinstance(layer, nn.Conv2d) and isinstance(behind, nn.BatchNorm2d):
                        setattr(module, name, fuse_conv_bn_eval(layer, behind))
                        setattr(module, next_name, nn.Identity())
        return encoder.to(memory_format=torch.channels_last)

    def load_imagenet(self) -> None:
        """Load torchvision's ImageNet weights, downloading them where they are not cached.

        Raises OSError (urllib's URLError among it) when they cannot be downloaded.
        """
        import torchvision  # noqa: PLC0415 - see captioner.model.resnet

        weights = torchvision.models.get_model_weights(self.name).DEFAULT
        self.load_resnet(torchvision.models.get_model(self.name, weights=weights).state_dict())

    def load_resnet(self, state: Mapping[str, Tensor]) -> None:
        """Take over the weights of torchvision's ResNet of the same name, its classifier aside."""
        renamed = {"conv1": "stem.0", "bn1": "stem.1"}
        own = {}
        for key, value in state.items():
            head, _, tail = key.partition(".")
            if head != "fc":
                own[f"{renamed.get(head, head)}.{tail}"] = value
        self.load_state_dict(own)


def freeze_batch_norm(module: nn.Module) -> None:
    """Put every batch-norm layer of a module into evaluation mode, whatever the rest is in.

    A frozen encoder left in training mode lets its running statistics drift with every batch,
    and the captions with them.
    """
    for layer in module.modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            layer.eval()
