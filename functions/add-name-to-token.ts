/** Cognito's trigger before an access token is made. */
export { addNameToToken as handler } from '../shared/lambda/add-name-to-token.ts';
