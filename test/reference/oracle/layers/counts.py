"""Parameters of real model code on the meta device, and the operations of one forward pass by torch's own counter.

    python counts.py > counts.jsonl
"""
import json
import sys

import torch
import transformers as t
from torch.utils.flop_counter import FlopCounterMode

from models import families, keys

LENGTH = 80

# Sizes of published models, so that each family is counted at a real one too.
REAL = dict(
    llama=dict(hidden_size=4096, num_hidden_layers=32, num_attention_heads=32, num_key_value_heads=8, intermediate_size=14336, vocab_size=128256),
    mistral=dict(hidden_size=4096, num_hidden_layers=32, num_attention_heads=32, num_key_value_heads=8, intermediate_size=14336, vocab_size=32768),
    qwen2=dict(hidden_size=3584, num_hidden_layers=28, num_attention_heads=28, num_key_value_heads=4, intermediate_size=18944, vocab_size=152064),
    qwen3=dict(hidden_size=2560, num_hidden_layers=36, num_attention_heads=32, num_key_value_heads=8, head_dim=128, intermediate_size=9728, vocab_size=151936, tie_word_embeddings=True),
    gemma=dict(hidden_size=2048, num_hidden_layers=18, num_attention_heads=8, num_key_value_heads=1, head_dim=256, intermediate_size=16384, vocab_size=256000),
    gemma2=dict(hidden_size=3584, num_hidden_layers=42, num_attention_heads=16, num_key_value_heads=8, head_dim=256, intermediate_size=14336, vocab_size=256000),
    phi3=dict(hidden_size=3072, num_hidden_layers=32, num_attention_heads=32, num_key_value_heads=32, intermediate_size=8192, vocab_size=32064),
    olmo2=dict(hidden_size=4096, num_hidden_layers=32, num_attention_heads=32, num_key_value_heads=32, intermediate_size=11008, vocab_size=100352),
    starcoder2=dict(hidden_size=3072, num_hidden_layers=30, num_attention_heads=24, num_key_value_heads=2, intermediate_size=12288, vocab_size=49152),
    mixtral=dict(hidden_size=4096, num_hidden_layers=32, num_attention_heads=32, num_key_value_heads=8, intermediate_size=14336, vocab_size=32000, num_local_experts=8, num_experts_per_tok=2),
    qwen3_moe=dict(hidden_size=2048, num_hidden_layers=48, num_attention_heads=32, num_key_value_heads=4, head_dim=128, intermediate_size=6144, moe_intermediate_size=768, num_experts=128, num_experts_per_tok=8, vocab_size=151936),
    gpt2=dict(n_embd=1600, n_layer=48, n_head=25, vocab_size=50257, n_positions=1024),
    gpt_neox=dict(hidden_size=4096, num_hidden_layers=32, num_attention_heads=32, intermediate_size=16384, vocab_size=50432),
    falcon=dict(hidden_size=4544, num_hidden_layers=32, num_attention_heads=71, vocab_size=65024, multi_query=True, parallel_attn=True, new_decoder_architecture=False, bias=False),
    phi=dict(hidden_size=2560, num_hidden_layers=32, num_attention_heads=32, intermediate_size=10240, vocab_size=51200),
)


def variants(name, make):
    """Configurations of one family: small ones that differ in one thing each, and a published size."""
    yield "2 layers", make(2)
    yield "5 layers", make(5)
    for label, change in (
        ("tied", dict(tie_word_embeddings=True)),
        ("untied", dict(tie_word_embeddings=False)),
        ("bias", dict(attention_bias=True)),
        ("vocabulary", dict(vocab_size=50304)),
        ("kv heads", dict(num_key_value_heads=3)),
    ):
        config = make(2)
        if all(hasattr(config, key) for key in change) and not (label == "kv heads" and name in ("llama-mha", "deepseek_v3")):
            values = dict(config.to_dict(), **change)
            values.pop("layer_types", None)
            yield label, type(config)(**values)
    if name in REAL:
        values = dict(make(2).to_dict(), **REAL[name])
        for stale in ("layer_types", "pad_token_id", "bos_token_id", "eos_token_id"):
            values.pop(stale, None)
        if "head_dim" not in REAL[name]:
            values.pop("head_dim", None)
        yield "published", type(make(2))(**values, pad_token_id=0, bos_token_id=1, eos_token_id=2)


def main():
    for name, make in families():
        try:
            found = list(variants(name, make))
        except Exception as error:
            print(name, type(error).__name__, str(error)[:200], file=sys.stderr)
            continue
        for label, config in found:
            try:
                with torch.device("meta"):
                    model = t.AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16, attn_implementation="eager")
                row = dict(family=name, variant=label, config=keys(config), parameters=sum(p.numel() for p in model.parameters()))
                if "experts" not in str(list(row["config"])):
                    try:
                        with FlopCounterMode(display=False) as counter:
                            model(input_ids=torch.zeros(1, LENGTH, dtype=torch.long, device="meta"), use_cache=False)
                        row.update(length=LENGTH, forwardFlops=counter.get_total_flops())
                    except Exception as error:
                        print(name, label, "flops", type(error).__name__, str(error)[:120], file=sys.stderr)
                print(json.dumps(row, separators=(",", ":")), flush=True)
            except Exception as error:
                print(name, label, type(error).__name__, str(error)[:200], file=sys.stderr)


main()
