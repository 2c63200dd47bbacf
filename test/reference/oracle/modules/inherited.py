import torch
import torch.nn as nn


class Base(nn.Module):
    width = 256

    def __init__(self, heads: int):
        super().__init__()
        self.attention = nn.MultiheadAttention(self.width, heads, kdim=128, vdim=64, add_bias_kv=True)
        self.norm = nn.RMSNorm(self.width)
        self.build()

    def build(self):
        self.head = nn.Linear(self.width, 10)


class Wide(Base):
    width = 512

    def __init__(self, heads=8, classes=1000):
        self.classes = classes
        super().__init__(heads)
        self.extra = nn.ParameterList([nn.Parameter(torch.empty(self.width, 4)) for _ in range(3)])
        self.register_parameter("gate", nn.Parameter(torch.full((self.width,), 0.5)))
        self.register_buffer("mask", torch.ones(64, 64))

    def build(self):
        self.head = nn.Sequential(nn.LayerNorm(self.width, elementwise_affine=False), nn.Linear(self.width, self.classes))


class LowRank(nn.Linear):
    def __init__(self, inner, outer, rank=8):
        super().__init__(inner, outer, bias=False)
        self.down = nn.Parameter(torch.zeros(rank, inner))
        self.up = nn.Parameter(torch.zeros((outer, rank)))
        self.weight.requires_grad = False


model = nn.ModuleDict({"wide": Wide(), "low": LowRank(512, 1024, rank=16)})
