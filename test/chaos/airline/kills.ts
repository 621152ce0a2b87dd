import type { ServerResponse } from 'node:http';
import type { Random } from '../random.js';
import { textOf, type KillPoint } from './kill-plan.js';

/** A request of a worker that has not been answered yet. */
export interface OpenRequest {
  pid: number;
  conversation: string;
  /** Set while it is held until its worker is killed. */
  held?: { point: KillPoint; since: number };
}

export interface Kill {
  pid: number;
  /** Requests that were held for it, as `conversation: point`. */
  held: { conversation: string; point: string }[];
  /** Conversations that had another request open. */
  alsoOpen: string[];
}

export interface KillSettings {
  random: Random;
  kill(pid: number): boolean;
  /** Workers that could be killed. */
  pids(): number[];
  /** How long the next worker will take to be there, in ms. */
  loadMs(): number;
}

/**
 * A worker is killed when it has so many held requests, or the oldest has waited so long (ms, up to twice that) and as long again as a
 * worker takes to load: on a busy machine there would be hardly any workers otherwise.
 */
const HELD = 8;
const PATIENCE = 3_000;
/** How often another worker is killed at the same time. */
const TOGETHER = 0.25;

/** Holds the requests that are to meet the death of their worker, and kills workers that have some. */
export class Kills {
  readonly kills: Kill[] = [];
  /** When a worker was killed, in ms. */
  readonly killed = new Map<number, number>();
  private readonly open = new Set<OpenRequest>();
  private readonly plans = new Map<string, KillPoint[]>();
  private readonly timer = setInterval(() => this.look(), 100);
  private patience = PATIENCE;

  constructor(private readonly settings: KillSettings) {}

  plan(conversation: string, points: readonly KillPoint[]): void {
    this.plans.set(conversation, [...points]);
  }

  /** To be called for each request that comes in. */
  arrived(request: OpenRequest, response: ServerResponse): void {
    this.open.add(request);
    response.once('close', () => this.open.delete(request));
  }

  /**
   * Holds a request until its connection is closed, where the plan says so.
   * @returns whether it was: then there is nobody to answer
   */
  async held(
    request: OpenRequest,
    response: ServerResponse,
    { at, when, place }: KillPoint,
  ): Promise<boolean> {
    const plan = this.plans.get(request.conversation) ?? [];
    const point = plan.find((one) => one.at === at && one.when === when && one.place === place);
    if (!point || response.destroyed) return response.destroyed;
    request.held = { point, since: Date.now() };
    await new Promise((resolve) => response.once('close', resolve));
    // A worker may have given up the request: the next one is held then.
    if (this.killed.has(request.pid)) plan.splice(plan.indexOf(point), 1);
    return true;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    for (const pid of this.settings.pids()) {
      const since = [...this.open].flatMap((one) => (one.pid === pid && one.held ? [one.held.since] : []));
      if (since.length === 0) continue;
      if (since.length < HELD && Date.now() < Math.min(...since) + this.patience + this.settings.loadMs())
        continue;
      this.kill(pid);
      if (this.settings.random.next() < TOGETHER) {
        const other = this.settings.pids().find((one) => one !== pid && !this.killed.has(one));
        if (other !== undefined) this.kill(other);
      }
      this.patience = PATIENCE * (1 + this.settings.random.next());
    }
  }

  private kill(pid: number): void {
    if (this.killed.has(pid) || !this.settings.kill(pid)) return;
    this.killed.set(pid, Date.now());
    const mine = [...this.open].filter((one) => one.pid === pid);
    this.kills.push({
      pid,
      held: mine.flatMap(({ conversation, held }) =>
        held ? [{ conversation, point: textOf(held.point) }] : [],
      ),
      alsoOpen: mine.flatMap(({ conversation, held }) => (held ? [] : [conversation])),
    });
  }
}
