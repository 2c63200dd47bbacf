"""Sizes of checkpoint files that the real libraries write: small models saved by transformers, peft and torch.

    python checkpoints.py > checkpoints.jsonl
"""
import json
import os
import sys
import tempfile

import torch
import transformers as t
from peft import LoraConfig, get_peft_model

from models import families, keys


def size(folder, ends):
    return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder) if name.endswith(ends))


def stepped(model):
    """AdamW's states after one step, as torch.save writes them."""
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained)
    for p in trained:
        p.grad = torch.zeros_like(p)
    optimizer.step()
    with tempfile.TemporaryDirectory() as folder:
        torch.save(optimizer.state_dict(), os.path.join(folder, "optimizer.pt"))
        return size(folder, "optimizer.pt")


def main():
    torch.set_num_threads(1)
    made = dict(families())
    for name in ("llama", "qwen2", "qwen3", "mistral", "gemma", "phi3", "olmo2", "starcoder2", "mixtral", "qwen3_moe", "gpt2", "gpt_neox", "stablelm", "opt"):
        for dtype in ("bfloat16", "float32"):
            config = made[name](4)
            model = t.AutoModelForCausalLM.from_config(config, dtype=getattr(torch, dtype))
            with tempfile.TemporaryDirectory() as folder:
                model.save_pretrained(folder)
                weights = size(folder, ".safetensors")
            print(json.dumps(dict(family=name, config=keys(config), precision=dtype, adapter=None, weightBytes=weights, optimizerBytes=stepped(model)), separators=(",", ":")), flush=True)
            if name not in ("llama", "qwen2", "qwen3", "mistral", "gemma", "olmo2"):
                continue
            for rank in (8, 64):
                peft = get_peft_model(t.AutoModelForCausalLM.from_config(config, dtype=getattr(torch, dtype)), LoraConfig(r=rank, target_modules="all-linear", task_type="CAUSAL_LM"))
                with tempfile.TemporaryDirectory() as folder:
                    peft.save_pretrained(folder)
                    weights = size(folder, ".safetensors")
                print(json.dumps(dict(family=name, config=keys(config), precision=dtype, adapter=rank, weightBytes=weights, optimizerBytes=stepped(peft)), separators=(",", ":")), flush=True)


main()
