import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import type { JsonValue } from '../../domain/json.ts';
import type { Peer } from '../conformance/peer.ts';
import { isLocal, isOwnPage } from '../operations/local-guard.ts';
import { printOpenApi } from './document.ts';
import { apiOperations } from './operations.table.ts';
import { printTryPage, tryPageScript, tryPageStyle } from './try-page.ts';

const TrySchema = v.object({ path: v.pipe(v.string(), v.maxLength(200)), payload: v.record(v.string(), v.unknown()) });

/**
 * Serves the OpenAPI document to everybody, and to this machine alone the page that tries calls as a peer for demonstration;
 * `openPeer` enrols that peer the first time one is tried.
 */
export function serveOpenApi(http: FastifyInstance, deps: { readonly url: () => string; readonly openPeer: () => Promise<Peer> }): void {
  const serve = (path: string, type: string, text: () => string) =>
    http.get(path, async (request, reply) => (isLocal(request) ? reply.type(type).send(text()) : reply.code(404).send({})));
  http.get('/openapi.json', () => printOpenApi(deps.url()));
  serve('/api', 'text/html; charset=utf-8', printTryPage);
  serve('/api/page.css', 'text/css; charset=utf-8', () => tryPageStyle);
  serve('/api/page.js', 'text/javascript; charset=utf-8', () => tryPageScript);
  const held: { peer: Promise<Peer> | null } = { peer: null };
  http.post('/api/try', async (request, reply) => {
    if (!isOwnPage(request)) return reply.code(404).send({});
    held.peer ??= deps.openPeer();
    return tryCall(await held.peer, request, reply);
  });
}

async function tryCall(peer: Peer, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const asked = v.safeParse(TrySchema, request.body);
  const isKnown = asked.success && apiOperations.some(({ carries, path }) => carries === 'envelope' && path === asked.output.path);
  if (!asked.success || !isKnown) return reply.code(400).send({ error: { code: 'unknown-interface', message: '没有这个接口' } });
  const { path, payload } = asked.output;
  const own: Record<string, string> = { appId: peer.profile.appId, appSecret: peer.profile.appSecret, ...peer.owner };
  // What only this peer can know is filled in where the example is left as it is.
  const filled = Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, name in own ? own[name] : value]));
  const sent = peer.seal(path, filled as { readonly [name: string]: JsonValue }, { appToken: peer.appToken, sign: peer.signer() });
  const { message, payload: answered = null, received, signature, status } = await peer.send(path, sent);
  return { status, message, signature, payload: answered, sent, received };
}
