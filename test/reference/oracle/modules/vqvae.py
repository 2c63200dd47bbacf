import torch
import torch.nn as nn


class Codebook(nn.Module):
    def __init__(self, count, dim):
        super().__init__()
        self.embedding = nn.Embedding(count, dim)
        self.embedding.weight.data.uniform_(-1 / count, 1 / count)


class VQVAE(nn.Module):
    def __init__(self, channels=[3, 64, 128], codes=512, dim=64, residual=2):
        super().__init__()
        encoder = nn.Sequential()
        for i, (a, b) in enumerate(zip(channels, channels[1:])):
            encoder.add_module(f"conv{i}", nn.Conv2d(a, b, 4, stride=2, padding=1))
            encoder.add_module(f"act{i}", nn.ReLU())
        encoder.append(nn.Conv2d(channels[-1], dim, 1))
        self.encoder = encoder
        self.residual = nn.Sequential(*(nn.Conv2d(dim, dim, 3, padding=1) for _ in range(residual)))
        self.codebook = Codebook(codes, dim)
        self.heads = nn.ModuleList([nn.Linear(dim, k) for k in (1, 2, 3)] * 2)
        self.norm = nn.utils.parametrizations.spectral_norm(nn.Linear(dim, dim))


model = VQVAE()
