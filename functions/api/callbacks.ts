import { ok, type Route } from '../../shared/lambda/http.ts';
import { answerCallback } from '../../shared/service/answer-callback.ts';
import type { Creator } from '../../shared/service/create-job.ts';

export const callbackRoutes = (service: Creator): Route[] => [
  {
    method: 'POST',
    path: '/callbacks',
    async handle({ body, caller }) {
      await answerCallback(body, caller, service);
      return ok({ accepted: true });
    },
  },
];
