import { approval } from 'batonjs/workflow';

const SHOWN = 80;

/**
 * Asks a person what a question is about: to approve is to agree with the likeliest label, `choice` names another.
 * @returns undefined where nobody answers within two days, or the person cannot say either
 */
export async function askPerson(
  text: string,
  likeliest: readonly string[],
  all: readonly string[],
): Promise<{ label: string; by?: string } | undefined> {
  const [best] = likeliest;
  const options = best === undefined ? [...all] : [...likeliest];
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text;
  const decision = await approval({
    title: best === undefined ? `What is this about? ${shown}` : `Is this ${best}? ${shown}`,
    details: { question: text, likeliest: [...likeliest] },
    options,
    approvers: ['service-desk'],
    timeout: '2 days',
  });
  if (!decision.approved) return undefined;
  const label = decision.choice ?? best;
  return label === undefined
    ? undefined
    : { label, ...(decision.by === undefined ? {} : { by: decision.by }) };
}
