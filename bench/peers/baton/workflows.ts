// The agent is all that a run does, so it is started as Baton's own orchestration `agent`.
export {};
