import { proxyActivities } from '@temporalio/workflow';
import type { Agent } from 'batonjs/agents';
import { proxyAgents } from 'batonjs/workflow';

const agents = proxyAgents<{ greeter: Agent<string, string> }>();
const { greet } = proxyActivities<{ greet(name: string): Promise<string> }>({
  startToCloseTimeout: '1 minute',
});

export async function baton(name: string): Promise<string> {
  return agents.greeter(name);
}

export async function bare(name: string): Promise<string> {
  return greet(name);
}
