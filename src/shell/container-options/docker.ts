/**
 * Options of the docker command line and of buildx, verb by verb (see table.ts for the notation).
 *
 * Sources, checked 2026-11-24: docs/reference/commandline of https://github.com/docker/cli at 28f7560 and docs/reference of
 * https://github.com/docker/buildx at 461836b, published as https://docs.docker.com/reference/cli/docker/. Names that these
 * leave out, since they are hidden or gone, but that old scripts use: `--net`, `--net-alias`, `--dns-opt`, `--kernel-memory`,
 * `--disable-content-trust`, `--stream`, `login --email`, `tag --force`, `stop --time`, `volume create --name`
 * (https://docs.docker.com/engine/deprecated/).
 */
import type { OptionTable } from "./table.ts";

export const DOCKER_OPTIONS: OptionTable = {
  "": "config= c/context= D/debug H/host= l/log-level= tls tlscacert= tlscert= tlskey= tlsverify v/version",
  attach: "detach-keys= no-stdin sig-proxy",
  build: `
    add-host= allow= annotation= attest= build-arg= build-context= builder= cache-from= cache-to= call=
    cgroup-parent= check compress cpu-period= cpu-quota= c/cpu-shares= cpuset-cpus= cpuset-mems= D/debug
    disable-content-trust f/file= force-rm iidfile= isolation= label= load m/memory= memory-swap= metadata-file=
    network= no-cache no-cache-filter= o/output= platform= policy= progress= provenance= pull push q/quiet resource=
    rm sbom= secret= security-opt= shm-size= squash ssh= stream t/tag= target= ulimit=
  `,
  commit: "a/author= c/change= m/message= no-pause p/pause",
  cp: "a/archive L/follow-link q/quiet",
  create: `
    add-host= annotation= a/attach= blkio-weight= blkio-weight-device= cap-add= cap-drop= cgroup-parent= cgroupns=
    cidfile= cpu-count= cpu-percent= cpu-period= cpu-quota= cpu-rt-period= cpu-rt-runtime= c/cpu-shares= cpus=
    cpuset-cpus= cpuset-mems= device= device-cgroup-rule= device-read-bps= device-read-iops= device-write-bps=
    device-write-iops= disable-content-trust dns= dns-opt= dns-option= dns-search= domainname= entrypoint= e/env=
    env-file= expose= gpus= group-add= health-cmd= health-interval= health-retries= health-start-interval=
    health-start-period= health-timeout= help h/hostname= init i/interactive io-maxbandwidth= io-maxiops= ip= ip6=
    ipc= isolation= kernel-memory= l/label= label-file= link= link-local-ip= log-driver= log-opt= mac-address=
    m/memory= memory-reservation= memory-swap= memory-swappiness= mount= name= net= net-alias= network=
    network-alias= no-healthcheck oom-kill-disable oom-score-adj= pid= pids-limit= platform= privileged p/publish=
    P/publish-all pull= q/quiet read-only restart= rm runtime= security-opt= shm-size= stop-signal= stop-timeout=
    storage-opt= sysctl= tmpfs= t/tty ulimit= use-api-socket u/user= userns= uts= v/volume= volume-driver=
    volumes-from= w/workdir=
  `,
  events: "f/filter= format= since= until=",
  exec: "d/detach detach-keys= e/env= env-file= i/interactive privileged t/tty u/user= w/workdir=",
  export: "o/output=",
  history: "format= H/human no-trunc platform= q/quiet",
  images: "a/all digests f/filter= format= no-trunc q/quiet tree",
  import: "c/change= m/message= platform=",
  info: "f/format=",
  inspect: "f/format= platform= s/size type=",
  kill: "s/signal=",
  load: "i/input= platform= q/quiet",
  login: "e/email= p/password= password-stdin u/username=",
  logs: "details f/follow since= n/tail= t/timestamps until=",
  ps: "a/all f/filter= format= n/last= l/latest no-trunc q/quiet s/size",
  pull: "a/all-tags disable-content-trust platform= q/quiet",
  push: "a/all-tags disable-content-trust platform= q/quiet",
  restart: "s/signal= time= t/timeout=",
  rm: "f/force l/link v/volumes",
  rmi: "f/force no-prune platform=",
  run: `
    add-host= annotation= a/attach= blkio-weight= blkio-weight-device= cap-add= cap-drop= cgroup-parent= cgroupns=
    cidfile= cpu-count= cpu-percent= cpu-period= cpu-quota= cpu-rt-period= cpu-rt-runtime= c/cpu-shares= cpus=
    cpuset-cpus= cpuset-mems= d/detach detach-keys= device= device-cgroup-rule= device-read-bps= device-read-iops=
    device-write-bps= device-write-iops= disable-content-trust dns= dns-opt= dns-option= dns-search= domainname=
    entrypoint= e/env= env-file= expose= gpus= group-add= health-cmd= health-interval= health-retries=
    health-start-interval= health-start-period= health-timeout= help h/hostname= init i/interactive io-maxbandwidth=
    io-maxiops= ip= ip6= ipc= isolation= kernel-memory= l/label= label-file= link= link-local-ip= log-driver=
    log-opt= mac-address= m/memory= memory-reservation= memory-swap= memory-swappiness= mount= name= net= net-alias=
    network= network-alias= no-healthcheck oom-kill-disable oom-score-adj= pid= pids-limit= platform= privileged
    p/publish= P/publish-all pull= q/quiet read-only restart= rm runtime= security-opt= shm-size= sig-proxy
    stop-signal= stop-timeout= storage-opt= sysctl= tmpfs= t/tty ulimit= use-api-socket u/user= userns= uts=
    v/volume= volume-driver= volumes-from= w/workdir=
  `,
  save: "o/output= platform=",
  search: "f/filter= format= limit= no-trunc",
  start: "a/attach checkpoint= checkpoint-dir= detach-keys= i/interactive",
  stats: "a/all format= no-stream no-trunc",
  stop: "s/signal= time= t/timeout=",
  tag: "f/force",
  update: `
    blkio-weight= cpu-period= cpu-quota= cpu-rt-period= cpu-rt-runtime= c/cpu-shares= cpus= cpuset-cpus=
    cpuset-mems= m/memory= memory-reservation= memory-swap= pids-limit= restart=
  `,
  version: "f/format=",
  "builder prune": "a/all filter= f/force keep-storage=",
  "buildx bake": `
    allow= builder= call= check D/debug f/file= list= load metadata-file= no-cache policy= print progress=
    provenance= pull push sbom= set= var=
  `,
  "buildx create": `
    append bootstrap buildkitd-config= buildkitd-flags= config= D/debug driver= driver-opt= leave name= node= platform=
    timeout= use
  `,
  "buildx du": "builder= D/debug filter= format= timeout= verbose",
  "buildx imagetools": `
    annotation= append builder= D/debug dry-run f/file= metadata-file= p/platform= prefer-index progress= t/tag=
  `,
  "buildx inspect": "bootstrap builder= D/debug timeout=",
  "buildx ls": "D/debug format= no-trunc timeout=",
  "buildx prune": `
    a/all builder= D/debug filter= f/force max-used-space= min-free-space= reserved-space= timeout= verbose
  `,
  "buildx rm": "all-inactive builder= D/debug f/force keep-daemon keep-state timeout=",
  "buildx stop": "builder= D/debug",
  "buildx use": "builder= D/debug default global",
  "container prune": "filter= f/force",
  "image prune": "a/all filter= f/force",
  "manifest annotate": "arch= os= os-features= os-version= variant=",
  "manifest create": "a/amend insecure",
  "manifest inspect": "insecure v/verbose",
  "manifest push": "insecure p/purge",
  "network connect": "alias= driver-opt= gw-priority= ip= ip6= link= link-local-ip=",
  "network create": `
    attachable aux-address= config-from= config-only d/driver= gateway= ingress internal ip-range= ipam-driver=
    ipam-opt= ipv4 ipv6 label= o/opt= scope= subnet=
  `,
  "network disconnect": "f/force",
  "network inspect": "f/format= v/verbose",
  "network ls": "f/filter= format= no-trunc q/quiet",
  "network prune": "filter= f/force",
  "network rm": "f/force",
  "system df": "format= v/verbose",
  "system prune": "a/all filter= f/force volumes",
  "volume create": `
    availability= d/driver= group= label= limit-bytes= name= o/opt= required-bytes= scope= secret= sharing=
    topology-preferred= topology-required= type=
  `,
  "volume inspect": "f/format=",
  "volume ls": "cluster f/filter= format= q/quiet",
  "volume prune": "a/all filter= f/force",
  "volume rm": "f/force",
};
