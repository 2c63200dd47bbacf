// The extension's browser entry inside the web worker host, as on vscode.dev. Ends with "N passed, N failed".
import { join } from 'node:path';
import { buildWebSuite } from './build-suite.mjs';
import { root, runSuite, startHost } from './host.mjs';

await buildWebSuite();
const host = await startHost({ files: ['examples/llama-sft'] });
let code;
try {
  const onLog = (line) => {
    if (line.includes('web host:') || process.env.VERBOSE) console.log(line);
  };
  code = await runSuite(host, { suite: join(root, 'dist-test/web.cjs'), kind: 'web', onLog });
  if (code !== 0) console.log(`the suite ended with ${code}\n${host.log()}`);
} finally {
  await host.stop();
}
console.log(code === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exitCode = code === 0 ? 0 : 1;
