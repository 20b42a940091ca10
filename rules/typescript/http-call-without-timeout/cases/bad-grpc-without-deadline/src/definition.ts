const bytes = { requestSerialize: JSON.stringify, responseDeserialize: JSON.parse } as never;
export const definition = { getEntries: { path: '/Ledger/GetEntries', ...(bytes as object) } } as never;
