import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second for every program. */
const MS_PER_TICK = 10;

/** Milliseconds of processor time that processes and their children have taken; 0 of none, NaN where the system has no /proc. */
export function cpuMs(pids: readonly number[]): number {
  if (pids.length === 0) return 0;
  const all = processes();
  const ours = new Set(pids);
  // A child is listed after its parent only by chance.
  for (let before = 0; before < ours.size;) {
    before = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  const known = all.filter(({ pid }) => ours.has(pid));
  return known.length === 0 ? NaN : known.reduce((total, { ms }) => total + ms, 0);
}

interface ProcessTime {
  pid: number;
  parent: number;
  ms: number;
}

function processes(): ProcessTime[] {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const [, parent = 0] = fields;
      // Of the process itself, and of its children that have ended.
      const ticks = [11, 12, 13, 14].reduce((total, field) => total + (fields[field] ?? 0), 0);
      return [{ pid: Number(name), parent, ms: ticks * MS_PER_TICK }];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}
