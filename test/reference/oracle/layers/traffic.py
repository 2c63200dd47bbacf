"""Bytes that adapter methods of peft move over their weights in one forward pass, whatever the number of tokens: what every operator
reads and writes, of one bf16 linear with adapters in fp32, by the size of the linear.

    python traffic.py > traffic.json

Two widths are taken: a method that multiplies matrices as wide as the linear itself shows in its operations, which grow with the cube."""
import contextlib
import importlib.metadata
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "device"))
from device import fake, torch  # noqa: E402

import peft  # noqa: E402
from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

RANK = 32
TARGETS = dict(target_modules=["linear"])
METHODS = dict(
    lora=lambda: peft.LoraConfig(r=RANK, **TARGETS),
    dora=lambda: peft.LoraConfig(r=RANK, use_dora=True, **TARGETS),
    loha=lambda: peft.LoHaConfig(r=RANK, **TARGETS),
    lokr=lambda: peft.LoKrConfig(r=RANK, **TARGETS),
    fourierft=lambda: peft.FourierFTConfig(n_frequency=1000, **TARGETS),
    waveft=lambda: peft.WaveFTConfig(n_frequency=1000, **TARGETS),
    shira=lambda: peft.ShiraConfig(r=RANK, **TARGETS),
    bone=lambda: peft.MissConfig(r=RANK, init_weights="bat", **TARGETS),
    hra=lambda: peft.HRAConfig(r=RANK, **TARGETS),
    oft=lambda: peft.OFTConfig(oft_block_size=RANK, **TARGETS),
    boft=lambda: peft.BOFTConfig(boft_block_size=4, boft_n_butterfly_factor=1, **TARGETS),
    randlora=lambda: peft.RandLoraConfig(r=RANK, **TARGETS),
    vera=lambda: peft.VeraConfig(r=256, **TARGETS),
)
VIEWS = ("view", "expand", "permute", "transpose", "detach", "slice", "select", "alias", "unsqueeze", "squeeze", "as_strided", "aten.t.", "split", "unbind", "empty", "device")


class Moved(TorchDispatchMode):
    """Bytes of every operator's tensors, those of at least `least` elements."""

    def __init__(self, least):
        super().__init__()
        self.bytes, self.least = 0, least

    def __torch_dispatch__(self, operator, types, args=(), kwargs=None):
        result = operator(*args, **(kwargs or {}))
        if not any(view in str(operator) for view in VIEWS):
            for one in torch.utils._pytree.tree_leaves((args, kwargs, result)):
                if isinstance(one, torch.Tensor) and one.numel() >= self.least:
                    self.bytes += one.numel() * one.element_size()
        return result


class Holder(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = torch.nn.Linear(width, width, bias=False)

    def forward(self, x):
        return self.linear(x)


# Methods whose code looks at numbers: on the CPU, where a smaller linear does.
WITH_NUMBERS = {"loha", "lokr", "waveft", "shira", "boft"}


@contextlib.contextmanager
def place(method):
    if method in WITH_NUMBERS:
        yield
    else:
        with fake(), torch.device("cuda"):
            yield


def measured(method, width):
    with place(method):
        model = peft.get_peft_model(Holder(width).to(torch.bfloat16), METHODS[method]()).train()
        x = torch.empty(1, 1, width, dtype=torch.bfloat16)
        with Moved(width * width // 4) as moved, FlopCounterMode(display=False) as counter:
            model(x)
    return moved.bytes / width**2, counter.get_total_flops() / width**3


def main():
    rows = []
    for method in METHODS:
        try:
            moved, operations = measured(method, 512 if method in WITH_NUMBERS else 2048)
            rows.append(dict(method=method, bytesPerWeight=round(moved, 2), flopsPerCube=round(operations, 2)))
        except Exception as error:
            print(method, type(error).__name__, str(error)[:200].replace("\n", " "), file=sys.stderr)
    head = {name: importlib.metadata.version(name).split("+")[0] for name in ("torch", "peft")}
    print('{\n  "library": "%s",\n  "rows": [\n%s\n  ]\n}' % (" ".join(f"{a} {b}" for a, b in head.items()), ",\n".join("    " + json.dumps(row) for row in rows)))


main()
