export const OK = 0;
export const FAILED = 1;
/** The command was not understood. */
export const MISUSED = 2;
/** Ended by Ctrl-C before it was done: 128 and the number of SIGINT, as shells count. */
export const INTERRUPTED = 130;
