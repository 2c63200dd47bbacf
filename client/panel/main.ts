import type { PageModel } from '#core/report/page.ts';
import { type Say, sayIn, sayPlain } from '#core/report/words.ts';
import { type PageSearch, reportPage } from '../../server/src/page/page.ts';
import { pageToMarkdown } from '../../server/src/page/report-text.ts';
import { type SavedAs, savedAs } from '../../server/src/page/section.ts';
import type { FromPage, PageState, ToPage } from './messages.ts';
import { mount } from './mount.ts';
import { savePlot, textToBase64 } from './save.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): PageState | undefined;
  setState(state: PageState): void;
};

const editor = acquireVsCodeApi();
/** The editor writes it into the page. */
const uri = document.body.dataset['uri'] ?? '';
let model: PageModel | undefined;
let say: Say = sayPlain;
let job = editor.getState()?.job;
let search: { readonly job: string; readonly search: PageSearch } | undefined;

/** Room of a chart where the table stands beside it, and where it stands below. */
function chartWidth(): number {
  const whole = document.documentElement.clientWidth - 40;
  return Math.max(300, Math.min(900, window.innerWidth >= 920 ? Math.floor(whole * 0.58) : whole));
}

function chosen(): number {
  return Math.max(0, model?.jobs.findIndex(({ id }) => id === job) ?? 0);
}

/** Draws the page anew; focus and scrolling stay where they are. */
function show(): void {
  if (!model) return;
  const now = model.jobs[chosen()];
  const found = search && search.job === now?.id ? search.search : undefined;
  const page = reportPage(model, { say, width: chartWidth(), interactive: true }, chosen(), found);
  const focused = pathOf(document.activeElement);
  const scrolled = window.scrollY;
  document.body.replaceChildren(mount(page));
  window.scrollTo(0, scrolled);
  const again = focused && document.querySelector(focused);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  editor.setState({ uri, ...(now ? { job: now.id } : {}) });
}

/** How to find the element that has the focus in the next drawing: by its place among its like. */
function pathOf(at: Element | null): string | undefined {
  if (!at || at === document.body) return undefined;
  if (at.id) return `#${at.id}`;
  const own = [...at.attributes].filter(({ name }) => name.startsWith('data-'));
  const marks = own.map(({ name, value }) => `[${name}="${CSS.escape(value)}"]`).join('');
  const section = at.closest<HTMLElement>('[data-plot]');
  const within = section && section !== at ? `[data-plot="${section.dataset['plot']}"] ` : '';
  return `${within}${at.tagName.toLowerCase()}${marks}`;
}

async function save(target: HTMLElement): Promise<void> {
  const format = target.dataset['save'];
  const one = model?.jobs[chosen()];
  if (!model || !one) return;
  if (format === 'report') {
    const plots = one.plots.map((plot) => search?.search.plots.find(({ id }) => id === plot.id) ?? plot);
    const candidates = search?.job === one.id ? search.search.plots.filter(({ id }) => id === 'candidates') : [];
    const whole = { ...model, jobs: [{ ...one, plots: [...plots, ...candidates] }] };
    editor.postMessage({ kind: 'save', name: 'cost-report.md', base64: textToBase64(pageToMarkdown(whole, say)) });
    return;
  }
  const found = search?.job === one.id ? search.search.plots : [];
  const plot = [...found, ...one.plots].find(({ id }) => id === target.dataset['plot']);
  const known = savedAs.find((candidate): candidate is SavedAs => candidate === format);
  if (plot && known)
    editor.postMessage({ kind: 'save', name: `${plot.id}.${known}`, base64: await savePlot(plot, known, say) });
}

/** Lights up the row of the table that a mark of the chart stands for. */
function light(mark: HTMLElement | SVGElement): void {
  const section = mark.closest('section');
  for (const lit of section?.querySelectorAll('tr.lit') ?? []) lit.classList.remove('lit');
  const row = section?.querySelector(`tbody tr[data-row="${mark.dataset['row']}"]`);
  row?.classList.add('lit');
  row?.scrollIntoView({ block: 'nearest' });
  const apply = row?.querySelector('button');
  apply?.focus({ preventScroll: true });
}

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element)) return;
  const target = event.target.closest<HTMLElement | SVGElement>(
    '[data-uri],[data-save],[data-apply],[data-ask],g[data-row]',
  );
  if (!target) return;
  const { uri: file, line, character, apply, ask } = target.dataset;
  if (target instanceof HTMLElement && target.dataset['save'] !== undefined) void save(target);
  else if (ask !== undefined) editor.postMessage({ kind: 'ask', key: ask });
  else if (apply !== undefined && job !== undefined) editor.postMessage({ kind: 'apply', job, row: Number(apply) });
  else if (file !== undefined && target !== document.body) {
    editor.postMessage({
      kind: 'reveal',
      place: { uri: file, line: Number(line ?? 0), character: Number(character ?? 0) },
    });
  } else if (target instanceof SVGElement) light(target);
});

document.addEventListener('change', (event) => {
  if (!(event.target instanceof HTMLSelectElement)) return;
  const one = model?.jobs[Number(event.target.value)];
  if (!one) return;
  job = one.id;
  editor.postMessage({ kind: 'job', job });
  show();
});

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if (data.kind === 'model') {
    model = data.model;
    say = sayIn(data.words, data.locale);
    job = model.jobs[chosen()]?.id;
  } else {
    search = { job: data.job, search: data.search };
  }
  show();
});

let resizing: number | undefined;
window.addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(show, 100);
});

editor.postMessage({ kind: 'ready', ...(job === undefined ? {} : { job }) });
