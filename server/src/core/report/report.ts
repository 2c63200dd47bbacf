import type { Span } from '../source/span.ts';

/** A piece of a line of text: words, and the code that causes the figure. */
export interface ReportPart {
  readonly text: string;
  /** Longer words for a tooltip. */
  readonly detail?: string;
  readonly at?: Span;
}

export interface ReportRow {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  /** The line of code that causes it. */
  readonly at?: Span;
}

/** The view model of one job: text ready to show, made once for all surfaces. */
export interface Report {
  readonly title: string;
  /** "**$412** (330-520) to train, 16.4 h on 8 x H100" without markup. */
  readonly answer: string;
  readonly verdict: string;
  readonly rows: readonly ReportRow[];
  readonly memoryRows: readonly ReportRow[];
  readonly notes: readonly string[];
  readonly assumptions: readonly string[];
  readonly hints: readonly Hint[];
}

/** A figure at the end of a line of code. */
export interface Hint {
  readonly kind: 'cost' | 'memory' | 'checkpoint' | 'model' | 'serving' | 'resources';
  /** The value or block that carries the cost; the hint stands at the end of its first line. */
  readonly at: Span;
  /** At most 40 characters in all. */
  readonly parts: readonly ReportPart[];
  readonly tooltip: string;
}
