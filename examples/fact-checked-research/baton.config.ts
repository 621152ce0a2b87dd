export default {
  agents: './agents.ts',
  workflows: './workflows.ts',
  activities: './activities.ts',
  taskQueue: 'fact-checked-research',
  // Prices come from Baton's own table of OpenAI's models.
  models: {
    small: { model: 'gpt-5-mini' },
    large: { model: 'gpt-5' },
  },
};
