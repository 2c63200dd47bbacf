import { describe, expect, test } from 'vitest';
import { plain, run, seen } from './run.ts';

interface Case {
  readonly name: string;
  readonly code: string;
  /** What `see(...)` is called with. */
  readonly sees: readonly unknown[];
  readonly words?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** Source that fixes the first value. */
  readonly at?: string;
}

const cases: readonly Case[] = [
  {
    name: 'arithmetic',
    code: 'A = 2 * 1_024\nsee(A // 3, A % 7, 2 ** 3, -A, 1e-4 * 2, 7 / 2)',
    sees: [682, 4, 8, -2048, 0.0002, 3.5],
  },
  {
    name: 'text',
    code: 'm = "a/b-7B"\nsee(f"{m.split(\'/\')[-1]}-{3:02d}", "x" + "y", "%s-%d" % (m, 2), "{}!".format(m), m.lower().replace("-", "_"))',
    sees: ['b-7B-03', 'xy', 'a/b-7B-2', 'a/b-7B!', 'a/b_7b'],
  },
  { name: 'the last assignment before the use', code: 'x = 1\nsee(x)\nx = 2', sees: [1], at: '1' },
  {
    name: 'a branch with a known test',
    code: 'MODE = "large"\nif MODE == "small":\n    n = 1\nelif MODE in ("large", "huge"):\n    n = 2\nelse:\n    n = 3\nsee(n)',
    sees: [2],
  },
  {
    name: 'a branch of the run',
    code: 'import os\nn = 1\nif os.path.exists("x"):\n    n = 2\nsee(n)',
    sees: [{ oneOf: [2, 1] }],
  },
  {
    name: 'a branch that ends in an error',
    code: 'n = None\nif n is None and unknown():\n    raise ValueError\nsee(4)',
    sees: [4],
  },
  {
    name: 'parameters and the call that overrides them',
    code: 'def f(a, b=2, *rest, c=3, **more):\n    see(a, b, rest, c, more["d"])\nf(1, c=5, d=6)',
    sees: [1, 2, [], 5, 6],
  },
  {
    name: 'keywords from a dictionary',
    code: 'kw = dict(lr=1e-3, steps=5)\nkw["steps"] = 7\nkw.update(seed=1)\nsee(**kw)',
    sees: [],
  },
  {
    name: 'a dataclass',
    code: 'from dataclasses import dataclass, field\n@dataclass\nclass A:\n    x: int = 1\n    y: list = field(default_factory=lambda: [1, 2])\n@dataclass\nclass B(A):\n    x: int = 4\n    z: float = field(default=0.5)\nb = B(z=2)\nb.w = 9\nsee(b.x, b.y, b.z, b.w)',
    sees: [4, [1, 2], 2, 9],
  },
  {
    name: 'a class',
    code: 'class A:\n    rate = 3\n    def __init__(self, n=1):\n        self.n = n * self.rate\n    @property\n    def twice(self):\n        return self.n * 2\nclass B(A):\n    def __init__(self):\n        super().__init__(n=5)\nsee(B().n, B().twice)',
    sees: [15, 30],
  },
  {
    name: 'loops over what is written',
    code: 'total = []\nfor k, v in {"a": 1, "b": 2}.items():\n    total.append(v)\nsee(total, [x * 2 for x in total if x > 1])',
    sees: [[1, 2], [4]],
  },
  { name: 'what changes in a loop', code: 'n = 0\nfor i in range(100):\n    n += 1\nsee(n)', sees: ['?'] },
  {
    name: 'environment',
    code: 'import os\nos.environ["A"] = "1"\nsee(os.environ.get("B", "x"), os.environ["A"], int(os.environ.get("RANK", 0)))',
    sees: ['x', '1', '?'],
  },
  {
    name: 'argparse',
    code: 'import argparse\np = argparse.ArgumentParser()\ng = p.add_argument_group("g")\ng.add_argument("--batch-size", "-b", type=int, default="4")\np.add_argument("--lr", type=float)\np.add_argument("--half", action="store_true")\np.set_defaults(lr=0.5)\na = p.parse_args()\nsee(a.batch_size, a.lr, a.half)',
    sees: [4, 0.5, false],
  },
  {
    name: 'argparse with a command',
    code: 'import argparse\np = argparse.ArgumentParser()\np.add_argument("data")\np.add_argument("--batch-size", type=int, default=4)\np.add_argument("--half", action="store_true")\np.add_argument("--gpus", nargs="+", type=int)\na = p.parse_args()\nsee(a.data, a.batch_size, a.half, a.gpus)',
    words: ['--half', 'x.json', '--batch_size=8', '--gpus', '0', '1'],
    sees: ['x.json', 8, true, [0, 1]],
  },
  {
    name: 'click',
    code: 'import click\n@click.command()\n@click.option("--rate", default=0.1)\n@click.option("--deep/--flat", "shape", is_flag=True)\ndef main(rate, shape):\n    see(rate)\nmain()',
    words: ['--rate', '0.3'],
    sees: ['0.3'],
  },
  {
    name: 'fire',
    code: 'import fire\ndef main(base, lr=1e-4):\n    see(base, lr)\nfire.Fire(main)',
    words: ['--base=m', '--lr', '3e-4'],
    sees: ['m', 0.0003],
  },
  {
    name: 'tyro',
    code: 'import tyro\nfrom dataclasses import dataclass\n@dataclass\nclass Args:\n    epochs: int = 2\n    name: str = "a"\nargs = tyro.cli(Args)\nsee(args.epochs, args.name)',
    words: ['--epochs', '9'],
    sees: [9, 'a'],
  },
  {
    name: 'absl flags',
    code: 'from absl import app, flags\nFLAGS = flags.FLAGS\nflags.DEFINE_integer("steps", 10, "")\ndef main(_):\n    see(FLAGS.steps)\napp.run(main)',
    sees: [10],
  },
  {
    name: 'constants of another file',
    code: 'from settings import BATCH, make\nfrom pkg import other as o\nsee(BATCH, make(2), o.X)',
    files: { 'settings.py': 'BATCH = 12\ndef make(n):\n    return n * BATCH', 'pkg/other.py': 'X = "y"' },
    sees: [12, 24, 'y'],
  },
  {
    name: 'a function handed to a launcher',
    code: 'import torch.multiprocessing as mp\ndef work(rank, n, rate):\n    see(rank, n, rate)\nmp.spawn(work, args=(2, 0.5), nprocs=2)',
    sees: ['?', 2, 0.5],
  },
  {
    name: 'partial',
    code: 'from functools import partial\ndef f(a, b):\n    see(a, b)\npartial(f, b=2)(1)',
    sees: [1, 2],
  },
  {
    name: 'conditional expressions and hardware checks',
    code: 'import torch\nd = "bf16" if torch.cuda.is_bf16_supported() else "fp16"\nsee(d, 3 if True else 4)',
    sees: [{ oneOf: ['bf16', 'fp16'] }, 3],
  },
  {
    name: 'library names',
    code: 'import torch\nfrom torch import nn as n\nsee(torch.bfloat16, n.Linear, getattr(torch, "half"))',
    sees: ['torch.bfloat16', 'torch.nn.Linear', 'torch.half'],
  },
  { name: 'recursion', code: 'def f(n):\n    return f(n - 1)\nsee(f(3))', sees: ['?'] },
  { name: 'a broken line', code: 'x = (1 +\ny = 3\nsee(5)', sees: [5] },
];

describe('a Python program', () => {
  test.each(cases)('$name', async ({ code, sees, words, files, at }) => {
    const values = seen(await run(code, files, words));
    expect(values?.map(plain)).toEqual(sees);
    const first = values?.[0];
    if (at !== undefined) expect(first && code.slice(first.at.start, first.at.end)).toBe(at);
  });
});
