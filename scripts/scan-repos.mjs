// Scans repositories as a user would, and prints what it took: node scripts/scan-repos.mjs [--cli dist/cli.cjs] FOLDER...
// With --silent N, takes N random files (the same for the same --seed) of folders that hold no machine learning, each in a place of
// its own, and names every job that is found among them: there should be none. Run by hand; `node esbuild.mjs` first.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    cli: { type: 'string', default: 'dist/cli.cjs' },
    silent: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const cli = resolve(options.cli);
const endings = new Set(['.py', '.ipynb', '.yaml', '.yml', '.json', '.toml', '.sh', '.tf', '.hcl', '.sbatch', '']);

if (options.silent) await checkSilent(Number(options.silent), Number(options.seed));
else await measure();

/** A line of a Markdown table for every folder: with an empty cache, then with the one that this left. */
async function measure() {
  console.log(
    '| repository | files | first scan | processor time | with the cache | processor time | peak memory | jobs | findings |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const folder of folders) {
    const cache = mkdtempSync(join(tmpdir(), 'flopwise-scan-'));
    const cold = await scan(folder, ['--cache', cache]);
    const warm = await scan(folder, ['--cache', cache]);
    rmSync(cache, { recursive: true });
    const files = filesBelow(folder).length;
    if (cold.code !== 0 || cold.out !== warm.out) {
      console.log(
        `| ${basename(folder)} | ${files} | failed with ${cold.code}: ${cold.error.split('\n')[0]} | | | | | | |`,
      );
      process.exitCode = 1;
      continue;
    }
    const { workloads, totals } = JSON.parse(cold.out);
    const findings = Object.values(totals.findings).reduce((sum, one) => sum + one, 0);
    const seconds = (one) => `${one.toFixed(1)} s`;
    const cells = [
      basename(folder).replace('+', '/'),
      files,
      seconds(cold.wall),
      seconds(cold.processor),
      seconds(warm.wall),
      seconds(warm.processor),
      `${Math.round(cold.memory / 1024)} MiB`,
      workloads.length,
      findings,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

async function checkSilent(count, seed) {
  const all = folders.flatMap((folder) => filesBelow(folder)).filter((path) => endings.has(extname(path)));
  const random = randomFrom(seed);
  const chosen = all
    .map((path) => ({ path, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ path }) => path);
  const place = mkdtempSync(join(tmpdir(), 'flopwise-silent-'));
  for (const [at, path] of chosen.entries()) {
    const to = join(place, String(at), basename(path));
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(path, to);
  }
  const { code, out, error } = await scan(place, []);
  if (code !== 0) throw new Error(error);
  const { workloads } = JSON.parse(out);
  const kinds = [...new Set(chosen.map((path) => extname(path) || 'none'))].sort().join(' ');
  console.log(`${chosen.length} files of ${all.length} (${kinds}): ${workloads.length} jobs`);
  for (const { main, answer } of workloads) {
    const at = /(\d+)\/[^/]+$/.exec(main)?.[1];
    console.log(`  ${chosen[Number(at)] ?? main}: ${answer}`);
    process.exitCode = 1;
  }
  rmSync(place, { recursive: true });
}

/** Scans a folder in a process of its own; seconds of wall clock and processor, and the most memory it had in KiB (Linux). */
function scan(folder, words) {
  const started = performance.now();
  const child = spawn(process.execPath, [cli, 'scan', folder, '--format', 'json', '--fail-on', 'never', ...words]);
  let [out, error, memory, processor] = ['', '', 0, 0];
  const look = setInterval(() => {
    try {
      memory = Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? memory);
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      processor = (Number(fields[11]) + Number(fields[12])) / 100;
    } catch (gone) {
      if (gone.code !== 'ENOENT' && gone.code !== 'ESRCH') throw gone;
    }
  }, 20);
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    error += text;
  });
  return new Promise((done) => {
    child.on('close', (code) => {
      clearInterval(look);
      done({ code, out, error, memory, processor, wall: (performance.now() - started) / 1000 });
    });
  });
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/.git'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Numbers of 0 to 1 that a seed fixes (mulberry32). */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
