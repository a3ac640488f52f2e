/** How many of the histories end in an error, and in one of these words. */
export function countWrong<History>(
  histories: readonly History[],
  play: (history: History) => void,
  words = /./,
): number {
  return histories.filter((history) => words.test(wrongIn(() => play(history)))).length;
}

function wrongIn(play: () => void): string {
  try {
    play();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}
