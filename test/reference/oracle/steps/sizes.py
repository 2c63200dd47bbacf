"""Configurations of published models at their real widths: dimensions from their config.json, given whole to the rows."""
import transformers as t


def _decoder(cls, hidden, layers, heads, kv, width, vocabulary, **more):
    more.setdefault("max_position_embeddings", 8192)
    return cls(hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads, num_key_value_heads=kv, intermediate_size=width,
               vocab_size=vocabulary, pad_token_id=0, bos_token_id=1, eos_token_id=2, **more)


def decoders():
    """Name and configuration of language models."""
    yield "Llama-3.2-1B", _decoder(t.LlamaConfig, 2048, 16, 32, 8, 8192, 128256, head_dim=64, tie_word_embeddings=True)
    yield "Llama-3.1-8B", _decoder(t.LlamaConfig, 4096, 32, 32, 8, 14336, 128256, tie_word_embeddings=False)
    yield "Qwen2.5-0.5B", _decoder(t.Qwen2Config, 896, 24, 14, 2, 4864, 151936, tie_word_embeddings=True)
    yield "Qwen3-0.6B", _decoder(t.Qwen3Config, 1024, 28, 16, 8, 3072, 151936, head_dim=128, tie_word_embeddings=True)
    yield "Mistral-7B-v0.3", _decoder(t.MistralConfig, 4096, 32, 32, 8, 14336, 32768, sliding_window=None, tie_word_embeddings=False)
    yield "gemma-2-2b", _decoder(t.Gemma2Config, 2304, 26, 8, 4, 9216, 256000, head_dim=256)
    yield "Phi-3-mini", _decoder(t.Phi3Config, 3072, 32, 32, 32, 8192, 32064)
    yield "OLMo-2-1B", _decoder(t.Olmo2Config, 2048, 16, 16, 16, 8192, 100352)
    yield "SmolLM3-3B", _decoder(t.SmolLM3Config, 2048, 36, 16, 4, 11008, 128256, tie_word_embeddings=True)
    yield "granite-3.1-2b", _decoder(t.GraniteConfig, 2048, 40, 32, 8, 8192, 49155, tie_word_embeddings=True)
    yield "starcoder2-3b", _decoder(t.Starcoder2Config, 3072, 30, 24, 2, 12288, 49152, sliding_window=None)
    yield "OLMoE-1B-7B", _decoder(t.OlmoeConfig, 2048, 16, 16, 16, 1024, 50304, num_experts=64, num_experts_per_tok=8)
    yield "pythia-1.4b", t.GPTNeoXConfig(hidden_size=2048, num_hidden_layers=24, num_attention_heads=16, intermediate_size=8192, vocab_size=50304,
                                         max_position_embeddings=2048, tie_word_embeddings=False)
    yield "opt-1.3b", t.OPTConfig(hidden_size=2048, num_hidden_layers=24, num_attention_heads=32, ffn_dim=8192, vocab_size=50272, word_embed_proj_dim=2048)
    yield "phi-2", t.PhiConfig(hidden_size=2560, num_hidden_layers=32, num_attention_heads=32, intermediate_size=10240, vocab_size=51200, max_position_embeddings=2048)
    yield "gpt2", t.GPT2Config()
    yield "gpt2-xl", t.GPT2Config(n_embd=1600, n_layer=48, n_head=25)
    yield "bloom-560m", t.BloomConfig(hidden_size=1024, n_layer=24, n_head=16, vocab_size=250880)
