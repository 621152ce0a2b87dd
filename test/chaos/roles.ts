/** How the instructions of agents begin that are no errand's: the model server knows them by it. */
export const ROLES = {
  chief: 'You are the chief: you plan.',
  checker: 'You are the checker: you review.',
  editor: 'You are the editor: you write down.',
  judge: 'You are the judge: you score.',
} as const;
export type Role = keyof typeof ROLES;

/** The goal of a plan, as JSON: its tasks. */
export interface PlanGoal {
  case: string;
  tasks: { id: string; worker: string; task: string; needs: string[] }[];
}
