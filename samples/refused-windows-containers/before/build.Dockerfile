# escape=`
FROM mcr.microsoft.com/dotnet/framework/sdk:4.8-windowsservercore-ltsc2022
WORKDIR C:\src
COPY Ledger.cs .
RUN mkdir out; `
    & "$env:WINDIR\Microsoft.NET\Framework64\v4.0.30319\csc.exe" /out:out\Ledger.exe Ledger.cs
