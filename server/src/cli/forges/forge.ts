/** One request to a forge's API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** What came back. Names of headers are lower case; a body that is no JSON is its text. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The network, as the shell gives it. `send` rejects where nothing answers in time. */
export interface Api {
  send(request: ApiRequest): Promise<ApiAnswer>;
  wait(milliseconds: number): Promise<void>;
  /** Seconds since 1970, for limits that name a moment. */
  now(): number;
}

/** A comment on a pull request; `id` is whatever the forge needs to find it again. */
export interface Comment {
  readonly id: string;
  readonly body: string;
}

/** One page of comments, and the address of the next. */
export interface Page {
  readonly comments: readonly Comment[];
  readonly next?: string;
}

/** One pull request of one forge: how to ask and what answers mean. Plain requests, so that nothing here needs a network. */
export interface PullRequest {
  /** For people: "github owner/name #12". */
  readonly name: string;
  first(): ApiRequest;
  /** The request for a further page. */
  more(next: string): ApiRequest;
  readPage(answer: ApiAnswer): Page;
  create(body: string): ApiRequest;
  update(comment: Comment, body: string): ApiRequest;
}

/** What the options and the environment of a CI say of the pull request; every value may be missing. */
export interface ForgeInput {
  readonly repo?: string | undefined;
  readonly pr?: string | undefined;
  readonly api?: string | undefined;
  env(name: string): string | undefined;
}

/** One forge. */
export interface Forge {
  readonly id: string;
  /** The rights a token needs, for the help and for refusals. */
  readonly rights: string;
  /** Names of the environment that may hold the token. */
  readonly tokens: readonly string[];
  /** True where the environment is a run of this forge's CI. */
  detects(env: ForgeInput['env']): boolean;
  /** The words that mark our comment, seen by nobody. */
  marker(tag: string): string;
  /** The pull request, or what is missing to name it. */
  open(input: ForgeInput, token: string): PullRequest | { readonly missing: string };
}

/** A value of parsed JSON by its keys; undefined where something on the way is none. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (here, key) =>
      typeof here === 'object' && here !== null ? (here as Record<string | number, unknown>)[key] : undefined,
    value,
  );
}

/** A list of parsed JSON; empty where it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The address in a `Link` header under a relation. */
export function linked(header: string | undefined, relation: string): string | undefined {
  const part = header?.split(',').find((one) => one.includes(`rel="${relation}"`));
  return /<([^>]+)>/.exec(part ?? '')?.[1];
}
