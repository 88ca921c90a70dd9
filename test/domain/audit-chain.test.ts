import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainHash, type ChainedLine, type ChainFinding, type ChainStart, createChainVerifier, genesisHash } from '../../domain/audit-chain.ts';
import { type AuditEntry, parseAuditLine, printAuditLine } from '../../domain/audit-entry.ts';

const entryOf = (seq: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  seq,
  gen: 1,
  t: '2026-01-01T01:04:30.000Z',
  mono: 1000 + seq,
  u: 12,
  actor: '周敏',
  role: 'operator',
  device: 'window-12',
  type: 'code.verified',
  result: 'verified',
  ref: `scan-${seq}`,
  bodyHash: 'ab'.repeat(32),
  ...more,
});

function chainOf(lines: readonly string[]): ChainedLine[] {
  let head = genesisHash;
  return lines.map((line) => {
    head = chainHash(head, line);
    return { line, hash: head };
  });
}

const good = chainOf(Array.from({ length: 12 }, (_, index) => printAuditLine(entryOf(index + 1))));
const at = (index: number): ChainedLine => good[index] ?? { line: '', hash: '' };
const headAnchor = { seq: 12, hash: at(11).hash };

function verify(chain: readonly ChainedLine[], start: ChainStart = { anchors: [headAnchor] }): ChainFinding {
  const verifier = createChainVerifier(start);
  for (const entry of chain) verifier.push(entry);
  return verifier.finish();
}
const changed = (index: number, edit: (entry: ChainedLine) => ChainedLine): ChainedLine[] =>
  good.map((entry, place) => (place === index ? edit(entry) : entry));

describe('an audit line', () => {
  it('has one fixed order of fields, whatever the order of the object', () => {
    const entry = entryOf(7);
    const shuffled = Object.fromEntries(Object.entries(entry).toReversed()) as unknown as AuditEntry;
    expect(printAuditLine(shuffled)).toBe(printAuditLine(entry));
    expect(printAuditLine(entry)).toBe(
      `{"seq":7,"gen":1,"t":"2026-01-01T01:04:30.000Z","mono":1007,"u":12,"actor":"周敏","role":"operator","device":"window-12","type":"code.verified","result":"verified","ref":"scan-7","bodyHash":"${'ab'.repeat(32)}"}`,
    );
    expect(parseAuditLine(printAuditLine(entry))).toEqual(entry);
  });

  it('is refused in any other spelling', () => {
    const line = printAuditLine(entryOf(7));
    for (const other of [`${line} `, line.replace('"gen":1', '"gen":1.0'), line.replace(',"gen":1', '').replace('}', ',"gen":1}'), line.replace('"u":12', '"u":-1'), line.replace('.000Z', 'Z'), line.replaceAll('ab', 'AB'), line.replace('}', ',"x":1}'), 'null', '']) {
      expect(parseAuditLine(other)).toBeNull();
    }
  });
});

describe('the chain', () => {
  it('hashes what OpenSSL hashes', () => {
    const { line } = at(0);
    expect(createHash('sm3').update(`fd-audit-v1\n${genesisHash}\n${line}\n`).digest('hex')).toBe(chainHash(genesisHash, line));
  });

  it('is good as it was written', () => {
    expect(verify(good)).toEqual({ ok: true, entries: 12, head: headAnchor.hash });
    expect(verify([], {})).toEqual({ ok: true, entries: 0, head: genesisHash });
  });

  it('can be verified from a checkpoint on', () => {
    const after = { seq: 5, hash: at(4).hash };
    expect(verify(good.slice(5), { after, anchors: [headAnchor] })).toEqual({ ok: true, entries: 7, head: headAnchor.hash });
    expect(verify(good.slice(5), { after: { seq: 5, hash: at(3).hash } })).toEqual({ ok: false, badSeq: 6, kind: 'changed' });
  });

  it.each<[string, ChainedLine[], ChainFinding]>([
    ['a changed line', changed(4, (entry) => ({ ...entry, line: entry.line.replace('verified"', 'expired"') })), { ok: false, badSeq: 5, kind: 'changed' }],
    ['a changed hash', changed(4, (entry) => ({ ...entry, hash: 'cd'.repeat(32) })), { ok: false, badSeq: 5, kind: 'changed' }],
    ['a line that is no entry', changed(4, (entry) => ({ ...entry, line: `${entry.line} ` })), { ok: false, badSeq: 5, kind: 'changed' }],
    ['a number raised', changed(4, (entry) => ({ ...entry, line: entry.line.replace('"seq":5', '"seq":9') })), { ok: false, badSeq: 5, kind: 'changed' }],
    ['a number lowered', changed(4, (entry) => ({ ...entry, line: entry.line.replace('"seq":5', '"seq":2') })), { ok: false, badSeq: 5, kind: 'changed' }],
    ['the last number raised', changed(11, (entry) => ({ ...entry, line: entry.line.replace('"seq":12', '"seq":13') })), { ok: false, badSeq: 12, kind: 'changed' }],
    ['a missing entry', good.filter((_, index) => index !== 4), { ok: false, badSeq: 5, kind: 'gap' }],
    ['the first entry missing', good.slice(1), { ok: false, badSeq: 1, kind: 'gap' }],
    ['three missing entries', good.filter((_, index) => index < 4 || index > 6), { ok: false, badSeq: 5, kind: 'gap' }],
    ['an entry twice in a row', [...good.slice(0, 5), at(4), ...good.slice(5)], { ok: false, badSeq: 5, kind: 'duplicate' }],
    ['an entry again later', [...good.slice(0, 8), at(2), ...good.slice(8)], { ok: false, badSeq: 3, kind: 'duplicate' }],
    ['the last entry twice', [...good, at(11)], { ok: false, badSeq: 12, kind: 'duplicate' }],
    ['two neighbours exchanged', [...good.slice(0, 4), at(5), at(4), ...good.slice(6)], { ok: false, badSeq: 5, kind: 'reordered' }],
    ['an entry moved to the end', [...good.filter((_, index) => index !== 4), at(4)], { ok: false, badSeq: 5, kind: 'reordered' }],
    ['the end cut off', good.slice(0, 9), { ok: false, badSeq: 10, kind: 'truncated' }],
    ['nothing left', [], { ok: false, badSeq: 1, kind: 'truncated' }],
  ])('names %s', (_, chain, finding) => {
    expect(verify(chain)).toEqual(finding);
  });

  it('finds a tail written anew with right hashes only by its anchors', () => {
    const rewritten = chainOf(good.map((entry, index) => (index === 4 ? entry.line.replace('verified"', 'expired"') : entry.line)));
    expect(verify(rewritten, {})).toMatchObject({ ok: true });
    expect(verify(rewritten)).toEqual({ ok: false, badSeq: 12, kind: 'rewritten' });
    expect(verify(rewritten, { anchors: [headAnchor, { seq: 8, hash: at(7).hash }] })).toEqual({ ok: false, badSeq: 8, kind: 'rewritten' });
  });

  it('finds every change of one character in a line or hash, and names its entry', () => {
    fc.assert(
      fc.property(fc.nat({ max: 11 }), fc.boolean(), fc.nat(), fc.constantFrom(...'0123456789abcdefxyz{}":, '), (index, inLine, place, character) => {
        const chain = changed(index, (entry) => {
          const text = inLine ? entry.line : entry.hash;
          const edited = text.slice(0, place % text.length) + character + text.slice((place % text.length) + 1);
          return inLine ? { ...entry, line: edited } : { ...entry, hash: edited };
        });
        const same = chain.every((entry, place) => entry.line === at(place).line && entry.hash === at(place).hash);
        const finding = verify(chain);
        expect(finding.ok).toBe(same);
        if (!finding.ok) expect(finding).toMatchObject({ badSeq: index + 1, kind: 'changed' });
      }),
      { numRuns: 3000 },
    );
  });

  it('finds every deletion, doubling and exchange, and names the first bad entry', () => {
    fc.assert(
      fc.property(fc.constantFrom('delete', 'double', 'exchange', 'cut'), fc.nat({ max: 11 }), fc.nat({ max: 11 }), (kind, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const chain = [...good];
        if (kind === 'delete') chain.splice(a, 1);
        else if (kind === 'double') chain.splice(b + 1, 0, at(Math.min(a, b)));
        else if (kind === 'cut') chain.splice(a);
        else [chain[low], chain[high]] = [at(high), at(low)];
        const finding = verify(chain);
        if (kind === 'exchange' && a === b) expect(finding.ok).toBe(true);
        else if (kind === 'delete') expect(finding).toMatchObject({ badSeq: a + 1, kind: a === 11 ? 'truncated' : 'gap' });
        else if (kind === 'double') expect(finding).toMatchObject({ badSeq: Math.min(a, b) + 1, kind: 'duplicate' });
        else if (kind === 'cut') expect(finding).toMatchObject({ badSeq: a + 1, kind: 'truncated' });
        else expect(finding).toMatchObject({ badSeq: low + 1, kind: 'reordered' });
      }),
      { numRuns: 2000 },
    );
  });
});
