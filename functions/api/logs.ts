import { ok, type Route } from '../../shared/lambda/http.ts';
import { downloadLog } from '../../shared/service/download-log.ts';
import type { Exporter } from '../../shared/service/export-text.ts';
import { type LogReader, readLog } from '../../shared/service/read-log.ts';

/** Seconds. */
const ASK_AGAIN_AFTER = '1';

export const logRoutes = (service: LogReader & Exporter): Route[] => [
  {
    method: 'GET',
    path: '/jobs/{jobId}/logs',
    async handle({ params, query }) {
      return ok(await readLog({ params, query }, service));
    },
  },
  {
    method: 'GET',
    path: '/jobs/{jobId}/logs/download',
    answersIn: 'text/plain',
    async handle({ params }) {
      const { text, url, fileName } = await downloadLog(params, service);
      const headers = { 'content-disposition': `attachment; filename="${fileName}"` };
      if (text !== undefined) return { status: 200, text, headers };
      if (url !== undefined) return { status: 303, body: { location: url }, headers: { location: url } };
      const detail = 'The log is long and is being joined: ask again.';
      return { status: 202, body: { detail }, headers: { 'retry-after': ASK_AGAIN_AFTER } };
    },
  },
];
