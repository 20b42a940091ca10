'use client';
import { useEffect, useState } from 'react';

export function Basket() {
  const [items, setItems] = useState<string[]>([]);
  useEffect(() => {
    fetch('/api/basket')
      .then((answer) => answer.json())
      .then(setItems);
  }, []);
  return <ul>{items.map((item) => <li key={item}>{item}</li>)}</ul>;
}
