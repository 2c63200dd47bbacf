import type { Plot } from '#core/report/charts/chart.ts';
import type { PageFinding, PageJob, PageModel } from '#core/report/page.ts';
import { leadsTo } from './charts/frame.ts';
import { type Element, element } from './nodes.ts';
import { type PageView, plotSection } from './section.ts';

/** What a search has brought for the job that is shown. */
export interface PageSearch {
  readonly plots: readonly Plot[];
  readonly busy: boolean;
  /** For each row of the candidates: `now`, `apply`, or why it has to be changed by hand. */
  readonly rows: readonly string[];
}

/** The body of the report: one job at a time where there is somebody to choose, else all. */
export function reportPage(model: PageModel, view: PageView, chosen: number, search?: PageSearch): Element {
  const { say, interactive } = view;
  const jobs = interactive ? model.jobs.slice(chosen, chosen + 1) : model.jobs;
  return element(
    'main',
    { class: 'report' },
    interactive && model.jobs.length > 1 && jobChooser(model, view, chosen),
    jobs.map((job, at) => jobPart(job, jobs.length > 1 ? { ...view, within: `job${at}-` } : view, search)),
    jobs.length === 0 && element('h1', {}, say('Cost report')),
    jobs.length === 0 && element('p', {}, say('No job is stated here.')),
    model.problems.length > 0 && listPart(say('Not read'), model.problems),
    model.pricesAsOf !== '' && element('p', { class: 'note' }, say('Prices of {0}.', model.pricesAsOf)),
  );
}

function jobChooser({ jobs }: PageModel, { say }: PageView, chosen: number): Element {
  const options = jobs.map(({ name, title }, at) =>
    element('option', { value: at, selected: at === chosen ? true : undefined }, `${name} · ${title}`),
  );
  return element(
    'p',
    { class: 'chooser' },
    element('label', { for: 'job' }, say('Job')),
    element('select', { id: 'job' }, options),
  );
}

function jobPart(job: PageJob, view: PageView, search: PageSearch | undefined): Element {
  const { say, interactive } = view;
  const found = search?.plots.find(({ id }) => id === 'candidates');
  const energy = search?.plots.find(({ id }) => id === 'energy');
  const sections = job.plots.map((plot) => plotSection(plot.id === 'energy' && energy ? energy : plot, view));
  const [memory, ...others] = sections;
  return element(
    'article',
    {},
    element(
      'header',
      {},
      element('h1', {}, job.name),
      element('p', { class: 'answer' }, ...emphasized(job.answer)),
      element('p', { class: 'verdict' }, job.verdict),
      element('p', { class: 'note' }, job.title),
      interactive && job.asks.length > 0 && asksPart(job, view),
      interactive &&
        element(
          'div',
          { class: 'tools', role: 'group', 'aria-label': say('Save the report') },
          element('button', { type: 'button', class: 'save', 'data-save': 'report' }, say('Save report as Markdown')),
        ),
    ),
    factsPart(job, view),
    job.findings.length > 0 && findingsPart(job.findings, view),
    memory,
    found && candidatesPart(found, view, search),
    others,
    job.notes.length > 0 && listPart(say('Rests on'), job.notes),
  );
}

/** What the files leave out, to be stated once. */
function asksPart({ asks }: PageJob, { say }: PageView): Element {
  return element(
    'div',
    { class: 'tools', role: 'group', 'aria-label': say('What the files do not say') },
    asks.map(({ key, title }) => element('button', { type: 'button', class: 'apply', 'data-ask': key }, title)),
  );
}

/** The answer with its figure set off: "$412 (330-520) to train". */
function emphasized(answer: string): (Element | string)[] {
  const figure = /^[^(,]*?(?= \(| to |,|$)/.exec(answer)?.[0] ?? '';
  return /\d/.test(figure) ? [element('strong', {}, figure), answer.slice(figure.length)] : [answer];
}

function factsPart({ rows }: PageJob, { say }: PageView): Element {
  const lines = rows.map(({ label, value, note }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, label),
      element('td', { class: 'figure' }, value),
      element('td', { class: 'note' }, note ?? ''),
    ),
  );
  const head = element(
    'tr',
    { class: 'hidden' },
    [say('Part'), say('Figure'), say('Remark')].map((label) => element('th', { scope: 'col' }, label)),
  );
  return element(
    'section',
    { 'aria-label': say('Figures') },
    element('table', { class: 'facts' }, element('thead', {}, head), element('tbody', {}, lines)),
  );
}

function findingsPart(findings: readonly PageFinding[], { say, interactive, within = '' }: PageView): Element {
  const signs = { error: say('error'), warning: say('warning'), information: say('saving'), hint: say('idea') };
  const items = findings.map(({ severity, message, fixes, place }) =>
    element(
      'li',
      {},
      element('span', { class: `sign ${severity}` }, signs[severity]),
      ' ',
      place && interactive ? element('button', { class: 'go', type: 'button', ...leadsTo(place) }, message) : message,
      fixes.length > 0 &&
        element(
          'ul',
          {},
          fixes.map((fix) => element('li', {}, fix)),
        ),
    ),
  );
  return element(
    'section',
    { 'aria-labelledby': `${within}findings-title` },
    element('h2', { id: `${within}findings-title` }, say('Findings')),
    element('ul', { class: 'findings' }, items),
  );
}

function candidatesPart(plot: Plot, view: PageView, search: PageSearch | undefined): Element {
  const { say, interactive } = view;
  if (!interactive) return plotSection(plot, view);
  const rows = search?.rows ?? [];
  const cells = rows.map((row, at) => {
    if (row === 'now') return say('as it is');
    if (row === '') return '';
    // Why is said once, below: most rows have the same reason.
    if (row !== 'apply') return element('span', { class: 'note', title: row }, say('by hand'));
    const machines =
      plot.table.rows[at]
        ?.map(({ text }) => text)
        .slice(0, 4)
        .join(', ') ?? '';
    const label = say('Apply: {0}', machines);
    return element('button', { type: 'button', class: 'apply', 'data-apply': at, 'aria-label': label }, say('Apply'));
  });
  const reasons = [...new Set(rows.filter((row) => !['now', 'apply', ''].includes(row)))];
  const noted = { ...plot, notes: [...reasons.map((one) => say('by hand: {0}', one)), ...plot.notes] };
  const section = plotSection(noted, view, { label: say('Change'), cells });
  return { ...section, attributes: { ...section.attributes, 'aria-busy': search?.busy ? 'true' : 'false' } };
}

function listPart(title: string, lines: readonly string[]): Element {
  return element(
    'section',
    {},
    element('h2', {}, title),
    element(
      'ul',
      {},
      lines.map((one) => element('li', {}, one)),
    ),
  );
}
