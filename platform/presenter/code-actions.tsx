import { type ReactNode, useState } from 'react';
import { copyPng, printFileTime, savePng } from './code-image.ts';
import { Icon } from './icon.tsx';
import type { CodeSymbol, Words } from './words.table.ts';

type Note = 'copied' | 'notCopied' | 'notSaved';

/** Takes the code to a terminal on the same machine, as a picture. A code that is over keeps the place and offers nothing. */
export function CodeActions(props: {
  readonly words: Words;
  readonly companyName: string;
  readonly svg: string;
  readonly symbol: CodeSymbol;
  readonly mintedAt: string;
  readonly isOver: boolean;
}): ReactNode {
  const { words, companyName, svg, symbol, mintedAt } = props;
  const [note, setNote] = useState<Note | null>(null);
  const copy = async (): Promise<void> => {
    setNote(null);
    setNote((await copyPng(svg)) ? 'copied' : 'notCopied');
  };
  const save = async (): Promise<void> => {
    setNote(null);
    const fileName = words.pictureFile(companyName, printFileTime(mintedAt), words.symbolName[symbol]);
    if (!(await savePng(svg, fileName))) setNote('notSaved');
  };
  if (props.isOver) return <div className="code-actions" />;
  return (
    <div className="code-actions">
      <button type="button" className="quiet" onClick={() => void copy()} data-testid="copy-picture">
        <Icon name="copy" />
        {words.copyPicture}
      </button>
      <button type="button" className="quiet" onClick={() => void save()} data-testid="save-picture">
        <Icon name="save" />
        {words.savePicture}
      </button>
      <p className={note === 'copied' ? 'good' : 'bad'} role="status" data-testid="picture-note">
        {note === null ? null : words.pictureNote[note]}
      </p>
    </div>
  );
}
