/** Runs in the page: writes down in `watched` which workers of PDF start, what they are asked for, and when a page is to be seen. */
export function watchWorkers(): void {
  const lines: string[] = [];
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function post(this: Worker, message: unknown, ...rest: unknown[]): void {
    const action: unknown = typeof message === 'object' && message !== null && 'action' in message ? message.action : null;
    if (typeof action === 'string') lines.push(action);
    Reflect.apply(postMessage, this, [message, ...rest]);
  };
  const Plain = Worker;
  const Watched = class extends Plain {
    constructor(address: string | URL, options?: WorkerOptions) {
      super(address, options);
      if (String(address).includes('pdf.worker')) lines.push('start');
    }
  };
  new MutationObserver(() => {
    const isSeen = document.querySelector('[data-testid="sheet-canvas"][data-drawn="true"]') !== null;
    if (isSeen && !lines.includes('seen')) lines.push('seen');
  }).observe(document, { subtree: true, childList: true, attributes: true });
  Object.assign(globalThis, { watched: lines, Worker: Watched });
}
