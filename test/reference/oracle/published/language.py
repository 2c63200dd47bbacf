"""Parameters of every transformer of the model table, counted by the class of transformers that would load it, on the meta device.

    python language.py > language.jsonl

Dimensions are the table's; everything that it does not hold (norms, biases, gates, positions) is the class's own."""
import importlib
import importlib.metadata
import json
import sys
import types
from pathlib import Path

# torchvision's operators for boxes are built for one release of torch; no model here has any.
sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")

import torch  # noqa: E402
import transformers as t  # noqa: E402

ROOT = Path(__file__).parents[4]
LIBRARY = "transformers " + importlib.metadata.version("transformers")

# Families of the table under the model_type of their text part; absent ones have no class in the library.
TYPES = dict(gemma3="gemma3_text", llama4="llama4_text", mllama="mllama_text_model", llava="llama", qwen3_vl="qwen3_vl_text", qwen3_vl_moe="qwen3_vl_moe_text",
             qwen3_omni_moe="qwen3_omni_moe_text", kimi_k2="deepseek_v3", kimi_k25="deepseek_v3", gemma4="gemma4_text", gpt3="gpt2", megatron="gpt2",
             minimax_m2="minimax_m2", deepseek_v32="deepseek_v3", mimo="qwen2")


def table(name):
    asset = json.loads((ROOT / "model-data" / f"{name}.json").read_text())
    strings = asset["strings"]
    for row in asset["rows"]:
        yield {column: strings[column][value] if column in strings and isinstance(value, int) else value for column, value in zip(asset["columns"], row)}


def common(o):
    """The keys of present-day decoders."""
    values = dict(hidden_size=o["hidden"], num_hidden_layers=o["layers"], num_attention_heads=o["heads"], num_key_value_heads=o["kvHeads"],
                  intermediate_size=o["width"], vocab_size=o["vocabulary"], tie_word_embeddings=bool(o["tied"]), pad_token_id=0)
    if o["attention"] != "mla":
        values["head_dim"] = o["headDim"]
    if o["maximumPosition"]:
        values["max_position_embeddings"] = o["maximumPosition"]
    if o["window"] and o["family"] not in ("mistral", "starcoder2", "phi3"):
        values["sliding_window"] = o["window"]
    if o["experts"]:
        count, width = o["experts"], o["expertWidth"]
        values.update(num_experts=count, num_local_experts=count, n_routed_experts=count, num_experts_per_tok=o["expertsPerToken"], moe_intermediate_size=width,
                      first_k_dense_replace=o["denseLayers"] or 0, mlp_only_layers=[], decoder_sparse_step=1)
        if o["sharedExpertWidth"]:
            values.update(n_shared_experts=o["sharedExpertWidth"] // width, shared_expert_intermediate_size=o["sharedExpertWidth"])
    if o["attention"] == "mla":
        values.update(q_lora_rank=o["qRank"] or None, kv_lora_rank=o["kvRank"], qk_nope_head_dim=o["nopeDim"], qk_rope_head_dim=o["ropeDim"],
                      v_head_dim=o["valueDim"], n_group=1, topk_group=1)
    return values


def gpt2(o):
    return dict(n_embd=o["hidden"], n_layer=o["layers"], n_head=o["heads"], n_inner=o["width"], vocab_size=o["vocabulary"], n_positions=o["maximumPosition"] or 8192,
                tie_word_embeddings=bool(o["tied"]))


def falcon(o):
    new = o["kvHeads"] > 1
    return dict(hidden_size=o["hidden"], num_hidden_layers=o["layers"], num_attention_heads=o["heads"], num_kv_heads=o["kvHeads"], vocab_size=o["vocabulary"],
                multi_query=True, parallel_attn=True, new_decoder_architecture=new, bias="o" in (o["bias"] or "").split("+"), ffn_hidden_size=o["width"], alibi=False,
                tie_word_embeddings=bool(o["tied"]))


def encoder(o):
    return dict(hidden_size=o["hidden"], num_hidden_layers=o["layers"], num_attention_heads=o["heads"], intermediate_size=o["width"], vocab_size=o["vocabulary"],
                max_position_embeddings=o["maximumPosition"], type_vocab_size=o["tokenTypes"] or 0, pad_token_id=0)


# Keys of families that name theirs otherwise.
KEYS = dict(
    gpt2=gpt2, gpt3=gpt2, megatron=gpt2,
    gpt_bigcode=lambda o: dict(gpt2(o), multi_query=o["kvHeads"] == 1),
    gpt_neo=lambda o: dict(hidden_size=o["hidden"], num_layers=o["layers"], num_heads=o["heads"], intermediate_size=o["width"], vocab_size=o["vocabulary"],
                           max_position_embeddings=o["maximumPosition"], attention_types=[[["global", "local"], o["layers"] // 2]]),
    gptj=lambda o: dict(gpt2(o), rotary_dim=64),
    bloom=lambda o: dict(hidden_size=o["hidden"], n_layer=o["layers"], n_head=o["heads"], vocab_size=o["vocabulary"]),
    mpt=lambda o: dict(d_model=o["hidden"], n_layers=o["layers"], n_heads=o["heads"], vocab_size=o["vocabulary"], max_seq_len=o["maximumPosition"], expansion_ratio=o["width"] // o["hidden"]),
    opt=lambda o: dict(hidden_size=o["hidden"], num_hidden_layers=o["layers"], num_attention_heads=o["heads"], ffn_dim=o["width"], vocab_size=o["vocabulary"],
                       max_position_embeddings=(o["maximumPosition"] or 2050) - 2, word_embed_proj_dim=o["hidden"]),
    falcon=falcon,
    gpt_neox=lambda o: {key: value for key, value in common(o).items() if key not in ("num_key_value_heads", "head_dim")},
    starcoder2=lambda o: dict(common(o), use_bias=True),
    qwen3=common,
    mllama=lambda o: dict(common(o), cross_attention_layers=[]),
    llama4=lambda o: dict(common(o), intermediate_size=o["expertWidth"], intermediate_size_mlp=o["width"], interleave_moe_layer_step=o["expertStep"] or 1,
                          attn_temperature_tuning=True),
    gemma4=lambda o: dict(common(o), hidden_size_per_layer_input=0, num_global_key_value_heads=4, attention_k_eq_v=True),
    internlm=lambda o: dict(common(o), attention_bias=True),
    glm4_moe=lambda o: dict(common(o), attention_bias=True, use_qk_norm=o["qkNorm"] is not None),
    granitemoe=lambda o: {key: value for key, value in common(o).items() if key != "head_dim"},
    albert=lambda o: dict(encoder(o), embedding_size=o["embeddingWidth"]),
    roberta=lambda o: dict(encoder(o), type_vocab_size=1, max_position_embeddings=o["maximumPosition"] + 2),
    distilbert=lambda o: dict(dim=o["hidden"], n_layers=o["layers"], n_heads=o["heads"], hidden_dim=o["width"], vocab_size=o["vocabulary"],
                              max_position_embeddings=o["maximumPosition"]),
    electra=lambda o: dict(encoder(o), embedding_size=o["embeddingWidth"] or o["hidden"]),
    t5=lambda o: dict(d_model=o["hidden"], num_layers=o["layers"], num_decoder_layers=o["decoderLayers"], num_heads=o["heads"], d_kv=o["headDim"], d_ff=o["width"],
                      vocab_size=o["vocabulary"], feed_forward_proj="gated-gelu" if o["gated"] else "relu", tie_word_embeddings=bool(o["tied"])),
    whisper=lambda o: dict(d_model=o["hidden"], encoder_layers=o["layers"], decoder_layers=o["decoderLayers"], encoder_attention_heads=o["heads"],
                           decoder_attention_heads=o["heads"], encoder_ffn_dim=o["width"], decoder_ffn_dim=o["width"], vocab_size=o["vocabulary"], num_mel_bins=o["melBins"],
                           pad_token_id=0, bos_token_id=0, eos_token_id=0),
    bart=lambda o: dict(d_model=o["hidden"], encoder_layers=o["layers"], decoder_layers=o["decoderLayers"], encoder_attention_heads=o["heads"],
                        decoder_attention_heads=o["heads"], encoder_ffn_dim=o["width"], decoder_ffn_dim=o["width"], vocab_size=o["vocabulary"],
                        max_position_embeddings=o["maximumPosition"]),
    vit=lambda o: dict(hidden_size=o["hidden"], num_hidden_layers=o["layers"], num_attention_heads=o["heads"], intermediate_size=o["width"], image_size=o["imageSize"],
                       patch_size=o["patch"], num_labels=o["vocabulary"]),
    modernbert=lambda o: dict(hidden_size=o["hidden"], num_hidden_layers=o["layers"], num_attention_heads=o["heads"], intermediate_size=o["width"], vocab_size=o["vocabulary"],
                              pad_token_id=0),
)
KEYS.update({"xlm-roberta": KEYS["roberta"], "mt5": KEYS["t5"], "bert": encoder,
             "deberta-v2": lambda o: dict(encoder(o), relative_attention=True, position_buckets=256, norm_rel_ebd="layer_norm", share_att_key=True, pos_att_type=["p2c", "c2p"],
                                          position_biased_input=False, max_position_embeddings=512)})


def text_part(kind, config, o):
    """The text model of a class that has several parts, with its output projection."""
    name = {"qwen3_vl_text": "Qwen3VLTextModel", "qwen3_vl_moe_text": "Qwen3VLMoeTextModel", "qwen3_omni_moe_text": "Qwen3OmniMoeThinkerTextModel",
            "mllama_text_model": "MllamaForCausalLM"}[kind]
    module = importlib.import_module("transformers.models." + kind.replace("_text", "").replace("_model", "") + ".modeling_" + kind.replace("_text", "").replace("_model", ""))
    model = getattr(module, name)(config)
    if name.endswith("TextModel") and not o["tied"]:
        model.lm_head = torch.nn.Linear(config.hidden_size, config.vocab_size, bias=False)
    return model


def model_of(o):
    family = o["family"]
    kind = TYPES.get(family, family)
    values = KEYS.get(family, common)(o)
    config = t.AutoConfig.for_model("glm4_moe_lite" if family == "glm4_moe" and o["attention"] == "mla" else kind, **values)
    if family in ("qwen3_vl", "qwen3_vl_moe", "qwen3_omni_moe", "mllama"):
        return text_part(kind, config, o)
    if o["kind"] == "vit":
        return t.AutoModelForImageClassification.from_config(config)
    if family == "whisper":
        return t.WhisperForConditionalGeneration(config)
    if family in ("t5", "mt5"):
        model = t.AutoModelForSeq2SeqLM.from_config(config)
        if not o["tied"]:
            # The class ties what checkpoints of these families hold apart, and takes the second matrix from the file.
            model.lm_head.weight = torch.nn.Parameter(torch.empty_like(model.lm_head.weight))
        return model
    if o["kind"].startswith("encoder"):
        return t.AutoModel.from_config(config)
    return t.AutoModelForCausalLM.from_config(config)


def main():
    t.PreTrainedModel.initialize_weights = lambda self, *_, **__: None
    wanted = sys.argv[1:]
    for o in table("models"):
        if o["kind"] not in ("decoder", "encoder", "encoder-rotary", "encoder-decoder", "vit") or (wanted and o["family"] not in wanted):
            continue
        try:
            with torch.device("meta"):
                model = model_of(o)
        except Exception as error:
            print(o["id"], o["family"], type(error).__name__, str(error)[:160].replace("\n", " "), file=sys.stderr)
            continue
        row = dict(model=o["id"], family=o["family"], kind=type(model).__name__, parameters=sum(p.numel() for p in model.parameters()), library=LIBRARY)
        print(json.dumps(row), flush=True)


main()
