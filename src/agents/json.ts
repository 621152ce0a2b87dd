/** A value as it crosses the wire: what `JSON.stringify` keeps. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The type of `T` after a round trip through JSON: a `Date` is a string, a function is gone. */
export type Jsonify<T> = T extends Json | undefined
  ? T
  : T extends { toJSON(): infer R }
    ? Jsonify<R>
    : T extends (...args: never[]) => unknown
      ? never
      : T extends readonly unknown[]
        ? { [K in keyof T]: Jsonify<T[K]> }
        : T extends object
          ? { [K in keyof T]: Jsonify<T[K]> }
          : unknown extends T
            ? Json
            : never;
