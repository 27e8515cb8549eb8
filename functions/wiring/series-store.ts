import type { Clients } from '../../shared/aws/clients.ts';
import { DynamoSeries } from '../../shared/aws/dynamo-series.ts';
import { Timeline } from '../../shared/aws/timeline.ts';
import {
  type JobEnvironment,
  jobTablesOf,
  type Read,
  type SeriesEnvironment,
} from '../../shared/lambda/environment.ts';

/** Where series are kept, and moved on together with their jobs. */
export function seriesStore(
  { tables }: Pick<Clients, 'tables'>,
  environment: Read<typeof JobEnvironment & typeof SeriesEnvironment>,
) {
  const config = { ...jobTablesOf(environment), seriesTable: environment.SERIES_TABLE };
  return { series: new DynamoSeries(tables, config, new Timeline(tables, config)) };
}
