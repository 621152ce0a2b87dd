import { startScriptedModel, type ScriptedModel } from '../../src/testing/index.js';

/** The provider of one model, which is down or up, and what happened there in order. */
export class FailingProvider {
  down = true;
  readonly events: ('asked' | 'answered')[] = [];
  private constructor(readonly server: ScriptedModel) {}

  static async start(status: number): Promise<FailingProvider> {
    const provider = new FailingProvider(await startScriptedModel());
    const { server, events } = provider;
    server.script(
      { times: Infinity, when: () => provider.down, reply: { status } },
      {
        times: Infinity,
        when: () => events.push('asked') > 0,
        // Long enough for others to come in between, if they were let through.
        delay: 1_000,
        reply: () => (events.push('answered'), 'up'),
      },
    );
    return provider;
  }
}
