import { offlineModels } from '../../../src/cli/offline-models.js';

describe('the models of an offline worker', () => {
  it('speak chat completions, unless they have an address of their own', () => {
    const baseUrl = 'http://localhost:1234/v1';
    const models = offlineModels(
      {},
      {
        small: { model: 'gpt-5-mini', api: 'responses' },
        local: { model: 'gpt-oss', api: 'responses', baseUrl },
      },
    );
    expect(models.small).toEqual({ model: 'gpt-5-mini' });
    expect(models.local).toEqual({
      model: 'gpt-oss',
      api: 'responses',
      baseUrl,
      price: { input: 0, output: 0 },
    });
  });
});
