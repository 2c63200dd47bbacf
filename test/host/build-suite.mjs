// Bundles the suites that run inside an extension host; only `vscode` stays outside.
import { build } from 'esbuild';

const common = { bundle: true, format: 'cjs', external: ['vscode'], logLevel: 'error', sourcemap: 'inline' };

/** The suite with mocha inside, for the desktop host. */
export async function buildNodeSuite() {
  await build({
    ...common,
    platform: 'node',
    target: 'node20',
    entryPoints: ['test/host/suite/index.ts'],
    outfile: 'dist-test/index.cjs',
  });
}

/** The plain suite for the web worker host, which has no Node. */
export async function buildWebSuite() {
  await build({
    ...common,
    platform: 'browser',
    target: 'es2023',
    entryPoints: ['test/host/web-suite/index.ts'],
    outfile: 'dist-test/web.cjs',
  });
}
