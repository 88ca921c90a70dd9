/** Paper that a notice is printed on: a page, or the roll of a receipt printer by its width. */
export type PaperKind = 'a4' | 'mm80' | 'mm58';

const pageRules: Readonly<Record<PaperKind, string>> = {
  a4: '@page { size: A4; margin: 12mm; }',
  mm80: '@page { size: 80mm 297mm; margin: 3mm 4mm; }',
  mm58: '@page { size: 58mm 297mm; margin: 2mm 5mm; }',
};

/** Prints one element and nothing else of the window (the print style sheet hides the rest); the job has the program's name. */
export function printContent(content: HTMLElement, kind: PaperKind = 'a4'): void {
  const rule = document.createElement('style');
  rule.textContent = pageRules[kind];
  document.head.append(rule);
  const paper = document.createElement('div');
  paper.className = `paper paper-${kind}`;
  paper.append(content);
  document.body.append(paper);
  window.print();
  paper.remove();
  rule.remove();
}
