import { createWriteStream } from 'node:fs';

// The scanner: a process of its own that knows nothing of Counter. Each line on its input is BASE64 of the bytes that it
// sends down its serial line, as they are.
const [device] = process.argv.slice(2);
if (device === undefined) throw new Error('usage: fake-scanner DEVICE');
const line = createWriteStream(device);
let pending = '';
process.stdin.setEncoding('latin1').on('data', (text: string) => {
  pending += text;
  const lines = pending.split('\n');
  pending = lines.pop() ?? '';
  for (const base64 of lines) line.write(Buffer.from(base64, 'base64'));
});
process.stdin.on('end', () => line.end());
