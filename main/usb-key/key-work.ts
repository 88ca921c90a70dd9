import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import { concatBytes, equalBytes } from '../../domain/crypto/bytes.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { encryptSm2 } from '../../domain/crypto/sm2.ts';
import { decodeSm2Point } from '../../domain/crypto/sm2-curve.ts';
import { createSm4 } from '../../domain/crypto/sm4.ts';
import { type Failure, fail, ok, type Result } from '../../domain/failure.ts';
import { type Skf, SkfError, type SkfHandle, type SkfName } from './skf-library.ts';

/** What a USB key keeps for somebody: which key, and what only it can open. BASE64 both. */
export interface KeptSecret {
  readonly publicKey: string;
  readonly content: string;
}

/** A key that is plugged in, as a person would tell it from another. */
export interface PluggedKey {
  readonly label: string;
  readonly serial: string;
  /** BASE64. */
  readonly publicKey: string;
}

/** One piece of work on the keys that are plugged in. */
export type KeyJob =
  | { readonly type: 'list' }
  | { readonly type: 'bind'; readonly pin: string }
  | { readonly type: 'open'; readonly pin: string; readonly kept: KeptSecret };

/** Looks every two seconds whether a key, by its public half (BASE64), is still plugged in; needs no PIN. */
export interface KeyWatch {
  readonly type: 'watch';
  readonly publicKey: string;
}

/** What a job gives; a secret has 32 bytes, BASE64. */
export interface KeyAnswers {
  readonly list: readonly PluggedKey[];
  readonly bind: { readonly kept: KeptSecret; readonly secret: string };
  readonly open: { readonly secret: string };
}

const secretLength = 32;
const wrappedLength = 112;
const removed = 0x0a000023;
const pinWrong: readonly number[] = [0x0a000024, 0x0a000026, 0x0a000027];
const pinLocked = 0x0a000025;

/**
 * Does one job. A key keeps a secret thus: the secret is encrypted with a random SM4 key (two blocks, ECB: it is random itself),
 * that key with SM2 to the container's public half; only the device can undo the second, and it does so after the PIN.
 */
export function doKeyJob(skf: Skf, job: KeyJob, random: RandomBytes): Result<KeyAnswers[KeyJob['type']]> {
  const devices: SkfHandle[] = [];
  try {
    const containers = openContainers(skf, devices);
    if (job.type === 'list') return ok(containers.map(({ label, serial, publicKey }) => ({ label, serial, publicKey: encodeBase64(publicKey) })));
    return job.type === 'bind' ? bind(skf, containers, job.pin, random) : open(skf, containers, job);
  } catch (error) {
    if (!(error instanceof SkfError)) throw error;
    return { ok: false, failure: failureOf(error) };
  } finally {
    for (const device of devices) undo(() => skf.disconnect(device));
  }
}

/** Resolves once the key is not plugged in any more; `key/not-yours` when it was not there to begin with. `wait` lets the time between two looks pass. */
export async function watchKey(skf: Skf, { publicKey }: KeyWatch, wait: () => Promise<void>): Promise<Result<null>> {
  try {
    const devices: SkfHandle[] = [];
    const place = openContainers(skf, devices).find((one) => encodeBase64(one.publicKey) === publicKey);
    for (const device of devices) undo(() => skf.disconnect(device));
    if (place === undefined) return fail('key/not-yours');
    do await wait();
    while (skf.devices().some((name) => equalBytes(name, place.device)));
    return ok(null);
  } catch (error) {
    if (!(error instanceof SkfError)) throw error;
    return error.code === removed ? ok(null) : { ok: false, failure: failureOf(error) };
  }
}

interface Container {
  readonly device: SkfName;
  readonly label: string;
  readonly serial: string;
  readonly publicKey: Uint8Array;
  readonly application: SkfHandle;
  readonly container: SkfHandle;
}

function openContainers(skf: Skf, opened: SkfHandle[]): readonly Container[] {
  return skf.devices().flatMap((name) => {
    const device = skf.connect(name);
    opened.push(device);
    const facts = skf.describe(device);
    return skf.applications(device).flatMap((applicationName) => {
      const application = skf.openApplication(device, applicationName);
      return skf.containers(application).flatMap((containerName) => {
        const container = skf.openContainer(application, containerName);
        const publicKey = readKey(skf, container);
        return publicKey === null ? [] : [{ ...facts, device: name, publicKey, application, container }];
      });
    });
  });
}

// What hangs on a device goes with it; one that was pulled out cannot be left any more.
function undo(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SkfError)) throw error;
  }
}

/** A container without an SM2 key for encryption is none that can be used, whatever the library says about it. */
function readKey(skf: Skf, container: SkfHandle): Uint8Array | null {
  try {
    const key = skf.encryptionKey(container);
    return key !== null && decodeSm2Point(key) !== null ? key : null;
  } catch (error) {
    if (error instanceof SkfError && error.code !== removed) return null;
    throw error;
  }
}

function bind(skf: Skf, containers: readonly Container[], pin: string, random: RandomBytes): Result<KeyAnswers['bind']> {
  const [place, ...more] = containers;
  if (place === undefined) return skf.devices().length === 0 ? fail('key/absent') : fail('key/unfit', 'no-sm2-key');
  if (more.length > 0) return fail('key/unfit', 'several');
  const refused = givePin(skf, place, pin);
  if (refused !== null) return { ok: false, failure: refused };
  const [key, secret] = [random(16), random(secretLength)];
  const sm4 = createSm4(key);
  const sealed = concatBytes(sm4.encryptBlock(secret.subarray(0, 16)), sm4.encryptBlock(secret.subarray(16)));
  // The standard's structure has no room for the 04 before the point.
  const wrapped = encryptSm2({ publicKey: place.publicKey, plaintext: key, layout: 'C1C3C2', random }).subarray(1);
  const content = concatBytes(wrapped, sealed);
  const opened = unseal(skf, place, content);
  if (!equalBytes(opened, secret)) return fail('key/unfit', 'no-decryption');
  return ok({ kept: { publicKey: encodeBase64(place.publicKey), content: encodeBase64(content) }, secret: encodeBase64(secret) });
}

function open(skf: Skf, containers: readonly Container[], { pin, kept }: Extract<KeyJob, { type: 'open' }>): Result<KeyAnswers['open']> {
  const place = containers.find(({ publicKey }) => encodeBase64(publicKey) === kept.publicKey);
  const content = decodeBase64(kept.content);
  if (place === undefined) return fail(skf.devices().length === 0 ? 'key/absent' : 'key/not-yours');
  if (content?.length !== wrappedLength + secretLength) return fail('key/not-yours');
  const refused = givePin(skf, place, pin);
  return refused === null ? ok({ secret: encodeBase64(unseal(skf, place, content)) }) : { ok: false, failure: refused };
}

function givePin(skf: Skf, { application }: Container, pin: string): Failure | null {
  const { code, left } = skf.verifyPin(application, pin);
  if (code === 0) return null;
  if (code === pinLocked || (pinWrong.includes(code) && left === 0)) return { code: 'key/pin-locked' };
  if (pinWrong.includes(code)) return { code: 'key/pin-wrong', detail: String(left) };
  throw new SkfError('SKF_VerifyPIN', code);
}

function unseal(skf: Skf, { application, container }: Container, content: Uint8Array): Uint8Array {
  let isCleared = false;
  try {
    const key = skf.importKey(container, content.subarray(0, wrappedLength));
    const secret = skf.decrypt(key, content.subarray(wrappedLength));
    skf.closeKey(key);
    // Otherwise another program could go on with the key as long as it is plugged in.
    skf.clearState(application);
    isCleared = true;
    return secret;
  } finally {
    if (!isCleared) undo(() => skf.clearState(application));
  }
}

function failureOf(error: SkfError): Failure {
  return error.code === removed ? { code: 'key/removed' } : { code: 'key/library-failed', detail: `${error.call} ${error.code.toString(16).padStart(8, '0')}` };
}
