import type { Place } from '#core/report/charts/chart.ts';
import type { PageModel } from '#core/report/page.ts';
import type { Bundle } from '#core/report/words.ts';
import type { PageSearch } from '../../server/src/page/page.ts';

/** What the editor tells the page. */
export type ToPage =
  | { readonly kind: 'model'; readonly model: PageModel; readonly words: Bundle; readonly locale: string }
  /** What a search has found for a job so far. */
  | { readonly kind: 'search'; readonly job: string; readonly search: PageSearch };

/** What the page asks of the editor. */
export type FromPage =
  | { readonly kind: 'ready'; readonly job?: string }
  | { readonly kind: 'reveal'; readonly place: Place }
  /** The job that is shown now. */
  | { readonly kind: 'job'; readonly job: string }
  /** A candidate is to be applied, by its row. */
  | { readonly kind: 'apply'; readonly job: string; readonly row: number }
  /** A figure that the files leave out is to be stated. */
  | { readonly kind: 'ask'; readonly key: string }
  | { readonly kind: 'save'; readonly name: string; readonly base64: string };

/** What the page keeps while it is hidden, and over a restart of the window. */
export interface PageState {
  readonly uri: string;
  readonly job?: string;
}
