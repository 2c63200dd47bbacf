"""A GPU without hardware: real model code on fake tensors, with every allocation counted.

Import this before torch. `fake()` is torch's fake-tensor mode on a stand-in CUDA device (guard.cpp): shapes, formats and the choice of
kernels are those of a GPU, no number is computed, so that a step of a model of billions of parameters takes seconds on a laptop.
`Live` follows every storage from its allocation to its release, in the allocator's blocks of 512 bytes."""
import ctypes
import importlib.metadata
import importlib.util
import subprocess
import sys
import tempfile
import types
import weakref
from pathlib import Path

_here = Path(__file__).parent
_torch = Path(importlib.util.find_spec("torch").origin).parent


def _guard():
    """The stand-in device, compiled once a torch version."""
    version = importlib.metadata.version("torch")
    built = Path(tempfile.gettempdir()) / f"flopwise-oracle-guard-{version}.so"
    if not built.exists():
        include = _torch / "include"
        command = ["g++", "-O0", "-std=c++20", "-shared", "-fPIC", f"-I{include}", f"-I{include}/torch/csrc/api/include",
                   str(_here / "guard.cpp"), "-o", str(built), f"-L{_torch / 'lib'}", "-ltorch_cpu", "-lc10"]
        subprocess.run(command, check=True)
    return built


assert "torch" not in sys.modules, "the stand-in device is registered before torch starts"
for _name in ("libc10.so", "libtorch_cpu.so"):
    ctypes.CDLL(str(_torch / "lib" / _name), ctypes.RTLD_GLOBAL)
ctypes.CDLL(str(_guard()), ctypes.RTLD_GLOBAL)

# torchvision's operators for boxes are built for one release of torch; no model here has any.
sys.modules.setdefault("torchvision._meta_registrations", types.ModuleType("torchvision._meta_registrations"))

import torch  # noqa: E402
from torch._subclasses.fake_tensor import FakeTensorMode  # noqa: E402
from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402

# A build without CUDA spells these gradients out, which a GPU computes in one kernel.
_kernels = torch.library.Library("aten", "IMPL")
for _name in ("silu_backward", "mish_backward"):
    _kernels.impl(_name, lambda gradient, x: torch.empty_like(x), "CUDA")

torch.set_num_threads(1)
torch.cuda.is_available = lambda: True
torch.cuda.is_bf16_supported = lambda including_emulation=True: True
torch.cuda.get_device_capability = lambda device=None: (9, 0)
torch.cuda.get_autocast_dtype = lambda: torch.bfloat16
torch.cuda.current_device = lambda: 0
torch.cuda.device_count = lambda: 1
torch.cuda.is_initialized = lambda: True
torch.cuda._is_in_bad_fork = lambda: False
torch.cuda._lazy_init = lambda: None
torch.cuda.is_current_stream_capturing = lambda: False


class Fake(FakeTensorMode):
    """Fake tensors that are never made on the device first."""

    avoid_device_init = True


def fake():
    """Fake tensors, those of parameters included, on the stand-in device."""
    _eager_masks()
    return Fake(allow_non_fake_inputs=True)


def _apply(self, fn, recurse=True):
    """Module.to without torch's swap of tensors, which fake ones refuse."""
    if recurse:
        for child in self.children():
            child._apply(fn)
    for name, p in self._parameters.items():
        if p is not None and (moved := fn(p.detach())) is not p:
            self._parameters[name] = torch.nn.Parameter(moved, p.requires_grad)
    for name, buffer in self._buffers.items():
        if buffer is not None:
            self._buffers[name] = fn(buffer)
    return self


torch.nn.Module._apply = _apply


def _eager_masks():
    """transformers takes fake tensors for a trace and then builds masks that eager runs leave away; samples are never joined here.
    Weights have no values to start from."""
    from transformers import PreTrainedModel, masking_utils

    PreTrainedModel.initialize_weights = lambda self, *_, **__: None
    masking_utils.find_packed_sequence_indices = lambda position_ids: None
    for name in ("is_tracing", "is_torchdynamo_compiling"):
        if hasattr(masking_utils, name):
            setattr(masking_utils, name, lambda *_, **__: False)


_block = 512


def _alike(one, other):
    return isinstance(other, torch.Tensor) and one.shape == other.shape and one.dtype == other.dtype


class Live(TorchDispatchMode):
    """Bytes that live on the device, now and at most, from the storages that operators make."""

    def __init__(self):
        super().__init__()
        self.now = self.peak = 0
        self._known = {}
        self.backward = False

    def _add(self, tensor):
        if tensor.device.type != "cuda":
            return
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self._known:
            return
        size = -(-storage.nbytes() // _block) * _block

        def gone(_, key=key, size=size):
            self._known.pop(key, None)
            self.now -= size

        self._known[key] = weakref.ref(storage, gone)
        self.now += size
        self.peak = max(self.peak, self.now)

    def hold(self, tensors):
        """Counts tensors that were there before."""
        for tensor in tensors:
            self._add(tensor)

    def high(self):
        """The highest since the last call."""
        peak, self.peak = self.peak, self.now
        return peak

    def __torch_dispatch__(self, operator, types, args=(), kwargs=None):
        before = self.peak
        result = operator(*args, **(kwargs or {}))
        if self.backward and operator is torch.ops.aten.add.Tensor and not torch.is_grad_enabled() and _alike(*args):
            # The engine adds gradients of one tensor in place; of fake tensors it makes a new one and lets the first go.
            self._add(result)
            self.peak = max(before, self.now - args[0].untyped_storage().nbytes())
            return result
        for one in torch.utils._pytree.tree_leaves(result):
            if isinstance(one, torch.Tensor):
                self._add(one)
        return result
