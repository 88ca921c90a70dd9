import type { OfdDocument } from './document.ts';
import { attributeOf, childrenOf, textOf } from './xml.ts';

/** A file that the document carries (clause 20); `entry` is null when it is missing. */
export interface Attachment {
  readonly name: string;
  readonly format: string | null;
  readonly creationDate: string | null;
  /** Whether a reader should list it; records for machines are invisible. */
  readonly visible: boolean;
  readonly entry: string | null;
}

/** The attachments of a document in their order. Their bytes are read with `document.package.read(entry)`. */
export function listAttachments(document: OfdDocument): readonly Attachment[] {
  const list = document.lists.attachments;
  const root = list === null ? null : document.readXml(list);
  if (list === null || root === null || !root.ok) return [];
  return childrenOf(root.value, 'Attachment').map((attachment) => {
    const location = textOf(attachment, 'FileLoc');
    return {
      name: attributeOf(attachment, 'Name') ?? '',
      format: attributeOf(attachment, 'Format'),
      creationDate: attributeOf(attachment, 'CreationDate'),
      visible: attributeOf(attachment, 'Visible')?.toLowerCase() !== 'false',
      entry: location === null ? null : document.package.find(location, { entry: list, documentFolder: document.folder }),
    };
  });
}
