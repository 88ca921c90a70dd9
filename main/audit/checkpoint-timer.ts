/** Has the log signed a while after something was recorded, however little it was. */
export interface CheckpointTimer {
  recorded(): void;
  stop(): void;
}

/** Creates the timer: `sign` is called once, `afterMs` after the first entry since the last time. */
export function createCheckpointTimer(deps: { readonly sign: () => Promise<unknown>; readonly afterMs: number }): CheckpointTimer {
  let timer: NodeJS.Timeout | null = null;
  return {
    recorded: () => {
      timer ??= setTimeout(() => {
        timer = null;
        // A store that cannot sign tells whoever records, once too many entries wait for it.
        void deps.sign().catch(() => undefined);
      }, deps.afterMs).unref();
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
