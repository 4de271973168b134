@echo off
rem build.cmd [TAG]: builds the image on the build server.
setlocal
set TAG=%1
if "%TAG%"=="" set TAG=latest

if exist dist rmdir /s /q dist

docker build -t tram:%TAG% . || exit /b 1
docker push tram:%TAG%
