"""
Bytes that trainers really write, on the CPU: one step, one save, the sizes of its files. Run by hand:

    python test/reference/oracle/saves/saves.py test/reference/oracle/saves/saves.json
"""

import json
import os
import shutil
import sys
import tempfile
import warnings
from importlib.metadata import version

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TOKENIZERS_PARALLELISM"] = "false"
warnings.filterwarnings("ignore")
# Images are not needed, and the package has to fit torch to the letter.
sys.modules["torchvision"] = None
import torch
import torch.multiprocessing as processes
from torch.utils.data import DataLoader, Dataset
from transformers import LlamaConfig, LlamaForCausalLM, Trainer, TrainingArguments, logging

logging.set_verbosity_error()
shape = {"hidden": 384, "layers": 4, "heads": 6, "kvHeads": 2, "width": 1024, "vocabulary": 8192}


def model(dtype=torch.float32, tied=False):
    config = LlamaConfig(
        hidden_size=shape["hidden"], num_hidden_layers=shape["layers"], num_attention_heads=shape["heads"],
        num_key_value_heads=shape["kvHeads"], intermediate_size=shape["width"], vocab_size=shape["vocabulary"],
        tie_word_embeddings=tied, max_position_embeddings=256)
    return LlamaForCausalLM(config).to(dtype)


class Rows(Dataset):
    def __len__(self):
        return 8

    def __getitem__(self, at):
        row = torch.arange(16) + at
        return {"input_ids": row, "labels": row}


def files(folder):
    return {os.path.relpath(os.path.join(root, name), folder): os.path.getsize(os.path.join(root, name))
            for root, _, names in os.walk(folder) for name in names}


def told(case, framework, folder, net, **more):
    found = files(folder)
    print(f"{case}: {sum(found.values())}", file=sys.stderr, flush=True)
    return {"case": case, "framework": framework, "parameters": sum(p.numel() for p in net.parameters()),
            "trainable": sum(p.numel() for p in net.parameters() if p.requires_grad), **more,
            "bytes": sum(found.values()), "files": dict(sorted(found.items()))}


def trainer(case, dtype="fp32", optim="adamw_torch", lora=None, tied=False, only=False, bf16=False, modules=None):
    folder = tempfile.mkdtemp()
    net = model(torch.bfloat16 if dtype == "bf16" else torch.float32, tied)
    more = {}
    if lora:
        from peft import LoraConfig, get_peft_model
        net = get_peft_model(net, LoraConfig(r=lora, target_modules="all-linear", task_type="CAUSAL_LM", modules_to_save=modules))
        more = {"lora": lora, **({"modulesToSave": modules} if modules else {})}
    args = TrainingArguments(output_dir=folder, max_steps=1, save_steps=1, per_device_train_batch_size=1, use_cpu=True,
                             optim=optim, save_only_model=only, report_to=[], bf16=bf16, logging_strategy="no", disable_tqdm=True)
    Trainer(model=net, args=args, train_dataset=Rows()).train()
    row = told(case, f"transformers {version('transformers')}" + (f", peft {version('peft')}" if lora else ""),
               os.path.join(folder, "checkpoint-1"), net, stack="hf-trainer", dtype=dtype, optimizer=optim,
               savesOptimizer=not only, tied=tied, autocast=bf16, **more)
    shutil.rmtree(folder)
    return row


def accelerate_state():
    from accelerate import Accelerator
    folder = tempfile.mkdtemp()
    accelerator = Accelerator(cpu=True)
    net = model()
    optimizer = torch.optim.AdamW(net.parameters())
    prepared, optimizer, loader = accelerator.prepare(net, optimizer, DataLoader(Rows(), batch_size=1))
    accelerator.backward(prepared(**next(iter(loader))).loss)
    optimizer.step()
    accelerator.save_state(folder)
    return told("accelerate save_state", f"accelerate {version('accelerate')}", folder, net, stack="accelerate", dtype="fp32",
                optimizer="adamw_torch", savesOptimizer=True, tied=False, autocast=False)


def lightning(case, weights_only=False, precision="32-true"):
    from unittest.mock import MagicMock
    # Torchmetrics asks for torchvision by its installation, whether or not it can be loaded.
    for name in ("", ".transforms", ".models", ".transforms.functional", ".ops"):
        sys.modules["torchvision" + name] = MagicMock()
    import lightning as L

    class Module(L.LightningModule):
        def __init__(self):
            super().__init__()
            self.net = model()

        def training_step(self, batch):
            return self.net(**batch).loss

        def configure_optimizers(self):
            return torch.optim.AdamW(self.parameters())

    folder = tempfile.mkdtemp()
    run = L.Trainer(max_steps=1, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
                    enable_model_summary=False, precision=precision)
    module = Module()
    run.fit(module, DataLoader(Rows(), batch_size=1))
    run.save_checkpoint(os.path.join(folder, "last.ckpt"), weights_only=weights_only)
    return told(case, f"lightning {version('lightning')}", folder, module, stack="lightning",
                dtype="bf16" if precision == "bf16-true" else "fp32", optimizer="adamw_torch", savesOptimizer=not weights_only,
                tied=False, autocast=precision == "bf16-mixed")


def plain_torch():
    folder = tempfile.mkdtemp()
    net = model()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    net(**{key: value[None] for key, value in Rows()[0].items()}).loss.backward()
    optimizer.step()
    torch.save({"model": net.state_dict(), "optimizer": optimizer.state_dict()}, os.path.join(folder, "latest.pt"))
    return told("torch.save, SGD with momentum", f"torch {torch.__version__}", folder, net, stack="pytorch", dtype="fp32",
                optimizer="sgd_momentum", savesOptimizer=True, tied=False, autocast=False)


def sharded(rank, folder, kind, port):
    import torch.distributed as dist
    import torch.distributed.checkpoint as dcp
    from torch.distributed.checkpoint.state_dict import StateDictOptions, get_state_dict
    from torch.distributed.fsdp import fully_shard
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    dist.init_process_group("gloo", rank=rank, world_size=2)
    torch.set_num_threads(1)
    net = model()
    for layer in net.model.layers:
        fully_shard(layer)
    fully_shard(net)
    optimizer = torch.optim.AdamW(net.parameters())
    net(**{key: value[None] for key, value in Rows()[rank].items()}).loss.backward()
    optimizer.step()
    whole = kind == "full"
    weights, states = get_state_dict(net, optimizer, options=StateDictOptions(full_state_dict=whole, cpu_offload=whole))
    if not whole:
        dcp.save({"model": weights, "optimizer": states}, checkpoint_id=folder)
    elif rank == 0:
        torch.save({"model": weights, "optimizer": states}, os.path.join(folder, "full.pt"))
    dist.barrier()
    dist.destroy_process_group()


def fsdp(kind, port):
    folder = tempfile.mkdtemp()
    processes.spawn(sharded, (folder, kind, port), nprocs=2)
    return told(f"FSDP {kind} of two ranks", f"torch {torch.__version__}", folder, model(), stack="pytorch", dtype="fp32",
                optimizer="adamw_torch", savesOptimizer=True, tied=False, autocast=False, sharded=kind == "sharded")


def rows():
    yield trainer("HF trainer, fp32")
    yield trainer("HF trainer, bf16 autocast over fp32", bf16=True)
    yield trainer("HF trainer, bf16 weights", dtype="bf16")
    yield trainer("HF trainer, tied embeddings", tied=True)
    yield trainer("HF trainer, weights alone", only=True)
    yield trainer("HF trainer, Adafactor", optim="adafactor")
    yield trainer("HF trainer, SGD without momentum", optim="sgd")
    yield trainer("HF trainer, Adagrad", optim="adagrad")
    yield trainer("PEFT LoRA r 16 on bf16", dtype="bf16", lora=16)
    yield trainer("PEFT LoRA r 64 on fp32", lora=64)
    yield trainer("PEFT LoRA r 16, embeddings and head saved whole", dtype="bf16", lora=16, modules=["embed_tokens", "lm_head"])
    yield accelerate_state()
    yield lightning("Lightning")
    yield lightning("Lightning, bf16-true", precision="bf16-true")
    yield lightning("Lightning, weights alone", weights_only=True)
    yield plain_torch()
    yield fsdp("full", 29701)
    yield fsdp("sharded", 29702)


if __name__ == "__main__":
    torch.manual_seed(0)
    torch.set_num_threads(1)
    found = list(rows())
    with open(sys.argv[1], "w") as file:
        json.dump({"shape": shape, "rows": found}, file, indent=1)
        file.write("\n")
