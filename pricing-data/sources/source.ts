import type { SourceAnswer } from '#core/catalog/snapshot.ts';

/** One request for prices. Nothing of the user's is in it. */
export interface PriceRequest {
  readonly url: string;
  /** Sent as JSON by POST where present. */
  readonly body?: string;
  /** Words for the progress line. */
  readonly label: string;
}

/** A place that publishes prices. Pure: it says what to ask and reads the answers; another fetches. */
export interface PriceSource {
  readonly id: string;
  readonly title: string;
  /** Name of the environment variable that holds the key, where the source asks for one (sent as bearer). */
  readonly key?: string;
  /** Collects what others publish: merged first, so that a provider's own list has the last word. */
  readonly secondHand?: boolean;
  /** The first requests; further pages are named by the answers. */
  readonly requests: readonly PriceRequest[];
  /** What an answer holds. An answer of another shape gives no price and a problem, never an exception. */
  read(answer: string, request: PriceRequest): SourceAnswer;
}
