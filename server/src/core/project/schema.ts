import type { Field, MapField } from './field.ts';

const money = 'in the currency of this file';

const accelerator: Field = {
  kind: 'text',
  doc: 'An accelerator in any usual spelling: `H100`, `A100-80GB`, `nvidia-l4`, `tpu-v5e`.',
  example: 'H100',
  names: 'accelerator',
};

const onPremise: MapField = {
  kind: 'map',
  doc: 'Total cost of owned hardware for one accelerator; it comes to a rate per accelerator-hour.',
  required: ['purchase', 'lifetime_years'],
  fields: {
    purchase: {
      kind: 'number',
      doc: `Price of one accelerator with its share of the node and network, ${money}.`,
      above: 0,
    },
    lifetime_years: { kind: 'number', doc: 'Years over which it is written off.', above: 0, most: 20 },
    utilisation: { kind: 'number', doc: 'Share of the hours in which it works; 1 where absent.', above: 0, most: 1 },
    power_watts: {
      kind: 'number',
      doc: 'Power of one accelerator with its share of the node.',
      above: 0,
      most: 20_000,
    },
    pue: { kind: 'number', doc: "The building's energy over the machines'; 1 where absent.", above: 0.99, most: 3 },
    electricity_per_kwh: { kind: 'number', doc: `Price of a kilowatt-hour, ${money}.`, above: 0, most: 10 },
    operations_per_year: {
      kind: 'number',
      doc: `Space, staff and repairs for one accelerator and year, ${money}.`,
      above: 0,
    },
  },
};

/** A prediction beside what was measured. */
function compared(doc: string): Field {
  return {
    kind: 'map',
    doc: `${doc}.`,
    required: ['predicted', 'measured'],
    fields: {
      predicted: { kind: 'number', doc: `${doc}, as predicted.`, above: 0 },
      measured: { kind: 'number', doc: `${doc}, as measured.`, above: 0 },
    },
  };
}

/** The keys of `flopwise.yaml`. None takes a path, an address or a command: the file states facts and prices only. */
export const projectSchema: MapField = {
  kind: 'map',
  doc: 'Facts and rates that code cannot state. Everything is optional.',
  fields: {
    accelerator: {
      kind: 'text',
      doc: 'Used where the files name none: `H100`, or `H100:8` for eight on a node.',
      example: 'H100:8',
      names: 'accelerator',
    },
    cloud: {
      kind: 'text',
      doc: 'Cloud whose list prices apply where the files name none.',
      choices: [
        'aws',
        'azure',
        'coreweave',
        'crusoe',
        'gcp',
        'lambda',
        'modal',
        'nebius',
        'oci',
        'replicate',
        'runpod',
        'vast',
      ],
    },
    region: {
      kind: 'text',
      doc: 'Region whose list prices apply where the files name none.',
      example: 'us-east-1',
      names: 'region',
    },
    price: { kind: 'text', doc: 'Kind of list price.', choices: ['on-demand', 'spot', 'reserved'] },
    term_years: { kind: 'number', doc: 'Term of reserved capacity.', above: -1, most: 5, whole: true },
    currency: {
      kind: 'text',
      doc: 'ISO code of the currency that amounts are shown in and given in here.',
      example: 'EUR',
      names: 'currency',
    },
    exchange_rate: {
      kind: 'number',
      doc: 'Units of the currency for one US dollar; list prices are in dollars.',
      above: 0,
    },
    rates: {
      kind: 'table',
      doc: `Own price of an accelerator-hour, ${money}. \`"*"\` is for all that have none.`,
      keys: 'accelerator or "*"',
      names: 'accelerator',
      value: { kind: 'number', doc: `Price of an accelerator-hour, ${money}.`, above: 0, most: 1000 },
    },
    on_premise: {
      kind: 'table',
      doc: 'Owned hardware by accelerator: its rate is worked out of its total cost.',
      keys: 'accelerator',
      names: 'accelerator',
      value: onPremise,
    },
    discounts: {
      kind: 'list',
      doc: 'Negotiated discounts off list prices. Of several that fit, the one with most keys holds.',
      item: {
        kind: 'map',
        doc: 'A discount on what fits every key given.',
        required: ['percent'],
        fields: {
          percent: { kind: 'number', doc: 'Percent off the list price.', above: 0, most: 95 },
          cloud: { kind: 'text', doc: 'Cloud that gives it.', example: 'aws', names: 'cloud' },
          family: { kind: 'text', doc: 'Beginning of the instance types: `p5`, `a3-highgpu`.', example: 'p5' },
          accelerator,
          price: {
            kind: 'text',
            doc: 'Kind of price; on-demand where absent.',
            choices: ['on-demand', 'spot', 'reserved'],
          },
        },
      },
    },
    pools: {
      kind: 'table',
      doc: 'Own capacity by the name job files call it: Slurm partition, queue, node pool, node type.',
      keys: 'name of the pool',
      value: {
        kind: 'map',
        doc: 'What one node of the pool has.',
        required: ['accelerator'],
        fields: {
          accelerator,
          per_node: { kind: 'number', doc: 'Accelerators on one node.', above: 0, most: 1024, whole: true },
          rate: { kind: 'number', doc: `Price of an accelerator-hour, ${money}.`, above: 0, most: 1000 },
          on_premise: onPremise,
          cloud: { kind: 'text', doc: 'Cloud that the pool is in.', example: 'aws', names: 'cloud' },
          region: { kind: 'text', doc: 'Region that the pool is in.', example: 'us-east-1', names: 'region' },
          instance_type: {
            kind: 'text',
            doc: 'Instance type of its nodes.',
            example: 'p5.48xlarge',
            names: 'instance',
          },
        },
      },
    },
    interruptions: {
      kind: 'map',
      doc: 'How often runs like those below this file are interrupted, from your own log or trace.',
      required: ['hours_between'],
      fields: {
        hours_between: { kind: 'number', doc: 'Mean hours between interruptions of one run.', above: 0 },
        count: {
          kind: 'number',
          doc: 'Interruptions that were counted: the range follows from it.',
          above: 0,
          whole: true,
        },
        clustering: {
          kind: 'number',
          doc: 'How much more the interruptions cluster than by chance (1); widens the range.',
          above: 0,
        },
        accelerators: {
          kind: 'number',
          doc: 'Accelerators of the runs that were counted; runs of other sizes are scaled, but for spot.',
          above: 0,
        },
        restart_minutes: {
          kind: 'number',
          doc: 'Minutes from an interruption until the run computes again; 5 where absent.',
          above: 0,
          most: 10_000,
        },
      },
    },
    checkpoint_storage: {
      kind: 'map',
      doc: 'Where checkpoints go.',
      fields: {
        write_gb_per_second: {
          kind: 'number',
          doc: 'Decimal GB that one node writes in a second; 1 where absent.',
          above: 0,
        },
      },
    },
    buckets: {
      kind: 'table',
      doc: 'Where buckets are and how much one pass over their data reads, by the beginnings of their addresses.',
      keys: 'beginning of the address, such as s3://team-data',
      value: {
        kind: 'map',
        doc: 'One bucket.',
        fields: {
          region: { kind: 'text', doc: 'Region of the bucket.', example: 'us-east-1', names: 'region' },
          gb: { kind: 'number', doc: 'Decimal GB that one pass over the data reads.', above: 0 },
        },
      },
    },
    budget: {
      kind: 'map',
      doc: 'Most that a job may cost; what is over it is an error.',
      fields: {
        per_run: { kind: 'number', doc: `One run, ${money}.`, above: 0 },
        per_hour: { kind: 'number', doc: `An hour of one job, all its machines, ${money}.`, above: 0 },
        per_project: { kind: 'number', doc: `One run of every job below this file together, ${money}.`, above: 0 },
        increase_percent: { kind: 'number', doc: 'Most that one change may make a job dearer, in per cent.', above: 0 },
      },
    },
    rules: {
      kind: 'table',
      doc: 'What single rules are to say, by their ids.',
      keys: 'rule id',
      names: 'rule',
      value: {
        kind: 'map',
        doc: 'One rule.',
        fields: {
          severity: {
            kind: 'text',
            doc: 'How grave its findings are; `off` for none.',
            choices: ['error', 'warning', 'information', 'hint', 'off'],
          },
          min_percent: { kind: 'number', doc: 'Least saving in per cent that is worth a word.', above: -1, most: 100 },
          min_saving: { kind: 'number', doc: `Least saving of one run that is worth a word, ${money}.`, above: -1 },
        },
      },
    },
    silence: {
      kind: 'list',
      doc: 'Findings that are known and stay, each with its reason.',
      item: {
        kind: 'map',
        doc: 'One rule that is not to speak.',
        required: ['rule', 'reason'],
        fields: {
          rule: { kind: 'text', doc: 'Rule id.', example: 'keeps-all-checkpoints', names: 'rule' },
          reason: { kind: 'text', doc: 'Why it is fine here, for the next reader.' },
          until: { kind: 'date', doc: 'Date (YYYY-MM-DD) after which it speaks again.' },
          file: { kind: 'text', doc: 'End of the path of the file that it is about; all files where absent.' },
        },
      },
    },
    own_runs: {
      kind: 'list',
      doc: 'Runs of your own, each with what was predicted of it and what came out: they shift and narrow time and memory.',
      item: {
        kind: 'map',
        doc: 'One run that was measured.',
        required: ['accelerator'],
        fields: {
          accelerator: { kind: 'text', doc: 'What it ran on.', example: 'H100', names: 'accelerator' },
          step_seconds: compared('Seconds of an optimiser step'),
          memory_gib: compared('Peak of the fullest device, GiB'),
        },
      },
    },
    run: {
      kind: 'map',
      doc: 'Length of a run where the files state neither steps nor epochs.',
      fields: {
        epochs: { kind: 'number', doc: 'Passes over the training data.', above: 0 },
        steps: {
          kind: 'number',
          doc: 'Optimiser steps; they hold where no number of steps follows from the data.',
          above: 0,
          whole: true,
        },
      },
    },
    dataset: {
      kind: 'map',
      doc: 'Size of the training data where the files name a dataset of no table.',
      fields: {
        tokens: { kind: 'number', doc: 'Training tokens.', above: 0 },
        examples: { kind: 'number', doc: 'Training examples.', above: 0 },
      },
    },
  },
};
