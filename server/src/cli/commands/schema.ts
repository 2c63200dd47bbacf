import { projectJsonSchema } from '#core/project/json-schema.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { reportSchema } from '../spec/report-schema.ts';
import { specSchema } from '../spec/schema.ts';
import type { Command } from './index.ts';

const schemas: Readonly<Record<string, () => unknown>> = {
  spec: specSchema,
  project: projectJsonSchema,
  report: reportSchema,
};

/** Prints a published JSON schema. */
export const command: Command = {
  name: 'schema',
  usage: 'schema spec|project|report',
  summary: 'the JSON schema of a spec file, of flopwise.yaml, or of what --format json prints',
  async run(argv: readonly string[], host: CliHost): Promise<ExitCode> {
    const name = argv.length === 1 ? (argv[0] ?? '') : '';
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (!schema) throw new KnownError('schema knows three names: spec, project and report', exit.usage);
    host.out(JSON.stringify(schema(), undefined, 2));
    return exit.fine;
  },
};
