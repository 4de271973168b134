import suncalc from "suncalc";

export function load({ url }) {
  const date = new Date(url.searchParams.get("date") ?? Date.now());
  const { phase } = suncalc.getMoonIllumination(date);
  return { tide: Math.abs((phase % 0.5) - 0.25) > 0.125 ? "spring" : "neap" };
}
