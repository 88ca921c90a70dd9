import { presenterPaths } from '../presenting/contract.ts';
import type { CodeStatus, MintReply, MintRequest, PresenterCompany, View } from '../presenting/contract.ts';

/** An answer, or the platform's own words of refusal; `message` is null where it did not answer. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string | null };

/** A code as the page keeps it: the picture and its times, never the text of the code. */
export type ShownCode = Omit<MintReply, 'code'>;

/** The calls of the presenter page. */
export interface PresenterApi {
  companies(): Promise<Answer<readonly PresenterCompany[]>>;
  mint(request: MintRequest): Promise<Answer<ShownCode>>;
  status(codeId: string): Promise<Answer<CodeStatus>>;
  companyViews(companyId: string): Promise<Answer<readonly View[]>>;
  confirm(codeId: string): Promise<Answer<unknown>>;
}

const waitMs = 10_000;

/** Opens the platform's JSON interface on the page's own origin; a call that hangs is given up after ten seconds. */
export function createPresenterApi(send: (path: string, init: RequestInit) => Promise<Response>): PresenterApi {
  const call = async <T>(path: string, body?: unknown): Promise<Answer<T>> => {
    try {
      const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const response = await send(path, { ...post, signal: AbortSignal.timeout(waitMs), cache: 'no-store' });
      const answer = await response.json();
      return response.ok ? { ok: true, value: answer } : { ok: false, message: answer?.error?.message ?? null };
    } catch {
      return { ok: false, message: null };
    }
  };
  const code = (id: string): string => `${presenterPaths.codes}/${encodeURIComponent(id)}`;
  return {
    companies: async () => take(await call<{ companies: PresenterCompany[] }>(presenterPaths.companies), (value) => value.companies),
    mint: async (request) =>
      take(await call<MintReply>(presenterPaths.codes, request), showOnly),
    status: (codeId) => call(`${code(codeId)}/status`),
    companyViews: async (companyId) =>
      take(await call<{ views: View[] }>(`${presenterPaths.companies}/${encodeURIComponent(companyId)}/views`), (value) => value.views),
    confirm: (codeId) => call(`${code(codeId)}/confirm`, {}),
  };
}

function showOnly({ id, mintedAt, expiresAt, now, qrSvg, hanXinSvg }: MintReply): ShownCode {
  return { id, mintedAt, expiresAt, now, qrSvg, hanXinSvg };
}

function take<T, U>(answer: Answer<T>, part: (value: T) => U): Answer<U> {
  return answer.ok ? { ok: true, value: part(answer.value) } : answer;
}
