import { z } from 'zod';
import { Registry } from '../../../src/activities/registry.js';
import { defineTool } from '../../../src/agents/index.js';

const tool = (spec: object) =>
  defineTool({
    description: 'Finds',
    input: z.object({}),
    effect: 'read',
    run: () => 'found',
    placement: 'local',
    ...spec,
  });

describe('a tool that is placed local', () => {
  it('may read', () => {
    expect(() => new Registry({ find: tool({}) })).not.toThrow();
  });

  it.each([
    ['that writes', { effect: 'write' }, /"find" cannot be placed local: it writes/],
    ['that writes by a key', { effect: 'write', idempotent: true }, /it writes/],
    ['with a task queue', { taskQueue: 'elsewhere' }, /leave out placement or taskQueue/],
    ['at an unknown place', { placement: 'nearby' }, /placement/],
  ])('is refused %s', (_, spec, message) => {
    expect(() => new Registry({ find: tool(spec) })).toThrow(
      expect.objectContaining({ code: 'ConfigInvalid', message: expect.stringMatching(message) as string }),
    );
  });
});
