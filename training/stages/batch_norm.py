"""Batch norm in encoder training: frozen, or folded into the convolution before it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from captioner.model.encoder import Encoder


def freeze_batch_norm(module: nn.Module) -> None:
    """Put every batch-norm layer of a module into evaluation mode.

    In training mode, the running statistics of a frozen encoder would drift with every batch, and
    the captions with them.
    """
    for layer in module.modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            layer.eval()


def unfold(folded: Encoder, encoder: Encoder) -> None:
    """Copy the weights of a folded encoder into a normal one; its batch norm then only adds a bias.

    Except for rounding, both compute the same annotations, and the checkpoint has the same tensors
    as that of any other encoder.
    """
    with torch.no_grad():
        for module, simple in zip(encoder.modules(), list(folded.modules()), strict=True):
            own, given = list(module.named_children()), dict(simple.named_children())
            behind = [*(layer for _, layer in own[1:]), None]
            for (name, layer), after in zip(own, behind, strict=False):
                source = given[name]
                if isinstance(layer, nn.Conv2d) and isinstance(source, nn.Conv2d):
                    layer.weight.copy_(source.weight)
                    if isinstance(after, nn.BatchNorm2d) and source.bias is not None:
                        _add_only(after, source.bias)
                elif isinstance(layer, nn.BatchNorm2d) and isinstance(source, nn.BatchNorm2d):
                    layer.load_state_dict(source.state_dict())


def _add_only(norm: nn.BatchNorm2d, bias: Tensor) -> None:
    own = norm.state_dict()
    own["weight"].fill_(1.0)
    own["bias"].copy_(bias)
    own["running_mean"].zero_()
    own["running_var"].fill_(1 - norm.eps)
