import { InvalidArgumentError, type Command } from 'commander';
import { mergeSettings, settingsOfEnvironment } from '../worker/read-settings.js';
import { flatten, SETTING_NAMES, SETTINGS, type FlatSettings } from '../worker/settings-table.js';
import type { WorkerSettings } from '../worker/worker-settings.js';

/** Adds the flags that say how a worker is run and watched. */
export function runningWorker(command: Command): Command {
  command.optionsGroup('Operation:');
  for (const name of SETTING_NAMES) {
    const { flag, env, about, read } = SETTINGS[name];
    command.option(flag, `${about} (${env})`, (text: string) => {
      // Said of every flag alike, before anything is started.
      if (text === '') return text;
      try {
        return read(text);
      } catch (error) {
        throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : '');
      }
    });
  }
  return command.optionsGroup('Options:');
}

/** Flags before the environment, that before the configuration file. @throws BatonError `ConfigInvalid` */
export function workerSettings(flags: FlatSettings, configured: WorkerSettings = {}): WorkerSettings {
  return mergeSettings(flags, settingsOfEnvironment(process.env), flatten(configured));
}
