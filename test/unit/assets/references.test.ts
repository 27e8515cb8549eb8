import { describe, expect, it } from '@jest/globals';
import type { Reference } from '../../../shared/assets/inspect/inspection.ts';
import { countReferences, resolveAll } from '../../../shared/assets/references.ts';
import { dam } from '../../support/assets.ts';

const FROM = dam('guide/start.md');

const local = (target: string, facts: Partial<Reference> = {}): Reference => ({
  kind: 'link',
  target,
  scope: 'local',
  line: 1,
  ...facts,
});

/** Resolves them where only these paths are; remembers what was looked up. */
async function resolved(references: readonly Reference[], ...there: string[]) {
  const lookedUp: string[] = [];
  const exists = async (paths: readonly string[]) => {
    lookedUp.push(...paths);
    return new Set(paths.filter((path) => there.includes(path)));
  };
  return { references: await resolveAll(FROM, references, exists), lookedUp };
}

describe('a local reference', () => {
  it('leads to the asset at its path', async () => {
    const { references } = await resolved([local('../a/b.md#part')], dam('a/b.md'));
    expect(references).toEqual([{ ...local('../a/b.md#part'), path: dam('a/b.md') }]);
  });

  it('is broken where nothing is at its path, and says where that is', async () => {
    const { references } = await resolved([local('gone.md')]);
    expect(references).toEqual([{ ...local('gone.md'), path: dam('guide/gone.md'), broken: true }]);
  });

  it('is the same however its accents are written', async () => {
    const { references } = await resolved([local('cafe\u0301.md')], dam('guide/caf\u00e9.md'));
    expect(references).toMatchObject([{ path: dam('guide/caf\u00e9.md') }]);
  });

  it.each([
    ['that climbs above the root', '../../../../../../etc/passwd'],
    ['that leaves the repository', '/etc/passwd'],
    ['to a name that no asset can have', 'a:b*.md'],
    ['to a path that is too long', `${'x'.repeat(300)}.md`],
    ['to another drive', 'c:\\temp\\a.md'],
  ])('%s is broken and not even looked up', async (_what, target) => {
    const { references, lookedUp } = await resolved([local(target)]);
    expect([references, lookedUp]).toEqual([[{ ...local(target), broken: true }], []]);
  });

  it('to the root is not broken, though the root has no row', async () => {
    const { references, lookedUp } = await resolved([local('..')]);
    expect([references[0]?.broken, lookedUp]).toEqual([undefined, []]);
  });
});

describe('the references of a file', () => {
  it('are looked up together, each path once', async () => {
    const { lookedUp } = await resolved([local('a.md'), local('b.md'), local('./a.md#x'), local('a.md')]);
    expect(lookedUp).toEqual([dam('guide/a.md'), dam('guide/b.md')]);
  });

  it('that are not local are left as they are and looked up nowhere', async () => {
    const others = [
      local('https://example.com', { scope: 'external' }),
      local('#top', { scope: 'same-file' }),
      local('key/id', { scope: 'key', kind: 'keyref' }),
    ];
    expect(await resolved(others)).toEqual({ references: others, lookedUp: [] });
  });

  it('are counted by where they lead', async () => {
    const { references } = await resolved(
      [
        local('there.md'),
        local('there.md', { kind: 'conref' }),
        local('gone.md'),
        local('gone.md', { kind: 'conref' }),
        local('https://example.com', { scope: 'external' }),
        local('#a', { scope: 'same-file' }),
        local('#b', { scope: 'same-file', kind: 'conref' }),
        local('k', { scope: 'key', kind: 'keyref' }),
        local('k/x', { scope: 'key', kind: 'conkeyref' }),
      ],
      dam('guide/there.md'),
    );
    expect(countReferences(references)).toMatchObject({
      internal: 2,
      broken: 2,
      external: 1,
      sameFile: 2,
      keys: 2,
    });
  });

  it('that reuse content are counted once more, wherever they lead', async () => {
    const conref = { kind: 'conref' } as const;
    const { references } = await resolved(
      [local('there.md', conref), local('gone.md', conref), local('#b', { ...conref, scope: 'same-file' })],
      dam('guide/there.md'),
    );
    expect(countReferences(references).conrefs).toBe(3);
  });
});
