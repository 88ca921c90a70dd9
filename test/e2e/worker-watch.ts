/** What a worker of PDF was asked for; `open` is a file, `practise` the page of practice. `seen` without a worker: a page is to be seen. */
export interface WatchedLine {
  readonly worker: number;
  readonly what: string;
}

/** Whether an address is that of this worker, as `watchWorkers` marks it. */
export const isWorkerAt = (worker: number, address: string): boolean => address.endsWith(`#pdf-${worker}`);

/**
 * Runs in the page: writes down in `watched` which workers of PDF start, what they are asked for, and when a page is to be seen for the first time after the list was emptied.
 * The address of each ends with its number, by which those outside the page know it.
 */
export function watchWorkers(): void {
  const lines: { worker: number; what: string }[] = [];
  const workers: Worker[] = [];
  const largestPractice = 2000;
  const Plain = Worker;
  const { postMessage } = Plain.prototype;
  Plain.prototype.postMessage = function post(this: Worker, message: { action?: unknown; data?: { data?: Uint8Array } }, ...rest: unknown[]): void {
    const worker = workers.indexOf(this);
    const size = message.data?.data?.length;
    const what = message.action === 'GetDocRequest' ? (size !== undefined && size < largestPractice ? 'practise' : 'open') : message.action;
    if (worker >= 0 && typeof what === 'string') lines.push({ worker, what });
    Reflect.apply(postMessage, this, [message, ...rest]);
  };
  const Watched = class extends Plain {
    constructor(address: string | URL, options?: WorkerOptions) {
      const isPdf = String(address).includes('pdf.worker');
      super(isPdf ? `${String(address)}#pdf-${workers.length}` : address, options);
      if (isPdf) lines.push({ worker: workers.push(this) - 1, what: 'start' });
    }
  };
  new MutationObserver(() => {
    const isSeen = document.querySelector('[data-testid="sheet-canvas"][data-drawn="true"]') !== null;
    if (isSeen && !lines.some(({ what }) => what === 'seen')) lines.push({ worker: -1, what: 'seen' });
  }).observe(document, { subtree: true, childList: true, attributes: true });
  Object.assign(globalThis, { watched: lines, Worker: Watched });
}
