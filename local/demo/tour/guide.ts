import { styleText } from 'node:util';
import { type Answered, parsed, type ServiceClient } from '../service-client.ts';

type Say = (line?: string) => void;

/** Shows what a client does: every request as it is sent, why, and what was answered, in short. */
export class Guide {
  readonly #client: ServiceClient;
  readonly #say: Say;
  #steps = 0;

  constructor(client: ServiceClient, say: Say) {
    this.#client = client;
    this.#say = say;
  }

  /** The next thing to be shown, and what is worth knowing about it. */
  step(title: string, ...sentences: string[]): void {
    this.#say(`\n${styleText('bold', `${++this.#steps}. ${title}`)}`);
    for (const sentence of sentences) this.#say(`   ${sentence}`);
  }

  get = async <T>(path: string, inShort?: (answer: T) => string): Promise<T> =>
    this.#shown(await this.#request('GET', path), inShort);

  post = async <T>(path: string, body: object, inShort?: (answer: T) => string): Promise<T> =>
    this.#shown(await this.#request('POST', path, { body }), inShort);

  async csv(path: string): Promise<string> {
    const answer = await this.#request('GET', path, { accept: 'text/csv' });
    this.answer(String(answer.status));
    return answer.text;
  }

  /** The same request again and again is shown once. */
  repeat = (path: string): void => this.#say(`   ${styleText('cyan', `GET ${path}`)}  (again and again)`);
  again = <T>(path: string): Promise<T> => this.#client.get<T>(path);

  answer(text: string): void {
    this.#say(`     ${text}`);
  }

  #request(
    method: string,
    path: string,
    { body, accept }: { body?: object; accept?: string } = {},
  ): Promise<Answered> {
    const more = [accept !== undefined && `Accept: ${accept}`, body !== undefined && JSON.stringify(body)];
    const shown = [styleText('cyan', `${method} ${path}`), ...more.filter((part) => part !== false)];
    this.#say(`   ${shown.join('  ')}`);
    return this.#client.send(method, path, {
      ...(body !== undefined && { body }),
      ...(accept !== undefined && { accept }),
    });
  }

  #shown<T>(answered: Answered, inShort: (answer: T) => string = () => ''): T {
    const answer = parsed<T>(answered);
    this.answer(`${answered.status}  ${inShort(answer)}`.trimEnd());
    return answer;
  }
}
