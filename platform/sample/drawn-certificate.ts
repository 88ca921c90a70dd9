import { composeCertificate } from './certificate-face.ts';
import { createFontLibrary } from './cjk-font.ts';
import type { CjkFont, FontFace } from './cjk-font.ts';
import type { Drawing, Measure } from './drawing.ts';
import { encodeOfd } from './ofd-file.ts';
import { encodePdf } from './pdf-file.ts';
import type { SampleCertificate, SampleCompany } from './sample-company.ts';

const library = createFontLibrary();

/** Draws the file of a certificate in its own format (PDF or OFD). Equal input gives equal bytes. */
export async function drawCertificate(company: SampleCompany, certificate: SampleCertificate): Promise<Uint8Array> {
  // Which characters are needed is known only once the page is composed; the first pass works with rough widths.
  const rough = composeCertificate(roughMeasure, company, certificate);
  const fonts = await loadFonts(rough);
  const drawing = composeCertificate(measureWith(fonts), company, certificate);
  const facts = {
    title: `${certificate.type} ${company.name}`,
    author: certificate.issueDept,
    date: certificate.issueDate,
    number: certificate.number,
  };
  return certificate.format === 'OFD' ? encodeOfd(drawing, fonts, facts) : encodePdf(drawing, fonts, facts);
}

const roughMeasure: Measure = (_face, size, text) =>
  size * [...text].reduce((sum, character) => sum + (character < '\u2000' ? 0.55 : 1), 0);

async function loadFonts(drawing: Drawing): Promise<Map<FontFace, CjkFont>> {
  const texts = new Map<FontFace, string>();
  for (const item of drawing.items) {
    if (item.kind === 'text') texts.set(item.face, (texts.get(item.face) ?? '') + item.text);
  }
  const fonts = new Map<FontFace, CjkFont>();
  for (const [face, text] of texts) fonts.set(face, await library.load(face, `${text} `));
  return fonts;
}

function measureWith(fonts: ReadonlyMap<FontFace, CjkFont>): Measure {
  return (face, size, text) =>
    size * [...text].reduce((sum, character) => sum + (fonts.get(face)?.advance(character) ?? 1), 0);
}
