"""Bytes that one layer of denoising transformers keeps for the backward pass: real model code of diffusers on the stand-in device, the
difference of three layers and two. Narrow copies of the weights, which autocast holds, and keys and values of a prompt that is read by a
second attention are taken out: they are counted apart.

    python kept.py > kept.json"""
import gc
import importlib.metadata
import json
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "device")]
from device import Live, fake, torch  # noqa: E402

import diffusers as d  # noqa: E402
from peft import LoraConfig  # noqa: E402

FRAMES, HEIGHT, WIDTH = 3, 32, 48
ATTENTION = ["to_k", "to_q", "to_v", "to_out.0"]
MODES = {"trained": (False, False), "autocast": (False, True), "adapted": (True, False), "adaptedAutocast": (True, True)}


def zeros(*shape, dtype=torch.float32):
    return torch.zeros(*shape, device="cuda", dtype=dtype)


def cogvideox(layers, heads, rotary):
    def inputs(dtype):
        tokens = FRAMES * HEIGHT * WIDTH // 4
        more = dict(image_rotary_emb=(zeros(tokens, 64), zeros(tokens, 64))) if rotary else {}
        return dict(hidden_states=zeros(1, FRAMES, 16, HEIGHT, WIDTH, dtype=dtype), encoder_hidden_states=zeros(1, 226, 4096, dtype=dtype),
                    timestep=zeros(1), **more), tokens, 226

    return lambda: d.CogVideoXTransformer3DModel(num_attention_heads=heads, num_layers=layers, use_rotary_positional_embeddings=rotary), inputs


def wan(layers):
    def inputs(dtype):
        return dict(hidden_states=zeros(1, 16, FRAMES, HEIGHT, WIDTH, dtype=dtype), encoder_hidden_states=zeros(1, 512, 4096, dtype=dtype),
                    timestep=zeros(1)), FRAMES * HEIGHT * WIDTH // 4, 512

    return lambda: d.WanTransformer3DModel(num_layers=layers), inputs


def ltx(layers):
    def inputs(dtype):
        tokens = FRAMES * 16 * 24
        return dict(hidden_states=zeros(1, tokens, 128, dtype=dtype), encoder_hidden_states=zeros(1, 128, 4096, dtype=dtype), timestep=zeros(1),
                    encoder_attention_mask=zeros(1, 128, dtype=dtype) + 1, num_frames=FRAMES, height=16, width=24), tokens, 128

    return lambda: d.LTXVideoTransformer3DModel(num_layers=layers), inputs


def hunyuan(double, single):
    def inputs(dtype):
        return dict(hidden_states=zeros(1, 16, FRAMES, HEIGHT, WIDTH, dtype=dtype), encoder_hidden_states=zeros(1, 256, 4096, dtype=dtype),
                    timestep=zeros(1, dtype=torch.long), encoder_attention_mask=torch.ones(1, 256, device="cuda", dtype=torch.bool),
                    pooled_projections=zeros(1, 768, dtype=dtype), guidance=zeros(1) + 1), FRAMES * HEIGHT * WIDTH // 4, 256

    return lambda: d.HunyuanVideoTransformer3DModel(num_layers=double, num_single_layers=single), inputs


def sd3(layers):
    def inputs(dtype):
        return dict(hidden_states=zeros(1, 16, 64, 64, dtype=dtype), encoder_hidden_states=zeros(1, 154, 4096, dtype=dtype),
                    pooled_projections=zeros(1, 2048, dtype=dtype), timestep=zeros(1)), 1024, 154

    return lambda: d.SD3Transformer2DModel(sample_size=128, num_layers=layers, num_attention_heads=24, attention_head_dim=64,
                                           caption_projection_dim=1536, pos_embed_max_size=192), inputs


def flux(double, single):
    def inputs(dtype):
        return dict(hidden_states=zeros(1, 1024, 64, dtype=dtype), encoder_hidden_states=zeros(1, 512, 4096, dtype=dtype), timestep=zeros(1, dtype=dtype),
                    img_ids=zeros(1024, 3), txt_ids=zeros(512, 3), pooled_projections=zeros(1, 768, dtype=dtype), guidance=zeros(1, dtype=dtype) + 1), 1024, 512

    return lambda: d.FluxTransformer2DModel(num_layers=double, num_single_layers=single, guidance_embeds=True), inputs


# Name, hidden size, whether a second attention reads the prompt, the model with so many layers.
MODELS = [
    ("cogvideox-2b", 1920, False, lambda n: cogvideox(n, 30, False)), ("cogvideox-5b", 3072, False, lambda n: cogvideox(n, 48, True)),
    ("wan-14b", 5120, True, wan), ("hunyuan-double", 3072, False, lambda n: hunyuan(n, 1)), ("hunyuan-single", 3072, False, lambda n: hunyuan(1, n)),
    ("ltx", 2048, True, ltx), ("sd3", 1536, False, sd3), ("flux-double", 3072, False, lambda n: flux(n, 1)), ("flux-single", 3072, False, lambda n: flux(1, n)),
]


def kept(model, layers, adapters, autocast):
    """Bytes kept after the forward pass, parameters, tokens of the picture and of the prompt."""
    build, inputs = model(layers)
    wide = autocast and not adapters
    with fake(), Live() as live:
        with torch.device("cuda"):
            network = build() if wide else build().to(torch.bfloat16)
            parameters = sum(p.numel() for p in network.parameters())
            if adapters:
                network.requires_grad_(False)
                network.add_adapter(LoraConfig(r=16, lora_alpha=16, init_lora_weights=False, target_modules=ATTENTION))
        network.train()
        values, picture, prompt = inputs(torch.float32 if wide else torch.bfloat16)
        gc.collect()
        lasting = live.now
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=autocast):
            out = network(**values, return_dict=False)[0]
        return live.now - lasting, parameters, picture, prompt, out


def main():
    rows = []
    for name, hidden, crossed, model in MODELS:
        for mode, (adapters, autocast) in MODES.items():
            two, three = (kept(model, layers, adapters, autocast) for layers in (2, 3))
            total = three[0] - two[0] - (2 * (three[1] - two[1]) if autocast and not adapters else 0)
            picture, prompt = three[2:4]
            total -= 8 * prompt * hidden if crossed else 0
            rows.append(dict(model=name, hidden=hidden, mode=mode, pictures=picture, prompt=prompt, kept=round(total / (picture if crossed else picture + prompt))))
    versions = ", ".join(f"{one} {importlib.metadata.version(one).split('+')[0]}" for one in ("torch", "peft"))
    print('{\n  "library": "diffusers %s, %s",\n  "rows": [\n%s\n  ]\n}' % (d.__version__, versions, ",\n".join("    " + json.dumps(row) for row in rows)))


main()
