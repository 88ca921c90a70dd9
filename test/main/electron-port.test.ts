import { EventEmitter } from 'node:events';
import vm from 'node:vm';
import type { MessagePort as NodePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { os } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import type { IpcMain, MessagePortMain } from 'electron';
import { build } from 'vite';
import { beforeAll, describe, expect, test } from 'vitest';
import { servePorts } from '../../main/electron-port.ts';
import { createStandInChannel } from './electron-stand-in.ts';

type Channel = ReturnType<typeof createStandInChannel>;

/** One window's end of the main process: who asks, what was handed out. */
function createDesk() {
  const ipc = new EventEmitter();
  const channels: Channel[] = [];
  const served: MessagePortMain[] = [];
  const createChannel = (): Channel => {
    const channel = createStandInChannel();
    channels.push(channel);
    return channel;
  };
  const serve = (port: MessagePortMain): void => void served.push(port);
  servePorts({ ipc: ipc as unknown as Pick<IpcMain, 'on'>, createChannel, serve });
  const ask = (frame: { url: string; parent: unknown } | null): unknown[][] => {
    const posted: unknown[][] = [];
    const senderFrame = frame === null ? null : { ...frame, postMessage: (...values: unknown[]) => posted.push(values) };
    ipc.emit('counter:port-wanted', { senderFrame });
    return posted;
  };
  return { ask, channels, served };
}

const ours = { url: 'counter://app/', parent: null };

describe('the line to the window', () => {
  test('our page gets a port, and its other end is served', () => {
    const { ask, channels, served } = createDesk();
    expect(ask(ours)).toEqual([['counter:port', null, [channels[0]!.port2]]]);
    expect(served).toEqual([channels[0]!.port1]);
    channels[0]!.port1.close();
  });

  test('nobody else gets one, and no channel is even made', () => {
    const { ask, channels, served } = createDesk();
    for (const url of ['https://evil.example/', 'file:///index.html', 'counter://app.evil/', 'about:blank', 'data:text/html,x', 'http://127.0.0.1:8710/', '']) expect(ask({ url, parent: null }), url).toEqual([]);
    expect(ask({ url: 'counter://app/', parent: {} }), 'a frame inside the page').toEqual([]);
    expect(ask(null), 'a frame that has gone').toEqual([]);
    expect([channels, served]).toEqual([[], []]);
  });

  test('a page that asks again gets a new line, and the old one ends', () => {
    const { ask, channels } = createDesk();
    ask(ours);
    ask(ours);
    expect(channels.map((channel) => channel.isClosed())).toEqual([true, false]);
    channels[1]!.port1.close();
  });
});

describe('the preload script', () => {
  const built: { script: string } = { script: '' };
  beforeAll(async () => {
    const output = await build({ configFile: 'vite.preload.config.ts', logLevel: 'silent', build: { write: false } });
    if (!('output' in output)) throw new Error('not built');
    expect(output.output.map(({ fileName }) => fileName)).toEqual(['preload.cjs']);
    built.script = output.output[0].code;
  });

  /** Runs the built script as Electron does, beside a page, with main at the other end of its channel. */
  function openPage(desk: ReturnType<typeof createDesk>, frame = ours) {
    const toPreload = new EventEmitter();
    const sent: unknown[][] = [];
    const page = new EventEmitter();
    const window = {
      location: { origin: 'counter://app' },
      addEventListener: (name: string, listener: (event: object) => void) => page.on(name, listener),
      postMessage: (data: unknown, origin: string, ports: unknown[] = []) => page.emit('message', { source: window, data, origin, ports }),
    };
    const ipcRenderer = {
      on: (name: string, listener: (event: object) => void) => toPreload.on(name, listener),
      send: (...values: unknown[]) => {
        sent.push(values);
        for (const [channel, , ports] of desk.ask(frame)) toPreload.emit(String(channel), { ports });
      },
    };
    const required: string[] = [];
    const require = (name: string) => {
      required.push(name);
      return { ipcRenderer };
    };
    vm.runInNewContext(built.script, { window, require });
    const received: { data: unknown; origin: string; ports: unknown[] }[] = [];
    page.on('message', (event: (typeof received)[number]) => event.data === 'counter:port' && received.push(event));
    return { window, page, sent, required, received };
  }

  test('is small, needs electron alone, and exposes nothing', () => {
    expect(built.script.split('\n').length).toBeLessThan(30);
    expect(built.script.length).toBeLessThan(1000);
    expect(built.script).not.toMatch(/contextBridge|exposeInMainWorld|invoke|import /);
    expect(openPage(createDesk()).required).toEqual(['electron']);
  });

  test('hands the port to the page that asks, and to this origin only', () => {
    const desk = createDesk();
    const { window, received, sent } = openPage(desk);
    expect(received).toEqual([]);
    window.postMessage('counter:port-wanted', 'counter://app');
    expect(sent).toEqual([['counter:port-wanted']]);
    expect(received).toMatchObject([{ data: 'counter:port', origin: 'counter://app' }]);
    expect(received[0]!.ports).toEqual([desk.channels[0]!.port2]);
    desk.channels[0]!.port1.close();
  });

  test('takes nothing from another window and nothing but the one word', () => {
    const { page, window, sent } = openPage(createDesk());
    page.emit('message', { source: {}, data: 'counter:port-wanted', origin: 'counter://app' });
    page.emit('message', { source: null, data: 'counter:port-wanted', origin: 'counter://app' });
    for (const data of ['counter:port', 'require', { channel: 'counter:port-wanted' }, ['counter:port-wanted'], null]) window.postMessage(data, 'counter://app');
    expect(sent).toEqual([]);
  });

  test('calls and streams of the contract’s library pass from page to main and back', async () => {
    const router = {
      double: os.handler(({ input }) => Number(input) * 2),
      count: os.handler(async function* () {
        for (const step of [1, 2, 3]) yield step;
      }),
    };
    const handler = new RPCHandler(router);
    const ipc = new EventEmitter();
    servePorts({ ipc: ipc as unknown as Pick<IpcMain, 'on'>, createChannel: createStandInChannel, serve: (port) => handler.upgrade(port) });
    const port = await new Promise<NodePort>((resolve) => {
      const postMessage = (_channel: string, _message: unknown, [port]: [NodePort]) => resolve(port);
      ipc.emit('counter:port-wanted', { senderFrame: { ...ours, postMessage } });
    });
    port.start();
    const client = createORPCClient<{ double: (input: number) => Promise<number>; count: () => Promise<AsyncIterable<number>> }>(new RPCLink({ port: port as unknown as MessagePort }));
    expect(await client.double(21)).toBe(42);
    const steps: number[] = [];
    for await (const step of await client.count()) steps.push(step);
    expect(steps).toEqual([1, 2, 3]);
    port.close();
  });
});
