import type { Settings } from '../../domain/contracts/counter.ts';

/** Reads `PATH`, `PATH,BAUD` or `PATH,BAUD,SUFFIX`; null when it is none of them. */
export function parseSerialOption(text: string): Settings['serial'][number] | null {
  const [path = '', baud = '9600', suffix = 'CR', ...rest] = text.split(',');
  const isSuffix = ['CR', 'LF', 'CRLF', 'TAB', 'none'].includes(suffix);
  if (path === '' || !/^[1-9][0-9]{2,6}$/.test(baud) || !isSuffix || rest.length > 0) return null;
  return { path, baudRate: Number(baud), suffix };
}
