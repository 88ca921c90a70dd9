import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { counterContract } from '../../domain/contracts/counter.ts';

/** The typed face of the privileged process. */
export type CounterClient = ContractRouterClient<typeof counterContract>;

/** One live connection: its client, and a promise that settles once when it has ended. */
export interface Connection {
  readonly client: CounterClient;
  readonly ended: Promise<void>;
}

/** Opens a connection; rejects when the other side is not there. `not-accepted`: it is there and does not take this window. */
export type Connect = () => Promise<Connection | 'not-accepted'>;

/** Over a message port that the preload script hands over once (Electron). */
export function createPortConnect(awaitPort: () => Promise<MessagePort>): Connect {
  return async () => {
    const port = await awaitPort();
    port.start();
    const ended = new Promise<void>((resolve) => port.addEventListener('close', () => resolve()));
    return { client: createORPCClient(new PortLink({ port })), ended };
  };
}

/**
 * Over a WebSocket on the host that served this page; the token travels as the subprotocol, never in the address (kiosk). A
 * browser does not tell why a socket was refused: `isServed` says whether the host still serves its page, so that it is the
 * token of an earlier start that is not good any more.
 */
export function createSocketConnect(url: string, token: string, isServed: () => Promise<boolean>): Connect {
  return () =>
    new Promise((resolve, reject) => {
      const websocket = new WebSocket(url, [token]);
      const ended = new Promise<void>((settle) => websocket.addEventListener('close', () => settle(), { once: true }));
      void ended.then(isServed).then((served) => (served ? resolve('not-accepted') : reject(new Error('refused'))), reject);
      websocket.addEventListener('open', () => resolve({ client: createORPCClient(new SocketLink({ websocket })), ended }), { once: true });
    });
}

/** Asks `preload/` for a port and waits until it is posted into this very window; any other message is ignored. */
export function awaitCounterPort(target: Window): Promise<MessagePort> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent): void => {
      const port = event.ports[0];
      if (event.source !== target || event.data !== 'counter:port' || port === undefined) return;
      target.removeEventListener('message', listen);
      resolve(port);
    };
    target.addEventListener('message', listen);
    target.postMessage('counter:port-wanted', target.location.origin);
  });
}
