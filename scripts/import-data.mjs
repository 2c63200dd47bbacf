// Turns CSV tables into the project's own tables: `npm run import-data [-- DIR...]`. Without a folder the shipped tables are
// the base; the rows of `pricing-data/additions` come last in any case.
// Rows of a later folder are added to those of an earlier one; where both have a row of one key, the later one's cells win.
// A row that its source does not date gets the day on which it was retrieved, from `additions/retrieved.csv`.
// Rows that name a thing that no table has are left out and printed. The result is one JSON file a table, one row a line;
// columns whose words repeat (sources, dates, regions) hold positions in a list of strings. Empty stays empty.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCsv, shippedRows } from './read-tables.mjs';

const root = new URL('../', import.meta.url);
const additions = fileURLToPath(new URL('pricing-data/additions/', root));
const given = process.argv.slice(2).filter((folder) => resolve(folder) !== resolve(additions));
const folders = [...given, additions];
const missing = given.find((folder) => !existsSync(folder));
if (missing !== undefined) {
  console.error(`no folder ${missing}`);
  process.exit(64);
}

const text = (from) => ({ read: (row) => row[from]?.trim() || null });
const shared = (from) => ({ ...text(from), shared: true });
const number = (from) => ({ read: (row) => (row[from] === undefined || row[from] === '' ? null : Number(row[from])) });
const list = (from) => ({
  read: (row) => (row[from] ? [...new Set(row[from].split('|').map((one) => one.trim()))] : null),
});
const flag = (from) => ({ read: (row) => (row[from] ? row[from] === '1' : null) });
const made = (read, shared = false) => ({ read, shared });
const provenance = { asOf: shared('as_of'), source: shared('source') };
const retrieved = made(() => null, true);

/** When an undated row was retrieved: of the longest beginning of its source that the list has. */
const retrievals = parseCsv(readFileSync(join(additions, 'retrieved.csv'), 'utf8')).sort(
  (a, b) => b.source.length - a.source.length,
);
const retrievedOf = (source) => retrievals.find((one) => source.startsWith(one.source))?.retrieved ?? null;

/** A model count that its source gives as a rounded size rather than an exact number of parameters. */
const nominal = (row) =>
  row.params_formula === '' && Number(row.params_total) % 1e6 === 0 && Number(row.params_total) >= 1e8;

/** Table: the CSV it is made from, the folder it goes to, its columns, which rows to keep, the order of rows. */
const tables = [
  {
    name: 'accelerators',
    from: 'accelerators.csv',
    to: 'pricing-data',
    columns: {
      name: text('accelerator'),
      vendor: shared('vendor'),
      architecture: shared('architecture'),
      computeCapability: shared('compute_capability'),
      memoryGB: number('memory_gb'),
      usableGiB: number('usable_memory_gib'),
      memoryType: shared('memory_type'),
      bandwidthGBs: number('memory_bandwidth_gb_s'),
      fp32: number('fp32_tflops_dense'),
      tf32: number('tf32_tflops_dense'),
      fp16: number('fp16_tflops_dense'),
      bf16: number('bf16_tflops_dense'),
      fp8: number('fp8_tflops_dense'),
      fp4: number('fp4_tflops_dense'),
      int8: number('int8_tops_dense'),
      interconnect: shared('interconnect'),
      linkGBs: number('interconnect_gb_s_unidir'),
      powerWatts: number('tdp_w'),
      perNode: number('typical_accelerators_per_node'),
      aliases: list('aliases'),
      source: shared('source'),
      note: text('notes'),
    },
    order: (row) => [row.name],
    lacks: (row) => (row.memoryGB === null ? 'no memory size' : ''),
  },
  {
    name: 'instances',
    from: 'instances.csv',
    to: 'pricing-data',
    columns: {
      cloud: shared('cloud'),
      type: text('instance_type'),
      accelerator: shared('accelerator'),
      count: number('accelerator_count'),
      vcpus: number('vcpu'),
      memoryGiB: number('memory_gib'),
      localDiskGB: number('local_nvme_gb'),
      networkGbps: number('network_gbps'),
      interconnect: shared('interconnect'),
      source: shared('source'),
      soldAs: shared('sold_as'),
    },
    order: (row) => [row.cloud, row.type],
    lacks: (row) => (known.accelerators.has(row.accelerator) ? '' : `no accelerator ${row.accelerator}`),
  },
  {
    name: 'offers',
    from: 'prices.csv',
    to: 'pricing-data',
    columns: {
      cloud: shared('cloud'),
      region: shared('region'),
      type: shared('instance_type'),
      onDemand: number('on_demand_usd_per_hour'),
      spot: number('spot_usd_per_hour'),
      ...provenance,
      retrieved,
    },
    order: (row) => [row.cloud, row.type, row.region],
    // A list that adds up parts names a price for machines that nobody can order at it.
    settle: (row) => (known.spotOnly.has(`${row.cloud} ${row.type}`) ? { ...row, onDemand: null } : row),
    lacks: (row) => (known.instances.has(`${row.cloud} ${row.type}`) ? '' : 'no such instance'),
  },
  {
    name: 'hosts',
    from: 'hosts.csv',
    to: 'pricing-data',
    columns: {
      cloud: shared('cloud'),
      region: shared('region'),
      type: text('instance_type'),
      onDemand: number('on_demand_usd_per_hour'),
      ...provenance,
      retrieved,
    },
    order: (row) => [row.cloud, row.type, row.region],
  },
  {
    name: 'commitments',
    from: 'commitments.csv',
    to: 'pricing-data',
    columns: {
      cloud: shared('cloud'),
      scope: shared('scope'),
      region: shared('region'),
      kind: shared('kind'),
      termYears: number('term_years'),
      upfront: shared('upfront'),
      discountPercent: number('discount_pct'),
      perHour: number('effective_usd_per_hour'),
      ...provenance,
      note: shared('notes'),
      retrieved,
    },
    order: (row) => [row.cloud, row.scope, row.region, row.kind, row.termYears],
  },
  {
    name: 'spot-interruption',
    from: 'spot_interruption.csv',
    to: 'pricing-data',
    columns: {
      cloud: shared('cloud'),
      region: shared('region'),
      type: shared('instance_type'),
      minPercent: number('interruption_min_pct'),
      maxPercent: number('interruption_max_pct'),
      savingsPercent: number('savings_pct'),
      ...provenance,
      retrieved,
    },
    order: (row) => [row.cloud, row.type, row.region],
    lacks: (row) => (known.instances.has(`${row.cloud} ${row.type}`) ? '' : 'no such instance'),
  },
  {
    name: 'storage',
    from: 'storage_prices.csv',
    to: 'pricing-data',
    columns: {
      cloud: shared('cloud'),
      service: shared('service'),
      tier: shared('tier'),
      region: shared('region'),
      item: shared('item'),
      usd: number('price_usd'),
      unit: shared('unit'),
      minimumDays: number('min_storage_days'),
      ...provenance,
      retrieved,
    },
    order: (row) => [row.cloud, row.service, row.tier, row.region, row.item],
  },
  {
    name: 'egress',
    from: 'egress_prices.csv',
    to: 'pricing-data',
    columns: {
      cloud: shared('cloud'),
      region: shared('region'),
      direction: shared('direction'),
      destination: shared('destination'),
      fromGB: number('tier_from_gb'),
      toGB: number('tier_to_gb'),
      usdPerGB: number('price_usd_per_gb'),
      ...provenance,
      retrieved,
    },
    order: (row) => [row.cloud, row.region, row.direction, row.destination, row.fromGB],
  },
  {
    name: 'grid',
    from: 'grid_carbon.csv',
    to: 'pricing-data',
    columns: {
      scope: shared('scope'),
      cloud: shared('cloud'),
      region: text('region'),
      country: shared('country_iso3'),
      location: text('location'),
      gramsPerKwh: number('gco2e_per_kwh'),
      pue: number('pue'),
      method: shared('method'),
      ...provenance,
      retrieved,
    },
    order: (row) => [row.scope, row.cloud ?? '', row.region ?? '', row.country ?? '', row.method],
    lacks: (row) => (row.region || row.country ? '' : 'no region or country'),
  },
  {
    name: 'models',
    from: 'models.csv',
    to: 'model-data',
    columns: {
      id: text('hf_id'),
      aliases: list('aliases'),
      family: shared('family'),
      kind: shared('kind'),
      parameters: number('params_total'),
      activeParameters: number('params_active'),
      published: made((row) => (row.params_published && !nominal(row) ? Number(row.params_published) : null)),
      publishedSource: made((row) => (row.params_published && !nominal(row) ? row.published_source : null), true),
      nominal: made((row) => (nominal(row) ? true : null)),
      hidden: number('hidden_size'),
      layers: number('layers'),
      decoderLayers: number('decoder_layers'),
      heads: number('heads'),
      kvHeads: number('kv_heads'),
      headDim: number('head_dim'),
      width: number('intermediate_size'),
      vocabulary: number('vocab_size'),
      maximumPosition: number('max_position'),
      positions: shared('pos_emb'),
      norm: shared('norm'),
      normsPerLayer: number('norms_per_layer'),
      finalNorm: flag('final_norm'),
      embeddingNorm: flag('emb_norm'),
      qkNorm: shared('qk_norm'),
      bias: shared('bias'),
      tied: flag('tie_embeddings'),
      gated: flag('gated_mlp'),
      experts: number('n_experts'),
      expertsPerToken: number('experts_per_token'),
      expertWidth: number('moe_intermediate'),
      sharedExpertWidth: number('shared_expert_intermediate'),
      denseLayers: number('dense_layers'),
      expertStep: number('moe_layer_step'),
      attention: shared('attention'),
      qRank: number('q_lora_rank'),
      kvRank: number('kv_lora_rank'),
      nopeDim: number('qk_nope_head_dim'),
      ropeDim: number('qk_rope_head_dim'),
      valueDim: number('v_head_dim'),
      window: number('sliding_window'),
      embeddingWidth: number('embedding_size'),
      tokenTypes: number('type_vocab'),
      pooler: flag('pooler'),
      sharedLayers: number('shared_layers'),
      melBins: number('n_mels'),
      imageSize: number('image_size'),
      patch: number('patch_size'),
      checkpointType: shared('checkpoint_dtype'),
      source: shared('source'),
      outside: number('params_outside'),
      stateKind: shared('state_kind'),
      stateLayers: number('state_layers'),
      attendingLayers: number('attending_layers'),
      feedForwardLayers: number('feed_forward_layers'),
      stateHeads: number('state_heads'),
      stateHeadDim: number('state_head_dim'),
      stateSize: number('state_size'),
      stateGroups: number('state_groups'),
      stateRank: number('state_rank'),
      stateReach: number('conv_reach'),
      stateChunk: number('chunk_size'),
      expertLatent: number('moe_latent'),
      gatedAttention: flag('gated_attention'),
    },
    order: (row) => [row.id.toLowerCase()],
  },
  {
    name: 'vision-models',
    from: 'vision_models.csv',
    to: 'model-data',
    columns: {
      library: shared('library'),
      name: text('name'),
      aliases: list('aliases'),
      megaParameters: number('params_m'),
      gigaMacs: number('gmacs'),
      megaActivations: number('macts_m'),
      imageSize: number('img_size'),
      ...provenance,
    },
    order: (row) => [row.library, row.name],
  },
  {
    name: 'datasets',
    from: 'datasets.csv',
    to: 'model-data',
    columns: {
      id: text('hf_id'),
      aliases: list('aliases'),
      config: shared('config'),
      split: shared('split'),
      examples: number('num_examples'),
      rounded: made((row) => (row.count_kind === 'rounded' ? true : null)),
      bytes: number('num_bytes'),
      tokens: number('tokens'),
      tokenizer: shared('tokenizer'),
      meanTokens: number('mean_tokens_per_example'),
      modality: shared('modality'),
      imageSize: shared('image_size'),
      hours: number('hours'),
      ...provenance,
    },
    order: (row) => [row.id.toLowerCase(), row.config ?? '', row.split ?? ''],
  },
];

const compare = (a, b) => {
  for (const [i, left] of a.entries()) {
    if (left === b[i]) continue;
    if (typeof left === 'number' && typeof b[i] === 'number') return left - b[i];
    return String(left) < String(b[i]) ? -1 : 1;
  }
  return 0;
};

const known = { accelerators: new Set(), instances: new Set(), spotOnly: new Set() };

for (const table of tables) {
  const names = Object.keys(table.columns);
  const byKey = new Map();
  const path = new URL(`${table.to}/${table.name}.json`, root);
  for (const row of given.length === 0 ? shippedRows(path) : [])
    byKey.set(JSON.stringify(table.order(row)), Object.fromEntries(names.map((name) => [name, row[name] ?? null])));
  for (const folder of folders) {
    const from = join(folder, table.from);
    if (!existsSync(from)) continue;
    for (const raw of parseCsv(readFileSync(from, 'utf8'))) {
      const row = Object.fromEntries(names.map((name) => [name, table.columns[name].read(raw)]));
      const key = JSON.stringify(table.order(row));
      const before = byKey.get(key);
      if (!before) byKey.set(key, row);
      else for (const name of names) before[name] = row[name] ?? before[name];
    }
  }
  for (const row of byKey.values())
    if (names.includes('retrieved')) row.retrieved = row.asOf === null ? retrievedOf(row.source) : null;
  const rows = [...byKey.values()]
    .map((row) => table.settle?.(row) ?? row)
    .filter((row) => {
      const lack = table.lacks?.(row);
      if (lack) console.log(`left out of ${table.name}: ${table.order(row).join(' ')} (${lack})`);
      return !lack;
    })
    .sort((a, b) => compare(table.order(a), table.order(b)));
  if (table.name === 'accelerators') for (const row of rows) known.accelerators.add(row.name);
  if (table.name === 'instances')
    for (const row of rows) {
      known.instances.add(`${row.cloud} ${row.type}`);
      if (row.soldAs === 'spot') known.spotOnly.add(`${row.cloud} ${row.type}`);
    }
  const strings = {};
  for (const name of names.filter((one) => table.columns[one].shared)) {
    strings[name] = [...new Set(rows.map((row) => row[name]).filter((value) => value !== null))].sort();
  }
  const places = Object.fromEntries(
    Object.entries(strings).map(([name, words]) => [name, new Map(words.map((word, i) => [word, i]))]),
  );
  const lines = rows.map((row) => {
    const cells = names.map((name) => (row[name] === null || !places[name] ? row[name] : places[name].get(row[name])));
    while (cells.length > 0 && cells.at(-1) === null) cells.pop();
    return JSON.stringify(cells);
  });
  const head = JSON.stringify({ format: 1, table: table.name, columns: names, strings }).slice(0, -1);
  mkdirSync(new URL(`${table.to}/`, root), { recursive: true });
  writeFileSync(path, `${head},"rows":[\n${lines.join(',\n')}\n]}\n`);
  console.log(`${table.to}/${table.name}.json: ${rows.length} rows`);
}
