import { type AnnouncingDeps, announceUploads, Uploads } from '../../shared/assets/announce-uploads.ts';
import { AssetQuery, FolderQuery, getAsset, listFolder } from '../../shared/assets/list-folder.ts';
import { presentAsset } from '../../shared/assets/present-asset.ts';
import { ok, type Route } from '../../shared/lambda/http.ts';
import { parse } from '../../shared/service/parse.ts';

export const assetRoutes = (service: AnnouncingDeps): Route[] => [
  {
    method: 'POST',
    path: '/assets/uploads',
    async handle({ body, caller }) {
      const { files } = parse(Uploads, body);
      return ok({ uploads: await announceUploads(files, caller, service) });
    },
  },
  {
    method: 'GET',
    path: '/assets',
    async handle({ query }) {
      if ('path' in query) {
        const { path } = parse(AssetQuery, query, { in: 'query' });
        return ok(presentAsset(await getAsset(path, service.assets)));
      }
      const { items, ...page } = await listFolder(parse(FolderQuery, query, { in: 'query' }), service.assets);
      return ok({ items: items.map((entry) => presentAsset({ entry })), ...page });
    },
  },
];
