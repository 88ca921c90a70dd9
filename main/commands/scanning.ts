import { fail, ok, type Result } from '../../domain/failure.ts';
import type { App, GrantedVerdict } from '../app.ts';
import type { ScanInput } from '../devices/scan-hub.ts';

/** Hands a code to the scan hub, as a scanner does, and waits until its verdict is written down and announced. */
export async function awaitVerdict(app: App, input: ScanInput): Promise<Result<GrantedVerdict>> {
  const stop = new AbortController();
  const events = app.events.subscribe(stop.signal);
  try {
    const submitted = app.hub.submit(input);
    if (!submitted.ok) return submitted;
    for await (const event of events) {
      if (event.type === 'verdict' && event.granted.outcome.scanId === submitted.value.scanId) return ok(event.granted);
      if (event.type === 'refused') return fail(event.code, event.device);
      if (event.type === 'repeat') return fail('scan/busy', 'the code is on the screen already');
    }
    return fail('window/disconnected');
  } finally {
    stop.abort();
  }
}
