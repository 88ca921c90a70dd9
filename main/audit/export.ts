import { parseCheckpoint, printFingerprint, type SignedCheckpoint } from '../../domain/audit-checkpoint.ts';
import { parseKeptCountersignature, printCountersigned } from '../../domain/audit-countersignature.ts';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import { printSm2PublicKeyPem } from '../../domain/crypto/sm2-keys.ts';
import { createSm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';

/** What an export reads; the log is signed first, so that a checkpoint covers all of it. */
export interface ExportSource {
  checkpoint(input: { readonly at: number }): Promise<Result<unknown>>;
  chain(input: { readonly fromSeq: number; readonly limit: number }): Promise<Result<readonly { readonly seq: number; readonly line: string; readonly hash: string; readonly mac: Uint8Array | null }[]>>;
  checkpoints(input: { readonly afterSize: number; readonly limit: number }): Promise<Result<readonly (SignedCheckpoint & { readonly size: number; readonly countersigned: string | null })[]>>;
  auditIdentity(input: null): Promise<Result<{ readonly publicKey: Uint8Array; readonly device: string }>>;
  /** SM2 over the text of a manifest, DER. */
  signManifest(input: { readonly text: string }): Promise<Result<Uint8Array>>;
}

/** Where an export goes: a folder, or an archive. */
export interface ExportTarget {
  file(name: string, content: Uint8Array): void;
  /** Several may be open at once. */
  stream(name: string): { write(bytes: Uint8Array): void; end(): void };
  /** Resolves when the target can take more. */
  settle(): Promise<void>;
}

/** What was exported. */
export interface Exported {
  readonly entries: number;
  readonly head: string;
  readonly fingerprint: string;
}

/** What an export needs; `tools` are the verifiers that go with it, by name. */
export interface ExportDeps {
  readonly source: ExportSource;
  readonly target: ExportTarget;
  readonly at: number;
  readonly tools: ReadonlyMap<string, string>;
  /** Told after every page of entries. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Ends it between two pages, as `audit/stopped`. */
  readonly signal?: AbortSignal;
}

/** The file of the checkpoint over so many entries, without its ending. */
export function checkpointName(size: number): string {
  return `checkpoints/${String(size).padStart(9, '0')}`;
}

/** The files of the audit centre's countersignature of that checkpoint, without their endings. */
export function countersignatureName(size: number): string {
  return `countersigned/${String(size).padStart(9, '0')}`;
}

/**
 * Writes the log into a target that anybody can check without us: every line, every hash, every checkpoint with its
 * signature, the public key, two verifiers, and a signed manifest. No body, no key, nothing personal.
 */
export async function exportAudit(deps: ExportDeps): Promise<Result<Exported>> {
  const signed = await deps.source.checkpoint({ at: deps.at });
  if (!signed.ok) return signed;
  const identity = await deps.source.auditIdentity(null);
  if (!identity.ok) return identity;
  const writer = createWriter(deps.target);
  const last = await writeCheckpoints(deps, writer);
  if (!last.ok) return last;
  const written = await writeEntries(deps, writer, last.value);
  if (!written.ok) return written;
  const fingerprint = printFingerprint(identity.value.publicKey);
  writer.file('device.pub', printSm2PublicKeyPem(identity.value.publicKey));
  for (const [name, text] of deps.tools) writer.file(name, text);
  writer.file('README.txt', explain({ entries: last.value, head: written.value, fingerprint, device: identity.value.device }));
  const manifest = writer.manifest();
  const signature = await deps.source.signManifest({ text: manifest });
  if (!signature.ok) return signature;
  deps.target.file('MANIFEST', encodeUtf8(manifest));
  deps.target.file('MANIFEST.sig', signature.value);
  return ok({ entries: last.value, head: written.value, fingerprint });
}

const pageSize = 500;

async function writeCheckpoints({ signal, source, target }: ExportDeps, writer: Writer): Promise<Result<number>> {
  let last = 0;
  for (;;) {
    if (signal?.aborted === true) return fail('audit/stopped');
    const page = await source.checkpoints({ afterSize: last, limit: pageSize });
    if (!page.ok) return page;
    for (const checkpoint of page.value) {
      const name = checkpointName(checkpoint.size);
      writer.file(`${name}.txt`, checkpoint.text);
      writer.file(`${name}.sig`, checkpoint.signature);
      writeCountersignature(writer, checkpoint);
      last = checkpoint.size;
    }
    await target.settle();
    if (page.value.length < pageSize) break;
  }
  return ok(last);
}

/** Text, signature and key of the audit centre's word for a checkpoint. */
function writeCountersignature(writer: Writer, { size, text, countersigned }: { readonly size: number; readonly text: string; readonly countersigned: string | null }): void {
  const kept = parseKeptCountersignature(countersigned ?? '');
  if (kept === null) return;
  const name = countersignatureName(size);
  writer.file(`${name}.txt`, printCountersigned(kept.t, text));
  writer.file(`${name}.sig`, decodeBase64(kept.signature) ?? new Uint8Array());
  writer.file(`${name}.pub`, printSm2PublicKeyPem(decodeHex(kept.publicKey) ?? new Uint8Array()));
}

async function writeEntries({ source, target, signal, onProgress }: ExportDeps, writer: Writer, size: number): Promise<Result<string>> {
  const [lines, hashes, macs] = ['audit.jsonl', 'chain.txt', 'macs.txt'].map((name) => writer.stream(name));
  let head = '';
  for (let fromSeq = 1; fromSeq <= size; ) {
    if (signal?.aborted === true) return fail('audit/stopped');
    const page = await source.chain({ fromSeq, limit: Math.min(pageSize, size - fromSeq + 1) });
    if (!page.ok) return page;
    const end = page.value.at(-1);
    if (end === undefined) break;
    lines?.write(page.value.map(({ line }) => `${line}\n`).join(''));
    hashes?.write(page.value.map(({ hash }) => `${hash}\n`).join(''));
    macs?.write(page.value.map(({ mac }) => `${mac === null ? '-' : encodeHex(mac)}\n`).join(''));
    head = end.hash;
    fromSeq = end.seq + 1;
    onProgress?.({ done: end.seq, total: size });
    await target.settle();
  }
  for (const file of [lines, hashes, macs]) file?.end();
  return ok(head);
}

interface Writer {
  file(name: string, content: string | Uint8Array): void;
  stream(name: string): { write(text: string): void; end(): void };
  manifest(): string;
}

/** Takes the digest of everything on its way, for the manifest. */
function createWriter(target: ExportTarget): Writer {
  const digests = new Map<string, string>();
  return {
    stream: (name) => {
      const file = target.stream(name);
      const hash = createSm3();
      return {
        write: (text) => {
          const bytes = encodeUtf8(text);
          file.write(bytes);
          hash.update(bytes);
        },
        end: () => {
          file.end();
          digests.set(name, encodeHex(hash.digest()));
        },
      };
    },
    file: (name, content) => {
      const bytes = typeof content === 'string' ? encodeUtf8(content) : content;
      target.file(name, bytes);
      digests.set(name, encodeHex(createSm3().update(bytes).digest()));
    },
    manifest: () => [...digests].map(([name, digest]) => `${digest}  ${name}\n`).join(''),
  };
}

function explain({ entries, head, fingerprint, device }: { readonly entries: number; readonly head: string; readonly fingerprint: string; readonly device: string }): string {
  return `审计导出 / audit export

设备 device      ${device}
条数 entries     ${entries}
链头 head        ${head}
公钥 key         ${fingerprint}

核对 check       sh verify.sh            (sh, openssl >= 3.0)
                 python3 verify.py       (Python >= 3.8)
                 counter audit verify .

countersigned/ 是审计中心会签的检查点（锚）；核对时打印其公钥指纹，须与平台公布的一致。
countersigned/ holds what the audit centre countersigned (anchors); compare its key, printed by the check, with what the platform publishes.
核验结论、告知、加注件由经办人本人密钥逐条签名（signature），其公钥见 access.signs 记录。
Verdicts, notices and copies are signed one by one by who made them (signature); their keys stand in the entries access.signs.
macs.txt 是逐条校验码，凭审计中心留存的首个密钥核对（verify.sh 第四个参数，verify.py --seed）；0.1.0 版写入的记录没有校验码，记为 -，核对时列明。
macs.txt has the MAC of each entry, checked with the first key that the audit centre keeps (fourth argument of verify.sh, verify.py --seed); version 0.1.0 made none (-), which every check says.
行内时间为 UTC；压缩包文件名为北京时间。
Times in the lines are UTC; the name of an archive has Beijing time.
先把公钥指纹与打印的收班单或平台登记的比对，否则只能说明内容自洽。
Compare the key with the printed closing slip or with what the platform has; otherwise a check only says that all fits together.
每条记录 hash = SM3("fd-audit-v1\\n" + 前一条 hash + "\\n" + 本行 + "\\n")；检查点签名命令：
openssl dgst -sm3 -verify device.pub -sigopt distid:1234567812345678 -signature checkpoints/NNNNNNNNN.sig checkpoints/NNNNNNNNN.txt
`;
}

/** What goes on paper at the end of a shift: with it in a drawer, a log cut back behind it is found by anybody. */
export function printClosingSlip(checkpoint: SignedCheckpoint, publicKey: Uint8Array): string | null {
  const said = parseCheckpoint(checkpoint.text);
  if (said === null) return null;
  return [
    '审计收班单  AUDIT CLOSING SLIP',
    `设备 device   ${said.device}  第 ${said.gen} 代`,
    `条数 entries  ${said.size}`,
    `链头 head     ${said.head.slice(0, 16).replace(/(.{4})(?=.)/g, '$1 ')}`,
    `时间 UTC      ${said.t}`,
    `公钥 key      ${printFingerprint(publicKey)}`,
    `核对 check    counter audit verify DIR --slip ${said.size}:${said.head.slice(0, 16)}`,
    '签名 signed   ______________________',
    '',
  ].join('\n');
}
