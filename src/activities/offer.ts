/** A function as it is offered to a model. */
export interface Offer {
  readonly name: string;
  readonly description: string;
  /** JSON schema of the arguments: an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
}
