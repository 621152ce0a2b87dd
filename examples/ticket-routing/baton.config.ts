export default {
  agents: './agents.ts',
  workflows: './workflows.ts',
  activities: './activities.ts',
  taskQueue: 'ticket-routing',
  // Prices come from Baton's own table of OpenAI's models; see README.md for other providers.
  models: {
    small: { model: 'gpt-5-nano' },
    large: { model: 'gpt-5' },
  },
};
