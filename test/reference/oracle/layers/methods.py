"""What adapter methods of peft do to one bf16 linear: what they train and save, what a pass keeps and holds at most beside the bare
linear, bytes that its operators move and how many they are.

    python methods.py [METHOD...] > methods.jsonl

Every figure is linear in tokens, so two numbers of tokens tell what goes with them from what goes with the weights; widths and
ranks tell the rest. Numbers are computed, since some methods look at them; the clusters of AdaMSS are dealt out in turn."""
import gc
import importlib.metadata
import json
import sys
import types
import warnings
import weakref

sys.modules["torchvision"] = None  # its operators are built for one release of torch; no model here has any
warnings.filterwarnings("ignore")

import torch  # noqa: E402
from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402
from torch.utils._pytree import tree_leaves  # noqa: E402

import peft  # noqa: E402
from peft import get_peft_model, get_peft_model_state_dict  # noqa: E402

torch.set_num_threads(1)
TARGETS = dict(target_modules=["linear"])
METHODS = {
    "lora": lambda r: peft.LoraConfig(r=r, **TARGETS),
    "dora": lambda r: peft.LoraConfig(r=r, use_dora=True, **TARGETS),
    "mica": lambda r: peft.LoraConfig(r=r, init_lora_weights="mica", **TARGETS),
    "adalora": lambda r: peft.AdaLoraConfig(init_r=r, target_r=r // 2, total_step=100, **TARGETS),
    "adamss": lambda r: peft.AdamssConfig(r=r, num_subspaces=5, **TARGETS),
    "beft": lambda r: peft.BeftConfig(**TARGETS),
    "boft": lambda r: peft.BOFTConfig(boft_block_size=4, **TARGETS),
    "c3a": lambda r: peft.C3AConfig(block_size=r, **TARGETS),
    "deft": lambda r: peft.DeftConfig(r=r, **TARGETS),
    "delora": lambda r: peft.DeloraConfig(r=r, **TARGETS),
    "fourierft": lambda r: peft.FourierFTConfig(**TARGETS),
    "frod": lambda r: peft.FrodConfig(progressbar=False, **TARGETS),
    "glora": lambda r: peft.GloraConfig(r=r, **TARGETS),
    "gralora": lambda r: peft.GraloraConfig(r=r, **TARGETS),
    "hira": lambda r: peft.HiraConfig(r=r, **TARGETS),
    "hra": lambda r: peft.HRAConfig(r=r, **TARGETS),
    "ia3": lambda r: peft.IA3Config(feedforward_modules=[], **TARGETS),
    "ia3 feed-forward": lambda r: peft.IA3Config(feedforward_modules=["linear"], **TARGETS),
    "lily": lambda r: peft.LilyConfig(r=r, **TARGETS),
    "loha": lambda r: peft.LoHaConfig(r=r, **TARGETS),
    "lokr": lambda r: peft.LoKrConfig(r=r, decompose_factor=4, **TARGETS),
    "miss": lambda r: peft.MissConfig(r=r, **TARGETS),
    "bone": lambda r: peft.MissConfig(r=r, init_weights="bat", **TARGETS),
    "oft": lambda r: peft.OFTConfig(oft_block_size=r, **TARGETS),
    "osf": lambda r: peft.OSFConfig(**TARGETS),
    "peanut": lambda r: peft.PeanutConfig(r=r, act_fn="relu", **TARGETS),
    "psoft": lambda r: peft.PsoftConfig(r=r, **TARGETS),
    "pvera": lambda r: peft.PveraConfig(r=r, **TARGETS),
    "randlora": lambda r: peft.RandLoraConfig(r=r, **TARGETS),
    "road": lambda r: peft.RoadConfig(group_size=32, variant="road_2", **TARGETS),
    "shira": lambda r: peft.ShiraConfig(r=r, **TARGETS),
    "supertuning": lambda r: peft.SupertuningConfig(**TARGETS),
    "tinylora": lambda r: peft.TinyLoraConfig(r=r, **TARGETS),
    "unilora": lambda r: peft.UniLoraConfig(r=r, **TARGETS),
    "vblora": lambda r: peft.VBLoRAConfig(r=r, num_vectors=64, vector_length=32, **TARGETS),
    "vera": lambda r: peft.VeraConfig(r=r, **TARGETS),
    "waveft": lambda r: peft.WaveFTConfig(n_frequency=100, **TARGETS),
}
VIEWS = ("view", "expand", "permute", "transpose", "detach", "slice", "select", "alias", "unsqueeze", "squeeze", "as_strided", "aten.t.", "split", "unbind", "empty", "device", "real", "_indices", "_values")


class Clusters:
    """k-means without its means: rows go to the clusters in turn."""

    def __init__(self, n_clusters, **_):
        self.count = n_clusters

    def fit_predict(self, rows):
        return torch.arange(len(rows)).remainder(self.count).numpy()


def without_clustering():
    cluster = types.ModuleType("sklearn.cluster")
    cluster.KMeans = Clusters
    sys.modules.setdefault("sklearn", types.ModuleType("sklearn"))
    sys.modules["sklearn.cluster"] = cluster


def parts(tensor):
    return [tensor._values(), tensor._indices()] if tensor.is_sparse else [tensor]


class Live(TorchDispatchMode):
    """Bytes that live, now and at most; bytes that operators read and write, and how many there are."""

    def __init__(self):
        super().__init__()
        self.now = self.peak = self.moved = self.kernels = 0
        self.known = {}

    def add(self, tensor):
        for part in parts(tensor):
            storage = part.untyped_storage()
            key, size = storage._cdata, storage.nbytes()
            if key in self.known:
                continue

            def gone(_, key=key, size=size):
                self.known.pop(key, None)
                self.now -= size

            self.known[key] = weakref.ref(storage, gone)
            self.now += size
            self.peak = max(self.peak, self.now)

    def take(self, start):
        """Highest since the last call, bytes moved and operators."""
        gc.collect()
        found = (self.peak - start, self.moved, self.kernels)
        self.peak, self.moved, self.kernels = self.now, 0, 0
        return found

    def __torch_dispatch__(self, operator, types, args=(), kwargs=None):
        result = operator(*args, **(kwargs or {}))
        for one in tree_leaves(result):
            if isinstance(one, torch.Tensor):
                self.add(one)
        if not any(view in str(operator) for view in VIEWS):
            self.kernels += 1
            for one in tree_leaves((args, kwargs, result)):
                if isinstance(one, torch.Tensor):
                    self.moved += sum(part.numel() * part.element_size() for part in parts(one))
        return result


class Holder(torch.nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.linear = torch.nn.Linear(inputs, outputs, bias=False)

    def forward(self, x):
        return self.linear(x)


def measured(method, inputs, outputs, tokens, rank):
    torch.manual_seed(0)
    model = Holder(inputs, outputs).to(torch.bfloat16).requires_grad_(False)
    saved = {}
    if method:
        model = get_peft_model(model, METHODS[method](rank))
        saved = get_peft_model_state_dict(model)
    model.train()
    with Live() as live:
        x = torch.randn(1, tokens, inputs, dtype=torch.bfloat16).requires_grad_(True)
        y = model(x)
        gradient = torch.ones_like(y)
        # A first pass makes what stays from one to the next.
        y.backward(gradient)
        x.grad = y = None
        for p in model.parameters():
            p.grad = None
        gc.collect()
        start = live.now
        live.take(start)
        y = model(x)
        gc.collect()
        kept = live.now - start - 2 * y.numel()
        forward = live.take(start)
        y.backward(gradient)
        backward = live.take(start)
    trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return (trained, sum(v.numel() * v.element_size() for v in saved.values()), kept, *forward, *backward)


COLUMNS = ["method", "inputs", "outputs", "tokens", "rank", "trained", "savedBytes", "kept", "forwardPeak", "forwardMoved", "forwardKernels", "backwardPeak", "backwardMoved", "backwardKernels"]
SIZES = [(384, 640, 16), (640, 384, 16), (768, 640, 16), (384, 640, 32)]


def main():
    without_clustering()
    print(json.dumps(dict(columns=COLUMNS, versions={name: importlib.metadata.version(name) for name in ("torch", "peft")})), flush=True)
    for method in sys.argv[1:] or METHODS:
        for inputs, outputs, rank in SIZES:
            for tokens in (64, 128):
                bare = measured(None, inputs, outputs, tokens, rank)
                own = measured(method, inputs, outputs, tokens, rank)
                row = [own[0], own[1], *(a - b for a, b in zip(own[2:], bare[2:]))]
                print(json.dumps([method, inputs, outputs, tokens, rank, *row], separators=(",", ":")), flush=True)


if __name__ == "__main__":
    main()
