import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Command } from './command.ts';
import { prepareDataFolder } from './data-folder.ts';

/** `counter case`: one whole case on a scratch folder, without a window. */
export const caseCommand: Command = {
  name: 'case',
  summary: 'run one whole case without a window, on a scratch folder',
  options: {
    company: { kind: 'text', value: 'ID', says: 'the sample company that shows the code (the first one)' },
    out: { kind: 'text', value: 'DIR', says: 'folder for the watermarked copies' },
    keep: { kind: 'flag', says: 'keep the scratch folder and say where it is' },
  },
  notes: [
    'Starts the reference platform, enrols a counter, mints a code, draws it to a PNG, reads the PNG, verifies, fetches the',
    'certificates, writes the watermarked copies, closes the audit and verifies its chain. Nothing outside the folder is touched.',
    'With --json: {step, ms} a line, then the summary {verdict, consentDigestMatches, certificates, copies, auditEntries, auditHead, steps}.',
    'With --data the folder is used as it is and kept.',
  ],
  examples: [
    { line: 'counter case', says: 'everything works, or the step that does not' },
    { line: 'counter case --out copies --json', says: 'the copies stay in ./copies; the last line is the summary' },
  ],
  run: async ({ output, dataFolder, flag, text }) => {
    const folder = dataFolder ?? mkdtempSync(path.join(os.tmpdir(), 'counter-case-'));
    const isKept = dataFolder !== null || flag('keep');
    const out = text('out');
    const hindrance = prepareDataFolder(folder);
    if (hindrance !== null) {
      output.complain(hindrance);
      return 'failed';
    }
    const { runCase } = await import('./case-run.ts');
    try {
      const copiesFolder = out === null ? path.join(folder, 'copies') : path.resolve(out);
      const result = await runCase({ folder, copiesFolder, companyId: text('company'), output });
      if (!result.ok) {
        output.complain(`the case did not come to its end: ${result.failure.code} ${result.failure.detail ?? ''}`.trimEnd());
        return 'failed';
      }
      const { verdict, certificates, copies, auditEntries, auditHead } = result.value;
      output.say('');
      output.say(`verdict ${verdict}, consent digest equal, ${certificates.length} certificates, ${copies.length} copies, ${auditEntries} audit entries`);
      output.say(`audit head ${auditHead}`);
      if (isKept) output.say(`kept in ${folder}`);
      output.record(result.value);
      return 'done';
    } finally {
      if (!isKept) rmSync(folder, { recursive: true, force: true });
    }
  },
};
