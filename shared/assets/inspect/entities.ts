import { InspectionFailure } from './inspection.ts';
import { limits } from './limits.ts';
import type { Prolog } from './prolog.ts';

const predefined = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
const reference = /&(#x[0-9a-f]+|#[0-9]+|[^&;\s#]+);/gi;
/** Comments and instructions are taken first, so that what they quote is not taken for a declaration. */
const piece = /<!--|<\?|%[^\s%;]+;|<!ENTITY\s+(?:%\s+)?|["']/g;
const declaration = /([^\s"'%<>]+)\s+(?:"([^"]*)"|'([^']*)'|(SYSTEM|PUBLIC)\s)/y;

/** External entities are never loaded: they are known by name and stand for nothing. */
type Declared = { readonly literal: string } | { readonly external: true };

/**
 * The entities that a file declares. What they would grow to is worked out from their declarations, without expanding
 * anything: a bomb ("billion laughs") or an entity inside itself is refused before the parser starts, and many
 * references to one long entity (a quadratic bomb) as soon as they add up.
 */
export class Entities {
  readonly #declared: ReadonlyMap<string, Declared>;
  readonly #lengths = new Map<string, number>();
  readonly #texts = new Map<string, string>();
  readonly #incomplete: boolean;
  #spent = 0;

  constructor(prolog: Prolog) {
    const { declared, usesParameters } = readDeclarations(prolog.doctype?.internalSubset ?? '');
    const standalone = /\bstandalone\s*=\s*["']yes/.test(prolog.xmlDeclaration ?? '');
    this.#declared = declared;
    this.#incomplete = !standalone && (usesParameters || prolog.doctype?.systemId !== undefined);
    for (const name of declared.keys()) this.#refuseBomb(this.#lengthOf(name, 0), name);
  }

  /**
   * The text that `&name;` stands for; undefined if that is an error. With a DTD that is not here (as for all of DITA)
   * an unknown entity is none: it may be declared there (XML 1.0, "Entity Declared").
   */
  resolve(name: string): string | undefined {
    const known = predefined.get(name);
    if (known !== undefined) return known;
    if (!this.#declared.has(name)) return this.#incomplete ? '' : undefined;
    this.#spent += this.#lengthOf(name, 0);
    this.#refuseBomb(this.#spent, name);
    return this.#textOf(name);
  }

  #refuseBomb(length: number, name: string): void {
    if (length <= limits.entityExpansion) return;
    const characters = limits.entityExpansion.toLocaleString('en');
    throw new InspectionFailure(
      'entity-bomb',
      `entities grow beyond ${characters} characters (at &${name};)`,
    );
  }

  #lengthOf(name: string, depth: number): number {
    if (depth > limits.entityDepth) {
      throw new InspectionFailure(
        'entity-bomb',
        `entities contain each other without end, or too deep (at &${name};)`,
      );
    }
    const counted = this.#lengths.get(name);
    if (counted !== undefined) return counted;
    const literal = this.#literalOf(name);
    let length = literal.length;
    for (const [, inner = ''] of literal.matchAll(reference)) length += this.#lengthOf(inner, depth + 1);
    this.#lengths.set(name, length);
    return length;
  }

  #literalOf(name: string): string {
    const declared = this.#declared.get(name);
    return declared !== undefined && 'literal' in declared ? declared.literal : '';
  }

  #textOf(name: string): string {
    const text =
      this.#texts.get(name) ??
      this.#literalOf(name).replace(reference, (_, inner: string) => this.#inner(inner));
    this.#texts.set(name, text);
    return text;
  }

  #inner(name: string): string {
    return name.startsWith('#') ? character(name.slice(1)) : (predefined.get(name) ?? this.#textOf(name));
  }
}

function character(number: string): string {
  const code = /^x/i.test(number) ? Number.parseInt(number.slice(1), 16) : Number.parseInt(number, 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function readDeclarations(subset: string): { declared: Map<string, Declared>; usesParameters: boolean } {
  const declared = new Map<string, Declared>();
  let usesParameters = false;
  for (piece.lastIndex = 0; ; ) {
    const [start] = piece.exec(subset) ?? [];
    if (start === undefined) return { declared, usesParameters };
    if (start.startsWith('<!ENTITY')) readDeclaration(subset, declared, start.includes('%'));
    else if (start.startsWith('%')) usesParameters = true;
    else if (!skip(subset, start)) return { declared, usesParameters };
  }
}

/** Parameter entities are read over: they occur in declarations only, and those we do not follow. */
function readDeclaration(subset: string, declared: Map<string, Declared>, isParameter: boolean): void {
  declaration.lastIndex = piece.lastIndex;
  const [matched, name, double, single] = declaration.exec(subset) ?? [];
  if (matched === undefined || name === undefined) return;
  // What follows an external identifier are literals, which the loop above skips.
  piece.lastIndex += matched.length;
  const literal = double ?? single;
  // Of several declarations the first one binds (XML 1.0, 4.2).
  if (!isParameter && !declared.has(name))
    declared.set(name, literal === undefined ? { external: true } : { literal });
}

const ends = new Map([
  ['<!--', '-->'],
  ['<?', '?>'],
]);

function skip(subset: string, start: string): boolean {
  const end = ends.get(start) ?? start;
  const found = subset.indexOf(end, piece.lastIndex);
  piece.lastIndex = found + end.length;
  return found >= 0;
}
