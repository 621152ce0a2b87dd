import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { log } from '@temporalio/activity';
import type { OpenCircuit } from '../../agents/circuit.js';
import { inTime } from '../in-time.js';
import { openCircuits } from './open-circuits.js';
import type { ModelOfProvider, Target } from './target.js';

/** How often (ms) Temporal is asked at most. */
const EVERY_MS = 2_000;
/** Knowledge older than this (ms), as after a pause or at the start, is worth a short wait. */
const OLD_MS = 4_000;
/** How long (ms) a turn waits for it at most. */
const WAIT_MS = 1_000;
/** When (ms) a call is given up. */
const DEADLINE_MS = 10_000;
/** Temporal's lists lag behind: what this worker has learned itself holds until one is made so long after it (ms). */
const OWN_NEWS_MS = 3_000;

/** What a worker knows of the circuits that are open in the fleet. It looks only while turns are taken, and no failure of that stops one. */
export class KnownCircuits {
  private listed: ReadonlyMap<string, OpenCircuit> = new Map();
  private readonly news = new Map<string, { circuit: OpenCircuit | undefined; at: number }>();
  private askedAt = -Infinity;
  private listedAt = -Infinity;
  private listing: Promise<void> | undefined;
  private failing = false;

  /** @param onKnown is told of each that is open or was, when there is something new of it */
  constructor(private readonly onKnown: (target: ModelOfProvider, isOpen: boolean) => void) {}

  get(id: string): OpenCircuit | undefined {
    const own = this.news.get(id);
    return own ? own.circuit : this.listed.get(id);
  }

  /** Takes what this worker has learned itself; `undefined`: the circuit is closed. */
  learn(target: Target, circuit: OpenCircuit | undefined): void {
    this.news.set(target.id, { circuit, at: Date.now() });
    this.onKnown(target, circuit !== undefined);
  }

  /** Brings the knowledge up to date: in the background, unless it is old. Never fails, and never takes long. */
  async refresh(client: Client): Promise<void> {
    const now = Date.now();
    if (!this.listing && now - this.askedAt >= EVERY_MS) {
      this.askedAt = now;
      this.listing = this.list(client).finally(() => (this.listing = undefined));
    }
    // Where the last call failed nobody waits for the next one.
    if (!this.listing || this.failing || now - this.listedAt < OLD_MS) return;
    const timeout = new AbortController();
    const late = delay(WAIT_MS, 'late', { signal: timeout.signal }).catch(() => undefined);
    if ((await Promise.race([this.listing, late])) === 'late') this.failing = true;
    timeout.abort();
  }

  private async list(client: Client): Promise<void> {
    const began = Date.now();
    try {
      const before = this.listed;
      this.listed = await inTime(client, DEADLINE_MS, () => openCircuits(client));
      this.listedAt = began;
      this.failing = false;
      for (const [id, { at }] of this.news) if (at < began - OWN_NEWS_MS) this.news.delete(id);
      for (const [id, circuit] of new Map([...before, ...this.listed]))
        this.onKnown(circuit, this.get(id) !== undefined);
    } catch (error) {
      if (!this.failing) log.warn('open circuits cannot be listed; models are asked without it', { error });
      this.failing = true;
    }
  }
}
