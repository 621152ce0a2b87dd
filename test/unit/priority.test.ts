import { fairnessKeyOf, priorityOf, type RunPriority } from '../../src/client/priority.js';

describe('priorityOf', () => {
  it.each<[RunPriority | undefined, string | undefined, object]>([
    ['interactive', undefined, { priority: { priorityKey: 1 } }],
    ['batch', 'acme', { priority: { priorityKey: 5, fairnessKey: 'acme' } }],
    [2, undefined, { priority: { priorityKey: 2 } }],
    [undefined, 'acme', { priority: { fairnessKey: 'acme' } }],
    [undefined, undefined, {}],
  ])('of %s and tenant %s is %o', (priority, tenant, expected) => {
    expect(priorityOf(priority, tenant)).toEqual(expected);
  });

  it.each([0, 6, 1.5, NaN, '1', 'urgent', '', null, {}])('refuses %o', (priority) => {
    expect(() => priorityOf(priority as RunPriority, undefined)).toThrow(
      expect.objectContaining({
        code: 'InputInvalid',
        message: 'priority: "interactive", "batch", or a number from 1 (first) to 5',
      }),
    );
  });
});

describe('fairnessKeyOf', () => {
  it('is the tenant, or a digest of it where it is longer than 64 bytes', () => {
    expect(fairnessKeyOf('acme')).toBe('acme');
    const key = fairnessKeyOf('ö'.repeat(33));
    expect(Buffer.byteLength(key)).toBe(64);
    expect(fairnessKeyOf('ö'.repeat(33))).toBe(key);
    expect(fairnessKeyOf('ö'.repeat(34))).not.toBe(key);
  });
});
