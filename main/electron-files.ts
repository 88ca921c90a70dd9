import { counterAddress } from './electron-window.ts';
import { printContentPolicy, securityHeaders } from './kiosk-policy.ts';
import { noncePlace, type WindowFile } from './window-files.ts';

/** What serving the window over its own scheme needs: the files of the build, and a nonce for each answer. */
export interface FileAnswers {
  readonly files: ReadonlyMap<string, WindowFile>;
  readonly createNonce: () => string;
}

/**
 * Answers a request of the `counter:` scheme under the same policy as the kiosk host's. A path is looked up in the list of
 * files and never joined to a folder, so that no spelling of `..` leads anywhere; whatever is not in it is a plain 404.
 */
export function answerFileRequest({ files, createNonce }: FileAnswers, request: Pick<Request, 'method' | 'url'>): Response {
  const file = request.method === 'GET' ? findFile(files, request.url) : null;
  if (file === null) return new Response(null, { status: 404, headers: securityHeaders });
  const nonce = createNonce();
  const isPage = file.mediaType.startsWith('text/html');
  const content = isPage ? file.read().toString('utf8').replaceAll(noncePlace, nonce) : new Uint8Array(file.read());
  return new Response(content, {
    status: 200,
    headers: {
      ...securityHeaders,
      'Content-Security-Policy': printContentPolicy({ nonce, connect: '' }),
      'Content-Type': file.mediaType,
      'Cache-Control': 'no-store',
    },
  });
}

function findFile(files: ReadonlyMap<string, WindowFile>, address: string): WindowFile | null {
  if (!address.startsWith(counterAddress)) return null;
  const [path = ''] = address.slice(counterAddress.length - 1).split(/[?#]/, 1);
  return files.get(path) ?? null;
}
