import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import type { HeldCertificate } from '../information/company-register.ts';
import type { SampleCertificate, SampleCompany } from '../sample/sample-company.ts';
import type { Storage } from '../storage/database.ts';
import type { Sealing } from '../storage/sealing.ts';

/** A certificate as its document; `sm3` is lower-case hex of the content. */
export interface CertificateFile {
  readonly format: 'PDF' | 'OFD';
  readonly sm3: string;
  readonly content: Uint8Array;
}

/** Draws a certificate as the document it stands for, in the certificate's own format. */
export type DrawCertificate = (company: SampleCompany, certificate: SampleCertificate) => Promise<Uint8Array>;

/** The certificate files: drawn when first asked for, then kept sealed in the database and the last ones in memory. */
export interface CertificateFiles {
  get(held: HeldCertificate): Promise<CertificateFile>;
}

/** Draws ahead, one after the other, what is likely to be asked for soon; a failure is left to who asks. */
export async function drawAhead(files: CertificateFiles, expected: readonly HeldCertificate[]): Promise<void> {
  for (const held of expected) await files.get(held).catch(() => null);
}

const keptInMemory = 24;

/** Keeps what `draw` draws; two who ask at once wait for one drawing. */
export function createCertificateFiles(deps: {
  draw: DrawCertificate;
  storage: Storage;
  sealing: Sealing;
  now: () => number;
}): CertificateFiles {
  const recent = new Map<string, Promise<CertificateFile>>();
  return {
    get: (held) => {
      const known = recent.get(held.key);
      const file = known ?? readOrDraw(deps, held);
      recent.delete(held.key);
      recent.set(held.key, file);
      file.catch(() => recent.delete(held.key));
      if (recent.size > keptInMemory) recent.delete(recent.keys().next().value ?? '');
      return file;
    },
  };
}

type FileDeps = Parameters<typeof createCertificateFiles>[0];

async function readOrDraw(deps: FileDeps, held: HeldCertificate): Promise<CertificateFile> {
  const { key } = held;
  const { format } = held.certificate;
  const row = await deps.storage.db.selectFrom('certificate_file').selectAll().where('certificate_key', '=', key).executeTakeFirst();
  if (row !== undefined) return { format, sm3: row.file_sm3, content: deps.sealing.open(`certificate_file/${key}`, row.content_sealed) };
  const content = await deps.draw(held.company, held.certificate);
  const digest = encodeHex(sm3(content));
  await deps.storage.write((work) =>
    work
      .insertInto('certificate_file')
      .values({
        certificate_key: key,
        file_format: format,
        file_sm3: digest,
        content_sealed: deps.sealing.seal(`certificate_file/${key}`, content),
        drawn_at: deps.now(),
      })
      .onConflict((conflict) => conflict.column('certificate_key').doNothing())
      .execute(),
  );
  return { format, sm3: digest, content };
}
