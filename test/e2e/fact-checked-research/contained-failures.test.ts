import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { Reply } from '../../../src/testing/index.js';
import {
  TURBINES,
  FERRY,
  says,
  writes,
  REFUSED,
  IN_FIRST,
  IN_REVISION,
  research,
  reportOf,
  asked,
} from './script.js';

describe('factCheckedResearch, where a step fails', () => {
  const onlyTurbines = writes(IN_FIRST, { text: 'There are four turbines.', findingIds: ['F1'] });

  it.each([
    ['fails', REFUSED, /^Unauthorized: /],
    ['hangs', { hang: true }, /^TimedOut: /],
  ] as [string, Reply, RegExp][])('goes on without a researcher who %s', async (_, reply, why) => {
    const report = await reportOf([says('researcher', reply, FERRY), onlyTurbines], { timeoutSeconds: 3 });
    expect(report.text).toBe('There are four turbines. [1]');
    expect(report.missing).toEqual([{ what: FERRY, why: expect.stringMatching(why) }]);
  });

  it('says that nothing was found where all researchers fail', async () => {
    const [report, model] = await research(
      [says('researcher', REFUSED)],
      async (run, model) => [await run.result(), model] as const,
    );
    expect(report).toMatchObject({ text: '', claims: [], dropped: [], rounds: 0 });
    expect(report.missing.map(({ what }) => what)).toEqual([TURBINES, FERRY]);
    expect(asked('writer', model)).toEqual([]);
  });

  it('goes on without the analyst', async () => {
    const report = await reportOf([says('analyst', REFUSED)]);
    expect(report.claims).toHaveLength(2);
    expect(report.missing).toEqual([
      { what: 'an analysis of the findings', why: expect.stringContaining('Unauthorized') },
    ]);
  });

  it('takes the points of the analysis, checked, where the writer fails', async () => {
    const report = await reportOf([
      says('writer', REFUSED),
      says('checker', { json: { reasons: [], supported: false } }, '18 crowns'),
    ]);
    expect(report).toMatchObject({
      text: 'There are four turbines. [1]',
      dropped: [
        { text: 'A return ticket is 18 crowns.', reasons: ['The passages that it cites do not say it.'] },
      ],
      missing: [{ what: 'a written text', why: expect.stringContaining('Unauthorized') }],
      rounds: 1,
    });
  });

  it('drops what cannot be revised', async () => {
    const report = await reportOf([
      says('checker', { json: { reasons: ['No.'], supported: false } }, 'four turbines.'),
      says('writer', REFUSED, IN_REVISION),
    ]);
    expect(report).toMatchObject({
      text: 'A return ticket costs adults 18 crowns. [1]',
      dropped: [{ text: 'There are four turbines.', reasons: ['No.'] }],
      missing: [
        { what: 'a revision of the claims that were rejected', why: expect.stringContaining('Unauthorized') },
      ],
    });
  });

  it.each([
    ['fails', REFUSED, /could not be checked \(Unauthorized\)/],
    ['hangs', { hang: true }, /could not be checked \(TimedOut\)/],
  ] as [string, Reply, RegExp][])(
    'takes a claim whose check %s as not supported',
    async (_, reply, reason) => {
      const report = await reportOf([says('checker', reply, 'four turbines.'), writes(IN_REVISION)], {
        timeoutSeconds: 3,
      });
      expect(report).toMatchObject({
        text: 'A return ticket costs adults 18 crowns. [1]',
        dropped: [{ text: 'There are four turbines.', reasons: [expect.stringMatching(reason)] }],
      });
    },
  );

  it('ends where it is cancelled, and so do its calls', async () => {
    const error = await research([says('checker', { hang: true })], async (run, model) => {
      await until(() => asked('checker', model).length === 2);
      await run.cancel();
      const error = await run.result().catch((thrown: unknown) => thrown);
      await until(() => model.aborted === 2);
      return error;
    });
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  });

  it.each([
    ['a question', { question: ' ' }],
    ['a text as question', { question: 7 as never }],
    ['a time-out above 0', { timeoutSeconds: 'soon' as never }],
  ])('refuses an input without %s', async (_, input) => {
    await expect(reportOf([], input)).rejects.toMatchObject({ cause: { type: 'InputInvalid' } });
  });
});

/** Waits for as long as the test may take. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
