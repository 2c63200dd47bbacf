"""Counts the parameters of the modules beside this file with PyTorch and writes them to counts.json.

Run by hand where torch is installed: python test/reference/oracle/count.py
"""

import json
import pathlib
import runpy

import torch

here = pathlib.Path(__file__).parent
rows = {}
for path in sorted((here / "modules").glob("*.py")):
    model = runpy.run_path(str(path))["model"]
    parameters = list(model.parameters())
    rows[path.stem] = {
        "parameters": sum(p.numel() for p in parameters),
        "trained": sum(p.numel() for p in parameters if p.requires_grad),
    }
out = {"torch": torch.__version__.split("+")[0], "modules": rows}
(here / "counts.json").write_text(json.dumps(out, indent=1) + "\n")
