import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { RandomBytes } from '../domain/crypto/random.ts';
import type { App } from './app.ts';
import { counterRouter } from './handlers/router.ts';
import { printContentPolicy, securityHeaders } from './kiosk-policy.ts';
import { listWindowFiles, noncePlace, type WindowFile } from './window-files.ts';

/** What the kiosk host needs. */
export interface KioskDeps {
  /** The services; the window's files are served while they start, what it asks waits for them. */
  readonly app: App | Promise<App>;
  readonly random: RandomBytes;
  /** The folder of the built window (`dist/window`). */
  readonly windowDir: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** The window served on loopback to a browser of this machine. */
export interface KioskHost {
  readonly origin: string;
  /** The address to open, with the token of this launch in its fragment, which no request and no log ever carries. */
  readonly address: string;
  close(): Promise<void>;
}

const mostWindows = 8;
const mostBytesPerMessage = 65_536;
// A window that does not read what it asked for is cut off before it fills the memory.
const mostBytesWaiting = 64 * 1024 * 1024;
const socketPath = '/rpc';

/**
 * Serves the window and the contract on 127.0.0.1. Null when the window was not built. Every request must name exactly
 * this host (a rebound name is another one); the contract needs our own origin and the token of this launch.
 */
export async function createKioskHost(deps: KioskDeps): Promise<KioskHost | null> {
  const files = listWindowFiles(deps.windowDir);
  if (files === null) return null;
  const token = Buffer.from(deps.random(32)).toString('base64url');
  const server = createServer({ requireHostHeader: false, maxHeaderSize: 8192 });
  const sockets = serveContract(Promise.resolve(deps.app));
  const port = await listen(server, deps.port);
  const guard: Guard = { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}`, token };
  server.on('request', (request, response) => answer({ deps, files, guard }, request, response));
  server.on('upgrade', (request, socket, head) => upgrade({ guard, sockets }, request, socket, head));
  server.on('clientError', (_, socket) => socket.destroy());
  return {
    origin: guard.origin,
    address: `${guard.origin}/#t=${token}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Guard {
  readonly host: string;
  readonly origin: string;
  readonly token: string;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve((server.address() as AddressInfo).port));
  });
}

/** The contract over WebSockets; the token is the subprotocol, so that it stands in no address. */
function serveContract(app: Promise<App>): WebSocketServer {
  const handler = new RPCHandler(counterRouter);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostBytesPerMessage, perMessageDeflate: false, clientTracking: true });
  sockets.on('connection', (socket: WebSocket) => {
    socket.on('error', () => socket.terminate());
    const watching = setInterval(() => {
      if (socket.bufferedAmount > mostBytesWaiting) socket.terminate();
    }, 1000);
    socket.on('close', () => clearInterval(watching));
    // What the window asks before anybody listens would be lost.
    socket.pause();
    app
      .then((started) => handler.upgrade(socket, { context: { app: started } }))
      .then(() => socket.resume(), () => socket.terminate());
  });
  return sockets;
}

/** Why a request is refused, or null: 421 for another host, 403 for a foreign page. */
function refusalOf(request: IncomingMessage, guard: Guard): 421 | 403 | null {
  const hosts = request.rawHeaders.filter((_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === 'host');
  if (hosts.length !== 1 || hosts[0] !== guard.host) return 421;
  const { origin } = request.headers;
  return origin !== undefined && origin !== guard.origin ? 403 : null;
}

interface Answering {
  readonly deps: KioskDeps;
  readonly files: ReadonlyMap<string, WindowFile>;
  readonly guard: Guard;
}

function answer({ deps, files, guard }: Answering, request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  const refusal = refusalOf(request, guard);
  if (refusal !== null) return refuse(response, refusal);
  const file = findFile(files, request);
  // The same answer for everything else, so that a foreign page learns nothing of what runs here.
  const bytes = file === null ? null : readIfThere(file);
  if (file === null || bytes === null) return refuse(response, 404);
  const nonce = Buffer.from(deps.random(16)).toString('base64');
  response.setHeader('Content-Security-Policy', printContentPolicy({ nonce, connect: `ws://${guard.host}` }));
  response.setHeader('Content-Type', file.mediaType);
  response.setHeader('Cache-Control', file.isHashed ? 'private, max-age=31536000, immutable' : 'no-store');
  const content = file.mediaType.startsWith('text/html') ? bytes.toString('utf8').replaceAll(noncePlace, nonce) : bytes;
  response.setHeader('Content-Length', Buffer.byteLength(content));
  response.end(request.method === 'HEAD' ? undefined : content);
}

function findFile(files: ReadonlyMap<string, WindowFile>, request: IncomingMessage): WindowFile | null {
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  // Browsers say where a request comes from; another site's never gets a file, not even to guess a status from.
  const site = request.headers['sec-fetch-site'] ?? 'none';
  const [path = ''] = (request.url ?? '').split('?', 1);
  const isAllowed = site === 'none' || site === 'same-origin' || isEntering(request, path);
  return isReading && isAllowed ? (files.get(path) ?? null) : null;
}

/** The window comes here from the page in its profile that holds its token; whoever else does sees a page without one. */
function isEntering({ headers }: IncomingMessage, path: string): boolean {
  return path === '/' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

/** Null when the file went since the start: a new build replaces the window under a running host. */
function readIfThere(file: WindowFile): Buffer | null {
  try {
    return file.read();
  } catch {
    return null;
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': 0, 'Cache-Control': 'no-store', Connection: 'close' });
  response.end();
}

function upgrade(parts: { readonly guard: Guard; readonly sockets: WebSocketServer }, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { guard, sockets } = parts;
  const refusal = refusalOf(request, guard);
  if (refusal !== null) return cutOff(socket, refusal);
  // A page always says its origin here; whoever leaves it out is none.
  if (request.headers.origin !== guard.origin) return cutOff(socket, 403);
  if (request.url !== socketPath) return cutOff(socket, 404);
  if (!isToken(request.headers['sec-websocket-protocol'] ?? '', guard.token)) return cutOff(socket, 401);
  if (sockets.clients.size >= mostWindows) return cutOff(socket, 503);
  sockets.handleUpgrade(request, socket, head, (websocket) => sockets.emit('connection', websocket, request));
}

function isToken(offered: string, token: string): boolean {
  const [a, b] = [Buffer.from(offered), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const reasons: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 421: 'Misdirected Request', 503: 'Service Unavailable' };

function cutOff(socket: Duplex, status: number): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${reasons[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
