@echo off
rem build.cmd [TAG]: builds the image on the build server.
setlocal
set TAG=%1
if "%TAG%"=="" set TAG=latest

docker build -t tram-build -f Dockerfile.build . || exit /b 1
docker rm -f tram-files >nul 2>&1
docker create --name tram-files tram-build || exit /b 1
if exist dist rmdir /s /q dist
docker cp tram-files:/app/dist dist || exit /b 1
docker rm tram-files >nul

docker build -t tram:%TAG% . || exit /b 1
docker push tram:%TAG%
