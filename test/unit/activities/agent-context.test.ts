import { z } from 'zod';
import { Registry } from '../../../src/activities/registry.js';
import { defineAgent } from '../../../src/agents/index.js';

const common = { description: 'Works', instructions: 'Work.', model: 'gpt-5' };
const shortener = defineAgent({ ...common, description: 'Sums up' });
const registered = (context?: object | false, others: Record<string, unknown> = { shortener }) =>
  new Registry({
    worker: defineAgent({ ...common, ...(context === undefined ? {} : { context }) }),
    ...others,
  }).agents.get('worker');

describe("an agent's context policy", () => {
  it('has what is left out summed up by itself, with its own models', () => {
    expect(registered()?.context).toEqual({ summariser: 'baton_summariser', ownModels: true });
    expect(registered({ keep: 2 })?.context).toEqual({
      keep: 2,
      summariser: 'baton_summariser',
      ownModels: true,
    });
  });

  it('may name an agent for it, or none, or leave nothing out', () => {
    expect(registered({ summarise: shortener })?.context).toEqual({
      summariser: 'shortener',
      ownModels: false,
    });
    expect(registered({ summarise: false })?.context).toEqual({ ownModels: false });
    expect(registered(false)?.context).toBeUndefined();
  });

  it('is a part of the version where it is set', () => {
    expect(registered({})?.version).not.toBe(registered()?.version);
    expect(registered({ keep: 2 })?.version).not.toBe(registered({ keep: 3 })?.version);
    expect(registered(false)?.version).not.toBe(registered({})?.version);
  });

  it.each([
    [{ keep: 0 }, 'keep'],
    [{ to: 0.95 }, 'to'],
    [{ tokens: -1 }, 'tokens'],
    [{ drop: true }, 'drop'],
  ])('refuses %j', (context, field) => {
    expect(() => registered(context)).toThrow(field);
  });

  it('refuses a summariser that is not registered, or takes no text', () => {
    expect(() => registered({ summarise: shortener }, {})).toThrow('is not registered');
    const counter = defineAgent({ ...common, input: z.object({ n: z.number() }) });
    expect(() => registered({ summarise: counter }, { counter })).toThrow('its input must be text');
  });
});
