export const itemsOf = (catalog: string): readonly string[] => [`${catalog} 1`, `${catalog} 2`];
