import Big from "big.js";

export interface Basket {
  readonly apples: number;
  readonly pears: number;
}

const APPLE = new Big("0.35");
const PEAR = new Big("0.4");

/** The price in the shop's currency, to the cent. */
export function priceOf({ apples, pears }: Basket): string {
  return APPLE.times(apples).plus(PEAR.times(pears)).toFixed(2);
}
