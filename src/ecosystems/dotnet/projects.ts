/** Project files of .NET: where one lies, and single properties of it. */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";

const PROJECT = /\.(?:cs|fs|vb)proj$/;

/** A project by its own path, or the only one in a directory. */
export function projectFile(path: ImagePath, image: ImageView): ImagePath | undefined {
  if (PROJECT.test(path)) return path;
  const found = image.children(path).filter((name) => PROJECT.test(name));
  const [only] = found;
  return found.length === 1 && only !== undefined ? imagePath(only, path) : undefined;
}

/** A property that is set once, without a variable. */
function propertyOf(name: string, project: ImagePath, image: ImageView): string | undefined {
  const text = image.read(project);
  const [first, second] = [...(text ?? "").matchAll(new RegExp(`<${name}>\\s*([^<$]+?)\\s*</${name}>`, "g"))];
  return second === undefined ? first?.[1] : undefined;
}

export function targetFramework(project: ImagePath, image: ImageView): string | undefined {
  return propertyOf("TargetFramework", project, image);
}

/** Whether the program is a web application, which runs on the ASP.NET framework. */
export function isWeb(project: ImagePath, image: ImageView): boolean {
  const text = image.read(project) ?? "";
  return /Sdk="Microsoft\.NET\.Sdk\.(?:Web|BlazorWebAssembly)"|Microsoft\.AspNetCore\.(?:App|All)/.test(text);
}
