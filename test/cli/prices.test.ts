import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { built } from '../bundle/built.ts';
import { flopwise } from './run.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopwise-prices-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const json = async (argv: readonly string[], env = {}) =>
  JSON.parse((await flopwise([...argv, '--format', 'json'], '.', { XDG_CACHE_HOME: folder, ...env })).out);

describe('gpus', () => {
  test('a table for people', async () => {
    const { code, out } = await flopwise(['gpus', 'h100']);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toMatch(/^accelerator +vendor +architecture +GiB +GB\/s +TFLOPS/);
    expect(out).toMatch(/^H100-SXM +NVIDIA +Hopper +80 /m);
  });

  test('rows for programs, by memory and cloud', async () => {
    const { version, rows, problems } = await json(['gpus', '--memory', '141', '--cloud', 'aws']);
    expect(version).toBe(1);
    expect(problems).toEqual([]);
    expect(rows.length).toBeGreaterThan(2);
    for (const row of rows) expect(row.memoryGiB).toBeGreaterThanOrEqual(140);
    for (const row of rows) expect(row.clouds).toContain('aws');
  });

  test('a name that is none is told the near ones', async () => {
    const { code, out, error } = await flopwise(['gpus', 'h101']);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain('near: H100-SXM');
  });
});

describe('prices', () => {
  test.each([
    ['hour', 'perAcceleratorHour'],
    ['tflop', 'perUsefulTflopHour'],
    ['gib', 'perGiBHour'],
  ])('sorted by %s, each with its source and no zero', async (by, figure) => {
    const { rows } = await json(['prices', '--by', by]);
    const figures = rows.flatMap((row: Record<string, { micros: number }>) => row[figure]?.micros ?? []);
    expect(figures.length).toBeGreaterThan(100);
    expect(figures).toEqual(figures.toSorted((a: number, b: number) => a - b));
    expect(Math.min(...figures)).toBeGreaterThan(0);
    for (const row of rows) expect(row.source).not.toBe('');
  });

  test('of one accelerator, count, cloud, region and kind', async () => {
    const argv = ['prices', 'H100:8', '--cloud', 'aws', '--region', 'us-east-1', '--kind', 'on-demand'];
    const { rows } = await json(argv);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ cloud: 'aws', count: 8, instanceType: 'p5.48xlarge', kind: 'on-demand' });
  });

  test.each([
    [['--by', 'luck'], '--by luck: one of hour, tflop, gib'],
    [['--kind', 'free'], '--kind free: one of on-demand, spot, reserved'],
    [['--memory', 'much'], '--memory much'],
    [['--format', 'xml'], '--format xml: one of table, json'],
    [['a100', 'h100'], 'one accelerator at a time'],
    [['refresh', '--source', 'rumours'], '--source rumours: one of aws-bulk, aws-spot-advisor'],
  ])('%j is wrong usage', async (argv, said) => {
    const { code, error } = await flopwise(['prices', ...argv]);
    expect(code).toBe(64);
    expect(error).toContain(said);
  });

  test('--help names the lists that a refresh asks', async () => {
    const { code, out } = await flopwise(['prices', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('needs a key in LAMBDA_API_KEY');
  });
});

describe("the project file's rates", () => {
  const project = `currency: EUR
exchange_rate: 0.5
rates:
  H100: 2
discounts:
  - { cloud: aws, family: p5, percent: 25 }
pools:
  gpu-large: { accelerator: A100-80GB, per_node: 4, rate: 1.5 }
`;
  const run = async (argv: readonly string[]) => {
    const place = join(folder, 'owned');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'flopwise.yaml'), project);
    return flopwise(argv, place, { XDG_CACHE_HOME: folder });
  };
  const rowsOf = async (argv: readonly string[]) => JSON.parse((await run([...argv, '--format', 'json'])).out).rows;

  test('stand beside the list prices, in the currency of the file', async () => {
    const rows = await rowsOf(['prices', 'h100-sxm']);
    expect(rows.find(({ kind }: { kind: string }) => kind === 'own')).toMatchObject({
      cloud: 'own',
      perAcceleratorHour: { currency: 'EUR', micros: 2_000_000 },
      asOf: expect.stringMatching(/^20\d\d-\d\d-\d\d$/),
      source: 'flopwise.yaml rates.H100',
    });
    const [pool] = (await rowsOf(['prices', 'a100-80gb', '--count', '4'])).filter(
      ({ kind }: { kind: string }) => kind === 'own',
    );
    expect(pool).toMatchObject({ instanceType: 'gpu-large', count: 4, perHour: { micros: 6_000_000 } });
  });

  test('take discounts off, and say so', async () => {
    const argv = ['prices', 'H100:8', '--cloud', 'aws', '--region', 'us-east-1', '--kind', 'on-demand'];
    const [row] = await rowsOf(argv);
    expect(row).toMatchObject({ discount: 0.25, perHour: { currency: 'EUR', micros: 55_040_000 * 0.75 * 0.5 } });
    expect((await run(argv)).out).toMatch(/EUR\/h .*own discount\n.* 20\.64 .* 25 %/);
  });

  test('are a column of the hardware table', async () => {
    expect((await run(['gpus', 'h100'])).out).toMatch(/H100-SXM .* €2\n/);
    expect((await flopwise(['gpus', 'h100'])).out).not.toContain('own rate');
  });
});

describe('prices refresh', () => {
  const lambda = ['prices', 'refresh', '--source', 'lambda'];
  const offer = (cents: number) => ({
    data: {
      gpu_8x_h100_sxm5: {
        instance_type: {
          name: 'gpu_8x_h100_sxm5',
          price_cents_per_hour: cents,
          gpu_description: 'H100 (80 GB SXM5)',
          specs: { vcpus: 208, memory_gib: 1800, gpus: 8 },
        },
        regions_with_capacity_available: [],
      },
    },
  });
  /** The process with a network that answers everything with one text, and a cache folder of its own. */
  const run = async (cache: string, answer: string, argv: readonly string[] = lambda) => {
    const network = join(folder, `network-${cache}.cjs`);
    const body = `Promise.resolve(Object.defineProperty(new Response(${JSON.stringify(answer)}), "url", { value: String(url) }))`;
    writeFileSync(network, `globalThis.fetch = (url) => ${body};`);
    const env = { XDG_CACHE_HOME: join(folder, cache), LAMBDA_API_KEY: 'key', NODE_OPTIONS: `--require ${network}` };
    return { ...(await flopwise(argv, '.', env)), env };
  };
  const lambdaPrice = async (env: Record<string, string>) => {
    const { rows, problems } = await json(['prices', 'h100-sxm:8', '--cloud', 'lambda', '--kind', 'on-demand'], env);
    return { dollars: rows[0].perHour.micros / 1e6, asOf: rows[0].asOf, problems };
  };

  test('keeps what holds, and what is kept holds from then on', async () => {
    const { code, out, error, env } = await run('kept', JSON.stringify(offer(3333)));
    expect(error).toContain('[1/1]');
    expect(out).toContain('lambda: 1 confirmed or changed');
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'kept', 'flopwise'))).toEqual(['prices.json']);
    const { dollars, asOf, problems } = await lambdaPrice(env);
    expect([dollars, problems]).toEqual([33.33, []]);
    expect(asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  test('keeps nothing in a dry run', async () => {
    const { code, out } = await run('dry', JSON.stringify(offer(3333)), [...lambda, '--dry-run']);
    expect([code, out.split('\n')[1]]).toEqual([0, 'dry run: nothing is kept']);
    expect(readdirSync(folder)).not.toContain('dry');
  });

  test('refuses a price of another unit, and says so', async () => {
    const { code, error } = await run('unit', JSON.stringify(offer(33)));
    expect(code).toBe(2);
    expect(error).toContain('moved from');
    expect(readdirSync(folder)).not.toContain('unit');
  });

  test('Ctrl-C stops it, and nothing is kept', async () => {
    const network = join(folder, 'silent.cjs');
    writeFileSync(
      network,
      'globalThis.fetch = (_, { signal }) => new Promise((_, no) => { const open = setInterval(() => 0, 1000); signal.addEventListener("abort", () => { clearInterval(open); no(Error("cut")); }); });',
    );
    const child = spawn(process.execPath, ['--require', network, built('cli.cjs'), ...lambda], {
      env: { ...process.env, LAMBDA_API_KEY: 'key', XDG_CACHE_HOME: join(folder, 'stopped') },
    });
    let error = '';
    child.stderr.on('data', (part) => {
      error += String(part);
      if (error.includes('[1/1]') && !error.includes('stopped')) child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, error.split('\n').at(-2)]).toEqual([2, 'flopwise: stopped; the prices stay as they were']);
    expect(readdirSync(folder)).not.toContain('stopped');
  });

  test('without a key nothing is asked', async () => {
    const { code, error } = await flopwise(lambda, '.', {
      LAMBDA_API_KEY: '',
      XDG_CACHE_HOME: join(folder, 'keyless'),
    });
    expect(code).toBe(2);
    expect(error).toContain('need a key in LAMBDA_API_KEY');
  });

  test('damaged or old kept prices give way to the shipped ones, with a word', async () => {
    const { env } = await run('old', JSON.stringify(offer(3333)));
    const path = join(folder, 'old', 'flopwise', 'prices.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/"asOf":"[^"]+"/, '"asOf":"2020-01-01"'));
    expect((await lambdaPrice(env)).problems[0].message).toContain('are older than the shipped ones');
    writeFileSync(path, text.slice(0, 5000));
    expect((await lambdaPrice(env)).problems[0].message).toContain('are damaged');
    expect((await lambdaPrice(env)).dollars).not.toBe(33.33);
  });
});
