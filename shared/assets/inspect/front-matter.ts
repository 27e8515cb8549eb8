const block = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?(?:---|\.\.\.)[ \t]*(?=\r?\n|$)/;
const titleLine = /^title[ \t]*:[ \t]*(.*)$/m;
const quoted = /^(["'])(.*)\1\s*$/;

/** The title in the YAML block before the text, if any, and the text with that block blanked: line numbers stay. */
export function readFrontMatter(text: string): { title: string; body: string } {
  const [matched, yaml = ''] = block.exec(text) ?? [];
  if (matched === undefined) return { title: '', body: text };
  // The titles that go over several lines begin with `>` or `|`: those are left to the headings.
  const value = titleLine.exec(yaml)?.[1]?.trim() ?? '';
  const blank = '\n'.repeat(matched.split('\n').length - 1);
  const title = /^[>|]/.test(value) ? '' : (quoted.exec(value)?.[2] ?? value);
  return { title, body: blank + text.slice(matched.length) };
}
