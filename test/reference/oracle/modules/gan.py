import torch.nn as nn


class Generator(nn.Module):
    def __init__(self, latent=100, features=64, channels=3):
        super().__init__()

        def up(inner, outer, stride=2, padding=1):
            return [nn.ConvTranspose2d(inner, outer, 4, stride, padding, bias=False), nn.BatchNorm2d(outer), nn.ReLU(True)]

        self.main = nn.Sequential(
            *up(latent, features * 8, 1, 0),
            *up(features * 8, features * 4),
            *up(features * 4, features * 2),
            *up(features * 2, features),
            nn.ConvTranspose2d(features, channels, 4, 2, 1, bias=False),
            nn.Tanh(),
        )


model = Generator()
