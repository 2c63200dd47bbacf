/** Name of the server in traces, diagnostics and settings. */
export const productName = 'flopwise';
