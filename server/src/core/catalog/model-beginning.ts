/** A part of a name that ends before a separator, and what follows it, without the separator. */
export interface NameBeginning {
  readonly name: string;
  readonly rest: string;
}

/** A size, a mixture's sizes or an active size: it tells the model's own, and not the base's. */
const size = /^(?:a|e)?(?:\d{1,3}x)?\d{1,4}(?:\.\d{1,2})?[mbt]$/;
/** Words by which a family tells its sizes and its architectures apart. */
const otherShape = new Set(
  (
    'multimodal tiny mini small base medium large xl xxl huge giant big nano micro lite light air flash turbo fast plus pro max ' +
    'ultra super next pruned half moe vl v vlm vision visual image video audio omni speech clip ocr captioning vqa ' +
    'generator discriminator encoder decoder draft assistant medusa eagle mtp reranker embedding merge merged'
  ).split(' '),
);
const version = /^v\d/;
/** A day or a month that a release is named by. */
const date = /^\d{4}(?:\d{2}){0,2}$/;

/**
 * The beginnings of a model's name that can be the name of the model it was trained from, longest first: what follows
 * names data, a task, a language or an owner's own words ("whisper-small-hi", "bert-base-uncased-finetuned-mrpc"), and no
 * size or kind that would make another model of it. A version may follow only a name that tells its size.
 */
export function nameBeginnings(name: string): readonly NameBeginning[] {
  const ends = [...name.matchAll(/[-_]/g)].map(({ index }) => index).reverse();
  return ends.flatMap((end) => {
    const beginning = { name: name.slice(0, end), rest: name.slice(end + 1) };
    return canBeBase(beginning) ? [beginning] : [];
  });
}

function canBeBase({ name, rest }: NameBeginning): boolean {
  const words = name.split(/[-_]/);
  const told = words.some((word) => size.test(word));
  // One word names a family rather than a model, unless it is numbered ("gpt2").
  if (words.length < 2 && !/^[a-z]{3,}\d$/.test(name)) return false;
  const [first = '', ...more] = rest.split(/[-_]/);
  if (first === '' || (/^\d+(?:\.\d+)?$/.test(first) && !date.test(first))) return false;
  return ![first, ...more].some((word) => size.test(word) || otherShape.has(word) || (!told && version.test(word)));
}
