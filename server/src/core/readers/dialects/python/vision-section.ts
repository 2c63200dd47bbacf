import type { Program } from '../../../evaluate/python.ts';
import type { Value } from '../../../evaluate/value.ts';
import { argumentOf, callsOf } from './calls.ts';
import { text } from './forms.ts';
import { imply, type Ledger, put } from './ledger.ts';

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
  for (const event of callsOf(program, /(^|\.)timm\.(\w+\.)*create_model$|(^|\.)torchvision\.models\.get_model$/))
    put(ledger, 'model.arch', argumentOf(event, 'model_name', 0) ?? argumentOf(event, 'name'), text, { quiet: true });
  for (const event of callsOf(
    program,
    /(^|\.)torchvision\.models\.[a-z]\w+$|(^|\.)(keras\.)?applications\.\w*\.?[A-Z]\w+$/,
  )) {
    if (event.name !== 'get_model') imply(ledger, 'model.arch', event.name, event.at);
  }
}
