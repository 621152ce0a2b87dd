/** The module with the user's orchestrations, as the bundler sees it. */
declare module 'batonjs-user-workflows' {
  const dynamic: ((...args: unknown[]) => Promise<unknown>) | undefined;
  export default dynamic;
}
