import type { SaxesParser } from 'saxes';
import type { FactCollector } from './fact-collector.ts';
import { limits } from './limits.ts';

export type ParserOptions = { position: true; xmlns: false };

const titleElements = new Set(['title', 'mainbooktitle']);
/** Title of the document, of a topic in a ditabase, or in the `booktitle` of a bookmap; deeper ones title sections. */
const deepestTitle = 3;

/** Collects the text of the first title of an XML file. Text is listened to only meanwhile: that keeps parsing fast. */
export function titleReader(parser: SaxesParser<ParserOptions>, facts: FactCollector) {
  let openAt = 0;
  let text = '';
  const add = (more: string): void => {
    if (text.length < limits.titleLength) text += more;
  };
  return {
    open(name: string, depth: number): void {
      if (openAt > 0 || facts.hasTitle || depth > deepestTitle || !titleElements.has(name)) return;
      openAt = depth;
      parser.on('text', add);
      parser.on('cdata', add);
    },
    close(depth: number): void {
      if (openAt !== depth) return;
      facts.addTitle(text);
      [openAt, text] = [0, ''];
      parser.off('text');
      parser.off('cdata');
    },
  };
}
