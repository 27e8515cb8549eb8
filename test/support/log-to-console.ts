/**
 * Makes the product's log go to the console of the test instead of straight to standard output, as it does when it
 * is told that it is being developed. It has to be imported before anything that logs.
 */
process.env['POWERTOOLS_DEV'] = 'true';
