import { encodeUtf8 } from '../../domain/crypto/utf8.ts';

const objects = [
  '<< /Type /Catalog /Pages 2 0 R >>',
  '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 90 90] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>',
  printStream('q 1 0 0 1 5 5 cm 0 0 m 80 80 l S Q BT /F 12 Tf 10 40 Td (Counter 1234) Tj ET'),
  '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
];

/** A PDF of one small page, a line and a word on it (ISO 32000-1, 7.5): no certificate, only something to read. */
export function makePracticePage(): Uint8Array {
  let text = '%PDF-1.4\n';
  const places: number[] = [];
  for (const [index, object] of objects.entries()) {
    places.push(text.length);
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const size = objects.length + 1;
  const entries = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  return encodeUtf8(`${text}xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Root 1 0 R /Size ${size} >>\nstartxref\n${text.length}\n%%EOF\n`);
}

function printStream(content: string): string {
  return `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
}
