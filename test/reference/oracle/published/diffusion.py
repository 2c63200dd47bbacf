"""Parameters of published diffusion networks: of classes of diffusers whose default configuration is the model's, and of UNets by the
numbers of their config.json, on the meta device.

    python diffusion.py > diffusion.json"""
import importlib.metadata
import json
import sys
import types

sys.modules.setdefault("torchvision._meta_registrations", types.ModuleType("torchvision._meta_registrations"))

import torch  # noqa: E402
import diffusers as d  # noqa: E402

DOWN = ("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",)
UP = ("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3
XL = dict(down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
          block_out_channels=(320, 640, 1280), transformer_layers_per_block=(1, 2, 10), attention_head_dim=(5, 10, 20), cross_attention_dim=2048, use_linear_projection=True,
          addition_embed_type="text_time", addition_time_embed_dim=256, projection_class_embeddings_input_dim=2816)
MODELS = {
    "black-forest-labs/FLUX.1-dev": lambda: d.FluxTransformer2DModel(guidance_embeds=True),
    "black-forest-labs/FLUX.1-schnell": lambda: d.FluxTransformer2DModel(),
    "hunyuanvideo-community/HunyuanVideo": lambda: d.HunyuanVideoTransformer3DModel(),
    "PixArt-alpha/PixArt-XL-2-1024-MS": lambda: d.PixArtTransformer2DModel(sample_size=128, out_channels=8, use_additional_conditions=True, caption_channels=4096),
    "THUDM/CogVideoX-2b": lambda: d.CogVideoXTransformer3DModel(),
    "THUDM/CogVideoX-5b": lambda: d.CogVideoXTransformer3DModel(num_attention_heads=48, num_layers=42, use_rotary_positional_embeddings=True),
    "Wan-AI/Wan2.1-T2V-14B-Diffusers": lambda: d.WanTransformer3DModel(),
    "Wan-AI/Wan2.1-T2V-1.3B-Diffusers": lambda: d.WanTransformer3DModel(num_attention_heads=12, ffn_dim=8960, num_layers=30),
    "stable-diffusion-v1-5/stable-diffusion-v1-5": lambda: d.UNet2DConditionModel(cross_attention_dim=768, down_block_types=DOWN, up_block_types=UP),
    "stabilityai/stable-diffusion-2-1": lambda: d.UNet2DConditionModel(cross_attention_dim=1024, attention_head_dim=(5, 10, 20, 20), use_linear_projection=True),
    "stabilityai/stable-diffusion-xl-base-1.0": lambda: d.UNet2DConditionModel(**XL),
}


def main():
    counts = {}
    for name, build in MODELS.items():
        try:
            with torch.device("meta"):
                counts[name] = sum(p.numel() for p in build().parameters())
        except Exception as error:
            print(name, type(error).__name__, str(error)[:200], file=sys.stderr)
    rows = ",\n".join(f"      {json.dumps(name)}: {count}" for name, count in counts.items())
    print('{\n  "library": "diffusers %s",\n  "parameters": {\n    "diffusers": {\n%s\n    }\n  }\n}' % (d.__version__, rows))


main()
