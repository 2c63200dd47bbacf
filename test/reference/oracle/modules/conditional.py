from functools import partial
from typing import NamedTuple

import torch.nn as nn


class Shape(NamedTuple):
    channels: tuple = (32, 64, 128)
    kernel: int = 5
    norm: str = "group"
    residual: bool = True


def norm_layer(kind, channels):
    if kind == "batch":
        return nn.BatchNorm1d(channels)
    elif kind == "group":
        return nn.GroupNorm(num_groups=4, num_channels=channels)
    raise ValueError(kind)


class Block(nn.Module):
    def __init__(self, inner, outer, kernel, norm, act=nn.SiLU, residual=False):
        super().__init__()
        self.conv = nn.Conv1d(inner, outer, kernel, padding=kernel // 2)
        self.norm = norm(outer)
        self.act = act()
        self.skip = nn.Conv1d(inner, outer, 1) if residual and inner != outer else nn.Identity()


class Net(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        norm = partial(norm_layer, shape.norm)
        widths = [1, *shape.channels]
        self.blocks = nn.Sequential(
            *[Block(widths[i], widths[i + 1], shape.kernel, norm, residual=shape.residual) for i in range(len(widths) - 1)]
        )


model = Net(Shape(kernel=7))
