import torch.nn as nn


class Tower(nn.Module):
    def __init__(self, dims):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(dims, dims[1:])])
        self.norms = nn.ModuleList(nn.LayerNorm(width) for width in dims[1:])


class TwoTowers(nn.Module):
    def __init__(self, dims, shared=True):
        super().__init__()
        self.query = Tower(dims)
        self.document = self.query if shared else Tower(dims)
        self.momentum = Tower(dims)
        self.momentum.requires_grad_(False)
        self.loss = nn.CrossEntropyLoss()


DIMS = [512, 256, 128]
model = TwoTowers(DIMS)
