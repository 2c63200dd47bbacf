"""Prints the defaults that frameworks set, read from the sources of their released packages, as JSON lines.

Run by hand (Python 3.9 or later, standard library only; nothing of a framework is imported or run):

    pip download --no-deps -d wheels transformers==4.57.6 trl==1.13.0
    python framework_defaults.py wheels/*.whl trl=path/to/trl.git@v0.24.0 > ../defaults.jsonl

A source is a wheel, or FRAMEWORK=REPOSITORY@TAG for a git repository. A default is the literal of a dataclass field (or of a
function's parameter), over those of the classes that it inherits from; what is no literal is left out.
"""

import ast
import json
import re
import subprocess
import sys
import zipfile

# framework: (path in the package, class or function, fields), bases first.
HF = "per_device_train_batch_size gradient_accumulation_steps num_train_epochs learning_rate lr_scheduler_type optim weight_decay adam_beta1 adam_beta2 adam_epsilon max_grad_norm gradient_checkpointing bf16 fp16 tf32 save_strategy save_steps save_total_limit eval_strategy dataloader_num_workers seed max_steps"
TRL = HF + " max_length max_seq_length max_prompt_length max_completion_length packing beta num_generations loss_type"
WANTED = {
    "transformers": [("src/transformers/training_args.py", "TrainingArguments", HF)],
    "trl": [
        *[("trl/trainer/base_config.py", name, TRL) for name in ("_BaseConfig", "BaseConfig")],
        *[(f"trl/trainer/{name}_config.py", f"{cls}Config", TRL) for name, cls in
          [("sft", "SFT"), ("dpo", "DPO"), ("kto", "KTO"), ("reward", "Reward"), ("grpo", "GRPO"), ("rloo", "RLOO")]],
    ],
    "peft": [("src/peft/tuners/lora/config.py", "LoraConfig", "r lora_alpha lora_dropout target_modules use_rslora bias")],
    "llamafactory": [
        ("src/llamafactory/hparams/finetuning_args.py", "LoraArguments", "lora_rank lora_alpha lora_dropout lora_target"),
        ("src/llamafactory/hparams/finetuning_args.py", "FinetuningArguments", "stage finetuning_type pref_beta"),
        ("src/llamafactory/hparams/data_args.py", "DataArguments", "cutoff_len packing val_size"),
        ("src/llamafactory/hparams/model_args.py", "BaseModelArguments", "flash_attn use_unsloth disable_gradient_checkpointing"),
    ],
    "litgpt": [
        (f"litgpt/finetune/{name}.py", "setup", "precision devices num_nodes lora_r lora_alpha lora_dropout seed optimizer train.save_interval train.global_batch_size train.micro_batch_size train.epochs train.max_seq_length")
        for name in ("lora", "full", "adapter")
    ] + [("litgpt/pretrain.py", "setup", "precision devices num_nodes seed optimizer train.save_interval train.global_batch_size train.micro_batch_size train.max_tokens")],
    "lightning": [("src/lightning/pytorch/trainer/trainer.py", "__init__", "precision max_epochs accumulate_grad_batches devices num_nodes strategy")],
    "deepspeed": [("deepspeed/runtime/zero/config.py", "DeepSpeedZeroConfig", "stage")],
}


def reader(source):
    """Answers (framework, version, function that reads a path or answers None)."""
    if source.endswith(".whl"):
        framework, version = re.search(r"([\w.]+)-([\w.]+?)-", source.rsplit("/", 1)[-1]).groups()
        archive = zipfile.ZipFile(source)

        def read(path):
            try:
                return archive.read(re.sub(r"^src/", "", path)).decode()
            except KeyError:
                return None

        return framework, version, read
    framework, _, place = source.partition("=")
    repository, _, tag = place.rpartition("@")

    def read(path):
        done = subprocess.run(["git", "-C", repository, "show", f"{tag}:{path}"], capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else None

    return framework, tag.lstrip("v"), read


def literal(node):
    """The value of a literal, of `field(default=...)`, of `lambda: literal`, of an enum's member as its last word."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "field":
        for word in node.keywords:
            if word.arg == "default":
                return literal(word.value)
            if word.arg == "default_factory" and isinstance(word.value, ast.Lambda):
                return literal(word.value.body)
        return ...
    if isinstance(node, ast.Attribute):
        return node.attr.lower()
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return ...


def fields_of(tree, name):
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == name:
            for item in node.body:
                if isinstance(item, ast.AnnAssign) and item.value is not None and isinstance(item.target, ast.Name):
                    found[item.target.id] = literal(item.value)
        if isinstance(node, ast.FunctionDef) and node.name == name:
            pairs = list(zip(reversed(node.args.args), reversed(node.args.defaults)))
            pairs += [(arg, value) for arg, value in zip(node.args.kwonlyargs, node.args.kw_defaults) if value is not None]
            for arg, value in pairs:
                if isinstance(value, ast.Call):
                    for word in value.keywords:
                        found[f"{arg.arg}.{word.arg}"] = literal(word.value)
                else:
                    found[arg.arg] = literal(value)
    return {key: value for key, value in found.items() if value is not ...}


def main():
    for source in sys.argv[1:]:
        framework, version, read = reader(source)
        for path, name, wanted in WANTED[framework]:
            text = read(path)
            if text is None:
                continue
            fields = fields_of(ast.parse(text), name)
            chosen = {key: fields[key] for key in wanted.split() if key in fields}
            if chosen:
                where = path.rsplit("/", 1)[-1].removesuffix(".py") if name in ("setup", "__init__") else name
                print(json.dumps({"framework": framework, "version": version, "of": where, "defaults": chosen}))


main()
