import { type ParseError, parse as parseJsonc } from 'jsonc-parser';
import { parseAllDocuments } from 'yaml';
import type { ChangeableFact } from '#core/facts/changeable.ts';
import { type Fact, sameValue } from '#core/facts/fact.ts';
import type { Reading } from '#core/facts/reading.ts';
import type { FactName, FactValue } from '#core/facts/vocabulary.ts';
import { movesWith } from '#core/readers/dialects/held-write.ts';
import { isRefusal, type ReadContext, type Reader, type SpecChange } from '#core/readers/reader.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { applyEdits } from '#core/source/span.ts';
import type { SyntaxNode } from '#core/syntax/tree.ts';

/** Values that a change may ask for: those of rules, and odd ones that no default hides. */
export const samples: Readonly<Record<ChangeableFact, readonly FactValue[]>> = {
  'training.precision': ['bf16', 'fp16'],
  'training.per_device_batch_size': [3],
  'training.gradient_accumulation_steps': [6],
  'training.gradient_checkpointing': [true, false],
  'training.compile': [true, false],
  'training.liger_kernel': [true],
  'optimizer.name': ['adamw_8bit', 'adamw', 'adafactor'],
  'model.attn_implementation': ['flash_attention_2', 'sdpa'],
  'data.packing': [true, false],
  'checkpoint.save_steps': [250],
  'checkpoint.save_total_limit': [2],
  'peft.method': ['lora', 'qlora'],
  'lora.r': [24],
  'quantization.bits': [4, 8],
  'quantization.method': ['nf4', 'awq'],
  'parallel.zero_stage': [2, 3],
  'parallel.tp': [2],
  'hardware.accelerator': ['h100', 'l4', 'a100-80gb'],
  'hardware.gpus_per_node': [3],
  'hardware.nodes': [5],
  'hardware.instance_type': ['p4d.24xlarge', 'ml.p4d.24xlarge', 'a3-highgpu-8g', 'Standard_ND96isr_H100_v5'],
  'hardware.spot': [true, false],
  'hardware.time_limit_hours': [7.5],
  'serving.max_model_len': [6144],
  'serving.max_num_seqs': [96],
  'serving.max_batched_tokens': [12288],
  'serving.gpu_memory_utilization': [0.87],
  'serving.kv_dtype': ['fp8'],
  'serving.dtype': ['bf16'],
};

/** What became of one change. */
export type Outcome =
  | { readonly kind: 'change' | 'add'; readonly text: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'broken'; readonly why: string; readonly text: string };

/** Sets one fact of one reading and looks whether the law of writing holds. */
export function tryChange(
  reader: Reader,
  file: SourceFile,
  reading: Reading,
  change: SpecChange,
  context: ReadContext,
): Outcome {
  const before = reading.facts.find((fact) => fact.name === change.name && fact.origin.kind === 'code');
  const result = reader.write(file, reading.name, change, context);
  if (isRefusal(result)) return { kind: 'refused', why: result.refused };
  const here = before !== undefined && sameValue(before.value, change.value);
  if (result.edits.length === 0) {
    return here ? { kind: 'none' } : { kind: 'broken', why: 'no edit, and the value is another', text: '' };
  }
  const text = applyEdits(file.text, result.edits);
  const broken = (why: string): Outcome => ({ kind: 'broken', why, text });
  if (here) return broken('an edit where the value stands already');
  const spans = result.edits.map((edit) => edit.span).sort((a, b) => a.start - b.start);
  if (spans.some((span) => span.uri !== file.uri)) return broken('an edit of another file');
  if (spans.some((span, at) => span.start < (spans[at - 1]?.end ?? 0))) return broken('edits that overlap');
  if (file.text.includes('\r\n') && /(?<!\r)\n/.test(text)) return broken('a line break of another kind');
  const after: SourceFile = { ...file, version: file.version + 1, text };
  const harm = harmOf(file, after, context);
  if (harm) return broken(harm);
  const again = reader.read(after, context).find((one) => one.name === reading.name);
  if (!again) return broken('the workload is gone');
  const now = again.facts.find((fact) => fact.name === change.name);
  if (!now || !sameValue(now.value, change.value)) return broken(`read back as ${String(now?.value)}`);
  if (now.origin.kind !== 'code') return broken('read back as a default');
  const moved = movedFacts(reading, again, change.name);
  if (moved.length > 0) return broken(`moved ${moved.join(', ')}`);
  return { kind: before ? 'change' : 'add', text };
}

/** Stated facts, other than the one that was set, that are not as before. */
function movedFacts(before: Reading, after: Reading, name: FactName): readonly string[] {
  const stated = (fact: Fact) => fact.origin.kind === 'code' && fact.origin.derived !== true;
  const names = new Set([...before.facts, ...after.facts].map((fact) => fact.name));
  return [...names].flatMap((one) => {
    if (one === name || movesWith(name, one)) return [];
    const [a, b] = [before, after].map((reading) => reading.facts.find((fact) => fact.name === one));
    if (a && b && sameValue(a.value, b.value)) return [];
    const told = (a !== undefined && stated(a)) || (b !== undefined && stated(b));
    return told ? [`${one} ${String(a?.value)} -> ${String(b?.value)}`] : [];
  });
}

/** What a parser of the language says of the new text that it did not say of the old one. */
function harmOf(before: SourceFile, after: SourceFile, context: ReadContext): string | undefined {
  const count = (file: SourceFile): number => {
    switch (file.languageId) {
      case 'yaml':
        return parseAllDocuments(file.text, { logLevel: 'silent' }).reduce(
          (sum, document) => sum + ('errors' in document ? document.errors.length : 0),
          0,
        );
      case 'json': {
        const errors: ParseError[] = [];
        parseJsonc(file.text, errors, { allowTrailingComma: true });
        return errors.length;
      }
      case 'toml':
      case 'pbtxt':
      case 'hcl':
        return context.syntax.data(file).reduce((sum, document) => sum + document.problems.length, 0);
      default:
        return errorsIn(context.syntax.tree(file));
    }
  };
  // What a loader already refuses (a template, half a line) tells nothing of the edit.
  return count(before) === 0 && count(after) > 0 ? 'the text does not parse any more' : undefined;
}

function errorsIn(node: SyntaxNode, root = true): number {
  const own = node.type === 'ERROR' || (node.start === node.end && !root) ? 1 : 0;
  return node.children.reduce((sum, child) => sum + errorsIn(child, false), own);
}
