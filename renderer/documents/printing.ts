/** Paper that a notice is printed on: a page, or the roll of a receipt printer by its width. Sizes and margins stand in the print style sheet. */
export type PaperKind = 'a4' | 'mm80' | 'mm58';

/** Prints one element and nothing else of the window (the print style sheet hides the rest); the job has the program's name. */
export function printContent(content: HTMLElement, kind: PaperKind = 'a4'): void {
  const paper = document.createElement('div');
  paper.className = `paper paper-${kind}`;
  paper.append(content);
  document.body.append(paper);
  window.print();
  paper.remove();
}
