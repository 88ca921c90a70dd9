import { presenterPaths } from '../presenting/contract.ts';
import type { CodeStatus, GrantLine, MintReply, MintRequest, PresenterCompany, SessionReply, View } from '../presenting/contract.ts';

/** An answer, or the platform's own words of refusal; `message` is null where it did not answer. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string | null };

/** A code as the page keeps it: the picture and its times, never the text of the code. */
export type ShownCode = Omit<MintReply, 'code'>;

/** Who is logged in, without the token. */
export type Session = Omit<SessionReply, 'token'>;

/** The calls of the presenter page; the token of the session stays in here. */
export interface PresenterApi {
  companies(): Promise<Answer<readonly PresenterCompany[]>>;
  logIn(as: Pick<SessionReply, 'companyId' | 'role'>): Promise<Answer<Session>>;
  logOut(): Promise<void>;
  mint(request: MintRequest): Promise<Answer<ShownCode>>;
  status(codeId: string): Promise<Answer<CodeStatus>>;
  /** Who looked in the last seven days. The key only tells one session's question from another's. */
  views(key: string): Promise<Answer<readonly View[]>>;
  /** What was granted in the last seven days. */
  grants(key: string): Promise<Answer<{ readonly grants: readonly GrantLine[]; readonly now: string }>>;
  decide(codeId: string, isGranted: boolean): Promise<Answer<unknown>>;
  withdraw(codeId: string): Promise<Answer<unknown>>;
}

const waitMs = 10_000;

/** Opens the platform's JSON interface on the page's own origin; a call that hangs is given up after ten seconds. */
export function createPresenterApi(send: (path: string, init: RequestInit) => Promise<Response>): PresenterApi {
  const held = { token: '' };
  const call = async <T>(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<Answer<T>> => {
    try {
      const headers = { ...(held.token === '' ? {} : { authorization: `Bearer ${held.token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await send(path, { method, headers, ...sent, signal: AbortSignal.timeout(waitMs), cache: 'no-store' });
      const answer = await response.json();
      return response.ok ? { ok: true, value: answer } : { ok: false, message: answer?.error?.message ?? null };
    } catch {
      return { ok: false, message: null };
    }
  };
  const code = (id: string): string => `${presenterPaths.codes}/${encodeURIComponent(id)}`;
  return {
    companies: async () => take(await call<{ companies: PresenterCompany[] }>(presenterPaths.companies), (value) => value.companies),
    logIn: async (as) => {
      const answer = await call<SessionReply>(presenterPaths.sessions, as);
      if (answer.ok) held.token = answer.value.token;
      return take(answer, ({ token: _token, ...session }) => session);
    },
    logOut: async () => {
      await call(presenterPaths.sessions, undefined, 'DELETE');
      held.token = '';
    },
    mint: async (request) => take(await call<MintReply>(presenterPaths.codes, request), showOnly),
    status: (codeId) => call(`${code(codeId)}/status`),
    views: async () => take(await call<{ views: View[] }>(presenterPaths.views), (value) => value.views),
    grants: () => call(presenterPaths.grants),
    decide: (codeId, isGranted) => call(`${code(codeId)}/${isGranted ? 'confirm' : 'refuse'}`, {}),
    withdraw: (codeId) => call(`${code(codeId)}/withdraw`, {}),
  };
}

function showOnly({ id, mintedAt, expiresAt, now, qrSvg, hanXinSvg }: MintReply): ShownCode {
  return { id, mintedAt, expiresAt, now, qrSvg, hanXinSvg };
}

function take<T, U>(answer: Answer<T>, part: (value: T) => U): Answer<U> {
  return answer.ok ? { ok: true, value: part(answer.value) } : answer;
}
