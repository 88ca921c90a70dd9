import * as v from 'valibot';
import { fail, ok, type Result } from '../../domain/failure.ts';
import type { MintRequest } from '../../platform/presenting/contract.ts';

const CompaniesSchema = v.object({
  companies: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      information: v.array(v.object({ oid: v.string() })),
      certificates: v.array(v.object({ typeCode: v.string(), type: v.string() })),
    }),
  ),
});
const SessionSchema = v.object({ token: v.string() });
const MintedSchema = v.object({ code: v.string(), expiresAt: v.string() });

/** A sample company as the presenter page lists it. */
export type ListedCompany = v.InferOutput<typeof CompaniesSchema>['companies'][number];

/** Asks the presenter's interface as its page does, over HTTP. */
export interface PresenterClient {
  companies(): Promise<Result<readonly ListedCompany[]>>;
  mint(request: MintRequest): Promise<Result<{ readonly code: string; readonly expiresAt: string }>>;
}

/** Creates the client for the platform at `url`. */
export function createPresenterClient(url: string): PresenterClient {
  const ask = async <Schema extends v.GenericSchema>(path: string, schema: Schema, request?: object, token?: string): Promise<Result<v.InferOutput<Schema>>> => {
    try {
      const body = request === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }, body: JSON.stringify(request) };
      const reply = await fetch(new URL(path, url), { ...body, signal: AbortSignal.timeout(10_000) });
      if (!reply.ok) return fail('remote/http-status', String(reply.status));
      const read = v.safeParse(schema, await reply.json());
      return read.success ? ok(read.output) : fail('remote/malformed', path);
    } catch (error) {
      // fetch tells a dead line and a broken answer by throwing only.
      return fail('remote/unreachable', error instanceof Error ? error.message : path);
    }
  };
  return {
    companies: async () => {
      const reply = await ask('/presenter/companies', CompaniesSchema);
      return reply.ok ? ok(reply.value.companies) : reply;
    },
    mint: async (request) => {
      const session = await ask('/presenter/sessions', SessionSchema, { companyId: request.companyId, role: 'legal' });
      return session.ok ? ask('/presenter/codes', MintedSchema, request, session.value.token) : session;
    },
  };
}
