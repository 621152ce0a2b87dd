export default {
  agents: './agents.ts',
  workflows: './workflows.ts',
  taskQueue: 'company-research',
  // Prices come from Baton's own table of OpenAI's models; see README.md for other providers.
  models: {
    small: { model: 'gpt-5-mini' },
    large: { model: 'gpt-5' },
  },
};
