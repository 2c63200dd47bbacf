import math

import torch
import torch.nn as nn


class PositionalEncoding(nn.Module):
    def __init__(self, d_model, max_len=5000):
        super().__init__()
        pe = torch.zeros(max_len, d_model)
        position = torch.arange(0, max_len).unsqueeze(1)
        div = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        pe[:, 0::2] = torch.sin(position * div)
        pe[:, 1::2] = torch.cos(position * div)
        self.register_buffer("pe", pe.unsqueeze(0))


class Translator(nn.Transformer):
    def __init__(self, vocab, width, heads, layers):
        super().__init__(d_model=width, nhead=heads, num_encoder_layers=layers, num_decoder_layers=layers, dim_feedforward=1024)
        self.position = PositionalEncoding(width)
        self.source = nn.Embedding(vocab, width)
        self.target = self.source
        self.decoder_norm = nn.LayerNorm([width])
        self.out = nn.Linear(width, vocab)


model = Translator(8000, 256, 4, 3)
