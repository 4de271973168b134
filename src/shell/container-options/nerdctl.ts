/**
 * Options of nerdctl that docker has not, verb by verb (see table.ts for the notation).
 *
 * Source, checked 2026-11-24: docs/command-reference.md and the flags in cmd/nerdctl of
 * https://github.com/containerd/nerdctl at 8da5040.
 */
import type { OptionTable } from "./table.ts";

export const NERDCTL_OPTIONS: OptionTable = {
  "": `
    a/address= H/host= n/namespace= snapshotter= storage-driver= cni-path= cni-netconfpath= data-root= cgroup-manager=
    insecure-registry hosts-dir= host-gateway-ip= bridge-ip= userns-remap= cdi-spec-dirs= selinux-enabled debug debug-full
    experimental kube-hide-dupe
  `,
  run: `
    cgroup-conf= cosign-certificate-identity= cosign-certificate-identity-regexp= cosign-certificate-oidc-issuer=
    cosign-certificate-oidc-issuer-regexp= cosign-key= init-binary= ipfs-address= pidfile= rdt-class= rootfs
    systemd= umask= verify=
  `,
  create: `
    cgroup-conf= cosign-certificate-identity= cosign-certificate-identity-regexp= cosign-certificate-oidc-issuer=
    cosign-certificate-oidc-issuer-regexp= cosign-key= d/detach detach-keys= init-binary= ipfs-address= pidfile=
    rdt-class= rootfs sig-proxy systemd= umask= verify=
  `,
  build: "buildkit-host= source-policy-file=",
  pull: `
    all-platforms cosign-certificate-identity= cosign-certificate-identity-regexp= cosign-certificate-oidc-issuer=
    cosign-certificate-oidc-issuer-regexp= cosign-key= ipfs-address= soci-index-digest= unpack= verify=
  `,
  push: `
    all-platforms allow-nondistributable-artifacts cosign-key= estargz ipfs-address= ipfs-ensure-image
    notation-key-name= sign= soci-min-layer-size= soci-span-size=
  `,
  commit: `
    compression= estargz estargz-chunk-size= estargz-compression-level= estargz-min-chunk-size= format= p/pause
    zstdchunked zstdchunked-chunk-size= zstdchunked-compression-level=
  `,
  save: "all-platforms q/quiet",
  load: "all-platforms",
  inspect: "mode=",
  rmi: "async",
  images: "names",
};
