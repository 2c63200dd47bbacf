import type { Program } from '../../../evaluate/python.ts';
import { itemsOf, type Value } from '../../../evaluate/value.ts';
import { argumentOf, callsOf } from './calls.ts';
import { positive, text } from './forms.ts';
import { imply, isTold, type Ledger, type PythonForm, put } from './ledger.ts';

const datasets =
  /(^|\.)(datasets|demos|torchvision|torchtext|ogb|keras)\.?.*\.(E?MNIST|FashionMNIST|KMNIST|CIFAR10|CIFAR100|ImageNet|SVHN|STL10|CelebA|WikiText2|WikiText103|Places365|Food101|Flowers102|CocoDetection|VOCDetection|VOCSegmentation|Cityscapes|IMDB|AG_NEWS)$/;

/** Datasets and models that libraries build by name: torchvision, timm, Keras, Lightning's demos. */
export function readLibraryNames(program: Program, ledger: Ledger): void {
  for (const event of callsOf(program, datasets))
    if (!event.uncertain) imply(ledger, 'data.dataset', event.name, event.at);
  for (const event of callsOf(program, /(^|\.)datasets\.(\w+)\.load_data$/)) {
    const name = /datasets\.(\w+)\.load_data$/.exec(event.path)?.[1];
    if (name) {
      const value: Value = { kind: 'string', value: name, at: event.at };
      put(ledger, 'data.dataset', value, { read: text.read, spell: () => undefined });
    }
  }
  for (const event of callsOf(program, /^(tfds|tensorflow_datasets)\.(\w+\.)*load$/))
    put(ledger, 'data.dataset', argumentOf(event, 'name', 0), text, { quiet: true });
  for (const event of callsOf(
    program,
    /(^|\.)timm\.(\w+\.)*create_model$|(^|\.)torchvision\.models\.get_model$|(^|\.)get_torchvision_model$/,
  ))
    put(ledger, 'model.arch', argumentOf(event, 'model_name', 0) ?? argumentOf(event, 'name'), text, { quiet: true });
  for (const event of callsOf(
    program,
    /(^|\.)torchvision\.models\.[a-z]\w+$|(^|\.)(keras\.)?applications\.\w*\.?[A-Z]\w+$/,
  )) {
    if (event.name !== 'get_model') imply(ledger, 'model.arch', event.name, event.at);
  }
}

/** Crops and resizes of torchvision, the one that fixes the network's input first. */
const resizes = [/\.RandomResizedCrop$/, /\.CenterCrop$/, /\.RandomCrop$/, /\.Resize$/, /\.Resizing$/] as const;

/** A side of a square image, or two equal sides. */
const side: PythonForm<number> = {
  read: (value) => {
    if (value.kind === 'number') return positive.read(value);
    const items = value.kind === 'list' ? itemsOf(value) : [];
    const [first, second] = items;
    if (first?.kind !== 'number' || second?.kind !== 'number' || first.value !== second.value) return undefined;
    return items.length <= 3 && first.value > 3 ? { value: first.value, derived: true } : undefined;
  },
  spell: () => undefined,
};

/** The size of images as the transforms of the training data make them, or as a constant called so states it. */
export function readImageSize(program: Program, ledger: Ledger): void {
  for (const name of ['IMAGE_SIZE', 'IMG_SIZE', 'image_size', 'img_size', 'input_shape'])
    put(ledger, 'data.image_size', program.globals.get(name), side, { quiet: true });
  for (const path of resizes)
    for (const event of callsOf(program, path)) {
      const height = argumentOf(event, 'size', 0) ?? argumentOf(event, 'height');
      const width = event.name === 'Resizing' ? argumentOf(event, 'width', 1) : height;
      const square = height?.kind !== 'number' || (width?.kind === 'number' && width.value === height.value);
      if (square) put(ledger, 'data.image_size', height, side, { quiet: true });
    }
}

/** True where a program works on images: what it calls a model is then an architecture, an input size one of pixels. */
export function isVision(program: Program): boolean {
  return /\b(torchvision|timm|ImageFolder|imagenet|vit_|resnet)\b/i.test(program.file.text);
}

/** `--model vit_base_patch16` and `--input_size 224` of programs that train vision models. */
export function readVisionKnobs(
  program: Program,
  ledger: Ledger,
  sources: readonly ((name: string) => Value | undefined)[],
): void {
  if (!isVision(program)) return;
  const plain = {
    ...text,
    read: (value: Value) =>
      value.kind === 'string' && isArchitecture(value.value) ? text.read(value) : ('silent' as const),
  };
  for (const get of sources) {
    const model = get('model');
    if (model?.kind === 'string' && !isTold(ledger, 'model.name'))
      put(ledger, 'model.arch', model, plain, { quiet: true });
    for (const name of ['input_size', 'crop_size', 'train_crop_size', 'image_resolution'])
      put(ledger, 'data.image_size', get(name), side, { quiet: true });
  }
}

function isArchitecture(name: string): boolean {
  return /^[A-Za-z][\w-]*(?:\/\d+)?$/.test(name) && name.length > 2;
}
