"""Families that the oracle instantiates: small configurations whose dimensions differ from each other, so that no two tensors of a
layer have one size by chance, and real ones for counts. Every configuration is given whole to the fixture."""
import transformers as t

SMALL = dict(hidden_size=384, num_hidden_layers=2, num_attention_heads=6, vocab_size=1000)


def decoder(cls, **extra):
    """A decoder of the modern kind: grouped heads, gated feed-forward part."""
    base = dict(SMALL, intermediate_size=1056, num_key_value_heads=2, max_position_embeddings=1024)
    base.update(extra)
    return cls(**base)


def families():
    """Name of a family and a function from a number of layers to its configuration."""
    yield "llama", lambda n: decoder(t.LlamaConfig, num_hidden_layers=n)
    yield "llama-mha", lambda n: decoder(t.LlamaConfig, num_hidden_layers=n, num_key_value_heads=6)
    yield "llama-wide-head", lambda n: decoder(t.LlamaConfig, num_hidden_layers=n, head_dim=128)
    yield "mistral", lambda n: decoder(t.MistralConfig, num_hidden_layers=n, sliding_window=None)
    yield "qwen2", lambda n: decoder(t.Qwen2Config, num_hidden_layers=n)
    yield "qwen3", lambda n: decoder(t.Qwen3Config, num_hidden_layers=n, head_dim=64)
    yield "gemma", lambda n: decoder(t.GemmaConfig, num_hidden_layers=n, head_dim=64)
    yield "gemma2", lambda n: decoder(t.Gemma2Config, num_hidden_layers=n, head_dim=64)
    yield "gemma3_text", lambda n: decoder(t.Gemma3TextConfig, num_hidden_layers=n, head_dim=64)
    yield "phi3", lambda n: decoder(t.Phi3Config, num_hidden_layers=n, pad_token_id=0)
    yield "olmo2", lambda n: decoder(t.Olmo2Config, num_hidden_layers=n)
    yield "granite", lambda n: decoder(t.GraniteConfig, num_hidden_layers=n)
    yield "stablelm", lambda n: decoder(t.StableLmConfig, num_hidden_layers=n)
    yield "starcoder2", lambda n: decoder(t.Starcoder2Config, num_hidden_layers=n, sliding_window=None)
    yield "smollm3", lambda n: decoder(t.SmolLM3Config, num_hidden_layers=n)
    yield "glm4", lambda n: decoder(t.Glm4Config, num_hidden_layers=n, head_dim=64, pad_token_id=0)
    yield "cohere", lambda n: decoder(t.CohereConfig, num_hidden_layers=n)
    yield "mixtral", lambda n: decoder(t.MixtralConfig, num_hidden_layers=n, num_local_experts=8, num_experts_per_tok=2)
    yield "qwen3_moe", lambda n: decoder(t.Qwen3MoeConfig, num_hidden_layers=n, head_dim=64, num_experts=16, num_experts_per_tok=4, moe_intermediate_size=160)
    yield "qwen2_moe", lambda n: decoder(t.Qwen2MoeConfig, num_hidden_layers=n, num_experts=16, num_experts_per_tok=4, moe_intermediate_size=160, shared_expert_intermediate_size=224)
    yield "olmoe", lambda n: decoder(t.OlmoeConfig, num_hidden_layers=n, num_experts=16, num_experts_per_tok=4, intermediate_size=160)
    yield "deepseek_v3", lambda n: decoder(
        t.DeepseekV3Config, num_hidden_layers=n, num_key_value_heads=6, q_lora_rank=96, kv_lora_rank=80, qk_nope_head_dim=48,
        qk_rope_head_dim=24, v_head_dim=56, n_routed_experts=16, num_experts_per_tok=4, n_group=4, topk_group=2,
        n_shared_experts=1, moe_intermediate_size=160, first_k_dense_replace=0)
    yield "gpt2", lambda n: t.GPT2Config(n_embd=384, n_layer=n, n_head=6, vocab_size=1000, n_positions=1024, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0)
    yield "gpt_neox", lambda n: t.GPTNeoXConfig(**dict(SMALL, num_hidden_layers=n), intermediate_size=1536, max_position_embeddings=1024)
    yield "opt", lambda n: t.OPTConfig(hidden_size=384, num_hidden_layers=n, num_attention_heads=6, vocab_size=1000, ffn_dim=1536, word_embed_proj_dim=384, max_position_embeddings=1024, dropout=0.0, attention_dropout=0.0)
    yield "bloom", lambda n: t.BloomConfig(hidden_size=384, n_layer=n, n_head=6, vocab_size=1000, hidden_dropout=0.0, attention_dropout=0.0)
    yield "falcon", lambda n: t.FalconConfig(**dict(SMALL, num_hidden_layers=n), multi_query=True, parallel_attn=True, new_decoder_architecture=False)
    yield "mpt", lambda n: t.MptConfig(d_model=384, n_layers=n, n_heads=6, vocab_size=1000)
    yield "phi", lambda n: t.PhiConfig(**dict(SMALL, num_hidden_layers=n), intermediate_size=1536, max_position_embeddings=1024)


def keys(config):
    """The configuration as a config.json has it: plain values only."""
    plain = (int, float, bool, str)
    full = config.to_dict()
    kept = {k: v for k, v in full.items() if isinstance(v, plain) or (isinstance(v, list) and all(isinstance(x, plain) for x in v))}
    for drop in ("transformers_version", "chunk_size_feed_forward", "is_encoder_decoder", "output_hidden_states", "return_dict", "problem_type",
                 "output_attentions", "initializer_range", "_attn_implementation", "attn_implementation"):
        kept.pop(drop, None)
    return kept
