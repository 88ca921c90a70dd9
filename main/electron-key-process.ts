import type { UtilityProcess } from 'electron';
import type { KeyProcess } from './usb-key/usb-key.ts';

/** A vendor's library in a utility process: Electron, as it is packaged, starts no other kind of process of its own. */
export function createKeyProcess(child: Pick<UtilityProcess, 'postMessage' | 'once' | 'kill'>): KeyProcess {
  return {
    post: (order) => child.postMessage(order),
    onAnswer: (listener) => void child.once('message', listener),
    onEnd: (listener) => void child.once('exit', listener),
    end: () => void child.kill(),
  };
}
