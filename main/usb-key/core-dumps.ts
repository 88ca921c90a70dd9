/** What was reached: nothing (Windows: see SECURITY.md), no dump files, or memory that no other process of this user reads either. */
export type MemoryCover = 'none' | 'no-dumps' | 'closed';

// The number of RLIMIT_CORE is the same on Linux and macOS; a limit is two numbers, soft and hard.
const [coreLimit, limitLength] = [4, 16];
// prctl(2): PR_SET_DUMPABLE.
const setDumpable = 4;

/**
 * Has the operating system write down nothing of this process's memory when it crashes: no core file (RLIMIT_CORE 0), which programs that it
 * starts inherit. With `isClosed`, on Linux, the process is no dumpable one besides: then a program that catches dumps gets none, and only
 * root can read the memory. Never fails: a system that does not know the call leaves things as they were.
 */
export async function forbidCoreDumps({ isClosed }: { readonly isClosed: boolean }): Promise<MemoryCover> {
  if (process.platform !== 'linux' && process.platform !== 'darwin') return 'none';
  try {
    const { default: koffi } = await import('koffi');
    const system = koffi.load(null);
    const isLimited = system.func('setrlimit', 'int', ['int', 'void *'])(coreLimit, new Uint8Array(limitLength)) === 0;
    if (!isLimited) return 'none';
    if (!isClosed || process.platform !== 'linux') return 'no-dumps';
    return system.func('prctl', 'int', ['int', 'ulong', 'ulong', 'ulong', 'ulong'])(setDumpable, 0, 0, 0, 0) === 0 ? 'closed' : 'no-dumps';
  } catch {
    // No such library for this processor: dumps are then the system's settings.
    return 'none';
  }
}
