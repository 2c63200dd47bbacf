"""Joins the rows that the other programs print into the fixtures that the tests read.

    python collect.py saved.jsonl... counts.jsonl checkpoints.jsonl
"""
import json
import sys
from pathlib import Path

# Keys of a configuration that say nothing of its shape.
NOISE = ("hidden_act", "rms_norm_eps", "norm_eps", "use_cache", "bos_token_id", "eos_token_id", "pad_token_id", "_name_or_path", "pretraining_tp", "norm_epsilon",
         "attention_dropout", "activation_function", "layer_norm_epsilon", "layer_norm_eps", "hidden_activation", "rope_theta", "router_aux_loss_coef", "output_router_logits")


def shape_of(config):
    return {key: value for key, value in config.items() if key not in NOISE and not key.startswith("summary_") and "dropout" not in key and "pdrop" not in key}


def main():
    saved, counts, files, configs = [], [], [], {}
    for name in sys.argv[1:]:
        for line in Path(name).read_text().splitlines():
            row = json.loads(line)
            config = shape_of(row.pop("config"))
            if "parameters" in row:
                counts.append(dict(row, config=config))
            elif "weightBytes" in row:
                configs[row["family"] + " 4"] = config
                files.append(row)
            else:
                configs[row["family"]] = config
                saved.append(row)
    here = Path(__file__).parent
    lines = lambda rows: "[\n" + ",\n".join("    " + json.dumps(one) for one in rows) + "\n  ]"
    text = json.dumps({family: config for family, config in configs.items() if not family.endswith(" 4")})
    (here / "saved.json").write_text('{\n  "configs": ' + text + ',\n  "rows": ' + lines(saved) + "\n}\n")
    text = json.dumps({family: config for family, config in configs.items() if family.endswith(" 4")})
    (here / "checkpoints.json").write_text('{\n  "configs": ' + text + ',\n  "rows": ' + lines(files) + "\n}\n")
    (here / "counts.json").write_text('{\n  "rows": ' + lines(counts) + "\n}\n")


main()
