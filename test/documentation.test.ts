import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Command, sharedOptions } from '../main/commands/command.ts';

const root = path.resolve(import.meta.dirname, '..');
const list = (folder: string, pattern: RegExp): string[] => readdirSync(path.join(root, folder)).filter((name) => pattern.test(name)).map((name) => path.posix.join(folder, name));
const pages = new Map([...list('.', /\.md$/), ...list('docs', /\.md$/), ...list('docs/adr', /\.md$/), 'hanxin/README.md', 'ofd/README.md'].map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
const decisions = list('docs/adr', /\.md$/).map((file) => Number(path.basename(file).slice(0, 4)));

test('every link leads to a file', () => {
  const broken = [...pages].flatMap(([file, text]) =>
    [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].filter(([, to = '']) => !existsSync(path.join(root, path.dirname(file), to))).map(([, to]) => `${file}: ${to}`),
  );
  expect(broken).toEqual([]);
});

test('decisions have a number each, and those that are named exist', () => {
  expect(decisions).toEqual([...new Set(decisions)]);
  for (const [file, text] of pages) {
    for (const [name, number] of text.matchAll(/\bADR (\d+)/g)) expect(decisions, `${file}: ${name}`).toContain(Number(number));
    for (const [name, number, to] of text.matchAll(/\[ADR (\d+)\]\([^)]*?(\d{4})-[^)]*\)/g)) expect(Number(to), `${file}: ${name}`).toBe(Number(number));
  }
});

test('every command, action and option that is named exists', async () => {
  const commands = await readCommands();
  for (const [file, text] of pages) {
    for (const faulty of findFaults(text, commands)) expect.soft(faulty, file).toBe('');
  }
});

test('the look for commands finds what does not exist', async () => {
  const commands = await readCommands();
  const faultsOf = (line: string): string[] => findFaults(`say \`${line}\` and go on`, commands);
  for (const wrong of ['counter adit export', 'counter audit exprot', 'npm run counter -- offline --now', 'npm run counter -- document sing FILE']) expect(faultsOf(wrong)).toHaveLength(1);
  for (const right of ['counter offline list | sync', 'counter store restore --administrators A,B', 'npm run counter -- kiosk --platform 地址', 'counter document verify FILE.ofd']) expect(faultsOf(right)).toEqual([]);
});

test('every long run and every part of the benchmark that is named exists', () => {
  const runs = list('test/soak', /\.ts$/).map((file) => path.basename(file, '.ts'));
  const parts = [...readFileSync(path.join(root, 'test/bench/bench.ts'), 'utf8').matchAll(/^ {2}([a-z]+): /gm)].map(([, name]) => name);
  for (const [file, text] of pages) {
    for (const [named, kind, name] of text.matchAll(/npm run (soak|bench) -- ([a-z]+)/g)) expect(kind === 'soak' ? runs : parts, `${file}: ${named}`).toContain(name);
  }
});

/** The commands of the program by their names, from their own files. */
async function readCommands(): Promise<ReadonlyMap<string, Command>> {
  const modules = await Promise.all(list('main/commands', /-command\.ts$/).map((file) => import(path.join(root, file)) as Promise<Readonly<Record<string, Command>>>));
  return new Map(modules.flatMap((module) => Object.values(module).filter((value) => typeof value === 'object' && 'examples' in value).map((command) => [command.name, command])));
}

/** What a text in backticks names of the command line and the program does not have. */
function findFaults(text: string, commands: ReadonlyMap<string, Command>): string[] {
  return [...text.matchAll(/`(?:npm run counter --|counter) ([a-z][^`]*)`/g)].flatMap(([line, rest = '']) => {
    const [name = '', ...words] = rest.split(/[\s|]+/);
    const command = commands.get(name);
    if (command === undefined) return [`${line}: no command ${name}`];
    const actions: readonly string[] = (command.operands?.usage ?? '').match(/\b[a-z][a-z-]*\b/g) ?? [];
    const [action = ''] = words;
    if (actions.length > 0 && /^[a-z-]+$/.test(action) && !action.startsWith('--') && !actions.includes(action)) return [`${line}: no ${name} ${action}`];
    const options = { ...sharedOptions, ...command.options, help: null };
    return words.filter((word) => word.startsWith('--') && !Object.hasOwn(options, word.slice(2))).map((word) => `${line}: no ${word}`);
  });
}
