import { zipSync } from 'fflate';

/** What a package made for a test holds; whatever is left out is plain. */
export interface MadeDocument {
  /** The objects of each page's one layer. */
  readonly pages: readonly string[];
  /** Inside `Res`: lists of resources. */
  readonly resources?: string;
  /** Inside `Document`, behind the pages. */
  readonly document?: string;
  /** Inside `DocBody`, behind the root. */
  readonly body?: string;
  /** Whole DocBody elements behind the first. */
  readonly bodies?: string;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/** Makes a package of 100 × 100 mm pages as a plain writer would. */
export function makeDocument({ pages, resources = '', document = '', body = '', bodies = '', files = {} }: MadeDocument): Uint8Array {
  const text = (content: string | Uint8Array): Uint8Array => (typeof content === 'string' ? new TextEncoder().encode(content) : content);
  const root = (name: string, content: string): string => `<?xml version="1.0" encoding="UTF-8"?><ofd:${name} xmlns:ofd="http://www.ofdspec.org/2016">${content}</ofd:${name}>`.replaceAll(/<(\/?)(?![?/!]|ofd:)([A-Z])/g, '<$1ofd:$2');
  const entries: Record<string, string | Uint8Array> = {
    'OFD.xml': root('OFD', `<DocBody><DocInfo><DocID>1</DocID><Title>Made</Title></DocInfo><DocRoot>Doc_0/Document.xml</DocRoot>${body}</DocBody>${bodies}`),
    'Doc_0/Document.xml': root('Document', `<CommonData><PageArea><PhysicalBox>0 0 100 100</PhysicalBox></PageArea><DocumentRes>Res.xml</DocumentRes></CommonData><Pages>${pages.map((_, at) => `<Page ID="${at + 1}" BaseLoc="Pages/${at}.xml"/>`).join('')}</Pages>${document}`),
    'Doc_0/Res.xml': root('Res', resources),
    ...Object.fromEntries(pages.map((content, at) => [`Doc_0/Pages/${at}.xml`, root('Page', `<Content><Layer ID="${at + 100}">${content}</Layer></Content>`)])),
    ...files,
  };
  return zipSync(Object.fromEntries(Object.entries(entries).map(([name, content]) => [name, text(content)])), { level: 1 });
}
