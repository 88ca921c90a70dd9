import type { ScanInput } from '../../domain/contracts/counter.ts';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import type { CounterStore } from './counter-store.ts';

/** Hands one read code to the host; false when it was not taken, and the reason is on the screen. */
export async function submitCode(
  store: CounterStore,
  { source, bytes, symbology }: { readonly source: ScanInput['source']; readonly bytes: Uint8Array; readonly symbology?: string },
): Promise<boolean> {
  const outcome = await store.call((client) =>
    client.scan.submit({ source, bytesBase64: encodeBase64(bytes), ...(symbology === undefined ? {} : { symbology: symbology.slice(0, 40) }) }),
  );
  if (!outcome.ok) store.dispatch({ type: 'problem', code: outcome.code });
  return outcome.ok;
}
