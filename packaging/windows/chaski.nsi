; The installer for Windows: for one user, without an administrator.
;
; The program lies in $INSTDIR\app, which is ours as a whole; nothing else in $INSTDIR is touched.
; An older version goes only after the new one is written beside it, has taken its place, and has
; started once; until then it is put back by whatever fails. Models and chats lie elsewhere
; (%LOCALAPPDATA%\Chaski) and are never touched by installing.
;
; facts.nsh is made of packaging/program.toml (packaging/describe.py). makensis wants
;   -DFACTS=facts.nsh -DFROZEN=FOLDER/* -DICON=chaski.ico -DBANNER=banner.bmp
;   -DLICENCE=LICENSE -DOUT=setup.exe

Unicode true
!ifdef TARGET ; such as amd64-unicode, for trying it where 32 bits cannot run
  Target ${TARGET}
!endif
SetCompressor /SOLID lzma
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user
AllowSkipFiles off

!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "WinVer.nsh"
!include "x64.nsh"
!include "FileFunc.nsh"
!include "${FACTS}"

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "Software\${NAME}" "InstallLocation"
BrandingText "${NAME} ${VERSION}"

VIProductVersion "${PLAIN_VERSION}"
VIFileVersion "${PLAIN_VERSION}"
VIAddVersionKey /LANG=0 "ProductName" "${NAME}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileDescription" "${NAME}"
VIAddVersionKey /LANG=0 "CompanyName" "${PUBLISHER}"
VIAddVersionKey /LANG=0 "LegalCopyright" "${COPYRIGHT}"

!define PROGRAM "$INSTDIR\app\${WINDOW}.exe"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define CLASSES "Software\Classes"
!define APP_PATHS "Software\Microsoft\Windows\CurrentVersion\App Paths"
!define CHANGED 0x08000000 ; SHCNE_ASSOCCHANGED

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${BANNER}"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${BANNER}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TEXT "$(WELCOME)"
!define MUI_FINISHPAGE_RUN "${PROGRAM}"
!define MUI_FINISHPAGE_RUN_TEXT "$(START_IT)"
!define MUI_COMPONENTSPAGE_SMALLDESC

!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_COMPONENTS
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE CheckFolder
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

!insertmacro MUI_LANGUAGE "English" ; what others get
!insertmacro MUI_LANGUAGE "French"
!insertmacro MUI_LANGUAGE "Japanese"
!include "words.nsh"

Function .onInit
  ${IfNot} ${RunningX64}
    MessageBox MB_OK|MB_ICONSTOP "$(NEEDS_X64)" /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(NEEDS_WINDOWS_10)" /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
  ${If} ${Silent} ; no page asks
    Call CheckFolder
  ${EndIf}
FunctionEnd

; A folder of our own, below what was chosen; and an `app` in it that is another's is left alone.
Function CheckFolder
  ${GetFileName} "$INSTDIR" $0
  ${If} $0 != "${NAME}"
    StrCpy $INSTDIR "$INSTDIR\${NAME}"
  ${EndIf}
  ${If} ${FileExists} "$INSTDIR\app\*.*"
  ${AndIfNot} ${FileExists} "${PROGRAM}"
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(FOREIGN_FOLDER)" /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
FunctionEnd

Function .onInstFailed
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR\app.new"
FunctionEnd

Section "-program" ; without a name: always
  SetShellVarContext current
  ; What an installation left that was cut off between the two renames.
  ${IfNot} ${FileExists} "$INSTDIR\app\*.*"
    Rename "$INSTDIR\app.old" "$INSTDIR\app"
  ${EndIf}
  RMDir /r "$INSTDIR\app.old"
  RMDir /r "$INSTDIR\app.new"
  ClearErrors

  SetOutPath "$INSTDIR\app.new"
  File /r "${FROZEN}"
  SetOutPath "$INSTDIR" ; a folder that somebody stands in cannot be renamed
  ${If} ${Errors}
    DetailPrint "$(NOT_WRITTEN)"
    Abort "$(NOT_WRITTEN)"
  ${EndIf}

  ${If} ${FileExists} "$INSTDIR\app\*.*"
    ${Do} ; while it runs, its folder cannot be renamed
      ClearErrors
      Rename "$INSTDIR\app" "$INSTDIR\app.old"
      ${IfNot} ${Errors}
        ${Break}
      ${EndIf}
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(IT_RUNS)" /SD IDCANCEL IDRETRY again
      Abort "$(IT_RUNS)"
      again:
    ${Loop}
  ${EndIf}
  ClearErrors
  Rename "$INSTDIR\app.new" "$INSTDIR\app"
  ${If} ${Errors}
    Rename "$INSTDIR\app.old" "$INSTDIR\app"
    Abort "$(NOT_WRITTEN)"
  ${EndIf}

  ; The old version stays until the new one has started.
  DetailPrint "$(TRYING_IT)"
  nsExec::ExecToStack '"$INSTDIR\app\${CONSOLE}.exe" --version'
  Pop $0
  Pop $1
  ${If} $0 != 0
    Rename "$INSTDIR\app" "$INSTDIR\app.new"
    Rename "$INSTDIR\app.old" "$INSTDIR\app"
    Abort "$(DOES_NOT_START)"
  ${EndIf}
  RMDir /r "$INSTDIR\app.old"

  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "${PROGRAM}" "" "${PROGRAM}" 0 SW_SHOWNORMAL "" "$(SUMMARY)"
  Call Register
SectionEnd

Section "$(ON_DESKTOP)" desktop
  CreateShortcut "$DESKTOP\${NAME}.lnk" "${PROGRAM}" "" "${PROGRAM}" 0 SW_SHOWNORMAL "" "$(SUMMARY)"
SectionEnd

Section "$(OPENS_FILES)" files
  WriteRegStr HKCU "${CLASSES}\${FILE_CLASS}" "" "$(FILE_NAME)"
  WriteRegStr HKCU "${CLASSES}\${FILE_CLASS}\DefaultIcon" "" "${PROGRAM},0"
  WriteRegStr HKCU "${CLASSES}\${FILE_CLASS}\shell\open\command" "" '"${PROGRAM}" "%1"'
  WriteRegNone HKCU "${CLASSES}\.${EXTENSION}\OpenWithProgids" "${FILE_CLASS}"
  ReadRegStr $0 HKCU "${CLASSES}\.${EXTENSION}" ""
  ${If} $0 == "" ; what another program opens stays its own
    WriteRegStr HKCU "${CLASSES}\.${EXTENSION}" "" "${FILE_CLASS}"
  ${EndIf}
  WriteRegStr HKCU "Software\${NAME}\Capabilities\FileAssociations" ".${EXTENSION}" "${FILE_CLASS}"
  System::Call 'shell32::SHChangeNotify(i ${CHANGED}, i 0, p 0, p 0)'
SectionEnd

Section "$(OPENS_LINKS)" links
  WriteRegStr HKCU "${CLASSES}\${SCHEME}" "" "URL:${NAME}"
  WriteRegStr HKCU "${CLASSES}\${SCHEME}" "URL Protocol" ""
  WriteRegStr HKCU "${CLASSES}\${SCHEME}\DefaultIcon" "" "${PROGRAM},0"
  WriteRegStr HKCU "${CLASSES}\${SCHEME}\shell\open\command" "" '"${PROGRAM}" "%1"'
  WriteRegStr HKCU "Software\${NAME}\Capabilities\URLAssociations" "${SCHEME}" "${SCHEME}"
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${desktop} "$(ON_DESKTOP_MORE)"
  !insertmacro MUI_DESCRIPTION_TEXT ${files} "$(OPENS_FILES_MORE)"
  !insertmacro MUI_DESCRIPTION_TEXT ${links} "$(OPENS_LINKS_MORE)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; What Windows shows under installed programs and default programs.
Function Register
  WriteRegStr HKCU "Software\${NAME}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "Software\${NAME}\Capabilities" "ApplicationName" "${NAME}"
  WriteRegStr HKCU "Software\${NAME}\Capabilities" "ApplicationDescription" "$(SUMMARY)"
  WriteRegStr HKCU "Software\RegisteredApplications" "${NAME}" "Software\${NAME}\Capabilities"
  WriteRegStr HKCU "${APP_PATHS}\${WINDOW}.exe" "" "${PROGRAM}"
  WriteRegStr HKCU "${APP_PATHS}\${CONSOLE}.exe" "" "$INSTDIR\app\${CONSOLE}.exe"

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "${PROGRAM},0"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL}" "URLInfoAbout" "${HOMEPAGE}"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR\app" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "$0"
FunctionEnd

; Going away

Function un.onInit
  ${If} ${FileExists} "$INSTDIR\app\*.*"
  ${AndIfNot} ${FileExists} "${PROGRAM}"
    MessageBox MB_OK|MB_ICONSTOP "$(un.FOREIGN_FOLDER)" /SD IDOK
    Abort
  ${EndIf}
FunctionEnd

Section "Uninstall"
  SetShellVarContext current
  RMDir /r "$INSTDIR\app.old"
  ${DoWhile} ${FileExists} "$INSTDIR\app\*.*" ; while it runs, its folder cannot be renamed
    ClearErrors
    Rename "$INSTDIR\app" "$INSTDIR\app.old"
    ${IfNot} ${Errors}
      ${Break}
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(un.IT_RUNS)" /SD IDCANCEL IDRETRY again
    Abort "$(un.IT_RUNS)"
    again:
  ${Loop}
  RMDir /r "$INSTDIR\app.old"
  RMDir /r "$INSTDIR\app.new"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR" ; only where nothing else is in it

  Delete "$SMPROGRAMS\${NAME}.lnk"
  Delete "$DESKTOP\${NAME}.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\${NAME}"
  DeleteRegValue HKCU "Software\RegisteredApplications" "${NAME}"
  DeleteRegKey HKCU "${APP_PATHS}\${WINDOW}.exe"
  DeleteRegKey HKCU "${APP_PATHS}\${CONSOLE}.exe"
  DeleteRegKey HKCU "${CLASSES}\${SCHEME}"
  DeleteRegKey HKCU "${CLASSES}\${FILE_CLASS}"
  DeleteRegValue HKCU "${CLASSES}\.${EXTENSION}\OpenWithProgids" "${FILE_CLASS}"
  ReadRegStr $0 HKCU "${CLASSES}\.${EXTENSION}" ""
  ${If} $0 == "${FILE_CLASS}"
    DeleteRegValue HKCU "${CLASSES}\.${EXTENSION}" ""
  ${EndIf}
  System::Call 'shell32::SHChangeNotify(i ${CHANGED}, i 0, p 0, p 0)'

  ; What can be made anew goes; models stay; chats and settings are the user's to give away.
  !insertmacro DELETE_CACHES
  ${If} ${FileExists} "${CHATS_FILE}"
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(un.CHATS_TOO)" /SD IDNO IDNO keep
    !insertmacro DELETE_CHATS_AND_SETTINGS
    keep:
  ${EndIf}
  RMDir "${HOME}" ; only where it is empty
SectionEnd
