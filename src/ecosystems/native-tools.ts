/**
 * Programs that their projects publish as machine code, so that no interpreter has to come along. Source: the release pages of the
 * projects of these names at github.com, which are written in C, C++, Go or Rust.
 */
const NATIVE_TOOLS =
  /^(?:tini(?:-static)?|dumb-init|gosu|su-exec|dockerize|jq|yq|kubectl|helm|terraform|docker|caddy|hivemind|overmind|goreman|forego|confd|gomplate|consul|vault|migrate|goose|envconsul|grpc_health_probe|cloudflared|restic|rclone|mc|minio|tailwindcss|esbuild)(?:[-_](?:linux|amd64|x86_64)[\w.-]*)?$/;

export function isNativeTool(name: string): boolean {
  return NATIVE_TOOLS.test(name);
}
