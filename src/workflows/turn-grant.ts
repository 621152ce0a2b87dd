import { condition } from '@temporalio/workflow';
import type { Amount } from '../agents/usage.js';
import type { AgentCall, Quote } from './agent-call.js';
import { failure } from './fail.js';
import type { Ledger } from './ledger.js';

/**
 * Reserves what the call's next turn may cost, as far as is known: nothing before the first quote. Undefined where nothing is
 * limited. Only what has to wait is a promise: another would change the order of what runs beside it.
 * @throws BudgetExceeded where too little is left and nothing will be given back
 */
export function reserveTurn(call: AgentCall): Amount | undefined | Promise<Amount> {
  if (!call.ledger.limited) return undefined;
  return reserve(call) ?? untilReserved(call);
}

function reserve({ ledger, quote }: AgentCall): Amount | undefined {
  const amount = amountToReserve(ledger, quote);
  return ledger.reserve(amount) ? amount : undefined;
}

/** Other turns may hold what this one needs: they reserve the most that they can cost, and give back the rest. */
async function untilReserved(call: AgentCall): Promise<Amount> {
  const { ledger, quote, name } = call;
  let grant: Amount | undefined;
  await condition(() => {
    grant = reserve(call);
    return grant !== undefined || !ledger.mayHave(amountToReserve(ledger, quote));
  });
  if (grant) return grant;
  if (quote?.estimate) {
    // The last answer's quote allows for results that may not have come: the turn is asked for a closer one.
    call.quote = undefined;
    return reserve(call) ?? untilReserved(call);
  }
  throw failure(
    'BudgetExceeded',
    `the next turn of ${name} may cost ${textOf(amountToReserve(ledger, quote))}, and ${textOf(ledger.left)} is left`,
  );
}

/** What is not limited need not be granted. */
function amountToReserve({ left }: Ledger, quote: Quote | undefined): Amount {
  return {
    ...(left.usd === undefined ? {} : { usd: quote?.usd ?? 0 }),
    ...(left.tokens === undefined ? {} : { tokens: quote?.tokens ?? 0 }),
  };
}

function textOf({ usd, tokens }: Amount): string {
  const parts = [
    usd === undefined ? [] : `$${usd.toFixed(4)}`,
    tokens === undefined ? [] : `${tokens} tokens`,
  ];
  return parts.flat().join(' and ');
}
