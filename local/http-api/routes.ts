/** How API Gateway chooses among the routes of an HTTP API: full matches, then greedy ones, then `$default`. */
export interface RoutePattern {
  readonly method: string;
  readonly segments: readonly Segment[];
  readonly isDefault: boolean;
}

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable' | 'greedy'; readonly name: string };

export interface Match<R> {
  readonly route: R;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** `GET /jobs/{jobId}`, `ANY /{proxy+}` or `$default`. */
export function parseRouteKey(routeKey: string): RoutePattern {
  if (routeKey === '$default') return { method: 'ANY', segments: [], isDefault: true };
  const [method, path] = routeKey.split(' ');
  if (!method || !path?.startsWith('/'))
    throw new Error(`the route key "${routeKey}" is not like "GET /path"`);
  return { method, segments: path.slice(1).split('/').map(parseSegment), isDefault: false };
}

function parseSegment(text: string): Segment {
  const name = /^\{([^}+]+)(\+?)\}$/.exec(text);
  if (!name?.[1]) return { kind: 'literal', text };
  return { kind: name[2] ? 'greedy' : 'variable', name: name[1] };
}

/** The most specific of the routes that fit a decoded path, with the values of its path variables. */
export function matchRoute<R extends { readonly pattern: RoutePattern }>(
  routes: readonly R[],
  method: string,
  path: string,
): Match<R> | undefined {
  const parts = path.slice(1).split('/');
  const matches = routes.flatMap((route) => {
    const pathParameters = fits(route.pattern, method, parts);
    return pathParameters ? [{ route, pathParameters }] : [];
  });
  return matches.toSorted((a, b) => comparePatterns(a.route.pattern, b.route.pattern))[0];
}

function fits({ method, segments, isDefault }: RoutePattern, asked: string, parts: readonly string[]) {
  if (isDefault) return {};
  if (method !== 'ANY' && method !== asked) return undefined;
  const isGreedy = segments.at(-1)?.kind === 'greedy';
  if (isGreedy ? parts.length < segments.length : parts.length !== segments.length) return undefined;
  return collectParameters(segments, parts);
}

function collectParameters(segments: readonly Segment[], parts: readonly string[]) {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = segment.kind === 'greedy' ? parts.slice(index).join('/') : (parts[index] ?? '');
    if (segment.kind === 'literal' ? part !== segment.text : part === '') return undefined;
    if (segment.kind !== 'literal') parameters[segment.name] = part;
  }
  return parameters;
}

const specificity = { literal: '0', variable: '1', greedy: '2' } as const;

function comparePatterns(a: RoutePattern, b: RoutePattern): number {
  return rank(a) < rank(b) ? -1 : 1;
}

function rank({ isDefault, segments, method }: RoutePattern): string {
  const isGreedy = segments.some(({ kind }) => kind === 'greedy');
  const kind = isDefault ? 2 : Number(isGreedy);
  return [kind, segments.map((segment) => specificity[segment.kind]).join(''), Number(method === 'ANY')].join(
    ' ',
  );
}
