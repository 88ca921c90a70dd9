import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { WebSocketServer } from 'ws';
import type { CounterBackend } from './counter-backend.ts';

/** The window, built, served on loopback with the policy of the real host, talking to a fake backend. */
export interface WindowServer {
  readonly url: string;
  readonly origin: string;
  readonly dropConnections: () => void;
  readonly close: () => Promise<void>;
}

const token = 'fake-token-0123456789abcdef';
const nonce = 'ZmFrZS1ub25jZQ';
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  `style-src 'self' 'nonce-${nonce}'`,
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "media-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Starts the server on a free port. */
export async function serveWindow(folder: string, backend: CounterBackend): Promise<WindowServer> {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has(token) ? token : false) });
  backend.serve(sockets);
  const server = createServer((request, response) => {
    const name = path.normalize(new URL(request.url ?? '/', 'http://x').pathname).replace(/^\/$/, '/index.html');
    readFile(path.join(folder, name)).then(
      (body) => {
        const content = name === '/index.html' ? body.toString().replaceAll('__CSP_NONCE__', nonce) : body;
        response.writeHead(200, { 'content-type': types[path.extname(name)] ?? 'application/octet-stream', 'content-security-policy': policy }).end(content);
      },
      () => response.writeHead(404).end(),
    );
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/rpc' || request.headers['sec-websocket-protocol'] !== token) return socket.destroy();
    return sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    origin,
    url: `${origin}/#t=${token}`,
    dropConnections: () => sockets.clients.forEach((client) => client.terminate()),
    close: () =>
      new Promise((resolve) => {
        sockets.clients.forEach((client) => client.terminate());
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
