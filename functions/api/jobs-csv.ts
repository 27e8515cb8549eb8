import type { Answer, Request, Route } from '../../shared/lambda/http.ts';
import {
  exportJobs,
  type JobExporter,
  type JobsCsv,
  resumeExport,
} from '../../shared/service/jobs-csv/export-jobs.ts';
import { jobCsv } from '../../shared/service/jobs-csv/job-csv.ts';

export const jobExportRoutes = (service: JobExporter): Route[] => [
  {
    method: 'GET',
    path: '/jobs/exports/{exportId}',
    answersIn: 'text/csv',
    handle: async ({ params, caller }) => answerOf(await resumeExport(params, caller, service)),
  },
];

type Caller = Request['caller'];

export const jobsAsCsv = async (query: object, caller: Caller, service: JobExporter): Promise<Answer> =>
  answerOf(await exportJobs(query, caller, service));

export async function jobAsCsv(params: unknown, caller: Caller, service: JobExporter): Promise<Answer> {
  const { text, fileName } = await jobCsv(params, caller, service);
  return { status: 200, text, headers: attachment(fileName) };
}

function answerOf({ text, url, exportId }: JobsCsv): Answer {
  if (text !== undefined) return { status: 200, text, headers: attachment('jobs.csv') };
  if (url !== undefined) return { status: 303, body: { location: url }, headers: { location: url } };
  const location = `/jobs/exports/${exportId}`;
  const detail = 'The list is long and is being joined: ask again at the location.';
  return { status: 202, body: { location, detail }, headers: { location, 'retry-after': '1' } };
}

const attachment = (name: string) => ({ 'content-disposition': `attachment; filename="${name}"` });
