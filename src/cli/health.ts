/** One thing that `baton doctor` looked at. */
export interface Finding {
  name: string;
  /** `missing` is needed; `note` is good to know. */
  state: 'ok' | 'missing' | 'note';
  text: string;
  /** What to do about it. */
  advice?: string;
}

export const ok = (name: string, text: string): Finding => ({ name, state: 'ok', text });
export const note = (name: string, text: string, advice: string): Finding => ({
  name,
  state: 'note',
  text,
  advice,
});
export const missing = (name: string, text: string, advice: string): Finding => ({
  name,
  state: 'missing',
  text,
  advice,
});
