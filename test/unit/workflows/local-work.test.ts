import { LocalWork } from '../../../src/workflows/local-work.js';

const taken = (work: LocalWork, times: number) => Array.from({ length: times }, () => work.take());

describe('local work', () => {
  it('is bounded in calls, until an ordinary activity has ended', async () => {
    const work = new LocalWork();
    expect(taken(work, 21)).toEqual([...Array<boolean>(20).fill(true), false]);
    await work.recordedBy(Promise.resolve('done'));
    expect(work.take()).toBe(true);
  });

  it('is bounded in the time that the calls took', async () => {
    const work = new LocalWork();
    work.took(4_999);
    expect(work.take()).toBe(true);
    work.took(1);
    expect(work.take()).toBe(false);
    await expect(work.recordedBy(Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(work.take()).toBe(true);
  });
});
