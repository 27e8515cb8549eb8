import * as z from 'zod';

/** A property that may be given and has no effect here, and why. */
export const passedOver = (reason: string) => z.unknown().optional().describe(`passed over: ${reason}`);

export const tags = passedOver('tags have no effect here');
export const remark = passedOver('a remark');
export const encryption = passedOver('encryption at rest cannot be seen from outside');

export const seconds = z.number().int();
