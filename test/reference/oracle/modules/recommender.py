import torch
import torch.nn as nn

FIELDS = {"user": 100_000, "item": 50_000, "city": 1_000}


class DeepFM(nn.Module):
    def __init__(self, fields, width=16, hidden=(256, 128), dropout=0.2):
        super().__init__()
        self.embeddings = nn.ModuleDict({name: nn.Embedding(count, width) for name, count in fields.items()})
        self.linear = nn.EmbeddingBag(sum(fields.values()), 1, mode="sum")
        total = len(fields) * width
        modules = []
        for size in hidden:
            modules.extend([nn.Linear(total, size), nn.BatchNorm1d(size), nn.ReLU(), nn.Dropout(dropout)])
            total = size
        modules.append(nn.Linear(total, 1))
        self.deep = nn.Sequential(*modules)
        self.bias = nn.Parameter(torch.zeros(1))


model = DeepFM(FIELDS)
