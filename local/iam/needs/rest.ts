import { anything, type Need, need, type ServiceRequest, type Wanted } from './need.ts';

/** An operation that is told by its method and path. */
export interface RestOperation {
  readonly action: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Its group, if it has one, is the name of what the request is about. */
  readonly path: RegExp;
  /** The ARN of what is named; "*" where it is left out. */
  readonly resource?: (name: string, request: ServiceRequest) => string;
  /** What else it needs. */
  readonly more?: (request: ServiceRequest) => Need[];
}

export function restWanted(operations: readonly RestOperation[], request: ServiceRequest): Wanted {
  for (const { action, method, path, resource, more } of operations) {
    const match = method === request.method ? path.exec(request.path) : null;
    if (!match) continue;
    const named = resource?.(decodeURIComponent(match[1] ?? ''), request) ?? anything;
    return { operation: action, needs: [need(action, named), ...(more?.(request) ?? [])] };
  }
  return { operation: `${request.method} ${request.path}`, needs: undefined };
}
