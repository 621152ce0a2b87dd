import type { Note, RunNotes } from '../agents/note.js';
import type { FailureInfo } from './fail.js';
import { runState } from './run-state.js';

/** They stand in the run's memo, which is for small things. */
const MAX_NOTES = 20;
const MAX_MESSAGE = 200;

/** What did not go as it should in a run that went on. */
export class Notes {
  private readonly list: Note[];
  private more: number;

  /** @param carried of the run that this one continues */
  constructor({ notes, more = 0 }: RunNotes = { notes: [] }) {
    this.list = [...notes];
    this.more = more;
  }

  add(note: Note): void {
    if (this.list.length < MAX_NOTES) this.list.push(note);
    else this.more++;
  }

  /** Undefined where all went well. */
  get all(): RunNotes | undefined {
    if (this.list.length === 0) return undefined;
    return { notes: [...this.list], ...(this.more > 0 ? { more: this.more } : {}) };
  }
}

/** A note whose message has a bounded length. */
export function noteOf({ message, ...note }: Note): Note {
  return { ...note, message: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message };
}

/** Notes what failed in a branch, and what stands for it where something does. */
export function noteFailure(
  kind: 'fallback' | 'missing',
  at: string,
  { code, message }: Pick<FailureInfo, 'code' | 'message'>,
): void {
  const instead = kind === 'fallback' ? { instead: 'its fall-back stands for it' } : {};
  runState().notes.add(noteOf({ kind, at, ...instead, code, message }));
}

/** What did not go as it should in this run so far, for an orchestration to say so in its result. At most 20. */
export function notes(): Note[] {
  return runState().notes.all?.notes ?? [];
}
