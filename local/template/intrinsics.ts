/** Where names of a template are looked up. All throw when the name is unknown. */
export interface Scope {
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  /** What another stack exports under this name. */
  importValue(name: string): unknown;
}

/** What `AWS::NoValue` stands for: the property or element that holds it is left out. */
export const noValue = Symbol('AWS::NoValue');

/** Replaces every intrinsic function in a value of a template. An unknown one is an error that names it. */
export function resolveIntrinsics(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveIntrinsics(item, scope)).filter(isGiven);
  if (!isRecord(value)) return value;
  const call = intrinsicCall(value);
  if (call) return evaluate(call.name, call.argument, scope);
  const entries = Object.entries(value).map(([key, item]) => [key, resolveIntrinsics(item, scope)] as const);
  return Object.fromEntries(entries.filter(([, item]) => isGiven(item)));
}

function intrinsicCall(value: Record<string, unknown>): { name: string; argument: unknown } | undefined {
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0 || !looksLikeIntrinsic(name)) return undefined;
  return { name, argument: value[name] };
}

const looksLikeIntrinsic = (key: string) => key === 'Ref' || key.startsWith('Fn::');

function evaluate(name: string, argument: unknown, scope: Scope): unknown {
  const intrinsic = intrinsics[name];
  if (!intrinsic)
    throw new Error(`the intrinsic function ${name} is not known to local/template/intrinsics.ts`);
  return intrinsic(argument, scope);
}

const intrinsics: Record<string, (argument: unknown, scope: Scope) => unknown> = {
  Ref: (argument, scope) => scope.ref(text(argument, 'Ref')),

  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, attribute] =
      typeof argument === 'string' ? splitOnce(argument, '.') : list(argument, 'Fn::GetAtt');
    return scope.getAtt(
      text(logicalId, 'Fn::GetAtt'),
      text(resolveIntrinsics(attribute, scope), 'Fn::GetAtt'),
    );
  },

  'Fn::ImportValue': (argument, scope) =>
    scope.importValue(text(resolveIntrinsics(argument, scope), 'Fn::ImportValue')),

  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(argument, 'Fn::Join');
    const texts = list(resolveIntrinsics(parts, scope), 'Fn::Join').map((part) => text(part, 'Fn::Join'));
    return texts.join(text(separator, 'Fn::Join'));
  },

  'Fn::Select': (argument, scope) => {
    const [index, items] = list(resolveIntrinsics(argument, scope), 'Fn::Select');
    const chosen = list(items, 'Fn::Select')[Number(index)];
    if (chosen === undefined) throw new Error(`Fn::Select: there is no element ${String(index)}`);
    return chosen;
  },

  'Fn::Split': (argument, scope) => {
    const [separator, whole] = list(resolveIntrinsics(argument, scope), 'Fn::Split');
    return text(whole, 'Fn::Split').split(text(separator, 'Fn::Split'));
  },

  'Fn::Sub': (argument, scope) => {
    const [pattern, names] = typeof argument === 'string' ? [argument, {}] : list(argument, 'Fn::Sub');
    return substitute(text(pattern, 'Fn::Sub'), resolveIntrinsics(names, scope), scope);
  },
};

/** `${Name}`, `${LogicalId.Attribute}`, `${AWS::Pseudo}`; `${!Literal}` stays as `${Literal}`. */
function substitute(pattern: string, names: unknown, scope: Scope): string {
  return pattern.replaceAll(/\$\{(!?)([^}]*)\}/g, (_whole, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (isRecord(names) && name in names) return text(names[name], 'Fn::Sub');
    if (!name.includes('.')) return text(scope.ref(name), 'Fn::Sub');
    const [logicalId, attribute] = splitOnce(name, '.');
    return text(scope.getAtt(logicalId, attribute), 'Fn::Sub');
  });
}

function splitOnce(whole: string, separator: string): [string, string] {
  const at = whole.indexOf(separator);
  if (at < 0) throw new Error(`"${whole}" lacks a "${separator}"`);
  return [whole.slice(0, at), whole.slice(at + separator.length)];
}

function text(value: unknown, intrinsic: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${intrinsic}: expected a text, found ${JSON.stringify(value)}`);
}

function list(value: unknown, intrinsic: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${intrinsic}: expected a list, found ${JSON.stringify(value)}`);
}

const isGiven = (value: unknown) => value !== noValue;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
