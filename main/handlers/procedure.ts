import { implement, ORPCError } from '@orpc/server';
import { describeBug } from '../../domain/bug-report.ts';
import { counterContract } from '../../domain/contracts/counter.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { type Failure, fail, type Result } from '../../domain/failure.ts';
import type { App } from '../app.ts';
import { scanHindrance } from '../access-control.ts';
import { type Caller, permittedRoles } from './roles.table.ts';

/** What each call is given beside its input. */
export interface HandlerContext {
  readonly app: App;
}

/** A failure on its way out of a handler: becomes the contract's FAILURE. */
class HandlerFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

/** The value of a result; a failure ends the call with its code. */
export function take<T>(result: Result<T>): T {
  if (!result.ok) throw new HandlerFailure(result.failure);
  return result.value;
}

/** A stream's signal that also ends with the session: the next person sees nothing that this one watched. */
export function whileLoggedIn(app: App, signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? app.sessionSignal() : AbortSignal.any([signal, app.sessionSignal()]);
}

const bare = implement(counterContract).$context<HandlerContext>();

/**
 * The contract to be implemented, guarded: the role may call this, failures leave as the contract's FAILURE, and whatever
 * else is thrown leaves as `internal/bug` with an id under which the log has it.
 */
export const procedure = bare.use(async ({ context, path, next }) => {
  const { app } = context;
  const name = path.join('.');
  try {
    await requireRole(app, name);
    return await next();
  } catch (error) {
    throw flatten(app, name, error);
  }
});

async function requireRole(app: App, name: string): Promise<void> {
  if (mayCall(app, name)) return;
  const caller = callerOf(app);
  const hindrance = scanHindrance(app.access);
  // A window that asks while nobody is logged in is no event; somebody who reaches beyond their role is.
  if ((caller === 'nobody' || caller === 'newcomer') && hindrance !== null) take(fail(hindrance));
  const noted = await app.journal.record({ type: 'permission.refused', result: 'role', ref: name });
  take(noted.ok ? fail('access/not-your-role') : noted);
}

/** Whether who calls now may make this call. */
export function mayCall(app: App, name: string): boolean {
  const isPractice = app.access.state().state === 'unattended';
  const permitted = permittedRoles[name] ?? [];
  return permitted.includes(callerOf(app)) || (isPractice && permitted.includes('practice'));
}

function callerOf(app: App): Caller {
  const { state } = app.access.state();
  if (state === 'unattended') return app.site.current().role;
  return state === 'passphrase-due' ? 'newcomer' : (app.access.role() ?? 'nobody');
}

/** What leaves of anything thrown: a failure of the contract, or the id of a bug that the log has. */
export function flatten(app: App, name: string, error: unknown): unknown {
  if (error instanceof HandlerFailure) return contractFailure(error.failure);
  // The library's own refusals (an input that does not fit the contract) say nothing of the inside.
  if (error instanceof ORPCError) return error;
  const id = encodeHex(app.random(4));
  app.log.error({ id, procedure: name, ...describeBug(error) }, 'a call met a bug');
  return contractFailure({ code: 'internal/bug', detail: id });
}

function contractFailure({ code, detail }: Failure): ORPCError<'FAILURE', Failure> {
  // A detail may come from a peer or from the system; only our own ids and field names leave.
  const isPlain = detail !== undefined && /^[\w .:/-]{1,80}$/.test(detail);
  return new ORPCError('FAILURE', { defined: true, data: isPlain ? { code, detail } : { code } });
}
