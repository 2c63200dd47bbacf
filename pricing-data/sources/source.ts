import type { Instance } from '#core/catalog/offer.ts';
import type { Snapshot, SourceAnswer, UnitPrice } from '#core/catalog/snapshot.ts';

/** One request for prices. Nothing of the user's is in it. */
export interface PriceRequest {
  readonly url: string;
  /** Sent as JSON by POST where present. */
  readonly body?: string;
  /** The answer is a zip archive, and this file of it is read. */
  readonly unzip?: string;
  /** The answer is a text too long to hold: only these lines of it are kept. */
  readonly lines?: LineFilter;
  /** Words for the progress line. */
  readonly label: string;
}

/** Which lines of a long text are kept: the first that begins with `header`, and those with all words and the pattern. */
export interface LineFilter {
  readonly header: string;
  readonly all: readonly string[];
  /** A regular expression. */
  readonly any: string;
}

/** A place that publishes prices. Pure: it says what to ask and reads the answers; another fetches. */
export interface PriceSource {
  readonly id: string;
  readonly title: string;
  /** Name of the environment variable that holds the key, where the source asks for one (sent as bearer where no header is named). */
  readonly key?: string;
  readonly keyHeader?: string;
  /** How much is to be loaded, where it is much: such a source is asked only where it is named. */
  readonly large?: string;
  /** Collects what others publish: merged first, so that a provider's own list has the last word. */
  readonly secondHand?: boolean;
  /** The first requests; further pages are named by the answers. */
  readonly requests: readonly PriceRequest[];
  /** What an answer holds. An answer of another shape gives no price and a problem, never an exception. */
  read(answer: string, request: PriceRequest): SourceAnswer;
  /** Machines' prices from the prices of their parts, where the answers give those. */
  compose?(parts: readonly UnitPrice[], machines: readonly Instance[]): Pick<Snapshot, 'offers' | 'terms'>;
}
