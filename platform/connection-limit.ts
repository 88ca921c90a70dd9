import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How many connections one address may hold open at a time, gateways of our own excepted. */
export const usualConnections = 500;

/** Ends at once what an address opens beyond its share: one that opens thousands and says nothing takes no place of others. */
export function limitConnections(server: Server, { most, trusted }: { readonly most: number; readonly trusted: readonly string[] }): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (trusted.includes(address)) return;
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
    if (count > most) socket.destroy();
  });
}
