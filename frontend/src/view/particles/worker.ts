import { type Order, Player } from "./player";

const player = new Player();

globalThis.onmessage = ({ data }: MessageEvent<Order>) => {
  player.take(data);
};
