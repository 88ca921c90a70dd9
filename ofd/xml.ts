import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { OfdLimits } from './limits.ts';
import { done, type OfdFailure, type OfdResult, refuse } from './result.ts';

/** An element by its LOCAL name: files disagree about prefixes and name spaces, and some are not well-formed in them. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, white space kept. */
  readonly text: string;
}

/** Reads an XML entry into a tree; a document type declaration is refused, so that no entity is ever expanded. */
export function parseXml(bytes: Uint8Array, limits: OfdLimits): OfdResult<XmlElement> {
  const text = dropForbidden(decodeXml(bytes));
  if (text.trim() === '') return refuse('xml/malformed', 'empty');
  const builder = createBuilder(limits);
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', (error) => builder.stop({ code: 'xml/malformed', detail: error.message.slice(0, 80) }));
  parser.on('doctype', () => builder.stop({ code: 'xml/doctype' }));
  parser.on('opentag', builder.open);
  parser.on('closetag', builder.close);
  parser.on('text', builder.text);
  parser.on('cdata', builder.text);
  // In pieces, so that a fault or a limit ends the reading.
  for (let at = 0; at < text.length && builder.failure() === null; at += pieceLength) parser.write(text.slice(at, at + pieceLength));
  if (builder.failure() === null) parser.close();
  const failure = builder.failure();
  const root = builder.root();
  if (failure !== null) return { ok: false, failure };
  return root === null ? refuse('xml/malformed', 'no element') : done(root);
}

const pieceLength = 64 * 1024;

interface OpenElement {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

function createBuilder(limits: OfdLimits) {
  const stack: OpenElement[] = [];
  let root: XmlElement | null = null;
  let failure: OfdFailure | null = null;
  let count = 0;
  const stop = (reason: OfdFailure): void => void (failure ??= reason);
  return {
    stop,
    open: (tag: SaxesTagPlain): void => {
      if (failure !== null) return;
      count += 1;
      if (count > limits.xmlElements) return stop({ code: 'xml/too-large' });
      if (stack.length >= limits.xmlDepth) return stop({ code: 'xml/too-deep' });
      const attributes = new Map<string, string>();
      for (const [name, value] of Object.entries(tag.attributes)) if (!name.startsWith('xmlns')) attributes.set(localName(name), value);
      const element: OpenElement = { name: localName(tag.name), attributes, children: [], text: '' };
      stack.at(-1)?.children.push(element);
      root ??= element;
      stack.push(element);
    },
    close: (): void => void stack.pop(),
    text: (text: string): void => {
      const element = stack.at(-1);
      if (element !== undefined) element.text += text;
    },
    root: (): XmlElement | null => root,
    failure: (): OfdFailure | null => failure,
  };
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** Writers leave control characters in texts, which XML 1.0 forbids as such and as references: the page is not lost for them. */
function dropForbidden(text: string): string {
  const plain = forbidden.test(text) ? text.replaceAll(new RegExp(forbidden, 'g'), '') : text;
  return plain.includes('&#') ? plain.replaceAll(/&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));/g, dropReference) : plain;
}

// oxlint-disable-next-line no-control-regex -- these are what is looked for
const forbidden = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function dropReference(reference: string, hex: string | undefined, decimal: string | undefined): string {
  const code = Number.parseInt(hex ?? decimal ?? '', hex === undefined ? 10 : 16);
  const isAllowed = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
  return isAllowed ? reference : '';
}

/** UTF-16 and UTF-8 by their marks, GBK by the declaration, and GBK where the bytes cannot be UTF-8. */
function decodeXml(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const head = String.fromCodePoint(...bytes.subarray(0, 100));
  if (/encoding\s*=\s*["'](gbk|gb2312|gb18030)["']/i.test(head)) return new TextDecoder('gb18030').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** The first child of this name. */
export function childOf(element: XmlElement | null | undefined, name: string): XmlElement | null {
  return element?.children.find((child) => child.name === name) ?? null;
}

/** All children of this name. */
export function childrenOf(element: XmlElement | null | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The text of the first child of this name, trimmed; null when it is absent or empty. */
export function textOf(element: XmlElement | null | undefined, name: string): string | null {
  const text = childOf(element, name)?.text.trim() ?? '';
  return text === '' ? null : text;
}

/** An attribute, trimmed; null when it is absent or empty. */
export function attributeOf(element: XmlElement | null | undefined, name: string): string | null {
  const value = element?.attributes.get(name)?.trim() ?? '';
  return value === '' ? null : value;
}
