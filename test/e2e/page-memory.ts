import { readFileSync } from 'node:fs';
import type { Browser, CDPSession, Page } from 'playwright-core';

/** What a page holds after its garbage was collected, MiB. */
export interface PageMemory {
  /** Objects of the page's own scripts. */
  readonly page: number;
  /** Objects of its workers, with the memory that WebAssembly and buffers take there. */
  readonly workers: number;
  /** Private memory of all processes of the browser; files mapped into them are none. */
  readonly processes: number;
}

/** Measures one page of a Chromium on this machine (Linux) again and again. */
export async function openMemoryGauge(browser: Browser, page: Page): Promise<() => Promise<PageMemory>> {
  const whole = await browser.newBrowserCDPSession();
  const session = await page.context().newCDPSession(page);
  const workers = await attachWorkers(session);
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const held = await workers.measure();
    const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
    return { page: usedSize / mebi, workers: held / mebi, processes: processInfo.reduce((sum, { id }) => sum + privateMemoryOf(id), 0) };
  };
}

const mebi = 1024 * 1024;

/** Anonymous and shared pages, MiB; 0 for a process that has ended. */
function privateMemoryOf(id: number): number {
  try {
    const text = readFileSync(`/proc/${id}/status`, 'utf8');
    return [...text.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+)/gm)].reduce((sum, [, kib]) => sum + Number(kib) / 1024, 0);
  } catch {
    return 0;
  }
}

interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

/** The protocol reaches a worker only through its page. */
async function attachWorkers(session: CDPSession) {
  const ids = new Set<string>();
  const answers = new Map<number, (result: unknown) => void>();
  const state = { last: 0 };
  session.on('Target.attachedToTarget', ({ sessionId }) => ids.add(sessionId));
  session.on('Target.detachedFromTarget', ({ sessionId }) => ids.delete(sessionId));
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { readonly id?: number; readonly result?: unknown };
    if (id !== undefined) answers.get(id)?.(result);
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const ask = (sessionId: string, method: string): Promise<unknown> => {
    const id = (state.last += 1);
    const answer = new Promise((resolve) => answers.set(id, resolve));
    return session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) }).then(() => answer);
  };
  return {
    measure: async (): Promise<number> => {
      const usages = [...ids].map(async (id) => {
        await ask(id, 'HeapProfiler.collectGarbage');
        const { usedSize, backingStorageSize = 0 } = (await ask(id, 'Runtime.getHeapUsage')) as HeapUsage;
        return usedSize + backingStorageSize;
      });
      return (await Promise.all(usages)).reduce((sum, size) => sum + size, 0);
    },
  };
}
