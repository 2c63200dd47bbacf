"""
Bytes that DeepSpeed really writes, on the CPU over gloo: one step, one save, the sizes of its files. Run by hand, with a
checkout of DeepSpeed and its pure-Python dependencies on PYTHONPATH where no package of it is installed:

    DS_ACCELERATOR=cpu python test/reference/oracle/saves/deepspeed_saves.py test/reference/oracle/saves/deepspeed.json
"""

import json
import logging
import os
import shutil
import sys
import tempfile

os.environ["DS_ACCELERATOR"] = "cpu"
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import torch
import torch.multiprocessing as processes
from saves import Rows, model, shape, told


def adapted(net, rank):
    from peft import LoraConfig, get_peft_model
    return get_peft_model(net, LoraConfig(r=rank, target_modules="all-linear", task_type="CAUSAL_LM"))


def settings(stage, dtype, more):
    return {"train_micro_batch_size_per_gpu": 1, "zero_allow_untested_optimizer": True,
            "zero_optimization": {"stage": stage, **more}, "bf16": {"enabled": dtype == "bf16"},
            "fp16": {"enabled": dtype == "fp16", "initial_scale_power": 4}}


def quiet():
    import deepspeed
    deepspeed.utils.logger.setLevel(logging.ERROR)
    # It holds CPUs for unable; for one step of a small model they are able enough.
    deepspeed.get_accelerator().is_fp16_supported = lambda: True
    return deepspeed


def join(rank, world, port):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), RANK=str(rank), LOCAL_RANK=str(rank),
                      WORLD_SIZE=str(world), LOCAL_WORLD_SIZE=str(world), LOCAL_SIZE=str(world))
    torch.set_num_threads(1)
    torch.manual_seed(0)


def optimizer_of(net, name):
    trained = [p for p in net.parameters() if p.requires_grad]
    return torch.optim.SGD(trained, lr=1e-4, momentum=0.9) if name == "sgd_momentum" else torch.optim.AdamW(trained, lr=1e-4)


def engine_save(rank, folder, port, case):
    join(rank, case["ranks"], port)
    deepspeed = quiet()
    deepspeed.init_distributed("gloo", verbose=False)
    net = model(torch.float32, case["tied"])
    if case["lora"]:
        net = adapted(net, case["lora"])
    engine, _, _, _ = deepspeed.initialize(model=net, optimizer=optimizer_of(net, case["optimizer"]),
                                           config=settings(case["stage"], case["dtype"], {}))
    engine.backward(engine(**{key: value[None] for key, value in Rows()[rank].items()}).loss)
    engine.step()
    engine.save_checkpoint(folder, exclude_frozen_parameters=case["excludes"])
    torch.distributed.barrier()


def trainer_save(rank, folder, port, case):
    from transformers import Trainer, TrainingArguments
    join(rank, case["ranks"], port)
    quiet()
    more = {"stage3_gather_16bit_weights_on_model_save": case["gathers"]} if case["stage"] == 3 else {}
    config = {**settings(case["stage"], case["dtype"], more), "gradient_accumulation_steps": 1,
              "zero_force_ds_cpu_optimizer": False}
    arguments = TrainingArguments(output_dir=folder, max_steps=1, save_steps=1, per_device_train_batch_size=1, use_cpu=True,
                                  deepspeed=config, report_to=[], bf16=case["dtype"] == "bf16", fp16=case["dtype"] == "fp16",
                                  logging_strategy="no", disable_tqdm=True, optim="adamw_torch")
    net = model(torch.float32, case["tied"])
    if case["lora"]:
        net = adapted(net, case["lora"])
    Trainer(model=net, args=arguments, train_dataset=Rows()).train()


def saved(case, stage, dtype="bf16", ranks=2, lora=None, excludes=False, tied=False, optimizer="adamw_torch", trainer=False,
          gathers=True, port=[29710]):
    import deepspeed
    folder = tempfile.mkdtemp()
    port[0] += 1
    asked = {"stage": stage, "dtype": dtype, "ranks": ranks, "lora": lora, "excludes": excludes, "tied": tied,
             "optimizer": optimizer, "gathers": gathers}
    processes.spawn(trainer_save if trainer else engine_save, (folder, port[0], asked), nprocs=ranks)
    net = model(torch.float32, tied)
    if lora:
        net = adapted(net, lora)
    at = os.path.join(folder, "checkpoint-1") if trainer else folder
    row = told(case, f"deepspeed {deepspeed.__version__}", at, net, stack="hf-trainer" if trainer else "deepspeed",
               **{key: value for key, value in asked.items() if value is not None})
    shutil.rmtree(folder)
    return row


def rows():
    for stage in (0, 1, 2, 3):
        for dtype in ("fp32", "bf16", "fp16"):
            yield saved(f"ZeRO {stage}, {dtype}, two ranks", stage, dtype)
    for stage in (1, 2, 3):
        yield saved(f"ZeRO {stage}, bf16, one rank", stage, ranks=1)
        yield saved(f"ZeRO {stage}, bf16, four ranks", stage, ranks=4)
    yield saved("ZeRO 2, bf16, three ranks", 2, ranks=3)
    yield saved("ZeRO 2, bf16, tied embeddings", 2, tied=True)
    yield saved("ZeRO 2, bf16, SGD with momentum", 2, optimizer="sgd_momentum")
    for stage in (2, 3):
        yield saved(f"ZeRO {stage}, LoRA r 16, frozen base saved", stage, lora=16)
        yield saved(f"ZeRO {stage}, LoRA r 16, frozen base left out", stage, lora=16, excludes=True)
    for stage in (0, 2, 3):
        yield saved(f"HF trainer, ZeRO {stage}, bf16", stage, trainer=True)
    yield saved("HF trainer, ZeRO 2, fp16", 2, dtype="fp16", trainer=True)
    yield saved("HF trainer, ZeRO 3, weights not gathered", 3, trainer=True, gathers=False)
    yield saved("HF trainer, ZeRO 2, LoRA r 16", 2, lora=16, trainer=True)
    yield saved("HF trainer, ZeRO 3, LoRA r 16", 3, lora=16, trainer=True)


def written(found):
    with open(sys.argv[1], "w") as file:
        json.dump({"shape": shape, "rows": found}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    torch.manual_seed(0)
    torch.set_num_threads(1)
    quiet()
    found = []
    for row in rows():
        found.append(row)
        written(found)
