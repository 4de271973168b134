/** Fixes the seed of every property, so that a run can be repeated: `FAST_CHECK_SEED=7 npm test` tries other cases. */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_123) });
