import { useState } from 'react';
import { upload } from './files.ts';

export function Upload() {
  const [file, setFile] = useState('');
  return <input value={file} onChange={() => upload(file).then(() => setFile(''))} />;
}
