/** The core's one door: what the language server, the command line and the tests may use. */
export {
  type Analysis,
  type AnalyzedWorkload,
  type AnalyzeInput,
  analyze,
  estimateSpec,
  whatIfInput,
} from './analyze.ts';
