import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { MessagePortMain } from 'electron';

/** One call made on a stand-in: its name and its arguments. */
export type Call = readonly [name: string, ...values: unknown[]];

/**
 * An object that is an event emitter, has the properties given, and takes down every other call; what the code under test
 * does with it can be read from `calls` and from its listeners. The cast is the one place where a test says "electron".
 */
export function standIn<T>(properties: object = {}): { readonly part: T; readonly calls: Call[]; readonly events: EventEmitter } {
  const events = new EventEmitter();
  const calls: Call[] = [];
  const part = new Proxy(events, {
    get: (target, name) => {
      if (Object.hasOwn(properties, name)) return Reflect.get(properties, name) as unknown;
      if (name in target) return Reflect.get(target, name, target) as unknown;
      return (...values: unknown[]) => {
        calls.push([String(name), ...values]);
      };
    },
  });
  return { part: part as unknown as T, calls, events };
}

/** The values of the first call of a name. */
export function valuesOf(calls: readonly Call[], name: string): readonly unknown[] {
  const found = calls.find(([called]) => called === name);
  if (found === undefined) throw new Error(`${name} was never called`);
  return found.slice(1);
}

/** An event that knows whether it was prevented. */
export function preventable(properties: object = {}) {
  const event = { ...properties, prevented: false, preventDefault: () => void (event.prevented = true) };
  return event;
}

/** A channel whose first port behaves as Electron's in the main process, and whose second is the window's. */
export function createStandInChannel(): { readonly port1: MessagePortMain; readonly port2: MessagePortMain; readonly windowPort: MessagePort; readonly isClosed: () => boolean } {
  const { port1, port2 } = new MessageChannel();
  const main = new EventEmitter();
  const waiting: unknown[] = [];
  let started = false;
  let closed = false;
  port1.on('message', (data: unknown) => {
    if (started) main.emit('message', { data, ports: [] });
    else waiting.push(data);
  });
  port1.on('close', () => {
    closed = true;
    main.emit('close');
  });
  const face = Object.assign(main, {
    postMessage: (data: unknown) => port1.postMessage(data),
    // As in Electron, nothing arrives before this.
    start: () => {
      started = true;
      for (const data of waiting.splice(0)) main.emit('message', { data, ports: [] });
    },
    close: () => {
      closed = true;
      port1.close();
    },
  });
  return { port1: face as unknown as MessagePortMain, port2: port2 as unknown as MessagePortMain, windowPort: port2, isClosed: () => closed };
}
