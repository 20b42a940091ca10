import { Basket } from './basket';

export default function Page() {
  return <Basket />;
}
