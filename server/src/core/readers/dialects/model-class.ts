import { type KeyForm, mapped, readOnly, text } from './key-form.ts';

/** Tails of the names of transformers' model classes that tell labels, spans, scores or alternatives, or end with their states. */
const overClasses =
  /(?:^|\.)(?:\w*For(?:SequenceClassification|TokenClassification|QuestionAnswering|MultipleChoice|NextSentencePrediction|ImageClassification|AudioClassification|VideoClassification|RewardModel|TextEncoding)|AutoModel|SentenceTransformer)$/;
/** Those of encoders that bring every token back to the vocabulary. */
const overVocabulary = /For(?:MaskedLM|PreTraining)$/;

/**
 * What the head of a model class of transformers leads to, where its name says other than the kind of model would: classes, or an
 * encoder's vocabulary. A causal or sequence-to-sequence class says nothing new.
 */
export function headOfClass(path: string): 'vocabulary' | 'classes' | undefined {
  if (overClasses.test(path)) return 'classes';
  return overVocabulary.test(path) ? 'vocabulary' : undefined;
}

/** A key that names a model class. */
export function modelClass(): KeyForm {
  return readOnly(
    mapped(text('model.head'), (_, value) => {
      const head = typeof value === 'string' ? headOfClass(value) : undefined;
      return head && { value: head, derived: true };
    }),
  );
}
