/**
 * Options of buildah, verb by verb (see table.ts for the notation).
 *
 * Source, checked 2026-11-24: docs and the flags in pkg/cli and cmd/buildah of https://github.com/containers/buildah at 5b1b18e.
 */
import type { OptionTable } from "./table.ts";

export const BUILDAH_OPTIONS: OptionTable = {
  "": `
    cgroup-manager= h/help imagestore= log-level= registries-conf= registries-conf-dir= root= runroot=
    short-name-alias-conf= storage-driver= storage-opt= transient-store userns-gid-map= userns-uid-map= v/version
  `,
  add: `
    add-history allow-empty-wildcard allow-wildcard cert-dir= checksum= chmod= chown= contextdir= exclude= from=
    ignorefile= link no-follow-symlinks q/quiet retry= retry-delay= timestamp= tls-verify
  `,
  build: `
    add-host= all-platforms annotation= arch= authfile= build-arg= build-arg-file= build-context= cache-from=
    cache-to= cache-ttl= cap-add= cap-drop= cert-dir= cgroup-parent= cgroupns= compat-volumes compress
    compression-format= compression-level= cpp-flag= cpu-period= cpu-quota= c/cpu-shares= cpuset-cpus= cpuset-mems=
    created-annotation creds= cw= decryption-key= device= D/disable-compression disable-content-trust dns=
    dns-option= dns-search= env= f/file= force-compression force-rm format= from= group-add= h/help hooks-dir=
    http-proxy identity-label ignorefile= iidfile= iidfile-raw= inherit-annotations inherit-labels ipc= isolation=
    jobs= label= layer-label= layers logfile= logsplit manifest= m/memory= memory-swap= metadata-file= mount= net=
    network= no-cache no-hostname no-hosts omit-history os= os-feature= os-version= o/output= pid= platform= pull
    q/quiet retry= retry-delay= rewrite-timestamp rm runtime= runtime-flag= save-stages sbom= sbom-image-output=
    sbom-image-purl-output= sbom-merge-strategy= sbom-output= sbom-purl-output= sbom-scanner-command=
    sbom-scanner-image= secret= security-opt= shm-size= sign-by= skip-unused-stages source-date-epoch=
    source-policy-file= squash ssh= stage-labels stdin t/tag= target= timestamp= tls-verify ulimit= unsetannotation=
    unsetenv= unsetlabel= userns= userns-gid-map= userns-gid-map-group= userns-uid-map= userns-uid-map-user= uts=
    variant= v/volume=
  `,
  commit: `
    add-file= annotation= authfile= cert-dir= c/change= compression-format= compression-level= config=
    created-annotation creds= cw= D/disable-compression encrypt-layer= encryption-key= force-compression f/format=
    identity-label iidfile= manifest= metadata-file= omit-history pull q/quiet rewrite-timestamp rm sbom=
    sbom-image-output= sbom-image-purl-output= sbom-merge-strategy= sbom-output= sbom-purl-output=
    sbom-scanner-command= sbom-scanner-image= sign-by= source-date-epoch= squash timestamp= tls-verify
    unsetannotation= unsetenv=
  `,
  config: `
    add-history a/annotation= arch= author= cmd= comment= created-by= domainname= entrypoint= env= e/env=
    healthcheck= healthcheck-interval= healthcheck-retries= healthcheck-start-interval= healthcheck-start-period=
    healthcheck-timeout= history-comment= hostname= label= l/label= onbuild= os= os-feature= os-version= port=
    p/port= shell= stop-signal= unsetannotation= unsetlabel= user= u/user= variant= volume= v/volume= workingdir=
  `,
  containers: "a/all f/filter= format= json n/noheading notruncate q/quiet",
  copy: `
    add-history allow-empty-wildcard allow-wildcard cert-dir= checksum= chmod= chown= contextdir= exclude= from=
    ignorefile= link no-follow-symlinks parents q/quiet retry= retry-delay= timestamp= tls-verify
  `,
  from: `
    add-host= arch= authfile= cap-add= cap-drop= cert-dir= cgroup-parent= cgroupns= cidfile= cpu-period= cpu-quota=
    c/cpu-shares= cpuset-cpus= cpuset-mems= creds= decryption-key= device= dns= dns-option= dns-search= f/format=
    group-add= http-proxy ipc= isolation= m/memory= memory-swap= name= net= network= os= pid= platform= pull pull-always pull-never
    q/quiet retry= retry-delay= security-opt= shm-size= tls-verify ulimit= userns= userns-gid-map= userns-gid-map-group=
    userns-uid-map= userns-uid-map-user= uts= variant= v/volume=
  `,
  images: "a/all digests f/filter= format= history json no-trunc n/noheading q/quiet",
  inspect: "f/format= t/type=",
  login: `
    authfile= cert-dir= compat-auth-file= get-login h/help p/password= password-stdin tls-verify u/username= v/verbose
  `,
  logout: "a/all authfile= compat-auth-file= h/help",
  "manifest create": "all amend annotation= replace tls-verify",
  "manifest add": `
    all annotation= arch= artifact artifact-annotation= artifact-config= artifact-config-type=
    artifact-exclude-titles artifact-layer-type= artifact-subject= artifact-type= authfile= cert-dir= creds=
    features= os= os-features= os-version= tls-verify variant=
  `,
  "manifest push": `
    add-compression= all authfile= cert-dir= compression-format= compression-level= creds= digestfile=
    force-compression f/format= q/quiet remove-signatures retry= retry-delay= rm sign-by= tls-verify
  `,
  mount: "json",
  pull: `
    a/all-tags arch= authfile= cert-dir= creds= decryption-key= os= platform= policy= q/quiet remove-signatures
    retry= retry-delay= tls-verify variant=
  `,
  push: `
    all authfile= cert-dir= compression-format= compression-level= creds= digestfile= D/disable-compression
    encrypt-layer= encryption-key= force-compression f/format= q/quiet remove-signatures retry= retry-delay= rm
    sign-by= tls-verify
  `,
  rm: "a/all",
  rmi: "a/all f/force p/prune",
  run: `
    add-history cap-add= cap-drop= cgroupns= contextdir= device= e/env= hostname= ipc= isolation= mount= net=
    network= no-hostname no-hosts no-pivot pid= runtime= runtime-flag= terminal t/tty user= uts= valid-exit-codes=
    v/volume= workingdir=
  `,
  umount: "a/all",
  unshare: "m/mount=",
};
