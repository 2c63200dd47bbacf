import type { Program } from '../../../evaluate/python.ts';
import { type CallEvent, truthOf, type Value } from '../../../evaluate/value.ts';
import type { Span } from '../../../source/span.ts';
import { headOfClass } from '../model-class.ts';
import { argumentOf, callsOf } from './calls.ts';
import { text } from './forms.ts';
import { putKeys, settingOf } from './keywords.ts';
import { allowKeyword, imply, isTold, type Ledger, leaveOpen, put, settle } from './ledger.ts';
import { modelKeys, quantizationKeys } from './transformers-keys.ts';

const notModels =
  /(Tokenizer\w*|Processor|Config|Extractor|PeftModel\w*|Scheduler|Pipeline|Dataset|Metric|Tokenizer|VAE|AutoencoderKL|CLIPText\w*)\.from_pretrained$/;

/** Classes of sentence-transformers that load their weights when they are made. */
const sentenceModels = /(^|\.)(SentenceTransformer|CrossEncoder|SparseEncoder)$/;

/** Loads of model weights, nearest to the program's way first. */
export function modelLoads(program: Program): readonly CallEvent[] {
  return callsOf(program, /\.from_pretrained$|(^|\.)(SentenceTransformer|CrossEncoder|SparseEncoder)$/).filter(
    (event) => !notModels.test(event.path) && !event.path.startsWith('?'),
  );
}

/** Architectures of torchvision and timm, which are no hub names. */
const visionNames =
  /^(wide_)?(resnet|resnext|vgg|densenet|efficientnet|mobilenet|convnext|vit_|swin_|alexnet|inception|regnet|squeezenet|googlenet)[\w.]*$/i;

/** A hub name, or a path where the text is one. */
export function putModelName(ledger: Ledger, value: Value | undefined): void {
  if (!value || isTold(ledger, 'model.name') || isTold(ledger, 'model.path')) return;
  const settled = settle(value);
  const name = settled.kind === 'string' ? settled.value : '';
  if (visionNames.test(name)) {
    put(ledger, 'model.arch', settled, text);
    return;
  }
  const local = /^(\.{0,2}\/|~|[a-z0-9]+:\/\/)|\.(npz|pt|pth|bin|ckpt|safetensors|gguf|h5|keras)$/.test(name);
  put(ledger, local ? 'model.path' : 'model.name', settled, text);
}

/** What the load of the model states: its name, dtype, attention kernel and quantisation. */
export function readModel(program: Program, ledger: Ledger, trained?: Value): void {
  const trains = trained && loadOf(trained);
  const loads = trains ? [trains] : modelLoads(program);
  const nameOf = (event: CallEvent) =>
    argumentOf(event, 'pretrained_model_name_or_path', 0) ??
    argumentOf(event, 'model_name') ??
    argumentOf(event, 'model_name_or_path');
  const load = loads.find((event) => isKnownText(nameOf(event))) ?? loads[0];
  if (load) {
    putModelName(ledger, nameOf(load));
    // An embedding model is told its length after it is made.
    const told = sentenceModels.test(load.path)
      ? (keyword: string) => settingOf(load.result, keyword)
      : () => undefined;
    putKeys(ledger, modelKeys, (keyword) => load.keywords.get(keyword) ?? told(keyword), load);
    putHead(ledger, load);
  }
  for (const event of callsOf(program, /(^|\.)AutoModel\w*\.from_config$/))
    putKeys(ledger, modelKeys, (keyword) => event.keywords.get(keyword));
  readQuantization(program, ledger, load);
  readNamedQuantization(ledger);
}

/** What the model's class makes of its last states, and whose class it is; a class that says neither is silent. */
function putHead(ledger: Ledger, load: CallEvent): void {
  const path = load.path.replace(/\.from_(?:pretrained|config)$/, '');
  if (/^unsloth\./.test(path)) imply(ledger, 'model.loader', 'unsloth', load.at);
  // The code of a checkpoint may put its language model behind the plainest class (ChatGLM, InternVL).
  if (/(^|\.)AutoModel$/.test(path) && load.keywords.has('trust_remote_code')) return;
  const head = headOfClass(path);
  if (head) imply(ledger, 'model.head', head, load.at);
}

/** The call that loaded a model which adapters, compilers and the like have since wrapped. */
function loadOf(value: Value, depth = 0): CallEvent | undefined {
  const settled = value.kind === 'choice' ? value.options.find((one) => one.kind === 'object') : value;
  if (settled?.kind !== 'object' || !settled.call || depth > 6) return undefined;
  if (sentenceModels.test(settled.path)) return settled.call;
  if (/\.from_pretrained$/.test(settled.path)) return notModels.test(settled.path) ? undefined : settled.call;
  const inner = settled.call.keywords.get('model') ?? settled.call.positional[0] ?? settled.call.receiver;
  return inner && loadOf(inner, depth + 1);
}

function isKnownText(value: Value | undefined): boolean {
  return value !== undefined && settle(value).kind === 'string';
}

function readQuantization(program: Program, ledger: Ledger, load: CallEvent | undefined): void {
  const given = load && argumentOf(load, 'quantization_config');
  const configs = callsOf(program, /(^|\.)(BitsAndBytesConfig|BnbQuantizationConfig)$/);
  const config = given && settingOf(given, 'load_in_4bit') ? given : configs[0]?.result;
  for (const holder of [config, load?.result]) {
    if (!holder) continue;
    for (const bits of [4, 8]) {
      const value = settingOf(holder, `load_in_${bits}bit`);
      const settled = value && settle(value);
      if (!settled || settled.kind === 'none') continue;
      if (truthOf(settled) === true) {
        imply(ledger, 'quantization.bits', bits, literalOf(settled));
        putKeys(ledger, quantizationKeys, (keyword) => settingOf(holder, keyword));
      } else if (truthOf(settled) === undefined) {
        leaveOpen(ledger, 'quantization.bits', 'This is decided when the program runs.', settled.at);
      }
    }
  }
  readIdleQuantization(ledger, given);
}

/** Four-bit settings of a config that the model is loaded with and that switches nothing on: stated, and without effect. */
function readIdleQuantization(ledger: Ledger, given: Value | undefined): void {
  const config = given && settle(given);
  if (config?.kind !== 'object' || !config.call || config.call.open || config.maybe) return;
  if (!/(^|\.)BitsAndBytesConfig$/.test(config.path)) return;
  if (isTold(ledger, 'quantization.bits') || ledger.open.has('quantization.bits')) return;
  putKeys(ledger, quantizationKeys, (keyword) => settingOf(config, keyword));
  if (!config.call.keywords.has('load_in_4bit'))
    allowKeyword(ledger, 'quantization.bits', config.call, 'load_in_4bit', (to) => (to === 4 ? 'True' : undefined));
}

/** Names of weights that are stored quantised say so at their end. */
function readNamedQuantization(ledger: Ledger): void {
  const named = ledger.entries.get('model.name') ?? ledger.entries.get('model.path');
  const name = named?.fact.value;
  if (!named || typeof name !== 'string') return;
  const bits = /-bnb-([48])bit$|-Int([48])$|-([48])bits?$/i.exec(name);
  const found = bits?.[1] ?? bits?.[2] ?? bits?.[3];
  if (found !== undefined) imply(ledger, 'quantization.bits', Number(found), named.value.at);
  const method = /-(GPTQ|AWQ)(-|$)/i.exec(name)?.[1]?.toLowerCase();
  if (method !== undefined) imply(ledger, 'quantization.method', method, named.value.at);
}

/** Where a switch that follows from a comparison is really fixed. */
export function literalOf(value: Value): Span {
  return (value.derived ? value.also?.[0] : undefined) ?? value.at;
}
