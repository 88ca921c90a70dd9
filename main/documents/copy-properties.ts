/** What a copy says about itself; no personal data of the holder. */
export interface CopyFacts {
  readonly recordId: string;
  /** The four facts of an annotated copy (加注件), each as text. */
  readonly annotation: {
    /** 加注件制作者 */
    readonly maker: string;
    /** 加注件制作事由 */
    readonly reason: string;
    /** 加注件有效期截止时间, YYYYMMDDHHMMSS */
    readonly validUntil: string;
    /** 加注件制作时间, YYYYMMDDHHMMSS */
    readonly time: string;
  };
  /** More facts for the file's own properties, by name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly madeAt: number;
}

/** The facts as XMP (ISO 16684-1), under a name space of their own. */
export function printXmp(facts: Readonly<Record<string, string>>): string {
  const entries = Object.entries(facts).map(([name, value]) => `<jzj:${name}>${escape(value)}</jzj:${name}>`);
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    `<rdf:Description rdf:about="" xmlns:jzj="urn:counter:annotated-copy">${entries.join('')}</rdf:Description>`,
    '</rdf:RDF></x:xmpmeta>',
    '<?xpacket end="r"?>',
  ].join('\n');
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ' ').replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
