import { Aws, Duration, Fn } from 'aws-cdk-lib';
import { Dashboard as Board, GraphWidget, type IMetric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { functionsOf, type Parts } from './parts.ts';

/** What goes on in one stage, at a glance. */
export class Dashboard extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, parts: Parts) {
    super(scope, id);
    // An account has one list of dashboards for all its regions.
    const name = Fn.join('-', ['longhaul', parts.stage.name, Aws.REGION]);
    const board = new Board(this, 'Board', { dashboardName: name, defaultInterval: Duration.hours(3) });
    const functions = Object.values(functionsOf(parts));
    const queues = [...Object.values(parts.doorbells.lanes), parts.doorbells.timers];
    const { jobs, chains, jobDetails, assets, notifications } = parts.storage;
    const tables = [jobs, chains, jobDetails, assets, notifications];
    board.addWidgets(
      new TextWidget({ markdown: `# Longhaul, stage ${parts.stage.name}`, width: 24, height: 1 }),
    );
    board.addWidgets(
      graph('Requests and refusals', [
        parts.api.http.metricCount(),
        parts.api.http.metricClientError(),
        parts.api.http.metricServerError(),
      ]),
      graph(
        'Latency of the API (p50, p99)',
        ['p50', 'p99'].map((statistic) => parts.api.http.metricLatency({ statistic })),
      ),
    );
    board.addWidgets(
      graph(
        'Messages waiting',
        queues.map((queue) => queue.metricApproximateNumberOfMessagesVisible()),
      ),
      graph(
        'Oldest message (seconds)',
        queues.map((queue) => queue.metricApproximateAgeOfOldestMessage()),
      ),
      graph('Dead letters', Object.values(parts.doorbells.deadLetters(Duration.minutes(5)))),
    );
    board.addWidgets(
      graph(
        'Invocations',
        functions.map((one) => one.metricInvocations()),
      ),
      graph(
        'Errors',
        functions.map((one) => one.metricErrors()),
      ),
      graph(
        'Duration (p99)',
        functions.map((one) => one.metricDuration({ statistic: 'p99' })),
      ),
    );
    board.addWidgets(
      graph(
        'Write units',
        tables.map((table) => table.metricConsumedWriteCapacityUnits()),
      ),
      graph(
        'Read units',
        tables.map((table) => table.metricConsumedReadCapacityUnits()),
      ),
    );
    this.url = `https://${Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region=${Aws.REGION}#dashboards/dashboard/${name}`;
  }
}

const graph = (title: string, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title, left, width: 8, height: 6 });
