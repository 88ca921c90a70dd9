import net from 'node:net';

/** What came of connections that send a byte at a time. */
export interface SlowOutcome {
  /** Connections that the server ended by itself, with or without a word. */
  readonly closed: number;
  /** What was said to them, by first line. */
  readonly said: Readonly<Record<string, number>>;
}

/** Opens `count` connections that send a header, then the body a byte at a time, until the server ends them or `ms` have passed. */
export async function sendSlowly(url: string, { count, everyMs, from, ms }: { count: number; everyMs: number; ms: number; from?: string }): Promise<SlowOutcome> {
  const { hostname, port } = new URL(url);
  const said: Record<string, number> = {};
  let closed = 0;
  const one = () =>
    new Promise<void>((resolve) => {
      const socket = net.connect({ port: Number(port), host: hostname, localAddress: from });
      let dripping: NodeJS.Timeout | undefined;
      let isOver = false;
      const over = setTimeout(() => {
        isOver = true;
        socket.destroy();
      }, ms);
      socket.on('connect', () => {
        socket.write('POST /cert/search HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n');
        dripping = setInterval(() => socket.writable && socket.write('['), everyMs);
      });
      socket.on('data', (bytes) => {
        const line = bytes.toString('latin1').split('\r\n')[0] ?? '';
        said[line] = (said[line] ?? 0) + 1;
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(dripping);
        clearTimeout(over);
        if (!isOver) closed++;
        resolve();
      });
    });
  await Promise.all(Array.from({ length: count }, one));
  return { closed, said };
}
