export const minutes = { green: 2, black: 4, rooibos: 8 };
