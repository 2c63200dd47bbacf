import { type ConfigView, find, placeOfValue } from './config-view.ts';
import { addFact, type Gathered, toFact } from './key-map.ts';

const shardings = /^(?:full_shard|shard_grad_op|hybrid_shard|hybrid_shard_zero2|no_shard)$/i;

/** The Trainer's `fsdp` options (one string or a list) and its `fsdp_config`: what is chosen, at the word that chooses it. */
export function readFsdp(view: ConfigView, gathered: Gathered): void {
  const found = find(view, 'fsdp');
  const node = found?.node;
  const words =
    node?.kind === 'list' ? node.items.filter((item) => item.kind === 'scalar') : node?.kind === 'scalar' ? [node] : [];
  for (const word of words) {
    if (typeof word.value !== 'string') continue;
    const chosen = word.value.split(/[\s,]+/).find((one) => shardings.test(one));
    const isDerived = chosen !== word.value;
    if (chosen) addFact(gathered, toFact('parallel.fsdp_sharding', chosen.toLowerCase(), word.span, isDerived));
    if (/\boffload\b/.test(word.value)) addFact(gathered, toFact('parallel.offload_params', 'cpu', word.span, true));
    if (word.value !== '') addFact(gathered, toFact('parallel.strategy', 'fsdp', word.span, true));
  }
  if (node?.kind === 'scalar' && node.value === true)
    addFact(gathered, toFact('parallel.strategy', 'fsdp', node.span, true));
  const settings = find(view, 'fsdp_version') ?? find(view, 'fsdp_config');
  const empty =
    settings?.node.kind === 'scalar'
      ? settings.node.value === null
      : settings?.node.kind === 'map' && settings.node.entries.length === 0;
  if (settings && !empty) {
    const place = settings.node.kind === 'scalar' ? placeOfValue(settings) : settings.keySpan;
    addFact(gathered, toFact('parallel.strategy', 'fsdp', place, true));
  }
}
