@echo off
rem Doppio clic: prepara l'ambiente, se manca, e fa i documenti in reports\.
rem Trascinando qui sopra un file di Excel o CSV: lo controlla (bgest check).
setlocal
chcp 65001 >nul
pushd "%~dp0"
set "PYTHONUTF8=1"
set "COMANDO="
for %%V in (3.11 3.12 3.13 3.14) do if not defined COMANDO (
  py -%%V -c "" >nul 2>nul && set "COMANDO=py -%%V"
)
if not defined COMANDO (
  python -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))" >nul 2>nul && set "COMANDO=python"
)
if not defined COMANDO (
  echo Non trovo Python da 3.11 a 3.14. Installarlo da python.org con "Add to PATH", poi riprovare.
  echo Con Anaconda: aprire Anaconda Prompt e seguire le tre righe del README.
  pause
  exit /b 5
)
if "%~1"=="" (
  %COMANDO% avvia.py run
) else (
  %COMANDO% avvia.py check %*
)
set "ESITO=%ERRORLEVEL%"
echo.
if "%~1"=="" if "%ESITO%"=="0" start "" "reports\index.html"
echo Finito (codice %ESITO%). Premere un tasto per chiudere.
pause >nul
exit /b %ESITO%
