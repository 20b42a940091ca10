import { Upload } from './upload';

export default function Page() {
  return <Upload />;
}
