"""What of a configuration tells the shape of a model."""

# Keys of a configuration that say nothing of its shape.
NOISE = ("hidden_act", "rms_norm_eps", "norm_eps", "use_cache", "bos_token_id", "eos_token_id", "pad_token_id", "_name_or_path", "pretraining_tp", "norm_epsilon",
         "attention_dropout", "activation_function", "layer_norm_epsilon", "layer_norm_eps", "hidden_activation", "rope_theta", "router_aux_loss_coef", "output_router_logits")


def shape_of(config):
    return {key: value for key, value in config.items() if key not in NOISE and not key.startswith("summary_") and "dropout" not in key and "pdrop" not in key}
