import { drawModules, printModules, quietZone, type SymbolKind, symbolKinds } from './test-symbol.tsx';

/** What stands on the sheet beside the symbols. */
export interface TestSheetTexts {
  readonly title: string;
  readonly note: string;
  readonly tests: readonly { readonly name: string; readonly why: string; readonly text: string }[];
  readonly kinds: Readonly<Record<SymbolKind, string>>;
}

/** Width of a module on paper, mm: every scanner that reads at all reads half a millimetre at its usual distance. */
const moduleMm = 0.5;

/** The page that a scanner is tested with away from the screen: every test as QR Code and as Han Xin Code, at its true size. */
export function makeTestSheet({ title, note, tests, kinds }: TestSheetTexts): HTMLElement {
  const sheet = element('div', 'test-sheet');
  sheet.append(element('h1', 'only-paper', title), element('p', '', note));
  for (const { name, why, text } of tests) {
    const part = element('section', 'test-sheet-part');
    part.append(element('h2', '', name), element('p', '', why));
    for (const kind of symbolKinds) {
      const figure = element('figure', '');
      figure.append(drawSymbol(drawModules(text, kind)), element('figcaption', '', kinds[kind]));
      part.append(figure);
    }
    sheet.append(part);
  }
  return sheet;
}

function drawSymbol(rows: readonly (readonly boolean[])[]): SVGElement {
  const size = rows.length + 2 * quietZone;
  const [picture, path] = [document.createElementNS(svg, 'svg'), document.createElementNS(svg, 'path')];
  picture.setAttribute('viewBox', `0 0 ${size} ${size}`);
  picture.setAttribute('shape-rendering', 'crispEdges');
  for (const side of ['width', 'height']) picture.setAttribute(side, `${size * moduleMm}mm`);
  path.setAttribute('d', printModules(rows));
  picture.append(path);
  return picture;
}

const svg = 'http://www.w3.org/2000/svg';

function element(name: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
