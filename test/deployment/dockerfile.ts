/** One instruction of a Dockerfile, its continued lines put together. */
export type Instruction = { name: string; rest: string };

/** A stage from its FROM on. `from` is an image, or the name of an earlier stage. */
export type Stage = { name: string | null; from: string; instructions: Instruction[] };

/** Reads a Dockerfile as far as its stages and instructions. Arguments of FROM get their defaults. */
export function readDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  const defaults = new Map<string, string>();
  for (const instruction of instructionsOf(text)) {
    if (instruction.name === "FROM") stages.push(stageFrom(instruction.rest, defaults));
    else if (stages.length > 0) stages.at(-1)!.instructions.push(instruction);
    else if (instruction.name === "ARG") {
      const [name = "", value = ""] = instruction.rest.split("=");
      defaults.set(name, value);
    }
  }
  return stages;
}

function instructionsOf(text: string): Instruction[] {
  const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
  const whole = lines.join("\n").replaceAll(/\\\n\s*/g, "");
  return whole.split("\n").map((line) => {
    const [name = "", ...rest] = line.trim().split(/\s+/);
    return { name: name.toUpperCase(), rest: rest.join(" ") };
  });
}

function stageFrom(rest: string, defaults: Map<string, string>): Stage {
  const [image = "", , name] = rest.split(" ");
  const from = image.replaceAll(/\$\{(\w+)\}/g, (_whole, variable: string) => defaults.get(variable) ?? "");
  return { name: name ?? null, from, instructions: [] };
}

/** What a stage runs, copies, …, in order. */
export const all = (stage: Stage, name: string): string[] =>
  stage.instructions.filter((instruction) => instruction.name === name).map(({ rest }) => rest);
