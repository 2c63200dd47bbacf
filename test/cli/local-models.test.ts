import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hubFolder, readHub } from '#server/node/hub-cache.ts';
import { flopwise } from './run.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopwise-hub-'));
  const config = {
    model_type: 'llama',
    hidden_size: 1024,
    intermediate_size: 4096,
    num_attention_heads: 16,
    num_hidden_layers: 8,
    vocab_size: 32000,
  };
  put('models--ada--own/blobs/abc', JSON.stringify(config));
  put('models--ada--own/refs/main', 'c0ffee\n');
  put('models--ada--own/snapshots/0ld/config.json', '{}');
  mkdirSync(join(folder, 'hub/models--ada--own/snapshots/c0ffee'), { recursive: true });
  symlinkSync('../../blobs/abc', join(folder, 'hub/models--ada--own/snapshots/c0ffee/config.json'));
  put('models--ada--tuned/snapshots/1/adapter_config.json', '{"base_model_name_or_path":"ada/own"}');
  const header = JSON.stringify({ w: { dtype: 'BF16', shape: [1000, 1000], data_offsets: [0, 2_000_000] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  put('models--weights/snapshots/1/model.safetensors', Buffer.concat([length, Buffer.from(`${header}weights`)]));
  put('models--empty/snapshots/1/README.md', 'nothing');
  put('datasets--ada--text/snapshots/1/config.json', '{}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string | Buffer): void {
  const whole = join(folder, 'hub', path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
}

describe('the local Hugging Face cache', () => {
  test('is where the environment says', () => {
    expect(hubFolder({}, '/home/ada')).toBe(join('/home/ada', '.cache', 'huggingface', 'hub'));
    expect(hubFolder({ HF_HOME: '/data/hf' }, '/home/ada')).toBe(join('/data/hf', 'hub'));
    expect(hubFolder({ HF_HUB_CACHE: '/data/hub', HF_HOME: '/data/hf' }, '/home/ada')).toBe('/data/hub');
    expect(hubFolder({ HF_HOME: 'here' }, '/home/ada')).toBe(join('/home/ada', '.cache', 'huggingface', 'hub'));
  });

  test('gives the files of the current snapshot, of weights the header only', async () => {
    const models = await readHub(join(folder, 'hub'));
    expect(models.map(({ id }) => id)).toEqual(['ada/own', 'ada/tuned', 'weights']);
    expect(models[0]?.config).toContain('"hidden_size":1024');
    expect(models[2]?.safetensors?.map((one) => Buffer.from(one).toString().endsWith('}}'))).toEqual([true]);
    expect(await readHub(join(folder, 'none'))).toEqual([]);
  });

  test.each([
    ['ada/own', 199_771_136],
    ['ada/tuned', 199_771_136],
    ['weights', 1_000_000],
  ])('%s is counted by its files', async (id, parameters) => {
    const path = join(folder, `${id.replace('/', '-')}.yaml`);
    writeFileSync(
      path,
      `base_model: ${id}\ndatasets:\n  - path: tatsu-lab/alpaca\n    type: alpaca\nsequence_len: 2048\nmicro_batch_size: 2\nnum_epochs: 1\noptimizer: adamw_torch\nbf16: true\n`,
    );
    const argv = ['estimate', path, '--format', 'json', '--accelerator', 'A100', '--fail-on', 'never'];
    const { workloads } = JSON.parse((await flopwise(argv, '.', { HF_HOME: folder, HF_HUB_CACHE: '' })).out);
    expect(workloads[0].estimate.parameters.likely).toBe(parameters);
  });
});
