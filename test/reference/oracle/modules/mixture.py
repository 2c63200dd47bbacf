import torch
from torch import nn


class Expert(nn.Module):
    def __init__(self, dim, inner):
        super().__init__()
        self.gate = nn.Linear(dim, inner, bias=False)
        self.up = nn.Linear(dim, inner, bias=False)
        self.down = nn.Linear(inner, dim, bias=False)


class Mixture(nn.Module):
    def __init__(self, dim, inner, experts, shared=0):
        super().__init__()
        self.router = nn.Linear(dim, experts, bias=False)
        self.experts = nn.ModuleList(Expert(dim, inner) for _ in range(experts))
        self.bias = nn.Parameter(torch.zeros(experts), requires_grad=False)
        self.shared = Expert(dim, shared) if shared > 0 else None


class Layer(nn.Module):
    def __init__(self, index, config):
        super().__init__()
        dense = index < config["dense_layers"]
        self.norm = nn.RMSNorm(config["dim"])
        if dense:
            self.ff = Expert(config["dim"], config["dense_inner"])
        else:
            self.ff = Mixture(config["dim"], config["inner"], config["experts"], shared=config["inner"])


class Model(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleDict({str(i): Layer(i, config) for i in range(config["layers"])})
        self.head = nn.Linear(config["dim"], config["vocab"], bias=False)


model = Model({"dim": 256, "inner": 128, "dense_inner": 512, "experts": 16, "layers": 6, "dense_layers": 2, "vocab": 1000})
