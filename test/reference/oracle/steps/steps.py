"""Memory of whole training steps of published models at their real size: every allocation of forward pass, loss, backward pass and
optimiser step of real transformers code on the stand-in device.

    python steps.py [NAME...] > steps.jsonl

Models keep their widths and give six of their layers, which a layer's bytes are linear in; Llama 3.2 1B gives all of them too."""
import gc
import importlib.metadata
import json
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "device"), str(Path(__file__).parents[1] / "layers")]
from device import Live, fake, torch  # noqa: E402

import transformers as t  # noqa: E402
from models import keys  # noqa: E402
from sizes import decoders  # noqa: E402

VERSIONS = {name: importlib.metadata.version(name) for name in ("torch", "transformers", "peft")}

OPTIMIZERS = {
    "adamw": lambda p: torch.optim.AdamW(p, lr=1e-4, foreach=True),
    "adamw-fused": lambda p: torch.optim.AdamW(p, lr=1e-4, fused=True),
    "sgd": lambda p: torch.optim.SGD(p, lr=1e-2, foreach=True),
    "adafactor": lambda p: t.Adafactor(p, lr=1e-4, scale_parameter=False, relative_step=False),
}


def adapted(model, targets, rank):
    from peft import LoraConfig, get_peft_model

    return get_peft_model(model, LoraConfig(r=rank, target_modules=targets, lora_dropout=0.0, task_type="CAUSAL_LM"))


def step(config, numbers="bf16", optimizer="adamw", batch=1, length=1024, attention="sdpa", recompute=False, lora=None, accumulated=False, held=False):
    """Bytes at the moments of a step that is not the first. `accumulated`: gradients of an earlier micro-batch are there;
    `held`: the loop keeps the model's output over the backward pass."""
    wide = numbers != "bf16"
    with fake(), Live() as live:
        with torch.device("cuda"):
            model = t.AutoModelForCausalLM.from_config(config, dtype=torch.float32 if wide else torch.bfloat16, attn_implementation=attention)
            if lora:
                model = adapted(model, lora["targets"], lora["rank"])
        model.train()
        if recompute:
            model.gradient_checkpointing_enable(dict(use_reentrant=False))
            if lora:
                model.enable_input_require_grads()
        trained = [p for p in model.parameters() if p.requires_grad]
        steps = OPTIMIZERS[optimizer](trained)
        for p in trained:
            p.grad = torch.zeros_like(p)
        steps.step()
        steps.zero_grad()
        if accumulated:
            for p in trained:
                p.grad = torch.zeros_like(p)
        ids = torch.zeros(batch, length, dtype=torch.long, device="cuda")
        gc.collect()
        gradients = sum(p.grad.untyped_storage().nbytes() for p in trained) if accumulated else 0
        lasting = live.now - gradients
        live.high()
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=numbers == "autocast"):
            out = model(input_ids=ids, labels=ids, use_cache=False)
        loss = out.loss
        if not held:
            del out
        kept = live.now
        forward = live.high()
        live.backward = True
        loss.backward()
        live.backward = False
        backward = live.high()
        out = loss = None
        gc.collect()
        gradients = live.now - lasting
        live.high()
        steps.step()
        at_step = live.high()
        return dict(parameters=sum(p.numel() for p in model.parameters()), trained=sum(p.numel() for p in trained), lasting=lasting,
                    kept=kept - lasting, forwardPeak=forward, backwardPeak=backward, gradients=gradients, stepPeak=at_step)


LAYERS = 6
# Model code that knows no attention kernel.
NO_KERNEL = ("bloom-560m",)


def cut(config, layers):
    """The configuration with fewer layers."""
    values = config.to_dict()
    count = next(key for key in ("num_hidden_layers", "n_layer", "num_layers") if key in values)
    values[count] = layers
    for listed in ("layer_types", "no_rope_layers"):
        if isinstance(values.get(listed), list):
            values[listed] = values[listed][:layers]
    return type(config)(**values)


def cases():
    """Choices of one model."""
    yield {}
    yield dict(numbers="autocast")
    yield dict(numbers="fp32", optimizer="adamw-fused")
    yield dict(attention="eager")
    yield dict(recompute=True, batch=4)
    yield dict(numbers="autocast", recompute=True, batch=4, optimizer="sgd")
    yield dict(optimizer="adafactor", batch=2)
    yield dict(numbers="autocast", batch=2, accumulated=True)
    yield dict(batch=2, held=True)
    yield dict(lora=dict(rank=16, targets="all-linear"), batch=2)
    yield dict(lora=dict(rank=16, targets="all-linear"), batch=8, recompute=True)


def main():
    wanted = sys.argv[1:]
    for name, whole in decoders():
        if wanted and name not in wanted:
            continue
        for case in cases():
            config = cut(whole, LAYERS)
            if name in NO_KERNEL:
                case = dict(case, attention="eager")
            try:
                measured = step(config, **case)
            except Exception as error:
                print(name, case, type(error).__name__, str(error)[:300], file=sys.stderr)
                continue
            row = dict(model=name, **dict(dict(numbers="bf16", optimizer="adamw", batch=1, length=1024, attention="sdpa", recompute=False), **case))
            print(json.dumps(dict(row, **measured, config=keys(config), versions=VERSIONS), separators=(",", ":")), flush=True)


if __name__ == "__main__":
    main()
