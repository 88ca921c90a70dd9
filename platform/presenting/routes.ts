import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { type MintReply, MintRequestSchema, presenterPaths } from './contract.ts';
import { drawHanXinSvg } from './han-xin-picture.ts';
import type { PresentingService } from './presenting-service.ts';
import { drawQrSvg } from './qr-picture.ts';

/** Serves the JSON interface of the presenter page (`contract.ts`). */
export function servePresenting(http: FastifyInstance, deps: { presenting: PresentingService; now: () => number }): void {
  const { presenting } = deps;
  http.get(presenterPaths.companies, () => ({ companies: presenting.companies() }));
  http.post(presenterPaths.codes, (request, reply) => mint(deps, request, reply));
  http.get<ById>(`${presenterPaths.codes}/:id/status`, async (request, reply) => {
    const status = await presenting.status(request.params.id);
    return status ?? refuse(reply, 404, 'unknown-code', '没有这个码');
  });
  http.get<ById>(`${presenterPaths.codes}/:id/views`, async (request) => ({ views: await presenting.viewsOfCode(request.params.id) }));
  http.get<ById>(`${presenterPaths.companies}/:id/views`, async (request) => ({
    views: await presenting.viewsOfCompany(request.params.id),
  }));
  http.post<ById>(`${presenterPaths.codes}/:id/confirm`, async (request, reply) => {
    if (isForeign(request)) return refuse(reply, 403, 'foreign-origin', '请在本页操作');
    const isConfirmed = await presenting.confirm(request.params.id);
    return isConfirmed ? { confirmed: true } : refuse(reply, 404, 'unknown-code', '码不存在或已过期');
  });
}

interface ById {
  Params: { id: string };
}

async function mint(
  { presenting, now }: { presenting: PresentingService; now: () => number },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<MintReply | FastifyReply> {
  if (isForeign(request)) return refuse(reply, 403, 'foreign-origin', '请在本页操作');
  const wanted = v.safeParse(MintRequestSchema, request.body);
  if (!wanted.success) return refuse(reply, 400, 'malformed', '授权内容不完整');
  const outcome = await presenting.mint(wanted.output);
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

/** A page of another origin may not mint or confirm in the holder's name. */
function isForeign(request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  return origin !== undefined && origin !== `http://${host ?? ''}` && origin !== `https://${host ?? ''}`;
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}
