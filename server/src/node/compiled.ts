import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** Milliseconds after a start when what it compiled is kept: by then it has read its first files. */
const keepAfter = 10_000;

/** Where the compiled code of a bundle is kept: one file for an engine, replaced when the bundle changes. */
export function compiledPath(folder: string, name: string): string {
  const { version, arch } = process;
  return join(folder, 'code', `${name}-${version}-${arch}`);
}

/**
 * Runs a CommonJS bundle. Its code is taken as an earlier process compiled it, where that is of the same text and of the same
 * engine; else it is compiled, and kept at `kept` for the next. Nothing that goes wrong with the kept file matters.
 */
export function runBundle(path: string, kept: string | undefined): void {
  const text = readFileSync(path, 'utf8');
  const mark = createHash('sha256').update(text).digest();
  const cachedData = kept === undefined ? undefined : readCode(kept, mark);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename: path,
    ...(cachedData && { cachedData }),
  });
  if (kept !== undefined && (!cachedData || script.cachedDataRejected)) keepLater(script, kept, mark);
  const module = { exports: {} };
  const run: (...words: readonly unknown[]) => void = script.runInThisContext();
  run(module.exports, createRequire(path), module, path, dirname(path));
}

/** The kept code behind the marks of its text and of itself; undefined where there is none for this text, or it is damaged. */
function readCode(kept: string, mark: Buffer): Buffer | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(kept);
  } catch {
    return undefined;
  }
  const code = bytes.subarray(2 * mark.length);
  const own = createHash('sha256').update(code).digest();
  return bytes.subarray(0, 2 * mark.length).equals(Buffer.concat([mark, own])) ? code : undefined;
}

/** Keeps the code once, when it has run for a while or at its end, with all functions that were compiled by then. */
function keepLater(script: Script, kept: string, mark: Buffer): void {
  const keep = () => {
    clearTimeout(timer);
    process.off('exit', keep);
    const code = script.createCachedData();
    writeCode(kept, Buffer.concat([mark, createHash('sha256').update(code).digest(), code]));
  };
  const timer = setTimeout(keep, keepAfter);
  timer.unref();
  process.on('exit', keep);
}

/** Writes beside the old file and then in its place; where that may not be written, nothing is kept. */
function writeCode(kept: string, bytes: Buffer): boolean {
  const beside = `${kept}.${process.pid}.new`;
  try {
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(beside, bytes);
    renameSync(beside, kept);
    return true;
  } catch {
    if (existsSync(beside)) rmSync(beside, { force: true });
    return false;
  }
}
