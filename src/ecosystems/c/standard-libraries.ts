/** Parts of glibc, and of the compilers' own libraries that both Debian and the distroless image `cc` have. */
export const STANDARD = /^(?:c|m|pthread|dl|rt|util|resolv|anl|gcc|gcc_s|stdc\+\+|supc\+\+|stdc\+\+fs)$/;
