import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServiceClient } from '../../../local/demo/service-client.ts';
import { tour } from '../../../local/demo/tour/tour.ts';
import { recordsOf } from '../../support/parse-csv.ts';
import { type RunningLonghaul, startLonghaul } from '../../support/service.ts';

describe('the tour of the demo', () => {
  let service: RunningLonghaul;
  let file: string;
  const lines: string[] = [];

  beforeAll(async () => {
    service = await startLonghaul();
    file = join(service.dataFolder, 'tour.csv');
    const client = new ServiceClient(service.url, await service.token('operator'));
    await tour(client, (line = '') => lines.push(stripVTControlCharacters(line)), file);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const callsOf = (call: RegExp) => lines.filter((line) => call.test(line.trim()));

  it.each([
    /^POST \/jobs {2}\{"operation":"diagnose"/,
    /^POST \/jobs\/[^/]+\/postpone {2}\{"until"/,
    /^POST \/jobs\/[^/]+\/pause /,
    /^GET \/jobs\/[^/]+\/explain$/,
    /^POST \/jobs\/[^/]+\/resume /,
    /^GET \/jobs\/[^/]+\/logs\?after=/,
    /^POST \/jobs\/[^/]+\/cancel /,
    /^GET \/jobs\/[^/]+\/audit$/,
    /^GET \/notifications\?unread=true/,
    /^POST \/notifications\/[^/]+\/read/,
    /^GET \/jobs\?dependencyToken=[^ ]+ {2}Accept: text\/csv$/,
  ])('shows the call %s', (call) => {
    expect(callsOf(call)).not.toEqual([]);
  });

  it('has its jobs do what it says', () => {
    const said = lines.join('\n');
    for (const word of [
      '202  Queued',
      'Paused (Waiting)',
      'waits',
      'freed by: resume',
      'Stopped (Canceled)',
      'Diagnose - STOPPED',
    ])
      expect(said).toContain(word);
    expect(said).toMatch(/diagnose: line 20 of 20/);
    expect(said).toMatch(/\(about \d+ s left\)/);
  });

  it('tells who did what, in order, with the reasons', () => {
    const verbs = lines.map((line) => line.trim().split(' by ')[0] ?? '');
    const [postponed, paused, resumed] = ['postpone', 'pause', 'resume'].map((verb) => verbs.indexOf(verb));
    expect([postponed, paused, resumed]).not.toContain(-1);
    expect([postponed, paused, resumed]).toEqual(
      [postponed, paused, resumed].toSorted((a = 0, b = 0) => a - b),
    );
  });

  it('keeps its two jobs as CSV', () => {
    expect(recordsOf(readFileSync(file, 'utf8')).map((row) => row['ShownAs'])).toEqual([
      'Stopped',
      'Success',
    ]);
  });
});
