// Something was made or changed by what lies over the page: the page reads what it shows anew.
let turns = $state(0);

export const changes = {
  get turns(): number {
    return turns;
  },
  tell: (): void => {
    turns += 1;
  },
};
