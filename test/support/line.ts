import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP connection through which nothing goes while it is dead, as when a network is cut. */
export class Line {
  private readonly sockets = new Set<Socket>();
  private dead = false;

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    host: string,
    port: number,
  ) {
    server.on('connection', (near) => {
      const far = connect(port, host);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(from);
        from.on('data', (chunk: Buffer) => to.write(chunk));
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.sockets.delete(from);
          to.destroy();
        });
        if (this.dead) from.pause();
      }
    });
  }

  static async to(address: string): Promise<Line> {
    const [host = '', port] = address.split(':');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Line(server, host, Number(port));
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  set isDead(dead: boolean) {
    this.dead = dead;
    for (const socket of this.sockets) {
      if (dead) socket.pause();
      else socket.resume();
    }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
