/**
 * Python: what its package managers install, what a program needs where it runs, and which images it runs on.
 *
 *     RUN pip install -r requirements.txt     libraries in /usr/local/lib/python3.11/site-packages, scripts in /usr/local/bin
 *     CMD ["gunicorn", "app:app"]             needs them, the sources, and Python itself
 *
 * Left alone: installs whose place is not known. Conda's environments are made in conda/.
 */
import type { Ecosystem } from "../ecosystem.ts";
import { pythonBases } from "./bases.ts";
import { readPythonCommand } from "./commands.ts";
import { pythonNeeds } from "./runtime.ts";

export const python: Ecosystem = {
  name: "python",
  interpret: readPythonCommand,
  needs: pythonNeeds,
  runtimeBases: pythonBases,
};
