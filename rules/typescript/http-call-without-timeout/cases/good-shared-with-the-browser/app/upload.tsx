'use client';
import { limit, upload } from '../lib/files';

export function Upload() {
  return (
    <input
      type="file"
      size={limit}
      onChange={async ({ target }) => {
        for (const file of target.files ?? []) await upload(file);
      }}
    />
  );
}
