import { writeSync } from 'node:fs';
import net from 'node:net';
import { isMainThread } from 'node:worker_threads';

// Loaded before everything else in each process and thread that reads hostile documents. What must not be is a line on standard
// error that begins with `!`; what the process has used is one that begins with `=`.
const tell = (what: string): void => void writeSync(2, `${what}\n`);

// Every way out of a process of Node ends in one of these.
net.Socket.prototype.connect = () => {
  tell('!connection');
  throw new Error('a document asked for a connection');
};

if (isMainThread) {
  const lookMs = 50;
  setInterval(() => {
    const { user, system } = process.cpuUsage();
    tell(`=${JSON.stringify({ cpuMs: (user + system) / 1000, mib: process.memoryUsage.rss() / 2 ** 20 })}`);
  }, lookMs).unref();
} else {
  // The thread on documents ends itself so after an exception: for its user a refusal, here a fault.
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    if (code === 1) tell('!exception');
    return exit(code);
  };
}
