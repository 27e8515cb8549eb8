import type { DocumentFacts, Failure, Reference, ReferenceKind, Scope } from './inspection.ts';
import { limits } from './limits.ts';
import { scopeOf } from './scope.ts';

/** Gathers what a reader finds, up to the limits, so that the facts survive when the reader has to stop. */
export class FactCollector {
  readonly #ids = new Set<string>();
  readonly #references: Reference[] = [];
  #title: string | undefined;
  #suggestedTitle: string | undefined;
  #cut = false;
  keyDefinitions = 0;
  wellFormed: boolean | undefined;
  firstFault: string | undefined;

  get hasTitle(): boolean {
    return this.#title !== undefined;
  }

  /** The first title counts. One without any character is none. */
  addTitle(text: string): void {
    this.#title ??= titleFrom(text);
  }

  /** For a file without a title of its own. */
  suggestTitle(text: string | undefined): void {
    this.#suggestedTitle = titleFrom(text ?? '');
  }

  addId(id: string | undefined): void {
    if (id === undefined || id === '') return;
    if (this.#ids.size >= limits.ids) this.#cut = true;
    else this.#ids.add(id.slice(0, limits.idLength));
  }

  addReference(kind: ReferenceKind, target: string, line: number, scope: Scope = scopeOf(target)): void {
    if (this.#references.length >= limits.references) this.#cut = true;
    else this.#references.push({ kind, target: shortened(target), scope, line });
  }

  get failure(): Failure | undefined {
    if (!this.#cut) return undefined;
    const [ids, references] = [limits.ids, limits.references].map((limit) => limit.toLocaleString('en'));
    return {
      code: 'too-many-facts',
      reason: `only the first ${ids} ids and ${references} references are kept`,
    };
  }

  facts(): DocumentFacts {
    const title = this.#title ?? this.#suggestedTitle;
    return {
      ...(title !== undefined && { title }),
      ids: [...this.#ids],
      references: this.#references,
      keyDefinitions: this.keyDefinitions,
      ...(this.wellFormed !== undefined && { wellFormed: this.wellFormed }),
      ...(this.firstFault !== undefined && { firstFault: this.firstFault }),
    };
  }
}

const titleFrom = (text: string): string | undefined =>
  text.replace(/\s+/g, ' ').trim().slice(0, limits.titleLength).toWellFormed() || undefined;

function shortened(target: string): string {
  const length = /^\s*data:/i.test(target) ? limits.dataTargetLength : limits.targetLength;
  return target.length > length ? `${target.slice(0, length - 1).toWellFormed()}…` : target;
}
