import { spawnSync } from 'node:child_process';
import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';

/** An operating system's store of secrets, for this user of this machine. Nothing throws: a store that is not there, locked or refused gives null. */
export interface SystemStore {
  readonly backend: string;
  /** Whether it is there and answers. */
  isThere(): boolean;
  /** Takes a secret under a name; gives what must be kept elsewhere to get it back, which is nothing (no bytes) where the store keeps the secret itself. */
  seal(name: string, secret: Uint8Array): Uint8Array | null;
  open(name: string, kept: Uint8Array): Uint8Array | null;
  /** Lets go of what is kept under a name, where the store keeps it. */
  forget(name: string): void;
}

/** Runs a program with a text on its input; null where it is not there, fails or takes too long. */
export type RunProgram = (program: string, args: readonly string[], input: string) => { readonly status: number | null; readonly out: string; readonly err: string };

/** A person may have to unlock the store first, ms. */
const longestWaitMs = 60_000;

/** The stores of an operating system, the one to use first; none for others. */
export function listSystemStores(platform: NodeJS.Platform, run: RunProgram = runProgram): readonly SystemStore[] {
  if (platform === 'linux') return [createSecretService(run)];
  if (platform === 'darwin') return [createKeychain(run)];
  return platform === 'win32' ? [createDpapi(run)] : [];
}

/** The Secret Service of Linux desktops (GNOME Keyring, KWallet, UKUI, Deepin) by `secret-tool`; the secret goes through its input. */
function createSecretService(run: RunProgram): SystemStore {
  const place = (name: string): readonly string[] => ['application', 'counter', 'key', name];
  return {
    backend: 'secret-service',
    // A name that is not there is no error; a service that is not there says so.
    isThere: () => {
      const { status, err } = run('secret-tool', ['lookup', ...place('none')], '');
      return status !== null && err === '';
    },
    seal: (name, secret) => (run('secret-tool', ['store', '--label=Counter', ...place(name)], encodeBase64(secret)).status === 0 ? new Uint8Array() : null),
    open: (name) => readAnswer(run('secret-tool', ['lookup', ...place(name)], '')),
    forget: (name) => void run('secret-tool', ['clear', ...place(name)], ''),
  };
}

/** The macOS keychain by `security`, which reads its command from its input: an argument could be read by others. */
function createKeychain(run: RunProgram): SystemStore {
  return {
    backend: 'keychain',
    isThere: () => run('security', ['list-keychains'], '').status === 0,
    seal: (name, secret) => (run('security', ['-i'], `add-generic-password -U -a counter -s ${name} -w ${encodeBase64(secret)}\n`).status === 0 ? new Uint8Array() : null),
    open: (name) => readAnswer(run('security', ['find-generic-password', '-a', 'counter', '-s', name, '-w'], '')),
    forget: (name) => void run('security', ['delete-generic-password', '-a', 'counter', '-s', name], ''),
  };
}

/** Windows' DPAPI for the current user, by PowerShell: it keeps nothing, what it sealed opens for this user on this machine only. */
function createDpapi(run: RunProgram): SystemStore {
  const powershell = (method: string, bytes: Uint8Array): Uint8Array | null => {
    const script = `Add-Type -AssemblyName System.Security; [Convert]::ToBase64String([Security.Cryptography.ProtectedData]::${method}([Convert]::FromBase64String([Console]::In.ReadLine()), $null, 'CurrentUser'))`;
    return readAnswer(run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script], `${encodeBase64(bytes)}\n`));
  };
  return {
    backend: 'dpapi',
    isThere: () => powershell('Protect', Uint8Array.of(1)) !== null,
    seal: (_, secret) => powershell('Protect', secret),
    open: (_, kept) => powershell('Unprotect', kept),
    forget: () => {},
  };
}

function readAnswer({ status, out }: ReturnType<RunProgram>): Uint8Array | null {
  const bytes = status === 0 ? decodeBase64(out.trim()) : null;
  return bytes === null || bytes.length === 0 ? null : bytes;
}

const runProgram: RunProgram = (program, args, input) => {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8', timeout: longestWaitMs, windowsHide: true });
  return { status, out: stdout ?? '', err: stderr ?? '' };
};
