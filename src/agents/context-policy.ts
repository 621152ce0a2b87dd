import type { AnyAgent } from './define-agent.js';

/**
 * What an agent's model is shown of a conversation that has become longer than the model takes. Instructions, pinned messages,
 * what the call works on, and what the model has not seen yet are always shown. The transcript itself stays whole.
 */
export interface ContextPolicy {
  /**
   * Tokens of a request at most, as estimated. Default: the model's `contextWindow`, less the longest answer and a twentieth as a
   * margin. Of models whose window is not known: until the provider says that it is too long.
   */
  tokens?: number;
  /** Shows one line each in place of old results of tools, before anything else is left out. Default true. */
  dropResults?: boolean;
  /**
   * Has the oldest messages summed up when they are left out: by one of Baton's own agents with the models of this one (`true`,
   * the default), or by an agent of yours whose input and output are text. `false`: the model is told how many are left out.
   */
  summarise?: boolean | AnyAgent;
  /** Newest turns that are shown word for word, as far as they fit. Default 3. */
  keep?: number;
  /** What is left of the limit then, as a part of it: small, so that it happens seldom. Default 0.5; at most 0.9. */
  to?: number;
}
