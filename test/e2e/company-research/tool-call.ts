import type { Json, Tool, ToolContext } from '../../../src/agents/index.js';

/** Sets variables of the environment for as long as `fn` takes. */
export async function withSettings<T>(settings: Record<string, string>, fn: () => Promise<T>): Promise<T> {
  Object.assign(process.env, settings);
  try {
    return await fn();
  } finally {
    for (const name of Object.keys(settings)) Reflect.deleteProperty(process.env, name);
  }
}

/** Calls a tool's handler as a worker does, with arguments that its schema has parsed. */
export async function call<T = unknown>(
  tool: Tool,
  args: Json,
  signal: ToolContext['signal'] = new AbortController().signal,
): Promise<T> {
  const { input, output, run } = tool.spec;
  const context = { signal } as ToolContext;
  const result = await run(input.parse(args) as never, context);
  return (output ? output.parse(result) : result) as T;
}
