import { describe, expect, test } from 'vitest';
import { plain, run, seen } from './run.ts';

interface Case {
  readonly name: string;
  readonly code: string;
  readonly files: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  readonly sees: readonly unknown[];
  /** File and source that fix the first value. */
  readonly at?: readonly [path: string, source: string];
}

const yaml = 'train:\n  lr: 0.001\n  batch_size: 32 # each\nname: a-${train.batch_size}\nlayers: [1, 2]\n';

const cases: readonly Case[] = [
  {
    name: 'yaml.safe_load of an opened file',
    code: 'import yaml\nwith open("c/a.yaml") as f:\n    cfg = yaml.safe_load(f)\nsee(cfg["train"]["batch_size"], cfg.get("x", 3), cfg["layers"][1])',
    files: { 'c/a.yaml': yaml },
    sees: [32, 3, 2],
    at: ['c/a.yaml', '32'],
  },
  {
    name: 'a path with parts and read_text',
    code: 'import json, yaml\nfrom pathlib import Path\nroot = Path("c")\nsee(yaml.load((root / "a.yaml").read_text(), Loader=yaml.FullLoader)["train"]["lr"], json.loads(open("b.json").read())["n"])',
    files: { 'c/a.yaml': yaml, 'b.json': '{"n": 4}' },
    sees: [0.001, 4],
  },
  {
    name: 'toml and a namespace',
    code: 'import tomllib\nfrom types import SimpleNamespace\nwith open("a.toml", "rb") as f:\n    raw = tomllib.load(f)\nargs = SimpleNamespace(**raw["train"])\nsee(args.steps, args.lr)',
    files: { 'a.toml': '[train]\nsteps = 1_000\nlr = 3e-4\n' },
    sees: [1000, 0.0003],
    at: ['a.toml', '1_000'],
  },
  {
    name: 'a dataclass filled from a file',
    code: 'import yaml\nfrom dataclasses import dataclass\n@dataclass\nclass Config:\n    lr: float = 1.0\n    batch_size: int = 1\ncfg = Config(**yaml.safe_load(open("a.yaml"))["train"])\nsee(cfg.batch_size, cfg.lr)',
    files: { 'a.yaml': yaml },
    sees: [32, 0.001],
    at: ['a.yaml', '32'],
  },
  {
    name: 'argparse defaults from a file that a flag names',
    code: 'import argparse, yaml\np = argparse.ArgumentParser()\np.add_argument("--config", default="a.yaml")\np.add_argument("--lr", type=float, default=1.0)\np.add_argument("--batch_size", type=int)\nargs, _ = p.parse_known_args()\np.set_defaults(**yaml.safe_load(open(args.config))["train"])\nargs = p.parse_args()\nsee(args.batch_size, args.lr)',
    files: { 'b.yaml': yaml },
    words: ['--config', 'b.yaml', '--lr', '5'],
    sees: [32, 5],
    at: ['b.yaml', '32'],
  },
  {
    name: 'entries set on the arguments one by one',
    code: 'import argparse, json\np = argparse.ArgumentParser()\np.add_argument("--lr", type=float, default=1.0)\nargs = p.parse_args()\nfor key, value in json.load(open("a.json")).items():\n    setattr(args, key, value)\nsee(args.lr, args.steps)',
    files: {
      'a.json': `{${Array.from({ length: 30 }, (_, at) => `"k${at}": ${at}, `).join('')}"lr": 0.5, "steps": 7}`,
    },
    sees: [0.5, 7],
  },
  {
    name: 'OmegaConf over defaults and the command line',
    code: 'from omegaconf import OmegaConf\nbase = OmegaConf.create({"train": {"epochs": 3, "lr": 1}})\ncfg = OmegaConf.merge(base, OmegaConf.load("a.yaml"), OmegaConf.from_cli())\nsee(cfg.train.batch_size, cfg.train.epochs, cfg["train"].lr, cfg.name, cfg.get("none"))',
    files: { 'a.yaml': yaml },
    words: ['train.lr=0.5'],
    sees: [32, 3, 0.5, 'a-32', null],
    at: ['a.yaml', '32'],
  },
  {
    name: 'Hydra with groups, overrides and interpolation',
    code: 'import hydra\n@hydra.main(version_base=None, config_path="conf", config_name="config")\ndef main(cfg):\n    see(cfg.model.width, cfg.optim.lr, cfg.steps, cfg.model.depth, cfg.total)\nif __name__ == "__main__":\n    main()',
    files: {
      'conf/config.yaml':
        'defaults:\n  - model: small\n  - optim: adam\n  - _self_\nsteps: 100\ntotal: ${eval_steps}\neval_steps: ${oc.env:EVAL,7}\nmodel:\n  depth: 9\n',
      'conf/model/small.yaml': 'width: 256\ndepth: 2\n',
      'conf/model/large.yaml': 'defaults: [small]\nwidth: 1024\n',
      'conf/optim/adam.yaml': 'lr: ${model.width}\n',
    },
    words: ['model=large', 'steps=5'],
    sees: [1024, 1024, 5, 9, '7'],
    at: ['conf/model/large.yaml', '1024'],
  },
  {
    name: 'what must be given stays open',
    code: 'import hydra\n@hydra.main(config_path="conf", config_name="config")\ndef main(cfg):\n    see(cfg.data, cfg.lr)\nmain()',
    files: { 'conf/config.yaml': 'data: ???\nlr: 0.1\n' },
    sees: ['?', 0.1],
  },
  {
    name: 'Hydra compose',
    code: 'from hydra import compose, initialize\nwith initialize(config_path="conf"):\n    cfg = compose(config_name="config", overrides=["lr=0.2"])\nsee(cfg.lr, cfg.n)',
    files: { 'conf/config.yaml': 'lr: 0.1\nn: 2\n' },
    sees: [0.2, 2],
  },
  {
    name: 'a ConfigDict of another file',
    code: 'from absl import app, flags\nfrom ml_collections import config_flags\nFLAGS = flags.FLAGS\nconfig_flags.DEFINE_config_file("config", "configs/base.py")\ndef main(argv):\n    c = FLAGS.config\n    see(c.batch_size, c.opt.lr)\napp.run(main)',
    files: {
      'configs/base.py':
        'import ml_collections\ndef get_config():\n    c = ml_collections.ConfigDict()\n    c.batch_size = 64\n    c.opt = ml_collections.ConfigDict({"lr": 0.1})\n    return c\n',
    },
    words: ['--config.opt.lr=0.4'],
    sees: [64, 0.4],
    at: ['configs/base.py', '64'],
  },
  {
    name: 'jsonargparse with a configuration file',
    code: 'from jsonargparse import ActionConfigFile, ArgumentParser\np = ArgumentParser()\np.add_argument("--config", action=ActionConfigFile)\np.add_argument("--lr", type=float, default=1.0)\np.add_argument("--steps", type=int, default=5)\ncfg = p.parse_args()\nsee(cfg.lr, cfg.steps)',
    files: { 'a.yaml': 'lr: 0.25\n' },
    words: ['--config', 'a.yaml'],
    sees: [0.25, 5],
  },
  {
    name: 'a file that is not at hand',
    code: 'import yaml\ncfg = yaml.safe_load(open("missing.yaml"))\nsee(cfg["lr"])',
    files: {},
    sees: ['?'],
  },
];

describe('configuration files that a program loads', () => {
  test.each(cases)('$name', async ({ code, files, words, sees, at }) => {
    const values = seen(await run(code, files, words));
    expect(values?.map(plain)).toEqual(sees);
    const [path, source] = at ?? [];
    const first = values?.[0]?.at;
    if (path === undefined) return;
    expect(first?.uri).toBe(`file:///${path}`);
    expect(files[path]?.slice(first?.start, first?.end)).toBe(source);
  });
});
