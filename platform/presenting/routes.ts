import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { type MintReply, MintRequestSchema, presenterPaths, SessionRequestSchema } from './contract.ts';
import { drawHanXinSvg } from './han-xin-picture.ts';
import type { PresentingService } from './presenting-service.ts';
import { drawQrSvg } from './qr-picture.ts';
import type { Holder } from './sessions.ts';

interface PresentingRouteDeps {
  readonly presenting: PresentingService;
  readonly now: () => number;
}

/** Serves the JSON interface of the presenter page (`contract.ts`). */
export function servePresenting(http: FastifyInstance, deps: PresentingRouteDeps): void {
  const { presenting } = deps;
  const guarded = guard(presenting);
  http.get(presenterPaths.companies, () => ({ companies: presenting.companies() }));
  http.post(presenterPaths.sessions, (request, reply) => logIn(presenting, request, reply));
  http.delete(presenterPaths.sessions, guarded(async (request) => {
    await presenting.logOut(readToken(request));
    return { loggedOut: true };
  }));
  http.post(presenterPaths.codes, guarded((request, reply, holder) => mint(deps, request, reply, holder)));
  http.get(presenterPaths.grants, guarded(async (_request, _reply, holder) => ({ grants: await presenting.grants(holder), now: new Date(deps.now()).toISOString() })));
  http.get(presenterPaths.views, guarded(async (_request, _reply, holder) => ({ views: await presenting.viewsOfCompany(holder) })));
  const code = `${presenterPaths.codes}/:id`;
  http.get(`${code}/status`, guarded(async (request, reply, holder) => (await presenting.status(holder, readId(request))) ?? refuse(reply, 404, 'unknown-code', '没有这个码')));
  http.get(`${code}/views`, guarded(async (request, _reply, holder) => ({ views: await presenting.viewsOfCode(holder, readId(request)) })));
  for (const [word, isGranted] of [['confirm', true], ['refuse', false]] as const)
    http.post(`${code}/${word}`, guarded((request, reply, holder) => decide(presenting, { request, reply, holder }, isGranted)));
  http.post(`${code}/withdraw`, guarded(async (request, reply, holder) =>
    (await presenting.withdraw(holder, readId(request))) ? { withdrawn: true } : refuse(reply, 404, 'unknown-code', '没有这项授权')));
}

type Handle = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** Only for whoever is logged in, and never for a page of another origin. */
function guard(presenting: PresentingService) {
  return (handle: (request: FastifyRequest, reply: FastifyReply, holder: Holder) => Promise<unknown>): Handle =>
    async (request, reply) => {
      if (isForeign(request)) return refuse(reply, 403, 'foreign-origin', '请在本页操作');
      const holder = await presenting.find(readToken(request));
      return holder === null ? refuse(reply, 401, 'not-logged-in', '请先登录') : handle(request, reply, holder);
    };
}

function readToken(request: FastifyRequest): string {
  return /^Bearer ([0-9a-f]{64})$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function readId(request: FastifyRequest): string {
  return (request.params as { readonly id: string }).id;
}

async function logIn(presenting: PresentingService, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (isForeign(request)) return refuse(reply, 403, 'foreign-origin', '请在本页操作');
  const wanted = v.safeParse(SessionRequestSchema, request.body);
  const session = wanted.success ? await presenting.logIn(wanted.output) : null;
  return session ?? refuse(reply, 400, 'unknown-company', '没有这家企业');
}

async function mint({ presenting, now }: PresentingRouteDeps, request: FastifyRequest, reply: FastifyReply, holder: Holder): Promise<MintReply | FastifyReply> {
  const wanted = v.safeParse(MintRequestSchema, request.body);
  if (!wanted.success) return refuse(reply, 400, 'malformed', '授权内容不完整');
  if (wanted.output.companyId !== holder.companyId) return refuse(reply, 403, 'other-company', '只能出示所登录企业的码');
  const outcome = await presenting.mint(holder, wanted.output);
  if (!outcome.ok) return refuse(reply, 400, outcome.code, outcome.message);
  const { code, codeId, expiresAt, mintedAt } = outcome.minted;
  return {
    id: codeId,
    code,
    mintedAt: new Date(mintedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    now: new Date(now()).toISOString(),
    qrSvg: drawQrSvg(code),
    hanXinSvg: drawHanXinSvg(code),
  };
}

async function decide(
  presenting: PresentingService,
  { holder, reply, request }: { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly holder: Holder },
  isGranted: boolean,
): Promise<unknown> {
  const outcome = await presenting.decide(holder, readId(request), isGranted);
  if (outcome === 'done') return { confirmed: isGranted };
  if (outcome === 'not-theirs') return refuse(reply, 403, 'not-legal', '二次实人认证须由法定代表人本人完成');
  return refuse(reply, 404, 'unknown-code', '码不存在、已过期或已答复');
}

/** A page of another origin may not act in the holder's name. */
function isForeign(request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  return origin !== undefined && origin !== `http://${host ?? ''}` && origin !== `https://${host ?? ''}`;
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}
