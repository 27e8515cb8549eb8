import type { Transition } from '../../../../shared/job/transition.ts';
import { TransitionRefused } from '../../../../shared/service/ports.ts';
import type { KnownMutation, Mutation } from '../mutation.ts';
import { steps } from './seams.ts';

const CANCELED: Transition['to'] = 32;

type Details = Parameters<NonNullable<Mutation['ports']>>[0]['details'];

const details =
  (change: (details: Details) => Partial<Details>): NonNullable<Mutation['ports']> =>
  (ports) => ({ ...ports, details: { ...ports.details, ...change(ports.details) } });

/** Answers that nobody hears, and promises to those who give them that are not kept. */
export const CALLBACK_MUTATIONS: readonly KnownMutation[] = [
  {
    is: 'does not look for an answer that came before its wait',
    foundWithin: 200,
    ports: (ports, scene) =>
      scene.role === 'worker'
        ? { ...ports, details: { ...ports.details, getCallback: () => Promise.resolve(undefined) } }
        : ports,
  },
  {
    is: 'keeps an answer and does not free who waits for it',
    foundWithin: 200,
    ports: (ports, scene) =>
      scene.role === 'client'
        ? {
            ...ports,
            jobs: {
              ...ports.jobs,
              make: async (step) => {
                if (step.verb === 'answer') throw new TransitionRefused(step);
                return ports.jobs.make(step);
              },
            },
          }
        : ports,
  },
  {
    is: 'frees who waits for an answer without keeping it',
    foundWithin: 200,
    ports: details((kept) => ({
      answerCallback: async (job) => {
        const { claimNumber = 0 } = (await kept.getCallback(job)) ?? {};
        return { is: 'kept', claimNumber };
      },
    })),
  },
  {
    is: 'acknowledges a second answer',
    foundWithin: 200,
    ports: details((kept) => ({
      answerCallback: async (...args) => {
        const answered = await kept.answerCallback(...args);
        return answered.is === 'another' ? { is: 'kept', claimNumber: 0 } : answered;
      },
    })),
  },
  {
    is: 'tells of a timeout and still takes answers',
    foundWithin: 600,
    ports: details((kept) => ({
      endCallback: async (own) => {
        const callback = await kept.getCallback(own);
        if (callback === undefined) throw new Error('There was one.');
        return { ...callback, isOver: callback.answer === undefined };
      },
    })),
  },
  {
    is: 'gives each worker that asks another token',
    foundWithin: 600,
    ports: details((kept) => ({
      openCallback: (own, fresh) => kept.openCallback(own, { ...fresh, key: fresh.secret }),
    })),
  },
  {
    is: 'cancels at once what its operation has to be told of',
    foundWithin: 300,
    ports: steps((step) =>
      step.verb === 'withdraw'
        ? {
            ...step,
            verb: 'cancel',
            to: CANCELED,
            set: { ...step.set, completedOn: step.now },
            remove: [...step.remove, 'watchAt'],
            ...(step.line !== undefined && { line: { ...step.line, leaves: true } }),
          }
        : step,
    ),
  },
];
