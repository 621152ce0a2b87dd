import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The most memory that a process has had resident, in bytes; 0 where the system doesn't tell (it is read from /proc). */
export async function peakResident(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}

/** Resident memory of a server and its children; pages that they share are counted once. */
export async function residentOfTree(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const own = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  let total = own;
  for (const child of children.split(' ').filter((text) => text.trim() !== '')) {
    total += await residentOfTree(Number(child));
  }
  return total;
}

/** Bytes that were written to files; not what is set aside for more. */
export async function bytesOfFolder(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  let total = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    // A file may be gone meanwhile.
    const { size = 0 } = (await stat(join(entry.parentPath, entry.name)).catch(() => undefined)) ?? {};
    total += size;
  }
  return total;
}
