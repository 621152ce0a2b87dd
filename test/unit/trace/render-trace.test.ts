import { stripVTControlCharacters } from 'node:util';
import { renderTrace } from '../../../src/cli/render-trace.js';
import { traceOf } from '../../../src/trace/trace-of.js';
import { HistoryScript } from './history-script.js';

const final = { kind: 'final' } as const;

function shown(
  { events }: HistoryScript,
  options: { verbose?: boolean; color?: boolean; now?: number } = {},
) {
  return renderTrace(traceOf(events), { now: 10_000, ...options });
}

function answered(): HistoryScript {
  const history = new HistoryScript().task();
  const turn = history.turn({
    span: 'offer/clerk.1',
    appended: [{ message: { role: 'user', content: 'broken' } }],
  });
  history.attempt(turn, 2, { code: 'ProviderDown', message: '503' }).answer(turn, final).task();
  return history;
}

describe('renderTrace', () => {
  it('shows how the run ended, and a line for each span', () => {
    expect(shown(answered().end('completed', { usd: 5 }))).toBe(
      [
        '✓ refund  ticket-42  completed',
        '  run run-1',
        '  600 ms · 120 tokens · $0.0010 · 1 turn · 1 retry',
        '',
        '└─ ✓ offer                                                                  120  $0.0010      200 ms',
        '   └─ ✓ clerk  small → done                                                 120  $0.0010      200 ms',
        '      └─ ✓ turn 1  small (attempt 2, before: ProviderDown: 503) answers     120  $0.0010      200 ms',
        '',
        'result  {"usd":5}',
      ].join('\n'),
    );
  });

  it('says why a turn is tried again, and when', () => {
    const history = new HistoryScript().task();
    const turn = history.turn();
    const lastFailure = { code: 'CircuitOpen', message: 'it was down' };
    history.add({ kind: 'progressed', opened: turn, attempt: 3, lastFailure, nextAttempt: 28_000 });
    expect(shown(history)).toMatch(/● turn 1 {2}attempt 3 in 18\.0 s: CircuitOpen: it was down/);
    expect(shown(history, { now: 30_000 })).toMatch(/● turn 1 {2}attempt 3: CircuitOpen: it was down/);
  });

  it('says what the run waits for, and how to answer', () => {
    const history = new HistoryScript().task();
    history.ask({ approvers: ['lead'], deadline: 190_000, options: ['all', 'half'] });
    const text = shown(history);
    expect(text).toMatch(/^◌ refund {2}ticket-42 {2}waiting$/m);
    expect(text).toContain('  waits for lead, 3 min left: Refund of $100');
    expect(text).toContain('  options: all, half');
    expect(text).toContain('    npx baton approve ticket-42/1 --by lead');
  });

  it('quotes an approver for the shell', () => {
    const history = new HistoryScript().task();
    history.ask({ approvers: ["team o'lead; rm"] });
    expect(shown(history)).toContain(`--by 'team o'\\''lead; rm'`);
  });

  it('says that the offline model answered, and what is not known of the cost', () => {
    const history = new HistoryScript().task();
    const turn = history.turn({ grant: { usd: 0.5 } });
    const lost = { code: 'TimedOut', message: 'lost', timeout: true } as const;
    history.attempt(turn, 2, lost).answer(turn, final, { offline: true }).task().end();
    const text = shown(history);
    expect(text).toContain('offline model: the built-in stand-in answered, no AI did');
    expect(text).toMatch(/clerk {2}offline model/);
    expect(text).toContain('1 model call may have been paid for without an answer, up to $0.5000 more');
  });

  it('keeps within 100 columns, and shows nothing that a terminal would obey', () => {
    const history = new HistoryScript().task();
    const long = `\u001b[31m${'very long\n'.repeat(50)}`;
    const turn = history.turn({ span: 'a/b/c/d/e/f/g/clerk.1', appended: [] });
    history.answer(turn, final, { message: { role: 'assistant', text: long } }).task();
    history.ask({ title: long, approvers: [long] });
    history.add({ kind: 'signalled', name: long, input: [long] });
    const lines = shown(history.end('completed', long)).split('\n');
    const command = lines.findIndex((line) => line.includes('npx baton'));
    expect(lines.filter((line, i) => i !== command && line.length > 100)).toEqual([]);
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('shows messages where it is verbose', () => {
    expect(shown(answered())).not.toContain('user:');
    const text = shown(answered(), { verbose: true });
    expect(text).toContain('user: broken');
    expect(text).toContain('assistant: done');
  });

  it('colours without changing the text', () => {
    const history = answered();
    const coloured = shown(history, { color: true });
    expect(coloured).toContain('\u001b[32m✓\u001b[39m');
    expect(stripVTControlCharacters(coloured)).toBe(shown(history));
  });

  it('counts what goes on up to now', () => {
    const history = new HistoryScript().task();
    history.turn();
    expect(shown(history, { now: 192_300 })).toMatch(/● turn 1 .* 3 min 12 s$/m);
  });
});
