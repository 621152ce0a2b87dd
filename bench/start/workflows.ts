import type { Agent } from 'batonjs/agents';
import { proxyAgents } from 'batonjs/workflow';

const agents = proxyAgents<{ greeter: Agent<string, string> }>();

export async function baton(name: string): Promise<string> {
  return agents.greeter(name);
}
