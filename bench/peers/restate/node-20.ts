// The SDK takes `Promise.withResolvers` for granted, which Node has from 22 on.
interface WithResolvers {
  withResolvers?: () => unknown;
}

(Promise as WithResolvers).withResolvers ??= () => {
  let resolve: unknown;
  let reject: unknown;
  const promise = new Promise((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
};
