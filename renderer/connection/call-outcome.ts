import { ORPCError } from '@orpc/client';
import type { FailureCode } from '../../domain/failure.ts';

/** The outcome of a call to the privileged process, as a value. `detail` names a field or a device, never a person. */
export type CallOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: FailureCode; readonly detail: string | null };

/** Waits for a call and turns whatever it throws into a failure value: an undeclared error is `internal/bug`. */
export async function settleCall<T>(call: Promise<T>, isConnected: () => boolean): Promise<CallOutcome<T>> {
  try {
    return { ok: true, value: await call };
  } catch (error) {
    if (error instanceof ORPCError && error.defined) {
      const { code, detail } = error.data as { code: FailureCode; detail?: string };
      return { ok: false, code, detail: detail ?? null };
    }
    return { ok: false, code: isConnected() ? 'internal/bug' : 'window/disconnected', detail: null };
  }
}
