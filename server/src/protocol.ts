import type { Plot } from '#core/report/charts/chart.ts';
import type { Overview } from '#core/report/overview.ts';
import type { PageModel } from '#core/report/page.ts';

/** Name of the server in traces, diagnostics and settings. */
export const productName = 'flopwise';

/** What the server tells about one open document: the text of the status item. Sent when it changes. */
export const statusNotification = 'flopwise/status';
/** Answers everything known of a document's jobs, as data and as Markdown. */
export const reportRequest = 'flopwise/report';
/** Answers the report of a document with its plots, as plain data. */
export const pageRequest = 'flopwise/page';
/** Answers every job of the workspace; how far a first look is comes under the progress token of the request. */
export const workspaceRequest = 'flopwise/workspace';
/** What the last answer to it showed may have changed. */
export const workspaceChangedNotification = 'flopwise/workspaceChanged';
/** Answers what one line of a document means to its jobs, in words. */
export const explainRequest = 'flopwise/explain';
/** The server asks its client for a file that it cannot read itself (virtual workspaces, the browser). */
export const readFileRequest = 'flopwise/readFile';
/** The server asks its client for the files of a folder. */
export const readFolderRequest = 'flopwise/readFolder';
/** The browser's worker asks its client for a grammar or table that ships with the extension. */
export const readAssetRequest = 'flopwise/readAsset';

/** Looks for cheaper configurations of a document's job; partial results come under the progress token of the request. */
export const optimizeRequest = 'flopwise/optimize';

/** Asks the public price lists anew, only ever on the user's command; steps come under the progress token of the request. */
export const refreshPricesRequest = 'flopwise/refreshPrices';
/** The command that asks for it. */
export const refreshPricesCommand = 'flopwise.refreshPrices';

/** The command that shows them; its argument is the document's URI. */
export const optimizeCommand = 'flopwise.optimize';
/** Answers what the jobs of a document leave out and the project file can state. */
export const asksRequest = 'flopwise/asks';
/** Answers the edit that writes such an answer into the project file. */
export const answerRequest = 'flopwise/answer';
/** The command that asks for one of them; its arguments are the document's URI and the key, or none for all. */
export const fillInCommand = 'flopwise.fillIn';
/** The command behind links in hints and hovers; its argument is the document's URI. */
export const showReportCommand = 'flopwise.showReport';

/** What a client can do beyond the protocol; sent as `initializationOptions`. All optional: a plain LSP client sends none. */
export interface ClientAbilities {
  /** The client handles `flopwise.showReport`. */
  readonly commands?: boolean;
  /** The client answers `flopwise/readFile` and `flopwise/readFolder`. */
  readonly files?: boolean;
  /** The client shows `flopwise/status`. */
  readonly status?: boolean;
  /** Folder of the rules' pages, a URI ending in a slash; diagnostics link into it. */
  readonly rulePages?: string;
  /** Texts of the editor's language by their English ones. */
  readonly words?: unknown;
  /** Settings for clients that answer no `workspace/configuration`. */
  readonly settings?: unknown;
}

export interface StatusParams {
  readonly uri: string;
  /** Empty where the document states no job. */
  readonly text: string;
  /** Smaller words beside it: the price date. */
  readonly detail: string;
  readonly pricesAsOf: string;
  readonly jobs: number;
}

/** The report with plots: what the panel draws. */
export type PageResult = PageModel;

export interface WorkspaceParams {
  /** Token under which the steps are told. */
  readonly progress?: string;
}

/** How far the look at a workspace is, ready to show. */
export interface WorkspaceProgress {
  readonly text: string;
  /** Per cent; absent while files are counted. */
  readonly share?: number;
}

/** Every job of the workspace; null where it was cancelled. */
export type WorkspaceResult = Overview;

export interface ReportParams {
  readonly uri: string;
}

export interface ExplainParams {
  readonly uri: string;
  /** Counted from 1. */
  readonly line: number;
}

export interface ExplainResult {
  readonly words: string;
}

/** A place as editors count it: 0-based line and character. */
export interface ReportPlace {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

export interface ReportRowItem {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  readonly place?: ReportPlace;
}

export interface ReportFindingItem {
  readonly ruleId: string;
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly message: string;
  readonly place: ReportPlace;
  readonly fixes: readonly string[];
}

/** One job, ready to show. */
export interface ReportItem {
  readonly title: string;
  readonly answer: string;
  readonly verdict: string;
  readonly rows: readonly ReportRowItem[];
  readonly memoryRows: readonly ReportRowItem[];
  readonly notes: readonly string[];
  readonly assumptions: readonly string[];
  readonly findings: readonly ReportFindingItem[];
}

export interface ReportResult {
  readonly uri: string;
  readonly pricesAsOf: string;
  readonly jobs: readonly ReportItem[];
  /** What could not be read. */
  readonly problems: readonly string[];
  readonly markdown: string;
}

/** What a search may do; all optional. */
export interface OptimizeLimits {
  readonly deadlineHours?: number;
  /** In whole units of the currency of the settings. */
  readonly budget?: number;
  readonly keepNumerics?: boolean;
  /** Only machines of the job's own kind and number. */
  readonly ownMachines?: boolean;
}

export interface OptimizeParams {
  readonly uri: string;
  readonly limits: OptimizeLimits;
  /** Token under which partial results are sent. */
  readonly progress?: string;
  /** The job by its id; the document's first training job where absent. */
  readonly job?: string;
  /** Asks for the plots of what is found. */
  readonly plots?: boolean;
}

/** One way to run the job, ready to show in a list. */
export interface OptimizeItem {
  /** "-43 % cost, +12 % time: 8 x A100-80GB". */
  readonly label: string;
  /** "$233 (180-310), 21 h (17-26)". */
  readonly description: string;
  /** Settings, memory, price and its date. */
  readonly detail: string;
  /** The job as it stands. */
  readonly now: boolean;
  /** An LSP WorkspaceEdit over all files of the job; absent in partial results and where it cannot be written. */
  readonly edit?: unknown;
  /** Why the files cannot be edited to this. */
  readonly refused?: string;
}

export interface OptimizeResult {
  /** Name of the job, and what it costs as it stands. */
  readonly title: string;
  readonly now: string;
  readonly items: readonly OptimizeItem[];
  readonly examined: number;
  /** Why nothing was searched. */
  readonly reason?: string;
  /** Cost against time with a row an item, and energy; where asked for. */
  readonly plots?: readonly Plot[];
}

export interface RefreshPricesParams {
  /** Token under which the steps are told. */
  readonly progress?: string;
  /** The editor's proxy settings; empty where it has none. */
  readonly proxy?: string;
  readonly noProxy?: readonly string[];
}

export interface RefreshProgress {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

export interface RefreshPricesResult {
  /** True where new prices are kept and in use. */
  readonly kept: boolean;
  /** What came of it, as a sentence without its period. */
  readonly message: string;
  /** What each source brought. */
  readonly lines: readonly string[];
  /** What was refused or did not answer. */
  readonly problems: readonly string[];
}

/** A question to the user, ready to show. */
export interface AskItem {
  readonly id: string;
  /** Keys of the project file, joined by dots: `rates.H100`. */
  readonly key: string;
  readonly title: string;
  readonly prompt: string;
  readonly example: string;
  /** The names to choose from, where it is one. */
  readonly choices?: readonly string[];
}

export interface AnswerParams {
  readonly uri: string;
  readonly key: string;
  /** As typed. */
  readonly value: string;
}

export interface AnswerResult {
  /** An LSP WorkspaceEdit; absent where it cannot be written. */
  readonly edit?: unknown;
  /** The project file. */
  readonly uri?: string;
  readonly refused?: string;
}

export interface ReadFileParams {
  readonly uri: string;
}

export interface ReadFileResult {
  readonly text?: string;
}

export interface ReadFolderParams {
  readonly uri: string;
}

export interface ReadFolderResult {
  /** Its files. */
  readonly uris?: readonly string[];
  readonly folders?: readonly string[];
}

export interface ReadAssetParams {
  readonly name: string;
}

/** Bytes as base64: message transports of workers clone plain values, JSON transports carry text. */
export interface ReadAssetResult {
  readonly base64: string;
}
