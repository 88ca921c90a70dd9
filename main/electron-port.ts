import type { IpcMain, IpcMainEvent, MessageChannelMain, MessagePortMain } from 'electron';
import { isCounterAddress } from './electron-window.ts';

/** What handing out the window's line needs. */
export interface PortDeps {
  /** The channel of this one window's contents, not the one of the whole program. */
  readonly ipc: Pick<IpcMain, 'on'>;
  readonly createChannel: () => Pick<MessageChannelMain, 'port1' | 'port2'>;
  /** Serves the contract on a port. */
  readonly serve: (port: MessagePortMain) => void;
}

/**
 * Answers each wish of the window for a line with a fresh port. The frame that asks must be the top one and show our own
 * page; anybody else gets no answer. There is one line at a time: a new one ends the one before.
 */
export function servePorts({ ipc, createChannel, serve }: PortDeps): void {
  let current: MessagePortMain | null = null;
  ipc.on('counter:port-wanted', (event) => {
    const frame = findOurFrame(event);
    if (frame === null) return;
    current?.close();
    const { port1, port2 } = createChannel();
    current = port1;
    serve(port1);
    port1.start();
    frame.postMessage('counter:port', null, [port2]);
  });
}

function findOurFrame({ senderFrame }: IpcMainEvent) {
  // Null when the frame has gone meanwhile.
  if (senderFrame === null || senderFrame.parent !== null) return null;
  return isCounterAddress(senderFrame.url) ? senderFrame : null;
}
