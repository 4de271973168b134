/** Text inside of HTML: `escapeHtml("<b> & co")` is `&lt;b&gt; &amp; co`, in elements and in quoted attributes alike. */
import { visibleLine } from "./visible.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** One line of text, control characters shown. */
export function escapeHtml(text: string): string {
  return visibleLine(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
