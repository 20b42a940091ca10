export class Item {
  id = '';
}
