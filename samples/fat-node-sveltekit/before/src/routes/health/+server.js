export function GET() {
  return new Response("afloat\n");
}
