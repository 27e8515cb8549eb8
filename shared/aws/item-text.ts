/** DynamoDB items end at 400 KB; texts above this size lie in S3. */
export const MAX_ITEM_TEXT_BYTES = 256 * 1024;
