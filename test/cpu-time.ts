/** The milliseconds of CPU that work took, the least of so many tries: other programs have no part in it. */
export async function measureCpuMs(work: () => unknown, tries = 1): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    const from = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(from);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}
