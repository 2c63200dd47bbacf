import type { DocumentSelector } from 'vscode-languageclient';

/** Where documents may lie: disk, unsaved, virtual file systems, a remote as the browser's own host sees it. */
const schemes = ['file', 'untitled', 'vscode-vfs', 'vscode-remote', 'vscode-userdata', 'memfs', 'github'];

/** Languages that some reader reads. */
const languages = [
  'python',
  'yaml',
  'dockercompose',
  'json',
  'jsonc',
  'toml',
  'shellscript',
  'terraform',
  'opentofu',
  'hcl',
];

/** Names by which job files are known where no language extension is installed. */
const patterns = ['**/*.{toml,tf,tfvars,hcl,sbatch,slurm,pbtxt}'];

/** The documents that the server is told of. Notebook cells come through the notebook's own synchronisation. */
export const documentSelector: DocumentSelector = schemes.flatMap((scheme) => [
  ...languages.map((language) => ({ scheme, language })),
  ...patterns.map((pattern) => ({ scheme, pattern })),
]);
