/** How `mapAll` divides its items where nothing is said. This file imports nothing, so that workflow code may take its values. */
export const MAP_LIMITS = {
  /** Items at work at once. */
  concurrency: 100,
  /** Items that are done in the run itself; more are done in child workflows. */
  inline: 100,
  /** Items of one child workflow. */
  batch: 50,
} as const;
