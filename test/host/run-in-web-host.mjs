// The extension's browser entry inside the web worker host, as on vscode.dev. Ends with "N passed, N failed".
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWebSuite } from './build-suite.mjs';
import { root, runSuite, startHost } from './host.mjs';

await buildWebSuite();
// As a browser sees the extension: without its entry for Node, which this host would otherwise choose.
const extension = join(root, 'out/web-extension');
rmSync(extension, { recursive: true, force: true });
mkdirSync(extension, { recursive: true });
const { main: _, extensionKind: __, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(join(extension, 'package.json'), JSON.stringify(manifest));
for (const name of ['package.nls.json', 'dist']) cpSync(join(root, name), join(extension, name), { recursive: true });
// The host that holds the extension runs a suite that lies in it.
cpSync(join(root, 'dist-test/web.cjs'), join(extension, 'suite.cjs'));
const host = await startHost({ files: ['examples/llama-sft'] });
let code;
try {
  const onLog = (line) => {
    if (line.includes('web host:') || process.env.VERBOSE) console.log(line);
  };
  code = await runSuite(host, { suite: join(extension, 'suite.cjs'), extension, kind: 'web', onLog });
  if (code !== 0) console.log(`the suite ended with ${code}\n${host.log()}`);
} finally {
  await host.stop();
}
console.log(code === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exitCode = code === 0 ? 0 : 1;
