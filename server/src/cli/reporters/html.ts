import type { AnalyzedWorkload } from '#core/analyze.ts';
import { totalsOf } from '#core/diff/totals.ts';
import { describePage } from '#core/report/page.ts';
import { phraseTotals } from '#core/report/totals.ts';
import { sayPlain } from '#core/report/words.ts';
import { placeOf } from '#core/source/lines.ts';
import chartStyle from '../../page/chart.css';
import { type Element, element, renderNode } from '../../page/nodes.ts';
import pageStyle from '../../page/page.css';
import { reportPage } from '../../page/page.ts';
import type { CliHost } from '../host.ts';
import type { Reported, Reporter } from './index.ts';
import { formatFiles } from './place.ts';

/** One file with the charts of the report panel: it loads nothing and runs nothing. */
export const reporter: Reporter = { id: 'html', report: reportHtml };

/** Pixels of a chart; the page's style lets it shrink. */
const chartWidth = 640;

function reportHtml(reported: Reported, host: Pick<CliHost, 'show' | 'version'>): string {
  const { workloads, problems, files, pricesAsOf, worldOf } = reported;
  const model = describePage({
    workloads: workloads.map((one) => named(one, host)),
    problems,
    pricesAsOf,
    say: sayPlain,
    worldOf,
    placeOf(span) {
      const file = files.get(span.uri);
      const { line, column } = file ? placeOf(file, span.start) : { line: 1, column: 1 };
      return { uri: host.show(span.uri), line: line - 1, character: column - 1 };
    },
  });
  const body = reportPage(model, { say: sayPlain, width: chartWidth, interactive: false }, 0);
  const head = workloads.length > 1 ? [summary(reported, host)] : [];
  const title = model.jobs.length === 1 ? (model.jobs[0]?.name ?? '') : 'Cost report';
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  const page = element(
    'html',
    { lang: 'en' },
    element(
      'head',
      {},
      element('meta', { charset: 'utf-8' }),
      element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
      element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      element('meta', { name: 'generator', content: `flopwise ${host.version}` }),
      element('title', {}, title),
    ),
    element('body', {}, ...head, body),
  );
  // A style sheet of ours is text that nobody escapes; it holds no end of a tag.
  return `<!DOCTYPE html>\n${renderNode(page).replace('</head>', `<style>${pageStyle}${chartStyle}</style></head>`)}`;
}

/** A job under the names of its files, as every other format has it. */
function named(one: AnalyzedWorkload, host: Pick<CliHost, 'show'>): AnalyzedWorkload {
  const { workload } = one;
  return { ...one, workload: { ...workload, name: formatFiles(workload.files, workload.main, host) } };
}

function summary({ workloads }: Reported, host: Pick<CliHost, 'show'>): Element {
  const rows = workloads.map(({ workload, report, findings }) => {
    const grave = findings.filter(({ severity }) => severity === 'error' || severity === 'warning').length;
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, host.show(workload.main)),
      element('td', {}, report.answer),
      element('td', {}, report.verdict),
      element('td', { class: 'number' }, grave > 0 ? String(grave) : ''),
    );
  });
  const head = ['Job', 'Answer', 'Memory', 'Errors and warnings'].map((label) =>
    element('th', { scope: 'col' }, label),
  );
  return element(
    'header',
    {},
    element('h1', {}, 'Cost report'),
    element('p', { class: 'answer' }, phraseTotals(totalsOf(workloads))),
    element('table', {}, element('thead', {}, element('tr', {}, head)), element('tbody', {}, rows)),
  );
}
