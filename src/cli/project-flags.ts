import type { Command } from 'commander';

/** The flags that say where a project's code is. */
export interface ProjectFlags {
  config?: string;
  agents?: string;
  workflows?: string;
  taskQueue?: string;
}

export function locatingProject(command: Command): Command {
  return command
    .option('--config <file>', 'configuration; default ./baton.config.ts')
    .option('--agents <file>', 'agents and tools; default ./agents.ts')
    .option('--workflows <file>', 'orchestrations; default ./workflows.ts')
    .option('--task-queue <name>', "task queue; default: the configuration's, else baton");
}
