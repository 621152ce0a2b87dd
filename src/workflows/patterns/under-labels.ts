import { shuffled } from './shuffled.js';

/**
 * Hides who is who behind labels A, B, C, so that whoever compares goes by what is said alone. Which label is whose is left to chance.
 */
export class Labels {
  /** Labels with their names, in the labels' order. */
  readonly all: readonly { label: string; name: string }[];

  constructor(names: readonly string[]) {
    this.all = shuffled(names).map((name, place) => ({ label: labelAt(place), name }));
  }

  labelOf(name: string): string {
    const found = this.all.find((one) => one.name === name);
    if (!found) throw new Error(`${name} has no label`);
    return found.label;
  }

  /** Whom a model means by a label, also by `candidate b` or `(B)`; undefined where nobody has it. */
  nameOf(reference: string): string | undefined {
    const bare = reference
      .trim()
      .replace(/^[("'[]*((?:answer|candidate|label)\b[\s:#]*)?|[)"'\].:]*$/gi, '')
      .toUpperCase();
    return this.all.find(({ label }) => label === bare)?.name;
  }
}

/** A to Z, then AA, AB and so on. */
function labelAt(place: number): string {
  const letter = String.fromCharCode(65 + (place % 26));
  return place < 26 ? letter : labelAt(Math.floor(place / 26) - 1) + letter;
}
