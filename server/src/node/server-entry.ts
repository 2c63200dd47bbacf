import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { compiledPath, runBundle } from './compiled.ts';
import { keptFolder } from './kept-folder.ts';

// The parsers are compiled anew in every process. Their first compilation is quick enough for a long time: the second, far
// costlier one would take all processors while the first hints are awaited.
setFlagsFromString('--wasm-tiering-budget=2000000000');
// The engine's own switch against kept code holds here too.
const kept = process.env['NODE_DISABLE_COMPILE_CACHE'] ? undefined : compiledPath(keptFolder(), 'server');
runBundle(join(__dirname, 'server-run.cjs'), kept);
