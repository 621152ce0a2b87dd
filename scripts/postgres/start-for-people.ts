import { startFullServer, type FullServer, type FullServerOptions } from './full-server.js';

/** Starts the server with what happens on standard error. Where it fails, or at Ctrl-C, this process ends. */
export async function startForPeople(options: FullServerOptions): Promise<FullServer> {
  // By `exit`, so that a build and what has been started end too.
  const quit = () => process.exit(130);
  process.on('SIGINT', quit);
  process.on('SIGTERM', quit);
  try {
    return await startFullServer({ onProgress: (line) => console.error(line), ...options });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  } finally {
    process.off('SIGINT', quit);
    process.off('SIGTERM', quit);
  }
}
