// What `extensionTestsPath` loads: runs the suite inside the extension host and leaves its outcome in a file.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { define } from './surfaces.ts';

interface Outcome {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly milliseconds?: number;
  readonly error?: string;
}

/** Rejects where a test fails, as the host expects. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: 'spec' });
  mocha.suite.emit('pre-require', globalThis as never, '', mocha);
  define();
  const outcomes: Outcome[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) =>
      outcomes.push({ title: test.fullTitle(), state: 'passed', milliseconds: test.duration ?? 0 }),
    );
    runner.on('fail', (test, fault: Error) =>
      outcomes.push({ title: test.fullTitle(), state: 'failed', error: fault.stack ?? fault.message }),
    );
    runner.on('pending', (test) => outcomes.push({ title: test.fullTitle(), state: 'skipped' }));
  });
  const file = process.env['FLOPWISE_TEST_RESULT'];
  if (file) writeFileSync(file, JSON.stringify(outcomes));
  if (failures > 0) throw new Error(`${failures} failed`);
}
