/**
 * Commands that every image with a shell has: the shell's own, and POSIX utilities by way of coreutils or busybox
 * (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/).
 */
const EVERYWHERE =
  /^(?:\.|:|\[+|sh|source|cat|cp|mv|rm|ls|mkdir|chmod|chown|sleep|test|env|id|kill|ln|mktemp|readlink|realpath|tail|head|cut|tr|wc|sort|uniq|sed|grep|awk|find|xargs|date|hostname|tee|touch|true|false|printf|echo|basename|dirname|stat|su|uname|whoami|nohup|timeout|seq|cd|exec|set|unset|pwd|export|trap|wait|exit|read|shift|return|local|expr|eval|ulimit|umask|tar|gzip)$/;

export function isEverywhere(name: string): boolean {
  return EVERYWHERE.test(name);
}
