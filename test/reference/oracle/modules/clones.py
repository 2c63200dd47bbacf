import copy
from collections import OrderedDict

import torch.nn as nn


def clones(module, count):
    return nn.ModuleList([copy.deepcopy(module) for _ in range(count)])


class MultiHeadedAttention(nn.Module):
    def __init__(self, h, d_model, dropout=0.1):
        super().__init__()
        self.linears = clones(nn.Linear(d_model, d_model), 4)
        self.dropout = nn.Dropout(p=dropout)


class EncoderLayer(nn.Module):
    def __init__(self, size, attention, feed_forward):
        super().__init__()
        self.attention = attention
        self.feed_forward = feed_forward
        self.norms = clones(nn.LayerNorm(size), 2)


class Encoder(nn.Module):
    def __init__(self, layer, count):
        super().__init__()
        self.layers = clones(layer, count)
        self.norm = nn.LayerNorm(layer.norms[0].normalized_shape)


def build(layers=6, d_model=512, d_ff=2048):
    attention = MultiHeadedAttention(8, d_model)
    ff = nn.Sequential(OrderedDict([("up", nn.Linear(d_model, d_ff)), ("act", nn.ReLU()), ("down", nn.Linear(d_ff, d_model))]))
    return Encoder(EncoderLayer(d_model, copy.deepcopy(attention), copy.deepcopy(ff)), layers)


model = build()
