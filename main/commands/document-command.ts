import type { Call, Command, Outcome } from './command.ts';

type Action = (call: Call, file: string) => Promise<Outcome>;

/** What is done with one file; each takes the operands behind its name. Loaded when asked for: painting pages takes 70 MB before it begins. */
const actions: Readonly<Record<string, () => Promise<Action>>> = {
  inspect: async () => (await import('./document-inspect.ts')).inspectDocument,
  render: async () => (await import('./document-render.ts')).renderDocument,
  verify: async () => (await import('./document-inspect.ts')).inspectDocument,
  annotate: async () => (await import('./document-annotate.ts')).annotateDocument,
  trace: async () => (await import('./document-trace.ts')).traceDocument,
};

/** `counter document inspect|render|verify|annotate|trace FILE`: certificate files without a case. */
export const documentCommand: Command = {
  name: 'document',
  summary: 'look into certificate files (OFD, PDF): contents, pages, seals and signatures, copies, trace marks',
  operands: { usage: 'inspect|render|verify|annotate|trace FILE…', least: 2, most: Number.MAX_SAFE_INTEGER },
  options: {
    anchor: { kind: 'texts', value: 'FILE', says: 'inspect, verify: a certificate to trust (DER or PEM), beside those that the window of this data folder trusts' },
    crl: { kind: 'texts', value: 'FILE', says: 'inspect, verify: a list of revoked certificates (DER or PEM), beside those (*.crl) in counter/trust of the data folder' },
    out: { kind: 'text', value: 'PATH', says: 'annotate: where the copy goes (FILE-加注件.pdf beside the original); render: the folder of the pictures' },
    dpi: { kind: 'count', value: 'N', min: 10, max: 600, says: 'render: dots to the inch (96)' },
    pages: { kind: 'text', value: 'LIST', says: 'render: which pages, as 1,3-5 (all)' },
    document: { kind: 'count', value: 'N', min: 1, max: 1000, says: 'inspect, verify, render: which document of an OFD package (1)' },
    'doc-version': { kind: 'text', value: 'ID', says: 'inspect, verify, render: which version that the document keeps (the current one)' },
    maker: { kind: 'text', value: 'TEXT', says: 'annotate: who makes the copy (试用)' },
    reason: { kind: 'text', value: 'TEXT', says: 'annotate: what for (试用)' },
    record: { kind: 'text', value: 'ID', says: 'annotate: the record id that watermark, QR and trace mark carry; trace: whether the mark is that record’s' },
    days: { kind: 'count', value: 'N', min: 1, max: 3650, says: 'annotate: for how many days the copy holds (30)' },
  },
  notes: [
    'render paints each page as FILE-N.png; only seals whose signature holds are painted. A file that gives no page for ten seconds is given up; a busy machine is given longer.',
    'inspect says what is in a file: pages, properties, fields, attachments, signatures. verify says what its signatures and seals are worth, with the',
    'step that failed; exit code 1 unless every signature is valid. annotate makes a watermarked copy (加注件) with a trace mark, signed with a key made for this',
    'call. trace reads the trace mark in a photograph or picture of a copy (PNG, JPEG), or in the file itself, whose pages are drawn for it; exit code 1 when there is none.',
    'A mark holds up to 26 capitals, digits and - . _; of another record id it holds a digest, which --record compares; exit code 1 when it is another.',
    'Nothing is asked of any network, and nothing in a file acts. Several files are done one after the other.',
    'With --json, inspect and verify: {file, kind, pages, sizes, documents, properties, fields, attachments, fonts, features, links, permissions, restrictions, signature: {status, integrity, count}, signatures: [{id, kind, state, integrity, signer, signedAt, timestamp,',
    'seal, covered, notCovered, findings: [{step, effect, says, detail}]}], …} a line, or {file, kind, pages: 0, error: {code, detail}, signature: {status: "n/a"}}. `status` takes trust into account, `integrity` does not.',
    'render: {file, format, pages, rendered: [{page, width, height, file}], refused: [{page, error}], ms} a line.',
  ],
  examples: [
    { line: 'counter document verify licence.ofd --anchor ca-root.der', says: 'whether the seal holds, and if not, which step failed' },
    { line: 'counter document inspect --json *.ofd *.pdf', says: 'one line for each file' },
    { line: 'counter document render letter.ofd --out pages --dpi 150', says: 'pages/letter.ofd-1.png and so on' },
    { line: 'counter document annotate licence.ofd --reason 企业开户', says: 'licence-加注件.pdf' },
    { line: 'counter document trace photo.jpg', says: 'the record that the photographed copy belongs to' },
  ],
  run: async (call) => {
    const [name = '', ...files] = call.operands;
    const load = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (load === undefined) return { usage: `"${name}" is none of ${Object.keys(actions).join(', ')}.` };
    const action = await load();
    let outcome: Outcome = 'done';
    for (const file of files) {
      const one = await action(call, file);
      if (typeof one === 'object') return one;
      if (one === 'failed') outcome = 'failed';
    }
    return outcome;
  },
};
