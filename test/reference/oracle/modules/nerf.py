import torch
import torch.nn as nn


class NeRF(nn.Module):
    def __init__(self, depth=8, width=256, position=63, direction=27, skips=[4]):
        super().__init__()
        self.points = nn.ModuleList(
            [nn.Linear(position, width)]
            + [nn.Linear(width, width) if i not in skips else nn.Linear(width + position, width) for i in range(depth - 1)]
        )
        self.views = nn.ModuleList([nn.Linear(direction + width, width // 2)])
        self.feature = nn.Linear(width, width)
        self.alpha = nn.Linear(width, 1)
        self.rgb = nn.Linear(width // 2, 3)


model = NeRF()
