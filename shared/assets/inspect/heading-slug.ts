const dropped = /[^\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\- ]/gu;

/** Gives headings the ids that GitHub gives them: `What's new?` → `whats-new`, a second one `whats-new-1`. */
export function slugger(): (heading: string) => string {
  const used = new Map<string, number>();
  return (heading) => {
    const base = heading.trim().toLowerCase().replace(dropped, '').replaceAll(' ', '-');
    let slug = base;
    let count = used.get(base) ?? 0;
    while (used.has(slug)) slug = `${base}-${++count}`;
    used.set(base, count);
    used.set(slug, used.get(slug) ?? 0);
    return slug;
  };
}
