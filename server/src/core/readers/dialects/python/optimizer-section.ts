import type { Program } from '../../../evaluate/python.ts';
import { type CallEvent, itemsOf, type Value } from '../../../evaluate/value.ts';
import { argumentOf, callsOf, makes } from './calls.ts';
import { flag, names, number, optimizer, scheduler } from './forms.ts';
import { type Ledger, put } from './ledger.ts';

const classes =
  /(^|\.)(Paged|Fused|DeepSpeedCPU|Distributed(Fused)?|Decoupled|CPU)?(AdamW?|SGD|RMSprop|Adagrad|Adadelta|Adamax|NAdam|RAdam|Adafactor|Lion|LAMB|Lamb|LARS|LionW|Muon|Shampoo|SOAP|Sophia\w*|AdEMAMix|Prodigy|ASGD|LBFGS|ScheduleFreeWrapper|AdamWScheduleFree|adamw?|sgd|adafactor|lion|rmsprop|lamb|lars|BertAdam)(_?\d+bit)?$/;

/** Modules of optimisers; a plain class name counts where it was imported from one of them. */
const homes =
  /(^|\.)(optim|optimizers?|optimization|adamw?|keras|bnb|bitsandbytes|apex|ops|optax|transformers|lion_pytorch|muon|heavyball|legacy|tf|torch)\b/;

/** The optimiser that the program makes first: its name, learning rate and other constants. */
export function readOptimizer(program: Program, ledger: Ledger): void {
  const made = makes(program, classes).find((event) => homes.test(event.path) || event.path === event.name);
  if (!made) {
    readNamed(program, ledger);
    return;
  }
  const name: Value = { kind: 'string', value: made.name, at: made.at };
  put(ledger, 'optimizer.name', name, { read: optimizer.read, spell: () => undefined });
  putOptimizer(ledger, made);
}

/** Builders that take the optimiser's name (`timm.optim.create_optimizer_v2(model, opt="adamw", lr=...)`). */
function readNamed(program: Program, ledger: Ledger): void {
  const builder = callsOf(program, /(^|\.)create_optimizer(_v2)?$/)[0];
  if (!builder) return;
  put(ledger, 'optimizer.name', argumentOf(builder, 'opt'), optimizer, { quiet: true });
  putOptimizer(ledger, builder);
}

function putOptimizer(ledger: Ledger, made: CallEvent): void {
  const quiet = { quiet: true };
  const lr = argumentOf(made, 'lr', made.path.startsWith('optax.') ? 0 : 1) ?? argumentOf(made, 'learning_rate', 0);
  put(ledger, 'optimizer.lr', rateOf(lr), number, quiet);
  put(ledger, 'optimizer.weight_decay', made.keywords.get('weight_decay'), number, quiet);
  put(ledger, 'optimizer.momentum', made.keywords.get('momentum'), number, quiet);
  put(ledger, 'optimizer.eps', made.keywords.get('eps') ?? made.keywords.get('epsilon'), number, quiet);
  put(ledger, 'optimizer.fused', made.keywords.get('fused'), flag, quiet);
  const betas = made.keywords.get('betas');
  if (betas?.kind === 'list') put(ledger, 'optimizer.betas', betas, names, { quiet: true, implied: true });
  const [first, second] =
    betas?.kind === 'list'
      ? itemsOf(betas)
      : [
          made.keywords.get('b1') ?? made.keywords.get('beta_1'),
          made.keywords.get('b2') ?? made.keywords.get('beta_2'),
        ];
  put(ledger, 'optimizer.beta1', first, number, quiet);
  put(ledger, 'optimizer.beta2', second, number, quiet);
}

/** The rate at the height of a schedule, where a schedule stands for the rate (Keras, Optax). */
function rateOf(value: Value | undefined): Value | undefined {
  const call = value?.kind === 'object' ? value.call : undefined;
  if (!call || !/(^|\.)\w*([Dd]ecay|Restarts|_schedule|onecycle_schedule)$/.test(call.path)) return value;
  if (/warmup_\w+_schedule$/.test(call.path)) return argumentOf(call, 'peak_value', 1);
  const first =
    call.keywords.get('warmup_target') ??
    argumentOf(call, 'initial_learning_rate') ??
    argumentOf(call, 'init_value') ??
    call.positional[0];
  // A line from zero is a warm-up, not the rate of the run.
  return first?.kind === 'number' && first.value === 0 ? undefined : first;
}

/** Warm-up and shape of an Optax schedule. */
function readOptaxSchedule(program: Program, ledger: Ledger): void {
  const quiet = { quiet: true };
  for (const event of callsOf(program, /^optax\.(\w+\.)*warmup_(cosine|exponential)_decay_schedule$/)) {
    put(ledger, 'optimizer.warmup_steps', argumentOf(event, 'warmup_steps', 2), number, quiet);
    const shape: Value = {
      kind: 'string',
      value: event.name.includes('cosine') ? 'cosine' : 'exponential',
      at: event.at,
    };
    put(ledger, 'optimizer.scheduler', shape, { read: scheduler.read, spell: () => undefined }, { implied: true });
  }
}

const schedules =
  /(^|\.)(get_\w+_schedule(_with_warmup)?|get_scheduler|StepLR|MultiStepLR|OneCycleLR|CosineAnnealingLR|CosineAnnealingWarmRestarts|ExponentialLR|LinearLR|PolynomialLR|LambdaLR|ReduceLROnPlateau)$/;

/** The schedule of the learning rate. */
export function readScheduler(program: Program, ledger: Ledger): void {
  readOptaxSchedule(program, ledger);
  for (const event of callsOf(program, schedules)) {
    const quiet = { quiet: true };
    if (event.name === 'LambdaLR') continue;
    if (event.name === 'get_scheduler')
      put(ledger, 'optimizer.scheduler', argumentOf(event, 'name', 0), scheduler, quiet);
    else {
      const name: Value = { kind: 'string', value: event.name, at: event.at };
      put(ledger, 'optimizer.scheduler', name, { read: scheduler.read, spell: () => undefined }, quiet);
    }
    const warmup = argumentOf(
      event,
      'num_warmup_steps',
      event.name.startsWith('get_') && event.name !== 'get_scheduler' ? 1 : undefined,
    );
    put(ledger, 'optimizer.warmup_steps', warmup, number, quiet);
    put(ledger, 'optimizer.max_lr', event.keywords.get('max_lr'), number, quiet);
  }
}
