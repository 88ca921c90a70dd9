/**
 * Lets the thread live on when the PDF library rejects a promise that nobody waits for, as it does for some damaged files: what it was
 * asked for still ends, or the caller's timer does. Nothing of our own may rely on this.
 */
export function outliveStrayRejections(onStray: () => void = () => {}): void {
  process.on('unhandledRejection', onStray);
}
