import { describe, expect, test } from 'vitest';
import { plain, run, seen } from './run.ts';

interface Case {
  readonly name: string;
  readonly code: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  readonly sees: readonly unknown[];
}

const cases: readonly Case[] = [
  {
    name: 'a package with relative imports',
    code: 'from pkg import LR, train\nfrom pkg.sub import deep\nimport pkg.config as c\nsee(LR, train.EPOCHS, deep.X, c.BATCH * 2)',
    files: {
      'pkg/__init__.py': 'from .config import BATCH\nLR = 0.1 * BATCH\nfrom . import train\n',
      'pkg/config.py': 'BATCH = 8\n',
      'pkg/train.py': 'from .config import BATCH as B\nEPOCHS = B + 1\n',
      'pkg/sub/__init__.py': '',
      'pkg/sub/deep.py': 'from ..config import BATCH\nX = BATCH - 1\n',
    },
    sees: [0.8, 9, 7, 16],
  },
  {
    name: 'import config as c, and everything from a file',
    code: 'import config as c\nfrom constants import *\nsee(c.STEPS, WIDTH)',
    files: { 'config.py': 'STEPS = 10 ** 3\n', 'constants.py': 'WIDTH = 64\n' },
    sees: [1000, 64],
  },
  {
    name: 'a NamedTuple',
    code: 'from typing import NamedTuple\nclass P(NamedTuple):\n    a: int = 1\n    b: float = 0.5\np = P(a=3)\nq = p._replace(b=2.0)\nsee(p.a, p.b, q.b, p._asdict()["a"])',
    sees: [3, 0.5, 2, 3],
  },
  {
    name: 'a namedtuple made by a call',
    code: 'from collections import namedtuple\nP = namedtuple("P", ["lr", "steps"], defaults=[5])\np = P(0.1)\nsee(p.lr, p.steps)',
    sees: [0.1, 5],
  },
  {
    name: 'attrs and pydantic',
    code: 'import attrs\nfrom pydantic import BaseModel, Field\nfrom pydantic_settings import BaseSettings\n@attrs.define\nclass A:\n    x: int = attrs.field(default=4)\nclass B(BaseModel):\n    y: int = Field(5, gt=0)\n    z: float = Field(default=0.25)\nclass S(BaseSettings):\n    lr: float = 3e-4\nsee(A().x, B().y, B(z=1).z, S().lr)',
    sees: [4, 5, 1, 0.0003],
  },
  {
    name: 'enums',
    code: 'from enum import Enum, IntEnum\nclass Size(IntEnum):\n    SMALL = 128\n    LARGE = 512\nclass Kind(str, Enum):\n    A = "adamw"\nsee(Size.LARGE, Size.LARGE.value, Kind.A.value, Kind("adamw"))',
    sees: [512, 512, 'adamw', 'adamw'],
  },
  {
    name: 'the environment',
    code: 'import os\nos.environ.setdefault("N", "4")\nn = int(os.environ["N"])\nm = int(os.getenv("M", default="2"))\nk = os.environ.get("K") or 7\nsee(n, m, k, int(os.environ["WORLD_SIZE"]))',
    sees: [4, 2, 7, '?'],
  },
  {
    name: 'click with a group and types',
    code: 'import click\n@click.group()\ndef cli(): ...\n@cli.command()\n@click.option("--n", type=int, default="3")\n@click.option("--lr", default=1e-3, show_default=True, type=float)\n@click.option("--half/--no-half", default=True)\ndef train(n, lr, half):\n    see(n, lr, half)\nif __name__ == "__main__":\n    cli()',
    sees: [3, 0.001, true],
  },
  {
    name: 'typer',
    code: 'import typer\nfrom typing_extensions import Annotated\napp = typer.Typer()\n@app.command()\ndef main(steps: int = 10, lr: float = typer.Option(0.1, "--lr"), n: Annotated[int, typer.Option(help="n")] = 6):\n    see(steps, lr, n)\nif __name__ == "__main__":\n    app()',
    words: ['--steps', '20'],
    sees: [20, 0.1, 6],
  },
  {
    name: 'typer.run',
    code: 'import typer\ndef main(steps: int = 10, lr: float = typer.Option(0.1)):\n    see(steps, lr)\ntyper.run(main)',
    sees: [10, 0.1],
  },
  {
    name: 'HfArgumentParser and TrlParser',
    code: 'from dataclasses import dataclass, field\nfrom transformers import HfArgumentParser\nfrom trl import TrlParser\n@dataclass\nclass A:\n    width: int = field(default=4, metadata={"help": "w"})\n@dataclass\nclass B:\n    depth: int = 2\na, b = HfArgumentParser((A, B)).parse_args_into_dataclasses()\n(c,) = TrlParser(A).parse_args_and_config(),\nsee(a.width, b.depth, c.width)',
    words: ['--depth', '8'],
    sees: [4, 8, 4],
  },
  {
    name: 'text, conditions and the walrus',
    code: 'size = "7b"\nname = f"org/model-{size.upper()}-v{1.5:.1f}"\nlarge = True if size in ("7b", "13b") else False\nif (n := len(size) * 4) > 4:\n    batch = n if large else 1\nsee(name, batch, "a" if not large else "b", large and 3 or 4)',
    sees: ['org/model-7B-v1.5', 8, 'b', 3],
  },
  {
    name: 'dictionaries joined and unpacked',
    code: 'base = {"lr": 1, "n": 2}\nbase |= {"k": 5}\nall = base | {"n": 3}\nmore = {**all, "lr": 9}\ndef f(lr, n, **rest):\n    see(lr, n, rest["k"], dict(a=1, **base)["n"])\nf(**more)',
    sees: [9, 3, 5, 2],
  },
  {
    name: 'partial of classes and functions',
    code: 'from functools import partial\nclass A:\n    def __init__(self, a, b=2):\n        self.sum = a + b\nmake = partial(A, b=5)\ndef g(x, y=1, z=2):\n    return x * 100 + y * 10 + z\nh = partial(partial(g, 4), z=7)\nsee(make(1).sum, h(y=3))',
    sees: [6, 437],
  },
  {
    name: 'the number of devices is not known',
    code: 'import torch\nn = torch.cuda.device_count()\nsee(n, 8 * n, max(1, n), 64 // n)',
    sees: ['?', '?', '?', '?'],
  },
  {
    name: 'class attributes, class methods and static methods',
    code: 'class C:\n    LR = 0.1\n    STEPS = int(LR * 100)\n    @classmethod\n    def make(cls, k=2):\n        self = cls()\n        self.k = k * cls.STEPS\n        return self\n    @staticmethod\n    def twice(x):\n        return 2 * x\nclass D(C):\n    STEPS = 3\nsee(C.STEPS, D.make().k, C.twice(4), D.LR)',
    sees: [10, 6, 8, 0.1],
  },
  {
    name: 'a match on a known value',
    code: 'size = "base"\nmatch size:\n    case "small":\n        width = 1\n    case "base" | "medium":\n        width = 2\n    case _:\n        width = 3\nsee(width)',
    sees: [2],
  },
  {
    name: 'a table of presets',
    code: 'PRESETS = {"s": dict(width=1), "l": dict(width=4, depth=2)}\nchoice = "l"\ncfg = PRESETS[choice]\ncfg.update(depth=3)\nw, d = cfg["width"], cfg.get("depth")\nfirst, *rest = [1, 2, 3]\nsee(w, d, first, rest, sum(range(5)), max([2, 9, 4]), sorted([3, 1])[0])',
    sees: [4, 3, 1, [2, 3], 10, 9, 1],
  },
];

describe('idioms of training scripts', () => {
  test.each(cases)('$name', async ({ code, files, words, sees }) => {
    expect(seen(await run(code, files, words))?.map(plain)).toEqual(sees);
  });
});
