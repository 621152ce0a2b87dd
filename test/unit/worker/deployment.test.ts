import {
  BUILD_VARIABLE,
  deploymentOf,
  NAME_VARIABLE,
  ownDeployment,
} from '../../../src/worker/deployment.js';

/** What the environment says. An empty variable is none. */
function environment(name = '', buildId = ''): void {
  process.env[NAME_VARIABLE] = name;
  process.env[BUILD_VARIABLE] = buildId;
}

describe('the build that a worker is', () => {
  afterEach(() => {
    environment();
  });

  it('is none where nothing is said', () => {
    expect(deploymentOf()).toBeUndefined();
    environment();
    expect(deploymentOf()).toBeUndefined();
  });

  it('is what is given, and the rest from the environment', () => {
    environment('shop/support', '1.2');
    expect(deploymentOf()).toEqual({ name: 'shop/support', buildId: '1.2' });
    expect(deploymentOf({ buildId: '1.3' })).toEqual({ name: 'shop/support', buildId: '1.3' });
    expect(deploymentOf({ name: 'desk', buildId: '2' })).toEqual({ name: 'desk', buildId: '2' });
  });

  it.each([
    ['support', undefined],
    [undefined, '1'],
    ['shop.support', '1'],
    ['shop:support', '1'],
    ['__support', '1'],
  ])('is refused as %s at %s', (name, buildId) => {
    environment(name, buildId);
    expect(() => deploymentOf()).toThrow(/TEMPORAL_DEPLOYMENT_NAME, TEMPORAL_WORKER_BUILD_ID/);
  });

  it('is refused without Worker Versioning', () => {
    const version = { deploymentName: 'support', buildId: '1' };
    expect(() => ownDeployment({ version, useWorkerVersioning: false })).toThrow(/set useWorkerVersioning/);
  });
});
