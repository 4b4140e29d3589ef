/** Take the whole screen, or give it back. A browser may refuse, and then the page stays as it is. */
export async function toggleFullScreen(): Promise<void> {
  try {
    if (!document.fullscreenElement) await document.documentElement.requestFullscreen();
    else await document.exitFullscreen();
  } catch {
    // Embedded pages and some devices have no full screen.
  }
}

export function isFullScreenPossible(): boolean {
  return document.fullscreenEnabled;
}
