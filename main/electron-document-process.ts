import type { UtilityProcess } from 'electron';
import type { DocumentProcess } from './documents/document-work.ts';

/** Certificate files in a utility process: Electron, as it is packaged, starts no other kind of process of its own. */
export function createDocumentProcess(child: Pick<UtilityProcess, 'postMessage' | 'on' | 'once' | 'kill'>): DocumentProcess {
  return {
    post: (message) => child.postMessage(message),
    onReply: (listener) => void child.on('message', listener),
    onEnd: (listener) => void child.once('exit', listener),
    kill: () => void child.kill(),
  };
}
