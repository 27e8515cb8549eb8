/** Whether it is an IANA name as EventBridge Scheduler takes it: Node also takes offsets such as +01:00 and any case. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Z][\w+/-]{0,49}$/.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // Of an alias the name behind it comes back: then its case cannot be told.
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
