import { describe, expect, it } from '@jest/globals';
import { seriesColumns } from '../../../../shared/service/series/present-series.ts';
import { relationTo } from '../../../../shared/service/series/series.ts';
import { aJob, at } from '../../../support/a-job.ts';
import { aJobToCome, aSeries } from '../../../support/a-series.ts';

const series = aSeries();
const { seriesId, recurrence } = series;
const hasCome = aJob({ relatedTo: relationTo(seriesId) });

describe('what a job shows of its series', () => {
  it('is nothing where it has none, and the id alone where that is gone', () => {
    expect(seriesColumns(aJob(), undefined)).toStrictEqual({});
    expect(seriesColumns(hasCome, undefined)).toStrictEqual({ seriesId });
  });

  it('is how it recurs', () => {
    const shown = {
      seriesId,
      recurrencePattern: 'FREQ=DAILY;',
      recurrenceStartTime: at(3_600_000),
    };
    expect(seriesColumns(hasCome, series)).toStrictEqual(shown);
    const timeZone = 'Europe/Berlin';
    expect(seriesColumns(hasCome, { ...series, recurrence: { ...recurrence, timeZone } })).toStrictEqual({
      ...shown,
      recurrenceTimeZone: timeZone,
    });
  });

  it('is the line that it will stand in, as long as it is to come and if there is one', () => {
    const tokenOf = (facts: Parameters<typeof aSeries>[0]) =>
      seriesColumns(aJobToCome(series), aSeries(facts));
    const order = { ...series.order, dependencyToken: 'line' };
    expect(tokenOf({ order })).toHaveProperty('dependencyToken', 'line');
    expect(tokenOf({})).toHaveProperty('dependencyToken', relationTo(seriesId));
    const sideBySide = { ...recurrence, overlap: 'skip' } as const;
    expect(tokenOf({ recurrence: sideBySide })).not.toHaveProperty('dependencyToken');
  });
});
