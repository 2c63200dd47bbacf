import type { Table } from '#core/report/charts/chart.ts';

/** A table as comma-separated values with a head line (RFC 4180); a cell never starts a formula. */
export function tableToCsv({ columns, rows }: Table): string {
  const lines = [columns.map(({ label }) => label), ...rows.map((row) => row.map(({ text }) => text))];
  return `${lines.map((cells) => cells.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

function csvCell(text: string): string {
  // A spreadsheet would run these; an apostrophe keeps the words. Signs before a digit are figures.
  const safe = /^[=@\t\r]|^[+-](?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A table as Markdown. */
export function tableToMarkdown({ columns, rows }: Table): string {
  const head = columns.map(({ label }) => markdownCell(label));
  const rule = columns.map(({ numeric }) => (numeric ? '--:' : ':--'));
  const lines = rows.map((row) => row.map(({ text }) => markdownCell(text)));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function markdownCell(text: string): string {
  return text.replace(/[\\`*_<>#|~[\]]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, ' ');
}
