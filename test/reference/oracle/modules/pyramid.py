import torch.nn as nn


class Pyramid(nn.Module):
    def __init__(self, image_size=64, base=32, channels=3):
        super().__init__()
        stages = []
        width = base
        size = image_size
        previous = channels
        while size > 4:
            stages.append(nn.Conv2d(previous, width, 4, 2, 1))
            stages.append(nn.LeakyReLU(0.2))
            previous = width
            width *= 2
            size //= 2
        self.stages = nn.Sequential(*stages)
        for index in range(3):
            setattr(self, f"lateral{index}", nn.Conv2d(base * 2**index, base, 1))
            self.add_module(f"smooth{index}", nn.Conv2d(base, base, 3, padding=1))
        self.by_name = nn.ModuleDict([["left", nn.Linear(4, 5)], ["right", nn.Linear(5, 6)]])
        self.plain_list_is_not_registered = [nn.Linear(100, 100)]
        self.last = nn.Linear(previous * size**2, 1)


model = Pyramid()
