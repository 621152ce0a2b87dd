import type { Duration } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import type { Json } from '../../agents/json.js';
import type { Message } from '../../agents/message.js';
import { CLOSE_SIGNAL, SEND_UPDATE, SESSION_WAIT } from '../../agents/names.js';
import { failure, failureOf, type FailureInfo } from '../fail.js';
import { Mailbox, type CarriedMailbox, type Letter } from '../mailbox.js';
import type { AgentCallOptions } from '../run-agent.js';
import { runState } from '../run-state.js';
import { SessionConversation, type AnyAgentFunction } from '../session-conversation.js';
import { waitFor } from '../wait-for.js';

export interface SessionOptions extends Pick<AgentCallOptions, 'model'> {
  /** What the conversation is about: shown to the agent before all messages, and never dropped. At most 800,000 bytes. */
  context?: Json;
  /** Ends the session when no message has come for so long. Default 30 days. */
  idle?: Duration;
  /**
   * Bytes of conversation that go over into the next run. The session is continued as new when it has twice as many.
   * Default 200,000, about 50,000 tokens; with the context at most 1,000,000.
   */
  keep?: number;
  /** Messages after which the session is continued as new at the latest. Default 1,000; at most 1,500. */
  messagesPerRun?: number;
}

export interface SessionEnd {
  ended: 'closed' | 'idle';
  /** Messages answered in all. */
  messages: number;
}

/** Temporal allows a run 2,000 updates, and others than messages may come too. */
const MAX_MESSAGES = 1_500;

const ENDED: FailureInfo = {
  code: 'SessionClosed',
  message: 'the session ended before the message was answered',
  details: undefined,
};

/**
 * A conversation that goes on for weeks: answers the messages that are sent to the run, one at a time, each once, until
 * it is closed or idle. The run is continued as new by itself, with the same arguments: an orchestration calls this
 * before its first `await`, and what stands before it runs again each time.
 */
export function session(agent: AnyAgentFunction, options: SessionOptions = {}): Promise<SessionEnd> {
  return holdSession(agent, options);
}

/**
 * The same, with what is checked before the first message is answered, and in the first run only. Messages that came meanwhile
 * get its failure as their answer, as the handler is there already.
 */
export async function holdSession(
  agent: AnyAgentFunction,
  { context, model, idle = '30 days', keep = 200_000, messagesPerRun = 1_000 }: SessionOptions,
  check?: () => Promise<void>,
): Promise<SessionEnd> {
  const state = runState();
  const { carried } = state;
  const mailbox: Mailbox = new Mailbox(
    carried.part<CarriedMailbox>('mailbox', () => (mailbox.isClosed ? undefined : mailbox.carry())),
  );
  const conversation: SessionConversation = new SessionConversation(
    agent,
    {
      context,
      ...(model === undefined ? {} : { model }),
      keep,
      messagesPerRun: Math.min(messagesPerRun, MAX_MESSAGES),
    },
    carried.part<Message[]>('conversation', () => (mailbox.isClosed ? undefined : conversation.kept())),
  );
  install(mailbox, agent.agentName);
  const place = `session with ${agent.agentName}`;
  const show = () => {
    state.active.set(place, `${mailbox.answered} messages answered`);
    state.refresh();
  };
  let begun = false;
  try {
    if (check && state.continued === 0) await check();
    begun = true;
    for (show(); ; show()) {
      if (conversation.isDue) mailbox.move();
      const letter = await nextLetter(mailbox, idle);
      if (!letter) break;
      mailbox.answer(letter, await conversation.answer(letter.message));
    }
    if (mailbox.isMoving) await condition(() => allHandlersFinished() || mailbox.isClosed);
  } catch (error) {
    const why = begun ? undefined : failureOf(error);
    mailbox.abandon(why ?? ENDED);
    await CancellationScope.nonCancellable(() => condition(() => mailbox.isQuiet));
    throw error;
  } finally {
    state.active.delete(place);
  }
  if (mailbox.isMoving) return continueAsNew(...state.args);
  const ended = mailbox.isClosed ? 'closed' : 'idle';
  mailbox.close();
  await condition(() => mailbox.isQuiet);
  return { ended, messages: mailbox.answered };
}

function install(mailbox: Mailbox, agent: string): void {
  // The wait ends by an answer in any case, also where the run is cancelled.
  const wait = (isMet: () => boolean) => CancellationScope.nonCancellable(() => condition(isMet));
  setHandler(defineUpdate<Json, [unknown]>(SEND_UPDATE), (message) => mailbox.send(message, wait), {
    validator: (message) => {
      mailbox.check(message);
      checkAddressee(message, agent);
    },
    description: 'Sends the session a message: { "id": "...", "message": ... }; gives the answer',
  });
  setHandler(defineSignal(CLOSE_SIGNAL), () => mailbox.close(), {
    description: 'Ends the session when what has come is answered',
  });
}

/** A message may name the agent that it is for. @throws MessageInvalid where that is another one */
function checkAddressee(message: unknown, agent: string): void {
  const { agent: meant = agent } = message as { agent?: unknown };
  if (meant === agent) return;
  throw failure(
    'MessageInvalid',
    `the session is with ${agent}, not with ${String(meant)}: take another session id for another agent`,
  );
}

/** The next message; none where there will be no other in this run. */
async function nextLetter(mailbox: Mailbox, idle: Duration): Promise<Letter | undefined> {
  const isOver = () => mailbox.next !== undefined || mailbox.isClosed || mailbox.isMoving;
  if (!isOver()) await waitFor(isOver, { timeout: idle, summary: SESSION_WAIT });
  return mailbox.next;
}
