import torch
import torch.nn as nn


class PatchEmbedding(nn.Module):
    def __init__(self, image=224, patch=16, channels=3, width=768):
        super().__init__()
        self.count = (image // patch) ** 2
        self.projection = nn.Conv2d(channels, width, kernel_size=patch, stride=patch)


class ViT(nn.Module):
    def __init__(self, *, image=224, patch=16, width=384, depth=12, heads=6, classes=1000, mlp_ratio=4.0):
        super().__init__()
        self.embed = PatchEmbedding(image, patch, 3, width)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.randn(1, self.embed.count + 1, width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            d_model=width, nhead=heads, dim_feedforward=int(width * mlp_ratio), activation="gelu",
            batch_first=True, norm_first=True,
        )
        self.encoder = nn.TransformerEncoder(layer, num_layers=depth, norm=nn.LayerNorm(width))
        self.head = nn.Linear(width, classes)


model = ViT(depth=8)
