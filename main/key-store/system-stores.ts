import { execFile } from 'node:child_process';
import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';

/** An operating system's store of secrets, for this user of this machine. `key/store-failed` with the store's name where it is not there, locked, silent or refuses. */
export interface SystemStore {
  readonly backend: string;
  /** Whether it is there and answers. */
  isThere(): Promise<boolean>;
  /** Takes a secret under a name; gives what must be kept elsewhere to get it back, which is nothing (no bytes) where the store keeps the secret itself. */
  seal(name: string, secret: Uint8Array): Promise<Result<Uint8Array>>;
  open(name: string, kept: Uint8Array): Promise<Result<Uint8Array>>;
  /** Lets go of what is kept under a name, where the store keeps it. */
  forget(name: string): Promise<Result<null>>;
}

/** How a program that was run ended; `status` null where it is not there, was ended by a signal or took too long. */
export interface RunOutcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program with a text on its input, and ends it when it takes longer than this; nothing else waits for it. */
export type RunProgram = (program: string, args: readonly string[], input: string, limitMs: number) => Promise<RunOutcome>;

/** A person may have to unlock the store first, ms; whether it is there at all must be known sooner. */
const [longestWaitMs, longestLookMs] = [60_000, 10_000];

/** The stores of an operating system, the one to use first; none for others. */
export function listSystemStores(platform: NodeJS.Platform, run: RunProgram = runProgram): readonly SystemStore[] {
  if (platform === 'linux') return [createSecretService(run)];
  if (platform === 'darwin') return [createKeychain(run)];
  return platform === 'win32' ? [createDpapi(run)] : [];
}

/** The Secret Service of Linux desktops (GNOME Keyring, KWallet, UKUI, Deepin) by `secret-tool`; the secret goes through its input. */
function createSecretService(run: RunProgram): SystemStore {
  const backend = 'secret-service';
  const place = (name: string): readonly string[] => ['application', 'counter', 'key', name];
  return {
    backend,
    // A name that is not there is no error; a service that is not there says so.
    isThere: async () => {
      const { status, err } = await run('secret-tool', ['lookup', ...place('none')], '', longestLookMs);
      return status !== null && err === '';
    },
    seal: async (name, secret) => keptInside(backend, await run('secret-tool', ['store', '--label=Counter', ...place(name)], encodeBase64(secret), longestWaitMs)),
    open: async (name) => readAnswer(backend, await run('secret-tool', ['lookup', ...place(name)], '', longestWaitMs)),
    forget: async (name) => isDone(backend, await run('secret-tool', ['clear', ...place(name)], '', longestWaitMs)),
  };
}

/** The macOS keychain by `security`, which reads its command from its input: an argument could be read by others. */
function createKeychain(run: RunProgram): SystemStore {
  const backend = 'keychain';
  return {
    backend,
    isThere: async () => (await run('security', ['list-keychains'], '', longestLookMs)).status === 0,
    seal: async (name, secret) => keptInside(backend, await run('security', ['-i'], `add-generic-password -U -a counter -s ${name} -w ${encodeBase64(secret)}\n`, longestWaitMs)),
    open: async (name) => readAnswer(backend, await run('security', ['find-generic-password', '-a', 'counter', '-s', name, '-w'], '', longestWaitMs)),
    forget: async (name) => isDone(backend, await run('security', ['delete-generic-password', '-a', 'counter', '-s', name], '', longestWaitMs)),
  };
}

/** Windows' DPAPI for the current user, by PowerShell: it keeps nothing, what it sealed opens for this user on this machine only. */
function createDpapi(run: RunProgram): SystemStore {
  const backend = 'dpapi';
  const powershell = async (method: string, bytes: Uint8Array): Promise<Result<Uint8Array>> => {
    const script = `Add-Type -AssemblyName System.Security; [Convert]::ToBase64String([Security.Cryptography.ProtectedData]::${method}([Convert]::FromBase64String([Console]::In.ReadLine()), $null, 'CurrentUser'))`;
    return readAnswer(backend, await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script], `${encodeBase64(bytes)}\n`, longestWaitMs));
  };
  return {
    backend,
    isThere: async () => (await powershell('Protect', Uint8Array.of(1))).ok,
    seal: (_, secret) => powershell('Protect', secret),
    open: (_, kept) => powershell('Unprotect', kept),
    forget: async () => ok(null),
  };
}

function readAnswer(backend: string, { out, status }: RunOutcome): Result<Uint8Array> {
  const bytes = status === 0 ? decodeBase64(out.trim()) : null;
  return bytes === null || bytes.length === 0 ? fail('key/store-failed', backend) : ok(bytes);
}

function keptInside(backend: string, outcome: RunOutcome): Result<Uint8Array> {
  return outcome.status === 0 ? ok(new Uint8Array()) : fail('key/store-failed', backend);
}

function isDone(backend: string, outcome: RunOutcome): Result<null> {
  return outcome.status === 0 ? ok(null) : fail('key/store-failed', backend);
}

const runProgram: RunProgram = (program, args, input, limitMs) =>
  new Promise((resolve) => {
    const child = execFile(program, args, { encoding: 'utf8', timeout: limitMs, killSignal: 'SIGKILL', windowsHide: true }, (error, out, err) => {
      const code = error === null ? 0 : error.code;
      resolve({ status: typeof code === 'number' ? code : null, out, err });
    });
    // One that ends before it has read everything says so by its status.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
