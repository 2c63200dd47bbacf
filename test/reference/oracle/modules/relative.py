import torch
import torch.nn as nn


class Window(nn.Module):
    def __init__(self, dim, window, heads, shared=None):
        super().__init__()
        self.window = window
        self.table = nn.Parameter(torch.zeros((2 * window[0] - 1) * (2 * window[1] - 1), heads))
        self.qkv = nn.Linear(dim, dim * 3, bias=True)
        self.proj = nn.Linear(dim, dim)
        self.shared = shared


class Stage(nn.Module):
    def __init__(self, dim, depth, heads, window, downsample):
        super().__init__()
        bias = nn.Embedding(32, heads)
        self.blocks = nn.ModuleList(
            [Window(dim, (window, window), heads, shared=bias) for i in range(depth)]
        )
        self.downsample = nn.Linear(4 * dim, 2 * dim, bias=False) if downsample else nn.Identity()


class Swin(nn.Module):
    def __init__(self, embed=96, depths=(2, 2, 6, 2), heads=(3, 6, 12, 24), window=7):
        super().__init__()
        self.stages = nn.ModuleList()
        count = len(depths)
        for i in range(count):
            self.stages.append(
                Stage(int(embed * 2**i), depths[i], heads[i], window, downsample=i < count - 1)
            )
        self.norm = nn.LayerNorm(int(embed * 2 ** (count - 1)))


model = Swin()
