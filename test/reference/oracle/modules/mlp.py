import torch.nn as nn


class MLP(nn.Module):
    def __init__(self, widths=(784, 512, 256, 10), dropout=0.1):
        super().__init__()
        layers = []
        for before, after in zip(widths[:-1], widths[1:]):
            layers += [nn.Linear(before, after), nn.ReLU(), nn.Dropout(dropout)]
        self.net = nn.Sequential(*layers[:-2])

    def forward(self, x):
        return self.net(x.flatten(1))


model = MLP()
