/** Confidence from which an agent's label stands, 0 to 1. */
export interface Accept {
  cheap: number;
  expensive: number;
}

export const ACCEPT: Accept = { cheap: 0.7, expensive: 0.5 };
