/**
 * Options of podman that docker has not, or has otherwise, verb by verb (see table.ts for the notation).
 *
 * Source, checked 2026-11-24: docs/source/markdown and the flags in cmd/podman of https://github.com/containers/podman,
 * published as https://docs.podman.io/en/latest/Commands.html.
 */
import type { OptionTable } from "./table.ts";

export const PODMAN_OPTIONS: OptionTable = {
  "": `
    cdi-spec-dir= cgroup-manager= conmon= c/connection= events-backend= h/help hooks-dir= identity= imagestore=
    log-level= module= network-config-dir= out= r/remote root= runroot= runtime= runtime-flag= ssh= storage-driver=
    storage-opt= syslog tls-ca= tls-cert= tls-details= tls-key= tmpdir= transient-store url= v/version volumepath=
  `,
  attach: "l/latest",
  build: `
    all-platforms arch= authfile= build-arg-file= cache-ttl= cap-add= cap-drop= cert-dir= cgroupns= compat-volumes
    cpp-flag= created-annotation creds= cw= decryption-key= device= D/disable-compression dns= dns-option=
    dns-search= env= format= from= group-add= h/help hooks-dir= http-proxy identity-label ignorefile= iidfile-raw=
    inherit-annotations inherit-labels ipc= jobs= layer-label= layers logfile= logsplit manifest= mount= net=
    no-hostname no-hosts omit-history os= os-feature= os-version= pid= retry= retry-delay= rewrite-timestamp
    runtime= runtime-flag= save-stages sbom-image-output= sbom-image-purl-output= sbom-merge-strategy= sbom-output=
    sbom-purl-output= sbom-scanner-command= sbom-scanner-image= sign-by= skip-unused-stages source-date-epoch=
    source-policy-file= squash-all stage-labels stdin timestamp= tls-verify unsetannotation= unsetenv= unsetlabel=
    userns= userns-gid-map= userns-gid-map-group= userns-uid-map= userns-uid-map-user= uts= variant= v/volume=
  `,
  commit: "config= f/format= iidfile= include-volumes p/pause q/quiet s/squash",
  cp: "overwrite",
  create: `
    arch= authfile= cert-dir= cgroup-conf= cgroups= chrootdirs= conmon-pidfile= creds= decryption-key= env-host
    env-merge= gidmap= group-entry= health-log-destination= health-max-log-count= health-max-log-size=
    health-on-failure= health-startup-cmd= health-startup-interval= health-startup-retries= health-startup-success=
    health-startup-timeout= hosts-file= hostuser= http-proxy image-volume= init-ctr= init-path= no-hostname no-hosts
    os= passwd-entry= personality= pidfile= pod= pod-id-file= rdt-class= read-only-tmpfs replace requires= retry=
    retry-delay= rootfs sdnotify= seccomp-policy= secret= shm-size-systemd= subgidname= subuidname= systemd=
    timeout= tls-verify tz= uidmap= umask= unsetenv= unsetenv-all variant=
  `,
  exec: "cidfile= l/latest no-session preserve-fd= preserve-fds=",
  export: "h/help",
  history: "h/help",
  images: "history n/noheading sort=",
  import: "arch= h/help os= q/quiet variant=",
  inspect: "l/latest t/type=",
  kill: "a/all cidfile= l/latest",
  load: "h/help",
  login: "authfile= cert-dir= compat-auth-file= get-login h/help secret= tls-verify v/verbose",
  logout: "a/all authfile= compat-auth-file= h/help",
  logs: "color l/latest n/names tail=",
  port: "a/all l/latest",
  ps: "external h/help namespace= noheading ns= p/pod sort= sync w/watch=",
  pull: `
    arch= authfile= cert-dir= creds= decryption-key= h/help os= policy= retry= retry-delay= tls-verify variant=
  `,
  push: `
    authfile= cert-dir= compress compression-format= compression-level= creds= digestfile= encrypt-layer=
    encryption-key= force-compression f/format= remove-signatures retry= retry-delay= sign-by= sign-by-sigstore=
    sign-by-sigstore-private-key= sign-by-sq-fingerprint= sign-passphrase-file= tls-verify
  `,
  restart: "a/all cidfile= f/filter= l/latest running t/time=",
  // `-f` is --force here, although the page of 5.8 shares a text that gives it to --filter.
  rm: "a/all cidfile= depend filter= i/ignore l/latest t/time=",
  rmi: "a/all i/ignore",
  run: `
    arch= authfile= cert-dir= cgroup-conf= cgroups= chrootdirs= conmon-pidfile= creds= decryption-key= env-host
    env-merge= gidmap= group-entry= health-log-destination= health-max-log-count= health-max-log-size=
    health-on-failure= health-startup-cmd= health-startup-interval= health-startup-retries= health-startup-success=
    health-startup-timeout= hosts-file= hostuser= http-proxy image-volume= init-path= no-hostname no-hosts os=
    passwd passwd-entry= permissive personality= pidfile= pod= pod-id-file= preserve-fd= preserve-fds= rdt-class=
    read-only-tmpfs replace requires= retry= retry-delay= rmi rootfs sdnotify= seccomp-policy= secret=
    shm-size-systemd= subgidname= subuidname= systemd= timeout= tls-verify tz= uidmap= umask= unsetenv= unsetenv-all
    variant=
  `,
  save: "compress format= h/help m/multi-image-archive q/quiet uncompressed",
  search: "authfile= cert-dir= compatible creds= h/help list-tags tls-verify",
  start: "all f/filter= l/latest sig-proxy",
  stats: "i/interval= l/latest no-reset",
  stop: "a/all cidfile= f/filter= i/ignore l/latest t/time=",
  tag: "h/help",
  top: "h/help l/latest",
  wait: "condition= exit-first-match h/help ignore i/interval= l/latest",
  mount: "a/all format= l/latest no-trunc",
  unmount: "a/all f/force l/latest",
  "volume create": "gid= help ignore l/label= uid=",
  "volume rm": "a/all help t/time=",
  "volume ls": "help n/noheading",
  "volume prune": "dry-run help",
  "network create": "disable-dns dns= ignore interface-name= route=",
  "network rm": "t/time=",
  "image prune": "build-cache external h/help",
  "system prune": "build external h/help",
  "manifest create": "all annotation= tls-verify",
  "manifest add": `
    all annotation= arch= artifact artifact-config= artifact-config-type= artifact-exclude-titles
    artifact-layer-type= artifact-subject= artifact-type= authfile= cert-dir= creds= features= os= os-version=
    tls-verify variant=
  `,
  "manifest push": `
    add-compression= all authfile= cert-dir= compression-format= compression-level= creds= digestfile=
    force-compression f/format= q/quiet remove-signatures rm sign-by= sign-by-sigstore=
    sign-by-sigstore-private-key= sign-by-sq-fingerprint= sign-passphrase-file= tls-verify
  `,
  "manifest rm": "i/ignore",
  "pod create": `
    add-host= blkio-weight= blkio-weight-device= cgroup-parent= c/cpu-shares= cpus= cpuset-cpus= cpuset-mems=
    device= device-read-bps= device-write-bps= dns= dns-option= dns-search= exit-policy= gidmap= gpus= h/help
    hostname= hosts-file= infra infra-command= infra-conmon-pidfile= infra-image= infra-name= ip= ip6= l/label=
    label-file= mac-address= m/memory= memory-swap= n/name= net= network= network-alias= no-hostname no-hosts pid=
    pod-id-file= p/publish= replace restart= security-opt= share= share-parent shm-size= shm-size-systemd=
    subgidname= subuidname= sysctl= uidmap= userns= uts= v/volume= volumes-from=
  `,
  "pod rm": "a/all f/force i/ignore l/latest pod-id-file= t/time=",
};
