/** Lines of CSV (RFC 4180) as lists of cells; whatever is no CSV throws. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const cell = /"((?:[^"]|"")*)"|[^",\r\n]*/y;
    cell.lastIndex = at;
    const [all, quoted] = cell.exec(text) ?? [''];
    row.push(quoted === undefined ? all : quoted.replaceAll('""', '"'));
    at += all.length;
    if (text[at] === ',') at += 1;
    else if (text.startsWith('\r\n', at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else throw new Error(`Neither a comma nor the end of a line at ${at}: ${text.slice(at, at + 50)}`);
  }
  return rows;
}

/** By the names of the columns. */
export function recordsOf(text: string): Record<string, string>[] {
  const [head = [], ...rows] = parseCsv(text);
  return rows.map((row) => Object.fromEntries(head.map((name, place) => [name, row[place] ?? ''])));
}
