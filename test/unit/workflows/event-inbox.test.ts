import type { BatonEvent } from '../../../src/agents/event.js';
import { EventInbox, type EventWaiter } from '../../../src/workflows/event-inbox.js';

const event = (n: number | string, name = 'paid', more: Partial<BatonEvent> = {}): BatonEvent => ({
  id: `e${n}`,
  name,
  data: { n },
  at: 1,
  ...more,
});

class Waiter implements EventWaiter {
  got: BatonEvent | undefined;

  constructor(
    readonly name = 'paid',
    readonly key?: string,
    private readonly verdict: (event: BatonEvent) => 'taken' | 'left' | 'unreadable' = () => 'taken',
  ) {}

  offer(offered: BatonEvent) {
    const verdict = this.verdict(offered);
    if (verdict === 'taken') this.got = offered;
    return verdict;
  }
}

function open(carried?: ConstructorParameters<typeof EventInbox>[0]) {
  const warnings: string[] = [];
  const inbox = new EventInbox(carried, (message, about) =>
    warnings.push(`${message} ${JSON.stringify(about)}`),
  );
  const wait = (waiter = new Waiter()) => {
    inbox.open(waiter);
    return waiter;
  };
  return { inbox, warnings, wait };
}

describe('EventInbox', () => {
  it('gives what came before the wait, the oldest first, each to one waiter', () => {
    const { inbox, wait } = open();
    inbox.receive(event(1));
    inbox.receive(event(2));
    expect(wait().got).toEqual(event(1));
    expect(wait().got).toEqual(event(2));
    expect(wait().got).toBeUndefined();
  });

  it('gives what comes to those who wait, in the order in which they began', () => {
    const { inbox, wait } = open();
    const waiters = [wait(), wait(new Waiter('shipped')), wait()];
    inbox.receive(event(1));
    inbox.receive(event(2));
    expect(waiters.map(({ got }) => got?.id)).toEqual(['e1', undefined, 'e2']);
    expect(inbox.waitingFor).toEqual(['shipped']);
  });

  it('takes an id once, also when its event is gone', () => {
    const { inbox, wait } = open();
    inbox.receive(event(1));
    inbox.receive(event(1));
    wait();
    inbox.receive(event(1));
    expect(wait().got).toBeUndefined();
  });

  it('takes the same id for another event where the name is another', () => {
    const { inbox, wait } = open();
    inbox.receive(event(1));
    inbox.receive(event(1, 'shipped'));
    expect(wait(new Waiter('shipped')).got).toEqual(event(1, 'shipped'));
  });

  it('leaves what a waiter does not want to others', () => {
    const { inbox, wait } = open();
    const keyed = wait(new Waiter('paid', 'o2'));
    const picky = wait(new Waiter('paid', undefined, ({ id }) => (id === 'e3' ? 'taken' : 'left')));
    inbox.receive(event(1, 'paid', { key: 'o1' }));
    inbox.receive(event(2, 'paid', { key: 'o2' }));
    inbox.receive(event(3));
    expect([keyed.got?.id, picky.got?.id]).toEqual(['e2', 'e3']);
    expect(inbox.waitingFor).toEqual([]);
    expect(wait().got?.id).toBe('e1');
  });

  it('drops what a waiter cannot read, and gives it the next', () => {
    const { inbox, wait, warnings } = open();
    inbox.receive(event(1));
    inbox.receive(event(2));
    const waiter = wait(new Waiter('paid', undefined, ({ id }) => (id === 'e1' ? 'unreadable' : 'taken')));
    expect(waiter.got?.id).toBe('e2');
    expect(wait().got).toBeUndefined();
    expect(warnings).toEqual(['an event that could not be read was dropped {"name":"paid","id":"e1"}']);
  });

  it('has an event that was not used again for others', () => {
    const { inbox, wait } = open();
    const first = wait();
    inbox.receive(event(1));
    inbox.close(first, false);
    expect(wait().got?.id).toBe('e1');
  });

  it('has events that were not used in their old places again, whoever gives up first', () => {
    const { inbox, wait } = open();
    const [first, second] = [wait(), wait()];
    for (const n of [1, 2, 3]) inbox.receive(event(n));
    inbox.close(second, false);
    inbox.close(first, false);
    expect([wait(), wait(), wait()].map(({ got }) => got?.id)).toEqual(['e1', 'e2', 'e3']);
  });

  it('carries events in the order in which they came', () => {
    const { inbox, wait } = open();
    const picky = () => wait(new Waiter('paid', undefined, ({ id }) => (id === 'e2' ? 'taken' : 'left')));
    picky();
    for (const n of [1, 2, 3]) inbox.receive(event(n));
    const next = open(inbox.carry());
    expect([next.wait(), next.wait(), next.wait()].map(({ got }) => got?.id)).toEqual(['e1', 'e2', 'e3']);
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'paid'],
    ['no id', { name: 'paid' }],
    ['an empty id', { id: '', name: 'paid' }],
    ['a long id', { id: 'x'.repeat(201), name: 'paid' }],
    ['a name that is a number', { id: 'a', name: 1 }],
    ['a key that is a number', { id: 'a', name: 'paid', key: 1 }],
    ['too much data', { id: 'a', name: 'paid', data: 'x'.repeat(256_000) }],
  ])('ignores %s and says so', (_, raw) => {
    const { inbox, wait, warnings } = open();
    inbox.receive(raw);
    expect(wait().got).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });

  it('drops the oldest of more than 1,000 unread events, which may be sent again', () => {
    const { inbox, wait, warnings } = open();
    for (let n = 1; n <= 1_001; n++) inbox.receive(event(n));
    expect(warnings).toEqual([
      'too many events are unread: the oldest was dropped {"name":"paid","id":"e1"}',
    ]);
    expect(wait().got?.id).toBe('e2');
    inbox.receive(event(1));
    for (let n = 3; n <= 1_001; n++) expect(wait().got?.id).toBe(`e${n}`);
    expect(wait().got?.id).toBe('e1');
  });

  it('drops the oldest of more than 500 kB', () => {
    const { inbox, wait, warnings } = open();
    for (const n of [1, 2, 3]) inbox.receive(event(n, 'paid', { data: 'é'.repeat(100_000) }));
    expect(warnings).toHaveLength(1);
    expect(wait().got?.id).toBe('e2');
  });

  it('carries what is unread, what is taken and not used, and the ids', () => {
    const { inbox, wait } = open();
    expect(inbox.carry()).toBeUndefined();
    const used = wait();
    inbox.receive(event(1));
    inbox.close(used, true);
    wait();
    inbox.receive(event(2));
    inbox.receive(event(3, 'shipped'));
    const carried = JSON.parse(JSON.stringify(inbox.carry())) as ReturnType<EventInbox['carry']>;
    const next = open(carried);
    next.inbox.receive(event(1));
    next.inbox.receive(event(2));
    expect(next.wait().got?.id).toBe('e2');
    expect(next.wait().got).toBeUndefined();
    expect(next.wait(new Waiter('shipped')).got?.id).toBe('e3');
  });

  it('knows the last 10,000 ids, also carried', () => {
    const { inbox, wait } = open();
    const id = (n: number) => event(`-0000-4000-8000-000000000000${n}`);
    for (let n = 1; n <= 10_001; n++) {
      inbox.receive(id(n));
      const waiter = wait();
      inbox.close(waiter, true);
    }
    const carried = inbox.carry();
    expect(JSON.stringify(carried).length).toBeLessThan(1_000_000);
    const next = open(carried);
    const waiter = next.wait();
    next.inbox.receive(id(2));
    expect(waiter.got).toBeUndefined();
    next.inbox.receive(id(1));
    expect(waiter.got).toEqual(id(1));
  });
});
