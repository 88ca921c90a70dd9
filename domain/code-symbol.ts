/** Families of symbols as far as a kind depends on them. */
export type SymbolFamily = 'retail' | 'gs1' | 'linear' | 'matrix' | 'unknown';

/**
 * What a table row looks at: text without surrounding blanks, the same in lower case, the bytes, the symbol family. Of bytes
 * that no character set explains the text is the link that they begin with, if they do.
 */
export interface KindInput {
  readonly text: string;
  readonly lower: string;
  readonly bytes: Uint8Array | null;
  readonly isUndecodable: boolean;
  readonly symbol: SymbolFamily;
}

/** The family of an AIM identifier (ISO/IEC 15424) or of a decoder's format name. */
export function symbolFamily(symbology: string | undefined): SymbolFamily {
  if (symbology === undefined || symbology === '') return 'unknown';
  if (symbology.startsWith(']')) return aimFamily(symbology);
  const name = symbology.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (/^(ean|upc|isbn)/.test(name)) return 'retail';
  if (/^(databar|gs1)/.test(name)) return 'gs1';
  if (/^(code39|code93|code128|codabar|itf|interleaved|industrial|matrix25|code11|msi|telepen|pharma|linear)/.test(name)) return 'linear';
  return /^(qr|microqr|rmqr|datamatrix|pdf417|micropdf|aztec|maxicode|hanxin|hx|gridmatrix|dotcode)/.test(name) ? 'matrix' : 'unknown';
}

function aimFamily(identifier: string): SymbolFamily {
  const letter = identifier[1] ?? '';
  if (letter === 'E') return 'retail';
  if (/^\](C1|e[0-9]|d2|Q3|J1)/.test(identifier)) return 'gs1';
  if ('ABCDFGHIKMNOPRST'.includes(letter)) return 'linear';
  return 'LQUVdghzj'.includes(letter) ? 'matrix' : 'unknown';
}
