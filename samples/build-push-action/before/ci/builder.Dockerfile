FROM gcc:12
WORKDIR /src
COPY pilot.c .
RUN gcc -static -O2 -o pilot pilot.c
