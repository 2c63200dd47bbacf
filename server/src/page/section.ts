import type { Cell, Plot, Table } from '#core/report/charts/chart.ts';
import type { Say } from '#core/report/words.ts';
import { drawChart } from './charts/draw.ts';
import { leadsTo } from './charts/frame.ts';
import { type Element, element, type Node } from './nodes.ts';

/** How a page is shown. */
export interface PageView {
  readonly say: Say;
  /** Pixels that a chart may take. */
  readonly width: number;
  /** With buttons that lead to code, save and apply; a file has none. */
  readonly interactive: boolean;
  /** Begins the ids of what one job shows, where several stand on a page. */
  readonly within?: string;
}

/** What may be done with the rows of a table: one node a row in a last column. */
export interface RowActions {
  readonly label: string;
  readonly cells: readonly Node[];
}

/** One plot with its table beside it. */
export function plotSection(plot: Plot, view: PageView, actions?: RowActions): Element {
  const { id, title, summary, chart, table, notes } = plot;
  const { say, interactive, within = '' } = view;
  return element(
    'section',
    { class: 'plot', 'aria-labelledby': `${within}${id}-title`, 'data-plot': id },
    element('h2', { id: `${within}${id}-title` }, title),
    element('p', { class: 'summary' }, summary),
    (chart ?? table.rows.length > 0) &&
      element(
        'div',
        { class: actions ? 'pair wide' : 'pair' },
        chart && element('div', { class: 'picture' }, drawChart(chart, view.width, `${title}. ${summary}`, say)),
        table.rows.length > 0 && tableBox(title, table, view, actions),
      ),
    notes.map((note) => element('p', { class: 'note' }, note)),
    interactive && table.rows.length > 0 && saveButtons(id, title, chart !== undefined, say),
  );
}

function tableBox(title: string, table: Table, view: PageView, actions: RowActions | undefined): Element {
  const head = table.columns.map(({ label, numeric }) =>
    element('th', { scope: 'col', class: numeric ? 'number' : undefined }, label),
  );
  const rows = table.rows.map((row, at) => {
    const cells = row.map((one, column) => {
      const numeric = table.columns[column]?.numeric ? 'number' : undefined;
      const inside = numeric && !one.place ? rangeNodes(one.text) : cellNode(one, view);
      return column === 0
        ? element('th', { scope: 'row', class: numeric }, inside)
        : element('td', { class: numeric }, inside);
    });
    return element('tr', { 'data-row': at }, cells, actions && element('td', { class: 'change' }, actions.cells[at]));
  });
  return element(
    'div',
    {
      class: 'table',
      role: 'region',
      'aria-label': view.say('Table: {0}', title),
      tabindex: view.interactive ? 0 : undefined,
    },
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element('tr', {}, head, actions && element('th', { scope: 'col', class: 'change' }, actions.label)),
      ),
      element('tbody', {}, rows),
    ),
  );
}

/** A figure, and its range in one piece where there is one: a narrow table breaks between them. */
function rangeNodes(text: string): Node[] {
  const [, figure = text, range] = /^(.+? )(\([^()]*\))$/.exec(text) ?? [];
  return range === undefined ? [text] : [figure, element('span', { class: 'range' }, range)];
}

/** Words; a button where a line of code stands behind them. */
function cellNode({ text, place }: Cell, { interactive, say }: PageView): Node {
  if (!place || !interactive) return text;
  return element('button', { class: 'go', type: 'button', title: say('Go to the line'), ...leadsTo(place) }, text);
}

/** File formats of a plot, those of its picture first. */
export const savedAs = ['svg', 'png', 'csv', 'md'] as const;
export type SavedAs = (typeof savedAs)[number];

const names: Readonly<Record<SavedAs, string>> = { svg: 'SVG', png: 'PNG', csv: 'CSV', md: 'Markdown' };

function saveButtons(id: string, title: string, pictured: boolean, say: Say): Element {
  const offered = savedAs.filter((format) => pictured || format === 'csv' || format === 'md');
  return element(
    'div',
    { class: 'tools', role: 'group', 'aria-label': say('Save: {0}', title) },
    offered.map((format) =>
      element(
        'button',
        { type: 'button', class: 'save', 'data-plot': id, 'data-save': format },
        say('Save {0}', names[format]),
      ),
    ),
  );
}
