/** What a worker does where nobody says otherwise. Each value is measured or has its reason here (docs/operations.md). */
export const WORKER_DEFAULTS = {
  /**
   * The SDK's default is one. A thread answers all that has come to it at once, and the main thread waits meanwhile: with two, 200
   * runs of local turns are 15 % faster on two cores.
   */
  workflowThreads: 2,
  /** How long turns and tool calls under way may take after SIGTERM. Container platforms kill after 10 to 30 seconds. */
  shutdownGrace: '10 seconds',
} as const;

/** After the grace time what is left is handed back; what then does not let go ends with the process after this time, in ms. */
export const LETTING_GO_MS = 1_500;

/** Slots of a worker that measures its machine: at least so many, whatever it measures, and at most so many. */
export const TUNED_SLOTS = {
  workflowTasks: { minimumSlots: 5, maximumSlots: 200 },
  /** Turns and tool calls wait for others most of the time. */
  activities: { minimumSlots: 10, maximumSlots: 1_000, rampThrottle: '20 ms' },
  localActivities: { minimumSlots: 10, maximumSlots: 200, rampThrottle: '20 ms' },
} as const;
