"""Networks of the vision table as timm and torchvision build them: parameters of all; operations and bytes that autograd saves for one
image of some, in fp32 and under autocast, on the stand-in device.

    python vision.py counts|saved [BEGINNING] > vision.jsonl"""
import importlib.metadata
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "device"))
from device import fake, torch  # noqa: E402

import timm  # noqa: E402
import torchvision  # noqa: E402
from torch.utils._device import DeviceContext  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

ROOT = Path(__file__).parents[4]
VERSIONS = {name: importlib.metadata.version(name).split("+")[0] for name in ("torch", "timm", "torchvision")}
# Every so many models of the table give their saved bytes.
EVERY = 7


def table():
    asset = json.loads((ROOT / "model-data" / "vision-models.json").read_text())
    strings = asset["strings"]
    for row in asset["rows"]:
        yield {column: strings[column][value] if column in strings and isinstance(value, int) else value for column, value in zip(asset["columns"], row)}


class Weights(DeviceContext):
    """The meta device for all tensors but those that widths are read from (RegNet)."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function in (torch.arange, torch.tensor):
            return function(*args, **(kwargs or {}))
        return super().__torch_function__(function, types, args, kwargs)


def build(o):
    with Weights(torch.device("meta")) if "regnet" in o["name"] else torch.device("meta"):
        return timm.create_model(o["name"]) if o["library"] == "timm" else torchvision.models.get_model(o["name"], weights=None)


def saved(model, size, autocast):
    """Bytes kept for an image, weights left out: the difference of two batches."""
    sums = []
    for batch in (2, 4):
        own = {p.untyped_storage()._cdata for p in list(model.parameters()) + list(model.buffers())}
        shapes = {tuple(p.shape) for p in model.parameters()}
        seen, kept = {}, []

        def pack(tensor):
            storage = tensor.untyped_storage()
            if storage._cdata not in own and not (autocast and tuple(tensor.shape) in shapes):
                kept.append(tensor)
                seen[storage._cdata] = storage.nbytes()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(pack, lambda x: x), torch.autocast("cuda", dtype=torch.bfloat16, enabled=autocast):
            out = model(torch.empty(batch, 3, size, size, device="cuda"))
        sums.append(sum(seen.values()))
        del out
    return (sums[1] - sums[0]) / 2


def main():
    what, only = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    for index, o in enumerate(table()):
        if not o["name"].startswith(only):
            continue
        if what == "saved" and index % EVERY:
            continue
        try:
            model = build(o)
            row = dict(name=o["name"], library=o["library"], version=VERSIONS[o["library"]])
            if what == "counts":
                row.update(parameters=sum(p.numel() for p in model.parameters()))
            else:
                size = o["imageSize"]
                with fake():
                    model = model.to_empty(device="cuda").train()
                    with FlopCounterMode(display=False) as counter:
                        with torch.no_grad():
                            model(torch.empty(2, 3, size, size, device="cuda"))
                    row.update(imageSize=size, flops=counter.get_total_flops() // 2, fp32=saved(model, size, False), autocast=saved(model, size, True), torch=VERSIONS["torch"])
            print(json.dumps(row), flush=True)
        except Exception as error:
            print(o["name"], type(error).__name__, str(error)[:200].replace("\n", " "), file=sys.stderr)


main()
