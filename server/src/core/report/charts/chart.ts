/** A place as editors count it: 0-based line and character. */
export interface Place {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

/** What an axis counts in; the values are bytes, micro-units of money, seconds, kilowatt-hours or plain counts. */
export type Unit = 'gib' | 'disk' | 'money' | 'duration' | 'kwh' | 'count';

export interface Axis {
  readonly label: string;
  readonly unit: Unit;
  /** ISO 4217 code; with `money` alone. */
  readonly currency?: string;
}

/** A value that places a mark, and the words that are shown for it. */
export interface Figure {
  readonly value: number;
  readonly text: string;
}

/** A stretch of a stacked bar. */
export interface BarPart extends Figure {
  readonly label: string;
  readonly place?: Place;
}

/** Stacked bars on one axis, one a row. */
export interface BarsChart {
  readonly kind: 'bars';
  readonly axis: Axis;
  readonly rows: readonly { readonly label: string; readonly text: string; readonly parts: readonly BarPart[] }[];
  /** A line across all rows, such as the size of the card. */
  readonly limit?: Figure;
}

/** A mark of a scatter: `front` marks are joined by the line. */
export interface ChartPoint {
  /** Row of the table that holds the same; absent for marks that the table leaves out. */
  readonly row?: number;
  readonly label: string;
  readonly role: 'now' | 'front' | 'other';
  readonly x: number;
  readonly y: number;
}

/** Two quantities against each other. */
export interface PointsChart {
  readonly kind: 'points';
  readonly x: Axis;
  readonly y: Axis;
  readonly points: readonly ChartPoint[];
  /** Words for the line and its marks, the job as it stands, and the rest. */
  readonly legend: Readonly<Record<ChartPoint['role'], string>>;
}

/** How far one open question moves a figure to either side of `base`. */
export interface RangesChart {
  readonly kind: 'ranges';
  readonly axis: Axis;
  readonly base: Figure;
  readonly rows: readonly {
    readonly label: string;
    readonly low: Figure;
    readonly high: Figure;
    readonly place?: Place;
  }[];
}

/** A quantity that stays between moments and jumps at them. */
export interface StepsChart {
  readonly kind: 'steps';
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly {
    readonly label: string;
    readonly role: 'main' | 'other';
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

export type Chart = BarsChart | PointsChart | RangesChart | StepsChart;

/** A cell of a table beside a chart, with the line of code that causes it. */
export interface Cell {
  readonly text: string;
  readonly place?: Place;
}

export interface Table {
  readonly columns: readonly { readonly label: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** One plot with everything that is said of it: every text is ready to show. */
export interface Plot {
  readonly id: 'memory' | 'candidates' | 'worth-cost' | 'worth-memory' | 'step' | 'storage' | 'preemption' | 'energy';
  readonly title: string;
  /** What the plot shows, in one sentence: its caption, and what a screen reader says in its place. */
  readonly summary: string;
  /** Absent where there is nothing to draw; the summary then says why. */
  readonly chart?: Chart;
  /** The same figures in words; empty only where there is no chart. */
  readonly table: Table;
  readonly notes: readonly string[];
}

/** A table without rows. */
export const emptyTable: Table = { columns: [], rows: [] };

/** A cell, with its place where it has one. */
export function cell(text: string, place?: Place): Cell {
  return place ? { text, place } : { text };
}

/** A column of words. */
export function words(label: string): Table['columns'][number] {
  return { label, numeric: false };
}

/** A column of figures. */
export function figures(label: string): Table['columns'][number] {
  return { label, numeric: true };
}
