"""Bytes that autograd saves in one layer, by family and flavour: the difference of two and four layers, without weights.

    python saved.py [FAMILY... | lora] > saved.jsonl

Real transformers code at small dimensions. Weights and their cast copies are told from activations by shape."""
import gc
import json
import sys

import torch
import transformers as t

from models import families, keys

BATCH, LENGTH = 3, 80


def saved_bytes(model, ids, autocast):
    """Bytes of storages that the forward pass leaves for the backward pass, weights and their copies left out."""
    weights = {tuple(p.shape) for p in model.parameters()} | {tuple(reversed(p.shape)) for p in model.parameters()}
    own = {p.untyped_storage()._cdata for p in model.parameters()}
    seen, kept = {}, []

    def pack(tensor):
        storage = tensor.untyped_storage()
        if storage._cdata in own or tuple(tensor.shape) in weights:
            return tensor
        kept.append(tensor)
        seen[storage._cdata] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda x: x):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
            model(input_ids=ids, labels=ids, use_cache=False)
    return sum(seen.values())


def build(config, attention, wide):
    config._attn_implementation = attention
    dtype = torch.float32 if wide else torch.bfloat16
    model = t.AutoModelForCausalLM.from_config(config, dtype=dtype, attn_implementation=attention)
    return model.train()


def per_layer(make, attention, wide, autocast, recompute=False, adapt=None):
    sums = []
    for layers in (2, 4):
        model = build(make(layers), attention, wide)
        if adapt:
            model = adapt(model)
        if recompute:
            model.gradient_checkpointing_enable(dict(use_reentrant=False))
        ids = torch.randint(0, 999, (BATCH, LENGTH))
        sums.append(saved_bytes(model, ids, autocast))
        del model
        gc.collect()
    return (sums[1] - sums[0]) / 2 / (BATCH * LENGTH)


def adapters(targets, upcast):
    from peft import LoraConfig, get_peft_model

    def adapt(model):
        peft = LoraConfig(r=8, target_modules=targets, lora_dropout=0.0, task_type="CAUSAL_LM")
        return get_peft_model(model, peft, autocast_adapter_dtype=upcast)

    return adapt


def main():
    torch.set_num_threads(1)
    wanted = sys.argv[1:]

    def row(family, make, bytes_of, **flavour):
        try:
            value = bytes_of()
        except Exception as error:
            print(family, flavour, type(error).__name__, str(error)[:150], file=sys.stderr)
            return
        print(json.dumps(dict(family=family, config=keys(make(2)), length=LENGTH, **flavour, bytesPerToken=round(value, 3)), separators=(",", ":")), flush=True)

    for family, make in families():
        if wanted and family not in wanted:
            continue
        for attention in ("sdpa", "eager"):
            for numbers, wide, autocast in (("bf16", False, False), ("fp32", True, False), ("autocast", True, True)):
                row(family, make, lambda: per_layer(make, attention, wide, autocast), attention=attention, numbers=numbers, recompute=False)
        for numbers, wide, autocast in (("bf16", False, False), ("fp32", True, False), ("autocast", True, True)):
            row(family, make, lambda: per_layer(make, "sdpa", wide, autocast, recompute=True), attention="sdpa", numbers=numbers, recompute=True)
    made = dict(families())
    for family in ("llama", "llama-mha", "qwen2", "qwen3", "mistral", "granite"):
        if wanted and "lora" not in wanted:
            continue
        make = made[family]
        for name, targets in (("q_proj v_proj", ["q_proj", "v_proj"]), ("all-linear", "all-linear"), ("gate_proj up_proj down_proj", ["gate_proj", "up_proj", "down_proj"])):
            for adapter, upcast, autocast in (("bf16", False, False), ("fp32", True, False), ("fp32-autocast", True, True)):
                row(family, make, lambda: per_layer(make, "sdpa", False, autocast, adapt=adapters(targets, upcast)), attention="sdpa", numbers="bf16", recompute=False, targets=name, adapter=adapter)


main()
