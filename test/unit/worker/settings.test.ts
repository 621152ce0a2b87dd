import { renderFailure } from '../../../src/cli/render-failure.js';
import { mergeSettings, resolveSettings, settingsOfEnvironment } from '../../../src/worker/read-settings.js';
import { slotsOf } from '../../../src/worker/slots.js';
import { cli } from '../../support/cli.js';

describe("a worker's settings", () => {
  it('come from flags before the environment, and from that before the configuration, one by one', () => {
    const flags = { healthPort: 1 };
    const environment = settingsOfEnvironment({ BATON_HEALTH_PORT: '2', BATON_LOG_FORMAT: 'json' });
    const configured = { logFormat: 'text', logLevel: 'warn', healthPort: 3 };
    expect(mergeSettings(flags, environment, configured)).toEqual({
      health: { port: 1 },
      logs: 'json',
      logLevel: 'warn',
    });
  });

  it('come from the options before the environment', () => {
    const env = { BATON_SHUTDOWN_GRACE: '30s', BATON_TARGET_MEMORY: '0.8', BATON_TARGET_CPU: '.9' };
    expect(resolveSettings({ shutdownGrace: 5 }, env)).toEqual({
      shutdownGrace: 5,
      tuner: { targetMemory: 0.8, targetCpu: 0.9 },
    });
  });

  it.each([
    ['BATON_HEALTH_PORT', 'http', /BATON_HEALTH_PORT="http": expected a port/],
    ['BATON_METRICS_PORT', '70000', /expected a port/],
    ['BATON_METRICS_HOST', 'localhost', /BATON_METRICS_HOST="localhost": expected an IP address/],
    ['BATON_LOG_FORMAT', 'xml', /expected one of: text, json/],
    ['BATON_LOG_LEVEL', 'loud', /expected one of: debug, info, warn, error/],
    ['BATON_SHUTDOWN_GRACE', 'soon', /expected a length of time/],
    ['BATON_MAX_TURNS_AT_ONCE', '-1', /expected a whole number/],
    ['BATON_TARGET_CPU', '80', /expected a share/],
    ['BATON_TARGET_CPU', '0.8', /--target-cpu \(BATON_TARGET_CPU\) means nothing without --target-memory/],
    ['BATON_HEALTH_HOST', '0.0.0.0', /means nothing without --health-port/],
  ])('refuse %s=%s', (name, value, says) => {
    let said = '';
    try {
      resolveSettings({}, { [name]: value });
    } catch (error) {
      said = renderFailure(error, { write: () => undefined, columns: 500 });
    }
    expect(said).toMatch(says);
    expect(said).toMatch(/^ConfigInvalid[^]*Try: /);
  });

  it('refuse a time without a unit in code as well, where it is text', () => {
    expect(() => resolveSettings({ shutdownGrace: '10' as never }, {})).toThrow(/a length of time/);
    expect(resolveSettings({ shutdownGrace: 10 }, {})).toEqual({ shutdownGrace: 10 });
  });

  it.each([
    ['--health-port', 'x', /A port|a port/],
    ['--log-format', 'xml', /one of: text, json/],
    ['--shutdown-grace', 'soon', /a length of time/],
    ['--shutdown-grace', '10', /a length of time, such as 30s/],
    ['--max-turns-at-once', '0', /--max-turns-at-once.* a whole number from 1/],
    ['--target-memory', '2', /a share/],
    ['--helth-port', '1', /unknown option/],
  ])('refuse the flag %s %s', async (flag, value, says) => {
    const { code, err } = await cli(['worker', flag, value]);
    expect(code).toBe(2);
    expect(err).toMatch(says);
    expect(err).toContain('Try: ');
  });

  it('do not say twice how much work is taken', () => {
    const tuner = { targetMemory: 0.8, targetCpu: 0.9 };
    expect(() => slotsOf({ tuner }, { maxConcurrentActivityTaskExecutions: 5 })).toThrow(
      /leave out worker\.maxConcurrentActivityTaskExecutions/,
    );
    expect(slotsOf({ tuner, maxTurnsAtOnce: 4 }, {})).toMatchObject({
      tuner: { activityTaskSlotOptions: { minimumSlots: 4, maximumSlots: 4 } },
    });
  });
});
