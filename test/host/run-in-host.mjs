// The suite inside the extension host of a real VS Code, on a copy of the first example. Ends with "N passed, N failed".
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildNodeSuite } from './build-suite.mjs';
import { root, runSuite, startHost } from './host.mjs';

const began = performance.now();
await buildNodeSuite();
const results = mkdtempSync(join(tmpdir(), 'flopwise-result-'));
const file = join(results, 'result.json');
// A local server stands for the hosts of the price lists: AWS's price of eight H100 of today, all others have none.
const lists = createServer((request, response) => {
  const aws = request.url?.includes('skypilot-catalog/master/catalogs/v8/aws/');
  if (!aws) response.writeHead(404).end();
  else
    response.end(
      'InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,SpotPrice,Region\np5.48xlarge,H100,8,192,2048,44,,us-east-1\n',
    );
});
await new Promise((resolve) => lists.listen(0, '127.0.0.1', resolve));
const environment = {
  FLOPWISE_TEST_RESULT: file,
  FLOPWISE_PRICES_MIRROR: `http://127.0.0.1:${lists.address().port}`,
};
const host = await startHost({ files: ['examples/llama-sft'], environment });
const passed = [];
const failed = [];
try {
  const onLog = (line) => {
    if (line.includes('timing:') || process.env.VERBOSE) console.log(line);
  };
  const code = await runSuite(host, { suite: join(root, 'dist-test/index.cjs'), onLog });
  const outcomes = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  for (const { title, state, milliseconds, error } of outcomes) {
    console.log(
      `${state === 'passed' ? 'ok  ' : state} ${title}${milliseconds === undefined ? '' : ` (${milliseconds} ms)`}`,
    );
    if (error) console.log(error);
    if (state === 'passed') passed.push(title);
    if (state === 'failed') failed.push(title);
  }
  if (outcomes.length === 0 || (code !== 0 && failed.length === 0)) failed.push(`the suite ended with ${code}`);
  if (failed.length > 0) {
    mkdirSync(join(root, 'out/screenshots'), { recursive: true });
    await host.page.screenshot({ path: join(root, 'out/screenshots/in-host-failed.png') });
    console.log(`${failed.at(-1)}\n${host.log()}`);
  }
} finally {
  await host.stop();
  lists.closeAllConnections();
  lists.close();
  rmSync(results, { recursive: true, force: true });
}
console.log(`in the extension host: ${((performance.now() - began) / 1000).toFixed(1)} s`);
console.log(`${passed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
