/** Prints one element and nothing else of the window (the print style sheet hides the rest). */
export function printContent(content: HTMLElement): void {
  const paper = document.createElement('div');
  paper.className = 'paper';
  paper.append(content);
  document.body.append(paper);
  window.print();
  paper.remove();
}
