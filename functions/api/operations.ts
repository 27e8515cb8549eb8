import { ok, type Route } from '../../shared/lambda/http.ts';
import { listOperations } from '../../shared/service/list-operations.ts';
import type { Operations } from '../../shared/service/operation.ts';

export const operationRoutes = ({ operations }: { operations: Operations<never> }): Route[] => [
  {
    method: 'GET',
    path: '/operations',
    async handle({ query }) {
      return ok(listOperations(query, operations));
    },
  },
];
