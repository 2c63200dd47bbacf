import type { Role } from '../../facts/reading.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';
import { at, type DataNode, entryOf } from '../../syntax/data.ts';
import type { ReadContext, Reader, ReaderInfo } from '../reader.ts';
import { mountedFiles } from './config-map.ts';
import { words } from './form.ts';
import { jobReader } from './job-reader.ts';
import type { Lacks } from './lack.ts';
import { entriesAt, type Manifest, manifestsOf } from './manifest.ts';
import { nodeLacks } from './node-labels.ts';
import { add, imply, newSheet, put, type Sheet, type Survey, survey, valueOn } from './sheet.ts';

/** How one family of Kubernetes objects is read. */
export interface KubernetesFormat {
  readonly id: string;
  readonly info: ReaderInfo;
  readonly kinds: readonly string[];
  /** The API group, where other projects use the same kind. */
  readonly group?: RegExp;
  readonly role: Role | ((manifest: Manifest) => Role);
  /** Fills the sheet of one object; answers where the sum belongs, or undefined where the object is no workload. */
  fill(sheet: Sheet, manifest: Manifest, context: ReadContext, all: readonly Manifest[]): DataNode | Span | undefined;
  /** Why objects of this kind have no word for some facts. */
  readonly lacks?: Lacks;
}

/** The lens of a family of Kubernetes objects. */
export function kubernetesReader(format: KubernetesFormat): Reader {
  const kinds = new RegExp(`(?:^|[\\s"'])kind["']?\\s*:\\s*["']?(?:${format.kinds.join('|')})\\b`);
  return jobReader({
    id: format.id,
    info: format.info,
    languages: ['yaml', 'json'],
    mentions: (text) => kinds.test(text) && text.includes('apiVersion'),
    surveys: (file, context) => readObjects(format, file, context),
    lacks: { ...nodeLacks, ...format.lacks },
  });
}

function readObjects(format: KubernetesFormat, file: SourceFile, context: ReadContext): readonly Survey[] {
  const all = manifestsOf(file, context.syntax);
  return all.flatMap((manifest) => {
    if (!format.kinds.includes(manifest.kind)) return [];
    if (format.group && !format.group.test(manifest.apiVersion)) return [];
    const sheet = newSheet(file);
    putMetadata(sheet, manifest);
    const anchor = format.fill(sheet, manifest, context, all);
    if (!anchor) return [];
    const span = 'kind' in anchor ? anchor.span : anchor;
    const role = typeof format.role === 'function' ? format.role(manifest) : format.role;
    const one = survey(sheet, format.id, manifest.name, role, span);
    const embedded = mountedFiles(manifest, all, sheet.references);
    return [embedded.length > 0 ? { ...one, reading: { ...one.reading, embedded } } : one];
  });
}

/** Puts name and queue; a generated name's stem is derived. */
function putMetadata(sheet: Sheet, manifest: Manifest): void {
  const { root, nameNode } = manifest;
  if (at(root, 'metadata', 'name')) put(sheet, 'job.name', nameNode, words);
  else if (nameNode?.kind === 'scalar') add(sheet, 'job.name', manifest.name, nameNode.span, true);
  putQueue(sheet, at(root, 'metadata'));
}

/** Puts the local queue that Kueue's label (or an older annotation) names. */
export function putQueue(sheet: Sheet, metadata: DataNode | undefined): void {
  for (const part of ['labels', 'annotations']) {
    for (const { key, value } of entriesAt(metadata, part)) {
      if (/^kueue\.x-k8s\.io\/queue-name$|^scheduling\.volcano\.sh\/queue-name$|^kai\.scheduler\/queue$/.test(key)) {
        put(sheet, 'job.queue', value, words);
      }
    }
  }
}

/** The span of a key, for a sum that belongs beside it. */
export function keySpan(node: DataNode | undefined, ...path: readonly string[]): Span | undefined {
  const last = path.at(-1);
  return last === undefined ? undefined : entryOf(at(node, ...path.slice(0, -1)), last)?.keySpan;
}

/** Where the sum of an object belongs: its devices' resources, else the kind. */
export function resourcesAnchor(manifest: Manifest, container: DataNode | undefined): DataNode | Span {
  return keySpan(container, 'resources') ?? at(manifest.root, 'kind') ?? manifest.root;
}

/** Nodes times devices on each, where both are fixed. */
export function putTotals(sheet: Sheet): void {
  const nodes = sheet.facts.find((fact) => fact.name === 'hardware.nodes');
  if (nodes?.origin.kind !== 'code') return;
  const why = 'This is the number of nodes times the devices on each.';
  const gpus = valueOn(sheet, 'hardware.gpus_per_node');
  if (gpus) imply(sheet, 'hardware.total_gpus', Number(nodes.value) * gpus, nodes.origin.span, why);
  const others = valueOn(sheet, 'hardware.accelerators_per_node');
  if (others) imply(sheet, 'hardware.total_accelerators', Number(nodes.value) * others, nodes.origin.span, why);
}
