import type { Route } from '../../shared/lambda/http.ts';
import { announceInput, NewInput } from '../../shared/service/announce-input.ts';
import { parse } from '../../shared/service/parse.ts';
import type { Clock, InputBlobs } from '../../shared/service/ports.ts';

interface Service {
  readonly inputs: InputBlobs;
  readonly newId: () => string;
  readonly clock: Clock;
}

export const jobInputRoutes = (service: Service): Route[] => [
  {
    method: 'POST',
    path: '/jobs/inputs',
    async handle({ body, caller }) {
      return { status: 201, body: await announceInput(parse(NewInput, body), caller, service) };
    },
  },
];
