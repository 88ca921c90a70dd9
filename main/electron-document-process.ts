import type { ForkOptions, UtilityProcess } from 'electron';
import { bareEnvironment, type DocumentProcess } from './documents/document-work.ts';

/** Certificate files in a utility process: Electron, as it is packaged, starts no other kind of process of its own. */
export function createDocumentProcess(child: Pick<UtilityProcess, 'postMessage' | 'on' | 'once' | 'kill'>): DocumentProcess {
  return {
    post: (message) => child.postMessage(message),
    onReply: (listener) => void child.on('message', listener),
    onEnd: (listener) => void child.once('exit', listener),
    kill: () => void child.kill(),
  };
}

/** How it is started: without the program's environment. Flags of Node's permission model would be taken and not obeyed (ADR 30). */
export function utilityProcessOptions(environment: NodeJS.ProcessEnv): ForkOptions {
  return { env: bareEnvironment(environment), stdio: 'ignore' };
}
