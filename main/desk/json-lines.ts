/** Where the parts of a JSON text stand, by the path of keys and indexes joined with dots; or the line at which it stops being JSON. */
export type JsonLines = { readonly ok: true; lineOf(path: string): number } | { readonly ok: false; readonly line: number };

/** Finds the lines (from 1) of every key and item, for people who wrote the file by hand. */
export function locateJson(text: string): JsonLines {
  const { tokens, badAt } = readTokens(text);
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const places = new Map<string, number>();
  const end = walk(tokens, places);
  // What is missing is looked for where it should be.
  const placeOf = (path: string): number => places.get(path) ?? (path.includes('.') ? placeOf(path.slice(0, path.lastIndexOf('.'))) : 0);
  if (end === tokens.length && badAt === null) return { ok: true, lineOf: (path) => lineAt(placeOf(path)) };
  return { ok: false, line: lineAt(tokens[end]?.offset ?? badAt ?? text.trimEnd().length) };
}

interface Token {
  readonly text: string;
  readonly offset: number;
}

const tokenPattern = /[ \t\r\n]*([{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)/y;

function readTokens(text: string): { readonly tokens: readonly Token[]; readonly badAt: number | null } {
  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern);
  for (let at = 0; ; at = pattern.lastIndex) {
    const found = pattern.exec(text);
    const [, token] = found ?? [];
    if (token !== undefined) tokens.push({ text: token, offset: pattern.lastIndex - token.length });
    else {
      const rest = text.slice(at);
      const left = rest.replace(/^[ \t\r\n]+/, '').length;
      return { tokens, badAt: left === 0 ? null : text.length - left };
    }
  }
}

interface Frame {
  readonly path: string;
  readonly isArray: boolean;
  count: number;
}

/** The first token that does not belong there; how many there are when all belong. No recursion: nesting costs no stack. */
function walk(tokens: readonly Token[], places: Map<string, number>): number {
  const open: Frame[] = [];
  let path = '';
  let wanted: 'value' | 'item or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing' = 'value';
  for (const [index, { text, offset }] of tokens.entries()) {
    const frame = open.at(-1);
    const isEnd = text === (frame?.isArray === true ? ']' : '}') && frame !== undefined;
    if ((wanted === 'item or end' || wanted === 'key or end' || wanted === 'comma or end') && isEnd) {
      open.pop();
      wanted = open.length === 0 ? 'nothing' : 'comma or end';
    } else if (wanted === 'value' || wanted === 'item or end') {
      if (frame?.isArray === true) {
        path = join(frame.path, String(frame.count));
        frame.count += 1;
        places.set(path, offset);
      }
      if (text === '{' || text === '[') {
        open.push({ path, isArray: text === '[', count: 0 });
        wanted = text === '[' ? 'item or end' : 'key or end';
      } else if (/^[}\],:]$/.test(text)) return index;
      else wanted = open.length === 0 ? 'nothing' : 'comma or end';
    } else if (wanted === 'key' || wanted === 'key or end') {
      if (!text.startsWith('"')) return index;
      path = join(frame?.path ?? '', String(JSON.parse(text)));
      places.set(path, offset);
      wanted = 'colon';
    } else if (wanted === 'colon' && text === ':') wanted = 'value';
    else if (wanted === 'comma or end' && text === ',') wanted = frame?.isArray === true ? 'value' : 'key';
    else return index;
  }
  return wanted === 'nothing' ? tokens.length : tokens.length + 1;
}

const join = (path: string, step: string): string => (path === '' ? step : `${path}.${step}`);
