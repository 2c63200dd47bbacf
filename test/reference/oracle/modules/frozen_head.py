import torch
from torch import nn


class Backbone(nn.Sequential):
    def __init__(self, width=64):
        super().__init__(
            nn.Conv2d(3, width, 3, padding=1),
            nn.GroupNorm(8, width),
            nn.SiLU(),
            nn.Conv2d(width, 2 * width, (3, 5), groups=2),
            nn.InstanceNorm2d(2 * width, affine=True),
            nn.PReLU(2 * width),
        )


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = Backbone()
        self.head = nn.Linear(128, 10)
        for parameter in self.backbone.parameters():
            parameter.requires_grad = False
        self.scale = nn.Parameter(torch.tensor(1.0))
        self.temperature = nn.Parameter(torch.ones([]) * 0.07, requires_grad=False)


model = Classifier()
model.backbone[1].requires_grad_(True)
model.head.bias.requires_grad = False
