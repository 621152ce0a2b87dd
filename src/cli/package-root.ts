/** Folder of the installed package, as a URL that ends with a slash: this file is two levels below it, built or not. */
export function packageRoot(): URL {
  return new URL('../../', import.meta.url);
}
