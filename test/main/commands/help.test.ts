import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../../main/commands/command.ts';
import { printCommandHelp } from '../../../main/commands/help.ts';
import { parseOptions } from '../../../main/commands/options.ts';

const folder = path.resolve(import.meta.dirname, '../../../main/commands');

const commands = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith('-command.ts'))
    .map(async (name): Promise<Command> => {
      const found = Object.values((await import(path.join(folder, name))) as Record<string, Command>);
      return found.find((value) => typeof value === 'object' && 'examples' in value) as Command;
    }),
);

describe.each(commands.map((command) => [command.name, command] as const))('the help of %s', (name, command) => {
  test('has examples, and every one is a call that the command takes', () => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const { line, says } of command.examples) {
      const [program, called, ...rest] = line.match(/"[^"]*"|\S+/g) ?? [];
      expect([program, called], line).toEqual(['counter', name]);
      expect(parseOptions(command, rest.map((part) => part.replaceAll('"', ''))), line).toMatchObject({ ok: true });
      expect(says).not.toBe('');
    }
  });

  test('says of every action in the usage something more than its name', () => {
    const help = printCommandHelp(command);
    const actions = /^([a-z-]+(?:\|[a-z-]+)+)/.exec((command.operands?.usage ?? '').replaceAll(/ (?:\[[A-Z]+\]|[A-Z]+…?)/g, ''))?.[1]?.split('|') ?? [];
    for (const action of actions) expect(help.split('\n').filter((line) => !line.startsWith('Usage')).join('\n'), action).toMatch(new RegExp(`\\b${action}|${action.slice(0, -1)}ing\\b`, 'i'));
  });
});

test('there are all of them', () => {
  expect(commands.map(({ name }) => name).toSorted()).toEqual(['audit', 'case', 'decode', 'document', 'keyfile', 'kiosk', 'offline', 'platform', 'recover', 'store', 'usbkey', 'verify']);
});
