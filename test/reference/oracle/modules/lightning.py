import torch
from torch import nn


class Autoencoder(nn.Module):
    def __init__(self, hparams):
        super().__init__()
        h = hparams
        self.encoder = nn.Sequential(nn.Linear(h["in"], h["mid"]), nn.ReLU(), nn.Linear(h["mid"], h["z"]))
        self.decoder = nn.Sequential(*[layer for pair in [(h["z"], h["mid"]), (h["mid"], h["in"])] for layer in (nn.Linear(*pair), nn.ReLU())][:-1])


base = {"in": 784, "mid": 256}
model = Autoencoder(base | {"z": 3})
model = model.to("cpu").train()
