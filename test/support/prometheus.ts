/** The sum of a metric's lines that have the labels, such as `agent="reader"`, in what Prometheus scrapes. */
export function valueOf(scraped: string, name: string, ...labels: string[]): number {
  return scraped
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
