import type { PlatformProfile } from '../../domain/contracts/enterprise.ts';
import { sharingPaths } from '../../domain/contracts/sharing.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { JsonValue } from '../../domain/json.ts';
import { createSecret, type Secret } from '../../domain/secret.ts';
import { readAppRegisterReply } from '../../domain/sharing-reply.ts';
import { readStatus, type SealedCall, type Timed } from './sealed-calls.ts';

/** One business call: where, what, and how its answer is read. */
export interface Call<T> {
  readonly path: string;
  readonly payload: JsonValue;
  readonly read: (payload: unknown) => Result<T>;
}

/** What the application proves itself with (YD 12.2.1). */
export interface TokenCallsDeps {
  readonly sealed: SealedCall;
  readonly profile: PlatformProfile;
  readonly organisation: { readonly name: string; readonly code: string };
}

/** Calls that carry the application token. */
export interface TokenCalls {
  call<T>(wanted: Call<T>): Promise<Result<Timed<T>>>;
  /** Fetches a new token now. */
  registerApp(): Promise<Result<{ hasToken: boolean }>>;
}

/** Null where the platform accepted us but gives no token (wire notes W4). */
type AppToken = Secret<string> | null;

/** The reference platform's `head.status` for an application token that ran out. */
const tokenRanOut = '14';

/** Creates calls that fetch the token when it is first needed and renew it once, unnoticed, when it ran out (YD 7.3 c). */
export function createTokenCalls({ sealed, profile, organisation }: TokenCallsDeps): TokenCalls {
  let kept: AppToken | undefined;
  let fetching: Promise<Result<AppToken>> | undefined;

  const fetchToken = async (): Promise<Result<AppToken>> => {
    const { appId, appSecret } = profile;
    const request = { appId, appSecret, corpName: organisation.name, corpCode: organisation.code };
    const answer = await sealed(sharingPaths.appRegister, request).finally(() => (fetching = undefined));
    if (!answer.ok) return answer;
    const reply = readAppRegisterReply(answer.value.value.payload);
    if (!reply.ok) return reply;
    if (!reply.value.accepted) return fail('remote/refused', `code ${reply.value.message.slice(0, 200)}`);
    kept = reply.value.token === undefined ? null : createSecret(reply.value.token);
    return ok(kept);
  };

  /** Calls that come at the same time share one registration. */
  const currentToken = async (): Promise<Result<AppToken>> => (kept === undefined ? (fetching ??= fetchToken()) : ok(kept));

  /** Unless another call has renewed it already. */
  const dropToken = (token: AppToken): void => {
    if (kept === token) kept = undefined;
  };

  const callOnce = async <T>({ path, payload, read }: Call<T>, token: AppToken): Promise<Result<Timed<T>>> => {
    const answer = await sealed(path, payload, token ?? undefined);
    if (!answer.ok) return answer;
    const value = read(answer.value.value.payload);
    return value.ok ? ok({ ...answer.value, value: value.value }) : value;
  };

  return {
    call: async (wanted) => {
      const token = await currentToken();
      if (!token.ok) return token;
      const first = await callOnce(wanted, token.value);
      if (first.ok || first.failure.code !== 'remote/refused' || readStatus(first.failure.detail) !== tokenRanOut) return first;
      dropToken(token.value);
      const renewed = await currentToken();
      return renewed.ok ? callOnce(wanted, renewed.value) : renewed;
    },
    registerApp: async () => {
      kept = undefined;
      const fresh = await currentToken();
      return fresh.ok ? ok({ hasToken: fresh.value !== null }) : fresh;
    },
  };
}
