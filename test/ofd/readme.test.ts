import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import * as library from '../../ofd/index.ts';

const folder = path.resolve(import.meta.dirname, '../../ofd');
const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');

test('what the examples of ofd/README.md import is exported, and the files it names exist', () => {
  const imported = [...readme.matchAll(/import \{ ([^}]+) \} from '\.\/index\.ts'/g)].flatMap(([, names]) => names!.split(', '));
  expect(imported.length).toBeGreaterThan(8);
  for (const name of imported) expect(library).toHaveProperty(name);
  const files = [...readme.matchAll(/`([a-z0-9-]+\.ts)`|\((pictures\/[a-z.-]+)\)/g)].map(([, source, picture]) => source ?? picture!);
  expect(files.length).toBeGreaterThan(30);
  for (const file of files) expect(() => readFileSync(path.join(folder, file)), file).not.toThrow();
});
