import torch.nn as nn
from torch.nn.utils import weight_norm


class ResidualLayer(nn.Module):
    def __init__(self, channels, skip, kernel_size, dilation, conditioning=80):
        super().__init__()
        self.conv = weight_norm(nn.Conv1d(channels, 2 * channels, kernel_size, dilation=dilation, padding="same"))
        self.condition = nn.Conv1d(conditioning, 2 * channels, 1, bias=False)
        self.skip = nn.Conv1d(channels, skip, 1)
        self.residual = nn.Conv1d(channels, channels, 1)


class WaveNet(nn.Module):
    def __init__(self, channels=64, skip=128, stacks=2, depth=10):
        super().__init__()
        self.layers = nn.ModuleList(
            [ResidualLayer(channels, skip, 3, 2**i) for _ in range(stacks) for i in range(depth)]
        )
        self.upsample = nn.ConvTranspose1d(80, 80, kernel_size=16, stride=8)
        self.final = nn.Sequential(nn.ReLU(), nn.Conv1d(skip, 256, 1), nn.ReLU(), nn.Conv1d(256, 256, 1))


model = WaveNet()
