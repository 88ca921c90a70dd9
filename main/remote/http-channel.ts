import http from 'node:http';
import https from 'node:https';
import { fail, ok, type Failure, type Result } from '../../domain/failure.ts';

/** The detail of `remote/unreachable` when a kept connection was gone: the server may have closed it before it read anything. */
export const staleConnection = 'stale connection';

/** One exchange: at most `maxBytes` of answer within `timeoutMs`, of one of the media types. */
export interface HttpRequest {
  readonly url: URL;
  /** Absent: GET; otherwise POST with this JSON text. */
  readonly json?: string;
  readonly mediaTypes: readonly string[];
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** The answer to a request, status 200 only; `date` is the server's header as epoch ms, the middle of its second. */
export interface HttpReply {
  readonly body: Uint8Array;
  readonly date: number | null;
  readonly roundTripMs: number;
}

/** What a channel may do; `hosts` are `host:port`, or `host` for the usual port, compared exactly. */
export interface HttpChannelDeps {
  readonly hosts: readonly string[];
  readonly monotonic: () => number;
  readonly connectTimeoutMs?: number | undefined;
  /** Trusted roots in PEM instead of the system's. */
  readonly trustedRoots?: string | undefined;
}

/** Connections to the listed hosts, kept alive between exchanges. */
export interface HttpChannel {
  send(request: HttpRequest): Promise<Result<HttpReply>>;
  close(): void;
}

/**
 * Creates a channel that treats the other side as hostile (threat T10): listed hosts only, redirects and compression
 * refused, size capped while it streams, one deadline for the whole exchange. Never rejects.
 */
export function createHttpChannel(deps: HttpChannelDeps): HttpChannel {
  const agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets: 6, timeout: 60_000 }),
    'https:': new https.Agent({
      keepAlive: true,
      maxSockets: 6,
      timeout: 60_000,
      minVersion: 'TLSv1.2',
      ...(deps.trustedRoots === undefined ? {} : { ca: deps.trustedRoots }),
    }),
  };
  const hosts = new Set(deps.hosts.map((host) => host.toLowerCase()));

  const send = async (request: HttpRequest): Promise<Result<HttpReply>> => {
    const { protocol, host, username, password } = request.url;
    const isListed = hosts.has(host) || hosts.has(`${host}:${protocol === 'https:' ? 443 : 80}`);
    if ((protocol !== 'http:' && protocol !== 'https:') || !isListed || username !== '' || password !== '') {
      return fail('file/host-not-allowed', host.slice(0, 100));
    }
    const startedAt = deps.monotonic();
    const answer = await exchange(request, agents[protocol], deps.connectTimeoutMs ?? 3000);
    if (answer.kind === 'failed') return { ok: false, failure: answer.failure };
    return ok({ body: answer.body, date: answer.date, roundTripMs: deps.monotonic() - startedAt });
  };

  return {
    send,
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

type Exchange =
  | { readonly kind: 'answer'; readonly body: Uint8Array; readonly date: number | null }
  | { readonly kind: 'failed'; readonly failure: Failure };

function exchange(request: HttpRequest, agent: http.Agent, connectTimeoutMs: number): Promise<Exchange> {
  return new Promise((resolve) => {
    const { url, json, mediaTypes } = request;
    const transport = url.protocol === 'https:' ? https : http;
    const outgoing = transport.request(url, {
      agent,
      method: json === undefined ? 'GET' : 'POST',
      headers: {
        accept: mediaTypes.join(', '),
        'accept-encoding': 'identity',
        ...(json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(json) }),
      },
      maxHeaderSize: 16_384,
    });
    let hasAnswer = false;
    const settle = (exchange: Exchange): void => {
      clearTimeout(deadline);
      clearTimeout(connecting);
      resolve(exchange);
      // Whatever else the server wants to send is not read.
      if (exchange.kind !== 'answer') outgoing.destroy();
    };
    const deadline = setTimeout(() => settle(failed('remote/timeout', 'answer')), request.timeoutMs);
    const connecting = setTimeout(() => settle(failed('remote/timeout', 'connect')), connectTimeoutMs);
    outgoing.on('socket', (socket) => {
      if (!socket.connecting) clearTimeout(connecting);
      else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(connecting));
    });
    outgoing.on('error', (error) => settle(outgoing.reusedSocket && !hasAnswer ? failed('remote/unreachable', staleConnection) : explain(error)));
    outgoing.on('response', (incoming) => {
      hasAnswer = true;
      receive(incoming, request).then(settle, (error: unknown) => settle(explain(error)));
    });
    outgoing.end(json);
  });
}

async function receive(incoming: http.IncomingMessage, request: HttpRequest): Promise<Exchange> {
  const { statusCode = 0, headers } = incoming;
  if (statusCode !== 200) return failed('remote/http-status', String(statusCode));
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return failed('remote/http-status', 'content-encoding');
  const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!request.mediaTypes.includes(mediaType)) return failed('remote/http-status', 'content-type');
  if (Number(headers['content-length'] ?? 0) > request.maxBytes) return failed('remote/too-large');
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > request.maxBytes) return failed('remote/too-large');
    chunks.push(chunk);
  }
  const date = Date.parse(headers.date ?? '');
  return { kind: 'answer', body: new Uint8Array(Buffer.concat(chunks)), date: Number.isNaN(date) ? null : date + 500 };
}

function failed(code: Failure['code'], detail?: string): Exchange {
  return { kind: 'failed', failure: detail === undefined ? { code } : { code, detail } };
}

function explain(error: unknown): Exchange {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
  // HPE_…: what came is not HTTP at all.
  return failed(code.startsWith('HPE_') ? 'remote/http-status' : 'remote/unreachable', code);
}
