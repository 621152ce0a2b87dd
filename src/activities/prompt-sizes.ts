import { LRUCache } from 'lru-cache';
import type { ShownMessage, View } from '../agents/view.js';
import { sizeOfMessage } from './message-size.js';
import { estimateTokens } from './models/price.js';

/** A prompt as far as its size is concerned. */
export interface SizedPrompt {
  /** Characters as JSON. */
  size: number;
  /** How many messages, and by which view. */
  messages: number;
  view: View | undefined;
}

/** Characters of a token at most that an estimate counts with, and that a provider's count is believed with. */
const MOST = 4;
const BELIEVED = 8;
/** As `estimateTokens` counts. */
const USUAL = 3;
const CONVERSATIONS = 10_000;

/**
 * Estimates the tokens of prompts. What a provider counted for the prompt before, of the same conversation, says how many characters
 * a token of it has; this worker remembers that as long as there is room. Else three characters count as a token, which is more
 * tokens than most texts have.
 */
export class PromptSizes {
  private readonly counted = new LRUCache<string, SizedPrompt & { tokens: number }>({ max: CONVERSATIONS });

  /** @param key of the conversation, with its agent and model */
  estimate(key: string, prompt: SizedPrompt): number {
    const last = this.counted.get(key);
    if (!last) return estimateTokens(prompt.size);
    const characters = last.size / last.tokens;
    const grown = prompt.size - last.size;
    const goesOn =
      grown >= 0 &&
      prompt.messages >= last.messages &&
      JSON.stringify(prompt.view) === JSON.stringify(last.view);
    return Math.ceil(
      goesOn ? last.tokens + grown / Math.min(USUAL, characters) : prompt.size / Math.min(MOST, characters),
    );
  }

  /** Notes what the provider counted. Some count nothing. */
  learn(key: string, prompt: SizedPrompt, tokens: number): void {
    if (tokens * BELIEVED < prompt.size) this.counted.delete(key);
    else this.counted.set(key, { ...prompt, tokens });
  }
}

/** Characters of messages as JSON. */
export function sizeOfShown(shown: readonly ShownMessage[]): number {
  return shown.reduce((sum, { message }) => sum + sizeOfMessage(message), 0);
}
